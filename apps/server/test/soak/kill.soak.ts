/**
 * Two hundred kills on a folder and over S3; writes the reports soak/kill.md and soak/kill-s3.md.
 * @module
 */

import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../e2e/server-process.ts';
import { sharedS3 } from '../e2e/store-under-test.ts';
import { type KillReport, runKillRounds } from './kill-rounds.ts';
import { folderStore, s3Store } from './killed-stores.ts';

const ROUNDS = 200;
const SECONDS_LIMIT = 7200;

const stores = {
  'on one folder': { report: 'kill.md', open: async (folder: string) => folderStore(folder) },
  'over S3': {
    report: 'kill-s3.md',
    open: async (folder: string) => s3Store(folder, await sharedS3()),
  },
} as const;
const kinds = Object.keys(stores) as (keyof typeof stores)[];

it.each(kinds)(
  'keeps what it acknowledged %s through two hundred kills',
  async (kind) => {
    const { report: file, open } = stores[kind];
    const startedMs = Date.now();
    const folder = await temporaryFolder();
    try {
      const store = await open(folder.path);
      const report = await runKillRounds(folder.path, { rounds: ROUNDS, seed: startedMs, store });
      const path = new URL(`../../../../soak/${file}`, import.meta.url);
      await writeFile(path, describe(report, kind, startedMs));
      expect(report.rounds).toBe(ROUNDS);
    } finally {
      await folder.remove();
    }
  },
  SECONDS_LIMIT * 1000,
);

function describe(report: KillReport, kind: keyof typeof stores, startedMs: number): string {
  const day = new Date(startedMs).toISOString().slice(0, 10);
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  const { put, upload, delete: deletes, picture, render, read } = report.counts;
  return [
    `# The service ${kind}, killed while it writes`,
    '',
    `${day}; ${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.version}; ` +
      `\`pnpm soak:kill\`, seed ${startedMs}, ${seconds} s.`,
    '',
    `${report.rounds} kills at random moments of the built service ${kind}, with three writers,`,
    'one that replaces a picture and asks for results of it, and a reader at work. After each kill the',
    'service is started again and every key, the list, all that is stored and some results are compared with',
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
    '| acknowledged writes lost, torn bodies, wrong results, leftovers | 0 |',
    '',
    ...LEFTOVERS[kind],
  ].join('\n');
}

/** What counts as one differs. */
const LEFTOVERS = {
  'on one folder': [],
  'over S3': [
    'The store is a fake of our own in memory, unless `SAFELIGHT_SOAK_S3_*` name another (`soak/s3.md`). Other',
    'nodes may be at work there, so a start leaves what a killed node was writing. What remains is looked for',
    'after a node with a clock two days ahead has swept.',
    '',
  ],
} as const;
