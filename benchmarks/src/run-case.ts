/**
 * Runs one case on one picture: every engine in fresh processes, alternating; then memory, bytes
 * and quality in processes of their own, so that nothing but the job is inside the timed ones.
 * @module
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import type { BenchCase } from './bench-case.ts';
import { ENGINE_LABELS, type EngineName } from './engines/engine.ts';
import { type Job, losslessTwin, outputSizeOf, type Size } from './job.ts';
import { type Measurement, type MeasurementRequest, median, type Timing } from './measurement.ts';
import { compare, readLuma, referenceOf } from './quality.ts';
import { type EngineRow, type MissingRow, toDecibels } from './report.ts';
import {
  cachedPicture,
  type FoundPicture,
  makePicture,
  miniature,
  nameOf,
  type PictureSpec,
} from './source-picture.ts';

export interface RunOptions {
  /** Processes of each engine. */
  readonly rounds: number;
  /** Timed runs in each process. */
  readonly runs: number;
  readonly onProgress: (text: string) => void;
}

/** One picture with what the case asks of it. */
export interface PreparedPicture extends Size {
  readonly name: string;
  readonly bytes: number;
  readonly file: string;
  /** The same kind of picture, small, to warm up with. */
  readonly smallFile: string;
  readonly small: Size;
}

/** A process that takes longer than this for its timed runs stops early, with fewer of them. */
const MAX_TIMED_MS = 20_000;
/** Nothing that is measured here takes so long. */
const PROCESS_TIMEOUT_MS = 900_000;
/** Processes of each engine and round when one of them yields one cold run. */
const COLD_RUNS = 5;

const WORKER = fileURLToPath(new URL('../dist/worker.js', import.meta.url));

