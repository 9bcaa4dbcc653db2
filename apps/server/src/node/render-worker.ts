/**
 * A worker thread's tasks: one picture, rendered or only planned, by an engine that is made once a
 * thread. Results are moved to the pool, not copied, and the source's buffer goes back with them.
 * @module
 */

import { workerData } from 'node:worker_threads';
import { type ImageFormat, isImageError, type Limits } from '@safelight/core';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { createSafelight } from 'safelight';
import {
  errorToFailure,
  type PlanOutcome,
  type RenderOutcome,
  type RenderTask,
} from './render-task.ts';

const { limits } = workerData as { readonly limits: Limits };

const engine = createSafelight({ limits });

/** Called by the pool. Errors of the picture are answered; only bugs are thrown. */
export async function render(task: RenderTask): Promise<RenderOutcome> {
  const { source, chain, marks, maxMemoryBytes = limits.maxMemoryBytes } = task;
  try {
    const safelight = await engine;
    const { bytes, mediaType } = await safelight.render(source, chain, {
      limits: { ...limits, maxMemoryBytes },
      readMark: (key) => marks?.get(key),
    });
    const own = ownBytes(bytes, source);
    return moved({ bytes: own, mediaType, source }, [own, source]);
  } catch (error) {
    if (isImageError(error)) return moved({ source, failure: errorToFailure(error) }, [source]);
    throw error;
  }
}

/** Called by the planner: all that the header and the chain settle. */
export async function plan({ source, chain }: RenderTask): Promise<PlanOutcome> {
  try {
    const { engine: planner } = await engine;
    const planned = await planner.plan(source, chain);
    const { peakBytes, costPixels } = planned.kind === 'info' ? NOTHING : planned;
    return moved({ source, peakBytes: peakBytes + source.byteLength, costPixels }, [source]);
  } catch (error) {
    if (isImageError(error)) return moved({ source, failure: errorToFailure(error) }, [source]);
    throw error;
  }
}

/** Formats that this engine can give. */
export async function writes(): Promise<readonly ImageFormat[]> {
  return (await engine).engine.writes;
}

/** Facts of the header cost next to nothing. */
const NOTHING = { peakBytes: 0, costPixels: 1_000 };

/** Only a buffer that holds nothing else may leave this thread. */
function ownBytes(bytes: Uint8Array, source: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole && buffer !== source.buffer ? new Uint8Array(buffer) : Uint8Array.from(bytes);
}

/** A thread's answer whose bytes are moved with it. */
function moved<T extends object>(outcome: T, all: readonly Uint8Array<ArrayBuffer>[]): T {
  return move({
    [transferableSymbol]: all.map(({ buffer }) => buffer),
    [valueSymbol]: outcome,
  } as never) as unknown as T;
}
