/**
 * What one process measures of one engine and one job. Nothing here may run in the process that
 * starts the others: its memory and its warmed-up code would be measured too.
 * @module
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { type EngineName, NotAvailable, openEngine, type Runner } from './engines/engine.ts';
import type { Job } from './job.ts';

/** A request to a measuring process, which gets it as JSON. */
export type MeasurementRequest = {
  readonly engine: EngineName;
  readonly job: Job;
  readonly sourceFile: string;
} & (
  | { readonly mode: 'warm'; readonly runs: number; readonly maxMs: number }
  | { readonly mode: 'cold' }
  | { readonly mode: 'memory'; readonly warmUp: { readonly job: Job; readonly sourceFile: string } }
  | {
      readonly mode: 'result';
      readonly losslessJob: Job;
      readonly resultFile: string;
      readonly losslessFile: string;
    }
);

/** Wall and CPU time of one run, the latter over all threads of the process. */
export interface Timing {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Runs that the medians are taken of. */
  readonly runs: number;
}

export type Measurement =
  | { readonly kind: 'timing'; readonly timing: Timing }
  /** Peak resident memory during one run above what was resident before it. */
  | { readonly kind: 'memory'; readonly peakMb: number; readonly idleMb: number }
  | { readonly kind: 'result'; readonly bytes: number }
  /** The engine cannot do this job, and says why. */
  | { readonly kind: 'not-available'; readonly reason: string };

/**
 * Before the timed runs: engines compile what is hot, and allocators learn what is freed, for some hundred
 * milliseconds. At least so many runs, and for so long.
 */
const WARM_UP_RUNS = 3;
const WARM_UP_MS = 1500;
/** However long a run takes, a median needs this many. */
const LEAST_RUNS = 3;

/** @throws what the engine throws, unless it says that it cannot do the job */
export async function measure(request: MeasurementRequest): Promise<Measurement> {
  try {
    switch (request.mode) {
      case 'warm':
        return await withRunner(request, (runner, source) => timeWarm(runner, source, request));
      case 'cold':
        return await timeCold(request);
      case 'memory':
        return await watchMemory(request);
      case 'result':
        return await keepResults(request);
    }
  } catch (error) {
    if (error instanceof NotAvailable) return { kind: 'not-available', reason: error.message };
    throw error;
  }
}

async function timeWarm(
  runner: Runner,
  source: Uint8Array,
  { runs, maxMs }: { readonly runs: number; readonly maxMs: number },
): Promise<Measurement> {
  const deadline = performance.now() + maxMs;
  const isInTime = (): boolean => performance.now() < deadline;
  // Fewer runs than a median needs are a try-out.
  const warmUpMs = runs < LEAST_RUNS ? 0 : Math.min(maxMs / 2, WARM_UP_MS);
  const warmUntil = performance.now() + warmUpMs;
  const least = Math.min(WARM_UP_RUNS, runs);
  for (let i = 0; i === 0 || performance.now() < warmUntil || (i < least && isInTime()); i++) {
    await runner.run(source);
  }
  const walls: number[] = [];
  const before = process.cpuUsage();
  while (walls.length < runs && (walls.length < LEAST_RUNS || isInTime())) {
    const start = performance.now();
    await runner.run(source);
    walls.push(performance.now() - start);
  }
  const cpuMs = cpuSince(before) / walls.length;
  return { kind: 'timing', timing: { wallMs: median(walls), cpuMs, runs: walls.length } };
}

/** The engine is imported, made and run once, all of it timed; only reading the source is not. */
async function timeCold({ engine, job, sourceFile }: MeasurementRequest): Promise<Measurement> {
  const source = read(sourceFile);
  const before = process.cpuUsage();
  const start = performance.now();
  const runner = await openEngine(engine, job);
  await runner.run(source);
  const wallMs = performance.now() - start;
  const cpuMs = cpuSince(before);
  runner.close?.();
  return { kind: 'timing', timing: { wallMs, cpuMs, runs: 1 } };
}

/**
 * Idle is an engine that has worked on a small picture of the same kind and holds the large
 * source.
 */
async function watchMemory(
  request: MeasurementRequest & { readonly mode: 'memory' },
): Promise<Measurement> {
  const warm = await openEngine(request.engine, request.warmUp.job);
  await warm.run(read(request.warmUp.sourceFile));
  return withRunner(request, async (runner, source) => {
    warm.close?.();
    globalThis.gc?.();
    forgetPeak();
    const idleBytes = process.memoryUsage.rss();
    await runner.run(source);
    const peakMb = Math.max(0, peakBytes() - idleBytes) / 1e6;
    return { kind: 'memory', peakMb, idleMb: idleBytes / 1e6 };
  });
}

function keepResults(
  request: MeasurementRequest & { readonly mode: 'result' },
): Promise<Measurement> {
  return withRunner(request, async (runner, source) => {
    const result = await runner.run(source);
    writeFileSync(request.resultFile, result);
    const lossless = await openEngine(request.engine, request.losslessJob);
    writeFileSync(request.losslessFile, await lossless.run(source));
    lossless.close?.();
    return { kind: 'result', bytes: result.length };
  });
}

async function withRunner(
  { engine, job, sourceFile }: MeasurementRequest,
  use: (runner: Runner, source: Uint8Array) => Promise<Measurement>,
): Promise<Measurement> {
  const source = read(sourceFile);
  const runner = await openEngine(engine, job);
  try {
    return await use(runner, source);
  } finally {
    runner.close?.();
  }
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('median: expected at least one value, got none');
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] as number;
  return Number.isInteger(middle) ? (upper + (sorted[middle - 1] as number)) / 2 : upper;
}

function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Linux counts the peak from here on; elsewhere it stays that of the whole process. */
function forgetPeak(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // The peak of the whole process is an upper bound, and says too much rather than too little.
  }
}

function peakBytes(): number {
  try {
    const match = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (match !== null) return Number(match[1]) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}

function read(path: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
