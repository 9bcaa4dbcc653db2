/**
 * `pnpm soak:fuzz`: the long fuzz tests of the JPEG decoder, 15 to 20 minutes on one core. Watches
 * for progress from outside, since a decoder that hangs cannot say so; the report is soak/fuzz.md.
 * @module
 */

import { spawn } from 'node:child_process';

/** No 20,000 mutations take this long, even on a busy machine. */
const SILENCE_MS = 300_000;

const child = spawn(
  'pnpm',
  ['exec', 'vitest', 'run', '--config', 'soak/vitest.config.ts', 'packages/jpeg/test/soak'],
  { stdio: ['ignore', 'pipe', 'inherit'], detached: true },
);
let timer = watch();
child.stdout.on('data', (text) => {
  process.stdout.write(text);
  clearTimeout(timer);
  timer = watch();
});
child.on('exit', (code) => {
  clearTimeout(timer);
  process.exit(code ?? 1);
});

function watch() {
  return setTimeout(() => {
    console.error(`soak:fuzz: no progress for ${SILENCE_MS / 1000} s: an attempt hangs`);
    process.kill(-child.pid, 'SIGKILL');
  }, SILENCE_MS);
}