/** Does `use` with a folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function preparePicture(
  source: PictureSpec | FoundPicture,
  folder: string,
  cacheFolder: string,
): Promise<PreparedPicture> {
  const isFound = 'path' in source;
  const bytes = isFound ? readFileSync(source.path) : await cachedPicture(source, cacheFolder);
  const small = isFound
    ? await sharp(source.path).resize(96, 80, { fit: 'fill' }).toBuffer()
    : await makePicture(miniature(source));
  const file = join(folder, 'source');
  const smallFile = join(folder, 'small');
  writeFileSync(file, bytes);
  writeFileSync(smallFile, small);
  const { width, height } = source;
  const name = isFound ? (source.path.split(/[/\\]/).at(-1) as string) : nameOf(source);
  return {
    name,
    width,
    height,
    bytes: bytes.length,
    file,
    smallFile,
    small: { width: 96, height: 80 },
  };
}

export async function runCase(
  benchCase: BenchCase,
  picture: PreparedPicture,
  folder: string,
  options: RunOptions,
): Promise<(EngineRow | MissingRow)[]> {
  const job = benchCase.job(picture);
  const missing = new Map<EngineName, string>();
  const results = new Map<EngineName, { bytes: number; peakMb: number }>();
  // Results first: an engine that cannot do the job is found out before any time is spent on it.
  for (const engine of benchCase.engines) {
    options.onProgress(`${benchCase.id} ${picture.name}: ${ENGINE_LABELS[engine]}, result`);
    const found = await resultAndMemory(benchCase, engine, picture, folder);
    if (typeof found === 'string') missing.set(engine, found);
    else results.set(engine, found);
  }
  const present = benchCase.engines.filter((engine) => results.has(engine));
  const timings = await timeRounds(benchCase, present, { job, picture, options });
  const source = await readLuma(
    readFileSync(picture.file),
    job.input === 'file' ? undefined : job.input.raw,
  );
  const reference = referenceOf(source, job);
  const rawSize = job.output.format === 'raw' ? outputSizeOf(job, picture) : undefined;
  const score = async (file: string) =>
    compare(reference, await readLuma(readFileSync(file), rawSize));
  const rows: (EngineRow | MissingRow)[] = [];
  for (const engine of benchCase.engines) {
    const label = ENGINE_LABELS[engine];
    const result = results.get(engine);
    if (result === undefined) {
      rows.push({ kind: 'not-available', engine, label, reason: missing.get(engine) as string });
      continue;
    }
    const { psnrDb, ssim } = await score(resultFile(folder, engine));
    rows.push({
      kind: 'measured',
      engine,
      label,
      timings: timings.get(engine) as Timing[],
      ...result,
      psnrDb: toDecibels(psnrDb),
      losslessPsnrDb: toDecibels((await score(losslessFile(folder, engine))).psnrDb),
      ssim,
    });
  }
  return rows;
}

async function resultAndMemory(
  benchCase: BenchCase,
  engine: EngineName,
  picture: PreparedPicture,
  folder: string,
): Promise<{ bytes: number; peakMb: number } | string> {
  const job = benchCase.job(picture);
  const base = { engine, job, sourceFile: picture.file };
  const result = await measureApart({
    ...base,
    mode: 'result',
    resultFile: resultFile(folder, engine),
    losslessJob: losslessTwin(job),
    losslessFile: losslessFile(folder, engine),
  });
  if (result.kind === 'not-available') return result.reason;
  const warmUp = { job: benchCase.job(picture.small), sourceFile: picture.smallFile };
  const memory = await measureApart({ ...base, mode: 'memory', warmUp });
  if (memory.kind === 'not-available') return memory.reason;
  if (result.kind !== 'result' || memory.kind !== 'memory') throw unexpected(result, memory);
  return { bytes: result.bytes, peakMb: memory.peakMb };
}

async function timeRounds(
  { id, timing, engines: all }: BenchCase,
  engines: readonly EngineName[],
  { job, picture, options }: { job: Job; picture: PreparedPicture; options: RunOptions },
): Promise<ReadonlyMap<EngineName, Timing[]>> {
  const timings = new Map(engines.map((engine) => [engine, [] as Timing[]]));
  for (let round = 0; round < options.rounds; round++) {
    options.onProgress(`${id} ${picture.name}: round ${round + 1} of ${options.rounds}`);
    // Alternating order: the first of a round must not always be the same one.
    const order = round % 2 === 0 ? all : all.toReversed();
    for (const engine of order) {
      const base = { engine, job, sourceFile: picture.file };
      timings
        .get(engine)
        ?.push(
          timing === 'cold'
            ? await timeColdly(base, Math.min(COLD_RUNS, options.runs))
            : await timeOnce({ ...base, mode: 'warm', runs: options.runs, maxMs: MAX_TIMED_MS }),
        );
    }
  }
  return timings;
}

async function timeColdly(
  base: Pick<MeasurementRequest, 'engine' | 'job' | 'sourceFile'>,
  runs: number,
): Promise<Timing> {
  const list: Timing[] = [];
  for (let i = 0; i < runs; i++) list.push(await timeOnce({ ...base, mode: 'cold' }));
  const wallMs = median(list.map((timing) => timing.wallMs));
  return { wallMs, cpuMs: median(list.map(({ cpuMs }) => cpuMs)), runs };
}

async function timeOnce(request: MeasurementRequest): Promise<Timing> {
  const measurement = await measureApart(request);
  if (measurement.kind !== 'timing') throw unexpected(measurement);
  return measurement.timing;
}

/** In a process of its own. */
async function measureApart(request: MeasurementRequest): Promise<Measurement> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', WORKER, JSON.stringify(request)],
    { timeout: PROCESS_TIMEOUT_MS, maxBuffer: 1024 * 1024 },
  );
  // An engine may write lines of its own before the answer.
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Measurement;
}

function resultFile(folder: string, engine: EngineName): string {
  return join(folder, `${engine}.result`);
}

function losslessFile(folder: string, engine: EngineName): string {
  return join(folder, `${engine}.lossless`);
}

function unexpected(...measurements: readonly Measurement[]): Error {
  return new Error(`worker: expected another kind of answer, got ${JSON.stringify(measurements)}`);
}
