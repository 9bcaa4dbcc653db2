/**
 * `pnpm try:image`: does on this machine what deploy/Dockerfile says, in a folder of its own: its build from
 * what git knows, its settings, its command as a user without rights, its health check, its signal. What a
 * container adds (the base image, its Node, namespaces) is not tried.
 * @module
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DockerfileParser } from 'dockerfile-ast';

import { root } from './pnpm.mjs';

const NOBODY = 65534;
const HEALTH_TRIES = 60;

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const instructions = DockerfileParser.parse(
  readFileSync(join(root, 'deploy/Dockerfile'), 'utf8'),
).getInstructions();
const lastStage = instructions.findLastIndex((it) => it.getKeyword() === 'FROM');
const folder = mkdtempSync(join(tmpdir(), 'safelight-image-'));
chmodSync(folder, 0o755);
const [source, app, data] = ['src', 'app', 'data'].map((name) => join(folder, name));
const places = { '/app': app, '/data': data, 9080: String(await freePort()) };

try {
  copyTracked();
  run(argumentsOf('RUN', 0).replace('corepack enable', 'true').replaceAll(/\\\n/g, ' '));
  prepareData();
  await serve();
  console.log('the steps of deploy/Dockerfile work here');
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** `COPY . .`: nothing that git does not know may be needed, and .dockerignore leaves nothing else out. */
function copyTracked() {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root }).toString().split('\0');
  for (const file of files.filter((name) => name !== '')) {
    mkdirSync(dirname(join(source, file)), { recursive: true });
    cpSync(join(root, file), join(source, file));
  }
}

/** With the pinned pnpm, which corepack would bring. */
function run(script) {
  const args = ['exec', '--yes', '--', packageManager, 'exec', 'sh', '-c', here(script)];
  execFileSync('npm', args, { cwd: source, stdio: 'inherit' });
}

function prepareData() {
  mkdirSync(data, { mode: 0o700 });
  if (process.getuid() === 0) chownSync(data, NOBODY, NOBODY);
}

async function serve() {
  const settings = Object.fromEntries(
    instructions
      .slice(lastStage)
      .filter((it) => it.getKeyword() === 'ENV')
      .flatMap((it) => it.getProperties())
      .map((it) => [it.getName(), here(it.getValue())]),
  );
  const user = process.getuid() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const options = { cwd: data, env: { PATH: process.env.PATH, ...settings }, ...user };
  const command = here(argumentsOf('CMD', lastStage));
  const child = spawnCommand(command, { ...options, stdio: 'inherit' });
  const ended = once(child, 'exit');
  try {
    await untilHealthy(options, child);
  } finally {
    child.kill(argumentsOf('STOPSIGNAL', lastStage));
  }
  const [status] = await ended;
  if (status !== 0) throw new Error(`${command}: expected status 0 at its end, got ${status}`);
}

async function untilHealthy(options, child) {
  const check = here(argumentsOf('HEALTHCHECK', lastStage)).replace(/^[\s\S]*?CMD /, '');
  for (let count = 0; count < HEALTH_TRIES; count++) {
    if (child.exitCode !== null) throw new Error('the command ended before it was healthy');
    const [status] = await once(spawnCommand(check, options), 'exit');
    if (status === 0) return;
    await sleep(500);
  }
  throw new Error(`${check}: expected status 0, got none`);
}

/** A command in its JSON form. */
function spawnCommand(text, options) {
  const [program, ...args] = JSON.parse(text);
  return spawn(program, args, options);
}

/** Of the first such instruction from this one on. */
function argumentsOf(keyword, from) {
  const found = instructions.slice(from).find((it) => it.getKeyword() === keyword);
  if (found === undefined) throw new Error(`deploy/Dockerfile: expected ${keyword}, got none`);
  return found.getRawArgumentsContent() ?? '';
}

/** With this machine's folders and port in place of the container's. */
function here(text) {
  return text.replaceAll(/\/(?:app|data)(?=[/\s]|$)|\b9080\b/g, (place) => places[place]);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await once(server.close(), 'close');
  return port;
}
