/**
 * Worker threads that render: pixels are never worked on where requests are answered. A source is read
 * whole before it takes a worker, and what is not small is planned before; a render over its time is
 * killed with its thread. Easily got wrong: the limits of a thread bound neither typed arrays nor
 * WebAssembly memory, so plans have to.
 * @module
 */

import { ImageError, type ImageFormat, type Limits } from '@safelight/core';
import { Piscina } from 'piscina';
import { type Admission, createAdmission, tooBusy } from '../admission.ts';
import type { RenderedPicture, Renderer, RenderRequest } from '../service.ts';
import { createLoadForecast, type LoadForecast } from './load-forecast.ts';
import {
  failureToError,
  type PlanOutcome,
  type RenderOutcome,
  type RenderTask,
} from './render-task.ts';
import { createSourceBuffers, type SourceBuffers } from './source-buffers.ts';
import { createTimeLimit } from './time-limit.ts';

export interface RenderPoolOptions {
  readonly workers: number;
  /** Renders that may wait for a worker; one more is refused. */
  readonly maxQueue: number;
  /** Predicted memory of all renders at work together, bytes. */
  readonly maxMemoryBytes: number;
  readonly limits: Limits;
  /** Changes whenever the same source and chain may give other bytes. */
  readonly version: string;
}

export interface RenderPool extends Renderer {
  /** What it does now. */
  readonly load: RenderLoad;
  writes(): Promise<readonly ImageFormat[]>;
  /** Kills what is left running. */
  close(): Promise<void>;
}

export interface RenderLoad {
  /** Renders that wait, be it for their source or for a worker. */
  readonly waiting: number;
  readonly active: number;
  /** Set aside for those at work: what was predicted, or the share of one that is not planned before. */
  readonly memoryBytes: number;
}

/** The engine gives up by itself between steps; a step that hangs is killed this much later. */
const KILL_GRACE_MS = 1_000;

/**
 * How long a render may go on after its caller went away. A killed thread takes a second to come back,
 * thirty times as long as a thumbnail takes: browsers that scroll past pictures must not cost threads.
 */
const ABANDONED_GRACE_MS = 1_000;

/** JavaScript heap of one worker; planes and encoded bytes lie outside of it. */
const MAX_HEAP_MIB = 512;

/** Sources that are held at once, bytes; a larger one is read when no other is. */
const MAX_HELD_SOURCE_BYTES = 256 * 1024 ** 2;

/**
 * A source up to this size goes to a worker unplanned: its header is read in a moment, whatever it holds.
 */
const MAX_UNPLANNED_BYTES = 16 * 1024 ** 2;

/**
 * What a render may take that was not planned beforehand, source included: no more than the arena that
 * a worker keeps anyway. What is planned to take more is refused by the worker's own plan before a pixel
 * is touched, and comes again by the planner.
 */
const UNPLANNED_MEMORY_BYTES = 64 * 1024 ** 2;

/** Longest that a refused caller is asked to wait. */
const MAX_RETRY_AFTER_SEC = 60;

/** What a render needs; nothing where that could not be planned: the worker's own plan decides then. */
interface Prediction {
  readonly source: Uint8Array<ArrayBuffer>;
  readonly peakBytes: number;
  readonly costPixels: number | undefined;
}

interface Parts {
  readonly renderers: Piscina<RenderTask, RenderOutcome>;
  readonly planner: Piscina<RenderTask, PlanOutcome>;
  /** From reading the source on. */
  readonly intake: Admission;
  /** At work in a thread. */
  readonly work: Admission;
  readonly forecast: LoadForecast;
  readonly buffers: SourceBuffers;
  readonly limits: Limits;
  /** Of one render that is not planned beforehand. */
  readonly shareBytes: number;
}

export function createRenderPool(options: RenderPoolOptions): RenderPool {
  const { limits, version } = options;
  const parts = createParts(options);
  const { renderers, planner, intake, work } = parts;
  let writes: Promise<readonly ImageFormat[]> | undefined;
  return {
    version,
    get load() {
      const ahead = intake.active - work.active;
      return { waiting: intake.waiting + ahead, active: work.active, memoryBytes: work.weight };
    },
    writes() {
      writes ??= askWrites(planner).catch((error: unknown) => {
        writes = undefined;
        throw error;
      });
      return writes;
    },
    async render(request, signal) {
      const waitMs = parts.forecast.waitMs(intake.waiting);
      // It would wait in vain: refused now, it costs nothing.
      if (intake.waiting > 0 && waitMs > limits.timeoutMs) throw tooBusy(retryAfterSec(waitMs));
      const leave = await enterInTime(intake, signal, limits.timeoutMs, request.sourceBytes);
      try {
        return await renderAdmitted(parts, request, signal);
      } finally {
        leave();
      }
    },
    async close() {
      await Promise.all([renderers.destroy(), planner.destroy()]);
    },
  };
}

