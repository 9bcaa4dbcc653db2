/**
 * Worker threads that render: pixels are never worked on where requests are answered. Each render has
 * a time limit, after which its thread is killed and replaced. Easily got wrong: the limits of a
 * thread bound neither typed arrays nor WebAssembly memory, so the engine's budget has to.
 * @module
 */

import { ImageError, type Limits } from '@safelight/core';
import { Piscina } from 'piscina';
import { createAdmission, tooBusy } from '../admission.ts';
import type { RenderedPicture, Renderer, RenderRequest } from '../service.ts';
import { failureToError, type RenderOutcome, type RenderTask } from './render-task.ts';

export interface RenderPoolOptions {
  readonly workers: number;
  /** Renders that may wait for a worker; one more is refused. */
  readonly maxQueue: number;
  readonly limits: Limits;
  /** Changes whenever the same source and chain may give other bytes. */
  readonly version: string;
}

export interface RenderPool extends Renderer {
  /** Renders that wait. */
  readonly waiting: number;
  /** Kills what is left running. */
  close(): Promise<void>;
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

export function createRenderPool(options: RenderPoolOptions): RenderPool {
  const { workers, maxQueue, limits, version } = options;
  const admission = createAdmission({ maxActive: workers, maxWaiting: maxQueue });
  const pool = new Piscina<RenderTask, RenderOutcome>({
    filename: new URL('./render-worker.js', import.meta.url).href,
    name: 'render',
    minThreads: workers,
    maxThreads: workers,
    // The admission gate holds the queue; this one only covers a thread that is being replaced.
    maxQueue: workers,
    workerData: { limits },
    // A worker has no use for the service's secrets.
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
  });
  return {
    version,
    get waiting() {
      return admission.waiting;
    },
    async render(request, signal) {
      const leave = await enterInTime(admission, signal, limits.timeoutMs);
      try {
        return await renderInWorker(pool, request, signal, limits.timeoutMs + KILL_GRACE_MS);
      } finally {
        leave();
      }
    },
    close: () => pool.destroy(),
  };
}

/** Nobody waits longer for a render than a render may take. */
async function enterInTime(
  admission: ReturnType<typeof createAdmission>,
  signal: AbortSignal,
  maxWaitMs: number,
): Promise<() => void> {
  const patience = AbortSignal.timeout(maxWaitMs);
  try {
    return await admission.enter(AbortSignal.any([signal, patience]));
  } catch (error) {
    if (signal.aborted) throw aborted(error);
    if (patience.aborted) throw tooBusy();
    throw error;
  }
}

async function renderInWorker(
  pool: Piscina<RenderTask, RenderOutcome>,
  request: RenderRequest,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<RenderedPicture> {
  const source = await request.readSource();
  const marks = await request.readMarks?.();
  const buffers = [source, ...(marks?.values() ?? [])].map(({ buffer }) => buffer);
  if (signal.aborted) throw aborted(signal.reason);
  const timeout = AbortSignal.timeout(timeoutMs);
  const abandoned = delayAbort(signal, ABANDONED_GRACE_MS);
  try {
    const outcome = await pool.run(
      { source, chain: request.chain, marks },
      { transferList: buffers, signal: AbortSignal.any([abandoned.signal, timeout]) },
    );
    if ('failure' in outcome) throw failureToError(outcome.failure);
    return outcome;
  } catch (error) {
    if (signal.aborted) throw aborted(error);
    if (timeout.aborted) throw timedOut(timeoutMs, error);
    if (isOutOfMemory(error)) throw outOfMemory(error);
    throw error;
  } finally {
    abandoned.stop();
  }
}

/** A signal that aborts `delayMs` after another one, unless it is stopped. */
function delayAbort(
  earlier: AbortSignal,
  delayMs: number,
): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = (): void => {
    timer = setTimeout(() => controller.abort(earlier.reason), delayMs);
  };
  earlier.addEventListener('abort', start, { once: true });
  return {
    signal: controller.signal,
    stop() {
      clearTimeout(timer);
      earlier.removeEventListener('abort', start);
    },
  };
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
