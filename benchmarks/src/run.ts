/**
 * `pnpm bench`: every job, every engine, fresh processes in alternating order, medians and ratios of
 * one run, quality beside speed. Writes a table under `benchmarks/results/`.
 * @module
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { JOBS, type Job } from './job.ts';
import { lumaPsnr } from './quality.ts';
import { sourcePicture } from './source-picture.ts';
import type { Measurement } from './worker.ts';

const here = dirname(fileURLToPath(import.meta.url));
const PEER = 'sharp';

export interface RunOptions {
  /** Processes of each engine. */
  readonly rounds: number;
  /** Timed runs in each process. */
  readonly runs: number;
}

interface Row {
  readonly engine: string;
  readonly medianMs: number;
  readonly ratio: number;
  readonly cpuMs: number;
  readonly peakMib: number;
  readonly bytes: number;
  readonly psnrDb: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

/** Times one job for all its engines; ratios are taken round by round, then their median. */
export async function runJob(job: Job, { rounds, runs }: RunOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-bench-'));
  const sourceFile = join(folder, 'source');
  const source = await sourcePicture(job);
  writeFileSync(sourceFile, source);
  const engines = Object.keys(job.runners);
  const measured = new Map(engines.map((engine) => [engine, [] as Measurement[]]));
  for (let round = 0; round < rounds; round++) {
    // Alternating order: the first of a round must not always be the same one.
    for (const engine of round % 2 === 0 ? engines : engines.toReversed()) {
      const line = execFileSync(process.execPath, [
        join(here, 'worker.js'),
        job.name,
        engine,
        sourceFile,
        join(folder, engine),
        String(runs),
      ]);
      measured.get(engine)?.push(JSON.parse(line.toString()) as Measurement);
    }
  }
  const rows: Row[] = [];
  for (const [engine, list] of measured) {
    const peers = measured.get(PEER) ?? list;
    rows.push({
      engine,
      medianMs: median(list.map(({ medianMs }) => medianMs)),
      ratio: median(list.map(({ medianMs }, i) => medianMs / (peers[i] as Measurement).medianMs)),
      cpuMs: median(list.map(({ cpuMs }) => cpuMs)),
      peakMib: median(list.map(({ peakMib }) => peakMib)),
      bytes: median(list.map(({ bytes }) => bytes)),
      psnrDb: await lumaPsnr(source, new Uint8Array(readFileSync(join(folder, engine)))),
    });
  }
  rmSync(folder, { recursive: true });
  return rows;
}

export function printTable(job: Job, rows: readonly Row[]): string {
  const lines = rows.map(
    (row) =>
      `| ${row.engine} | ${row.medianMs.toFixed(1)} | ${row.ratio.toFixed(2)} | ` +
      `${row.cpuMs.toFixed(1)} | ${row.peakMib.toFixed(0)} | ${row.bytes} | ${row.psnrDb.toFixed(1)} |`,
  );
  return [
    `## ${job.name}: ${job.description}`,
    '',
    `| engine | median ms | ratio to ${PEER} | CPU ms | peak RSS MiB | bytes | luma PSNR dB |`,
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = { rounds: 5, runs: 15 };
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`;
  const parts = [`# Results\n\n${machine}; \`pnpm bench\` (${JSON.stringify(options)})\n`];
  for (const job of JOBS) {
    const table = printTable(job, await runJob(job, options));
    console.log(table);
    parts.push(table);
  }
  const results = join(here, '..', 'results');
  mkdirSync(results, { recursive: true });
  writeFileSync(join(results, 'latest.md'), parts.join('\n'));
}
