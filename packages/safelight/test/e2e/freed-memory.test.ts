/**
 * Blocks of a few megabytes, filled and collected again and again in a process of their own, with and
 * without an engine: how many pages the system has to give for them.
 * @module
 */

import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

const PACKAGE = new URL('../../dist/index.js', import.meta.url).href;

/** Prints the page faults of eight times twelve blocks of 4 MiB, 1,024 pages each. */
const PROGRAM = `
const collect = async () => {
  for (let i = 0; i < 4; i++) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
if (process.argv[1] === 'engine') await (await import('${PACKAGE}')).createSafelight();
await collect();
const before = process.resourceUsage().minorPageFault;
for (let round = 0; round < 8; round++) {
  for (let i = 0; i < 12; i++) Buffer.allocUnsafeSlow(4 << 20).fill(1);
  await collect();
}
console.log(process.resourceUsage().minorPageFault - before);
`;

function faultsOf(kind: 'engine' | 'bare'): number {
  const args = ['--expose-gc', '--input-type=module', '-e', PROGRAM, kind];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return Number(stdout);
}

/** Other C libraries have a mind of their own. */
function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

it.skipIf(!hasGlibc())('an engine takes memory again that was freed (needs glibc)', () => {
  expect(faultsOf('bare')).toBeGreaterThan(48 * 1024);
  expect(faultsOf('engine')).toBeLessThan(24 * 1024);
});
