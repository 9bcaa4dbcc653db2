/**
 * One engine, one job, one fresh process: reads the source from a file, warms up, times the runs and
 * prints one line of JSON. Started by `run.ts`.
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { JOBS } from './job.ts';

export interface Measurement {
  readonly medianMs: number;
  readonly cpuMs: number;
  readonly peakMib: number;
  readonly bytes: number;
}

const [jobName, runnerName, sourceFile, resultFile, runsText] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
];
const runs = Number(runsText);
const job = JOBS.find(({ name }) => name === jobName);
const create = job?.runners[runnerName];
if (create === undefined) throw new Error(`no runner ${runnerName} for job ${jobName}`);

const run = await create();
const source = new Uint8Array(readFileSync(sourceFile));
let result = await run(source);
for (let i = 0; i < Math.min(3, runs); i++) result = await run(source);

const times: number[] = [];
const cpuBefore = process.cpuUsage();
for (let i = 0; i < runs; i++) {
  const start = performance.now();
  result = await run(source);
  times.push(performance.now() - start);
}
const cpu = process.cpuUsage(cpuBefore);
writeFileSync(resultFile, result);

const measurement: Measurement = {
  medianMs: times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] as number,
  cpuMs: (cpu.user + cpu.system) / 1000 / runs,
  peakMib: process.resourceUsage().maxRSS / 1024,
  bytes: result.length,
};
console.log(JSON.stringify(measurement));
