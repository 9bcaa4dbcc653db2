/**
 * Runs the pinned pnpm on a machine that has only Node and npm. `npm exec` fetches it when it is not
 * there; corepack is not asked, since newer Node versions come without it.
 * @module
 */

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const { packageManager, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Stops with a sentence a person can act on when Node is too old. */
export function checkNode() {
  const wanted = engines.node.replace('>=', '').split('.').map(Number);
  const found = process.versions.node.split('.').map(Number);
  const older = found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1]);
  if (older) {
    console.error(`Node: expected ${engines.node}, got ${process.versions.node}`);
    process.exit(1);
  }
}

/** Announces what takes a while, so that a quiet terminal is not mistaken for a hanging one. */
export function announce(text) {
  console.log(`\n> ${text}`);
}

/**
 * Runs a program with this terminal as its own.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<number>} its exit code
 */
export function run(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}

/** @param {readonly string[]} args of pnpm */
export function pnpm(args) {
  return run('npm', ['exec', '--yes', '--', packageManager, ...args], {
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    // No prompt may stop a first start: pnpm asks before it replaces a folder unless this is set.
    CI: process.env.CI ?? '1',
    npm_config_update_notifier: 'false',
  });
}

/** Runs one named step and ends the process when it fails. */
export async function step(text, action) {
  announce(text);
  const code = await action();
  if (code !== 0) {
    console.error(`\n${text}: failed with exit code ${code}`);
    process.exit(code);
  }
}

export async function installAndBuild() {
  checkNode();
  await step('Installing pnpm and the dependencies (the first time takes a minute)', () =>
    pnpm(['install', '--frozen-lockfile']),
  );
  await step('Building', () => pnpm(['run', '--silent', 'build', '--output-logs=errors-only']));
}