function createParts({ workers, maxQueue, maxMemoryBytes, limits }: RenderPoolOptions): Parts {
  const shared = {
    filename: new URL('./render-worker.js', import.meta.url).href,
    workerData: { limits },
    // A worker has no use for the service's secrets.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  };
  // While all workers are busy, as many sources are read and planned: no worker waits for a store.
  const ahead = Math.min(workers, maxQueue);
  const forecast = createLoadForecast(workers);
  const intake: Admission = createAdmission({
    maxActive: workers + ahead,
    maxWaiting: maxQueue - ahead,
    maxWeight: MAX_HELD_SOURCE_BYTES,
    retryAfterSec: () => retryAfterSec(forecast.waitMs(intake.waiting)),
  });
  return {
    limits,
    forecast,
    buffers: createSourceBuffers({ maxKept: workers + ahead }),
    // Shares of all workers fit at once.
    shareBytes: Math.min(UNPLANNED_MEMORY_BYTES, Math.floor(maxMemoryBytes / workers)),
    intake,
    work: createAdmission({
      maxActive: workers,
      maxWaiting: Number.POSITIVE_INFINITY,
      maxWeight: maxMemoryBytes,
    }),
    renderers: new Piscina({
      ...shared,
      name: 'render',
      recordTiming: false,
      minThreads: workers,
      maxThreads: workers,
      // The gates hold the queue; this one only covers a thread that is being replaced.
      maxQueue: workers,
    }),
    planner: new Piscina({ ...shared, name: 'plan', minThreads: 1, maxThreads: 1 }),
  };
}

async function askWrites(planner: Parts['planner']): Promise<readonly ImageFormat[]> {
  const answer: unknown = await planner.run(undefined as never, { name: 'writes' });
  return answer as readonly ImageFormat[];
}

function retryAfterSec(waitMs: number): number {
  return Math.min(MAX_RETRY_AFTER_SEC, Math.max(1, Math.ceil(waitMs / 1000)));
}

/** Nobody waits longer for a render than a render may take. */
async function enterInTime(
  admission: Admission,
  signal: AbortSignal,
  maxWaitMs: number,
  weight: number,
): Promise<() => void> {
  if (signal.aborted) throw aborted(signal.reason);
  const leave = admission.enterAtOnce(weight);
  if (leave !== undefined) return leave;
  const patience = createTimeLimit(signal, { limitMs: maxWaitMs });
  try {
    return await admission.enter(patience.signal, weight);
  } catch (error) {
    if (signal.aborted) throw aborted(error);
    if (patience.isOver) throw tooBusy();
    throw error;
  } finally {
    patience.end();
  }
}

/** A request inside: its source was read. */
interface Job {
  readonly task: RenderTask;
  readonly signal: AbortSignal;
}

async function renderAdmitted(
  parts: Parts,
  request: RenderRequest,
  signal: AbortSignal,
): Promise<RenderedPicture> {
  const source = await request.readSource(parts.buffers.take);
  const marks = await request.readMarks?.();
  const task: RenderTask = { source, chain: request.chain, marks };
  // Pictures of marks would have to come back as well.
  const isSmall = source.byteLength <= MAX_UNPLANNED_BYTES && marks === undefined;
  if (!isSmall) return renderPlanned(parts, { task, signal });
  const outcome = await renderUnplanned(parts, { task, signal });
  const isRefused = 'failure' in outcome && outcome.failure.reason === 'too-much-memory';
  if (!isRefused) return settle(parts, outcome);
  return renderPlanned(parts, { task: { ...task, source: outcome.source }, signal });
}

/** Within a worker's share of memory, or not at all. */
async function renderUnplanned(parts: Parts, { task, signal }: Job): Promise<RenderOutcome> {
  const { shareBytes } = parts;
  const maxMemoryBytes = Math.min(
    parts.limits.maxMemoryBytes,
    Math.max(0, shareBytes - task.source.byteLength),
  );
  const job = { task: { ...task, maxMemoryBytes }, signal };
  return renderWhenFree(parts, job, { peakBytes: shareBytes, costPixels: undefined });
}

async function renderPlanned(parts: Parts, { task, signal }: Job): Promise<RenderedPicture> {
  const prediction = await predict(parts, { task, signal });
  const job = { task: { ...task, source: prediction.source }, signal };
  return settle(parts, await renderWhenFree(parts, job, prediction));
}

/** The end of a job: its source's buffer is free for another. @throws ImageError */
function settle({ buffers }: Parts, outcome: RenderOutcome): RenderedPicture {
  buffers.give(outcome.source);
  if ('failure' in outcome) throw failureToError(outcome.failure);
  const { bytes, mediaType } = outcome;
  return { bytes, mediaType };
}

/** A worker's answer, once there is one free and memory for it. */
async function renderWhenFree(
  parts: Parts,
  { task, signal }: Job,
  { peakBytes, costPixels }: Pick<Prediction, 'peakBytes' | 'costPixels'>,
): Promise<RenderOutcome> {
  const { forecast, limits } = parts;
  const forecasted = forecast.begin(costPixels);
  let renderMs: number | undefined;
  try {
    const leave = await enterInTime(parts.work, signal, limits.timeoutMs, peakBytes);
    const startMs = performance.now();
    try {
      const outcome = await runInTime(parts.renderers, { task, signal }, limits.timeoutMs);
      // What is refused would make renders look quick.
      if (!('failure' in outcome)) renderMs = performance.now() - startMs;
      return outcome;
    } finally {
      leave();
    }
  } finally {
    forecasted.end(renderMs);
  }
}

/**
 * What the render will take. A picture that is refused never reaches a worker that renders. Marks are
 * left out: they need canvas or other pictures, and the worker plans them once more; so a refusal is
 * final only where the whole chain was looked at.
 * @throws ImageError
 */
async function predict(
  { limits, planner, buffers }: Parts,
  { task: { source, chain }, signal }: Job,
): Promise<Prediction> {
  const planned = chain.filter(({ name }) => name !== 'watermark');
  const task = { source, chain: planned, marks: undefined };
  const outcome = await runInTime(planner, { task, signal }, limits.timeoutMs);
  if (!('failure' in outcome)) return outcome;
  if (planned.length < chain.length) {
    return { source: outcome.source, peakBytes: 0, costPixels: 0 };
  }
  buffers.give(outcome.source);
  throw failureToError(outcome.failure);
}

/** Moves the source to a thread, which is killed when it takes too long or nobody waits any more. */
async function runInTime<R>(
  pool: Piscina<RenderTask, R>,
  { task, signal }: Job,
  limitMs: number,
): Promise<R> {
  if (signal.aborted) throw aborted(signal.reason);
  const timeoutMs = limitMs + KILL_GRACE_MS;
  const limit = createTimeLimit(signal, { limitMs: timeoutMs, graceMs: ABANDONED_GRACE_MS });
  try {
    return await pool.run(task, {
      transferList: [task.source, ...(task.marks?.values() ?? [])].map(({ buffer }) => buffer),
      signal: limit.signal,
    });
  } catch (error) {
    if (signal.aborted) throw aborted(error);
    if (limit.isOver) throw timedOut(timeoutMs, error);
    if (isOutOfMemory(error)) throw outOfMemory(error);
    throw error;
  } finally {
    limit.end();
  }
}

function aborted(cause: unknown): ImageError {
  return new ImageError('Aborted', 'aborted', 'render: the caller went away', { cause });
}

function timedOut(timeoutMs: number, cause: unknown): ImageError {
  const publicMessage = 'The picture took too long to make.';
  return new ImageError('Timeout', 'timed-out', `render: expected an end within ${timeoutMs} ms`, {
    publicMessage,
    cause,
  });
}

function outOfMemory(cause: unknown): ImageError {
  const publicMessage = 'The picture needs more memory than one render may use.';
  return new ImageError(
    'LimitExceeded',
    'too-much-memory',
    `render: expected at most ${MAX_HEAP_MIB} MiB of heap`,
    { publicMessage, cause },
  );
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
