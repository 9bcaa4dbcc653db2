/**
 * Two hundred kills; writes the report soak/kill.md.
 * @module
 */

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../e2e/server-process.ts';
import { type KillReport, runKillRounds } from './kill-rounds.ts';

const ROUNDS = 200;
const REPORT = fileURLToPath(new URL('../../../../soak/kill.md', import.meta.url));

it('keeps what it acknowledged through two hundred kills', async () => {
  const startedMs = Date.now();
  const folder = await temporaryFolder();
  try {
    const report = await runKillRounds(folder.path, { rounds: ROUNDS, seed: startedMs });
    await writeFile(REPORT, describe(report, startedMs));
    expect(report.rounds).toBe(ROUNDS);
  } finally {
    await folder.remove();
  }
}, 3_600_000);

function describe(report: KillReport, startedMs: number): string {
  const day = new Date(startedMs).toISOString().slice(0, 10);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const { put, upload, delete: deletes, picture, render, read } = report.counts;
  return [
    '# The service, killed while it writes',
    '',
    `${day}; ${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}; ` +
      `\`pnpm soak:kill\`, seed ${startedMs}, ${seconds} s.`,
    '',
    `${report.rounds} kills at random moments of the built service on one folder, with three writers,`,
    'one that replaces a picture and asks for results of it, and a reader at work. After each kill the',
    'service is started again and every key, the list, the folders and some results are compared with',
    'what had been answered. The run ends at the first difference; this report means there was none.',
    '',
    '| | |',
    '| --- | --- |',
    `| acknowledged puts | ${put + picture} |`,
    `| acknowledged uploads in parts | ${upload} |`,
    `| acknowledged deletes | ${deletes} |`,
    `| results rendered or from the cache, each compared with the library's | ${render} |`,
    `| reads beside the writes, each whole | ${read} |`,
    `| writes under way at a kill that were not there after it | ${report.lost} |`,
    `| writes under way at a kill that were there, whole | ${report.kept} |`,
    `| uploads left open, listed and aborted | ${report.openUploads} |`,
    `| results that a new process found on its disk, each compared | ${report.fromDisk} |`,
    '| acknowledged writes lost, torn bodies, wrong results, leftover files | 0 |',
    '',
  ].join('\n');
}
