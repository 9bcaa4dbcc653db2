/**
 * A worker thread's task: one picture, rendered by an engine that is made once a thread. Results are
 * moved to the pool, not copied.
 * @module
 */

import { workerData } from 'node:worker_threads';
import { isImageError, type Limits } from '@safelight/core';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { createSafelight } from 'safelight';
import { errorToFailure, type RenderOutcome, type RenderTask } from './render-task.ts';

const { limits } = workerData as { readonly limits: Limits };

const engine = createSafelight({ limits });

/** Called by the pool. Errors of the picture are answered; only bugs are thrown. */
export async function render({ source, chain, marks }: RenderTask): Promise<RenderOutcome> {
  try {
    const safelight = await engine;
    const { bytes, mediaType } = await safelight.render(source, chain, {
      readMark: (key) => marks?.get(key),
    });
    return moved({ bytes: ownBytes(bytes), mediaType });
  } catch (error) {
    if (isImageError(error)) return { failure: errorToFailure(error) };
    throw error;
  }
}

/** Only a buffer that holds nothing else may leave this thread. */
function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength;
  return isWhole ? new Uint8Array(buffer) : Uint8Array.from(bytes);
}

function moved(outcome: Extract<RenderOutcome, { bytes: unknown }>): RenderOutcome {
  return move({
    [transferableSymbol]: [outcome.bytes.buffer],
    [valueSymbol]: outcome,
  } as never) as unknown as RenderOutcome;
}
