/**
 * Where a run takes place and what takes part in it.
 * @module
 */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Machine } from './report.ts';

const FOLDER = fileURLToPath(new URL('..', import.meta.url));

const COMPARED = [
  '@napi-rs/canvas',
  'ipx',
  'jimp',
  'jpeg-js',
  'pica',
  'pngjs',
  'sharp',
  'wasm-vips',
];

export function describeMachine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
    platform: `${platform()} ${arch()} ${release()}`,
    node: process.versions.node,
  };
}

/** The commit that is checked out, marked when files differ from it. */
export function describeCommit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: FOLDER, encoding: 'utf8' }).trim();
  try {
    // Results themselves may differ: they are what a run writes.
    const changed = git('status', '--porcelain', '--', ':/', ':(top,exclude)benchmarks/results');
    return git('rev-parse', '--short=12', 'HEAD') + (changed === '' ? '' : ' with changes');
  } catch {
    return 'unknown';
  }
}

/** Versions as installed, read from their package.json. */
export function comparedVersions(): Record<string, string> {
  const versions = COMPARED.map((name): [string, string] => {
    const manifest = readFileSync(`${FOLDER}/node_modules/${name}/package.json`, 'utf8');
    return [name, (JSON.parse(manifest) as { version: string }).version];
  });
  return Object.fromEntries(versions);
}
