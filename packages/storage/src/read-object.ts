/**
 * Whole objects as bytes, for codecs that need them so. Easily got wrong: the limit is checked
 * against the record before a byte is read.
 * @module
 */

import type { GetObjectOptions, ObjectRecord, StorageDriver, StoredObject } from './driver.ts';
import { StorageError } from './errors.ts';

export interface ReadObjectOptions extends GetObjectOptions {
  /** `EntityTooLarge` when the object (or range) has more. */
  readonly maxBytes: number;
  /** `StoreUnavailable` when it takes longer, in ms: who holds a place may not wait for a store for ever. */
  readonly timeoutMs?: number | undefined;
  /**
   * Gives the bytes a place of exactly this size, such as a part of a buffer that is used again.
   * @default a buffer of their own
   */
  readonly allocate?: ((byteLength: number) => Uint8Array<ArrayBuffer>) | undefined;
}

/**
 * The record and its bytes in an `ArrayBuffer` of their own, which may be transferred to a worker,
 * unless `allocate` says otherwise. `undefined` when the object is missing. Throws what `getObject` does.
 */
export async function readObject(
  driver: StorageDriver,
  bucket: string,
  key: string,
  options: ReadObjectOptions,
): Promise<{ record: ObjectRecord; bytes: Uint8Array<ArrayBuffer> } | undefined> {
  const patience = options.timeoutMs === undefined ? undefined : new AbortController();
  const timer = patience && setTimeout(() => patience.abort(), options.timeoutMs);
  try {
    const getting = driver.getObject(bucket, key, options);
    const stored = await untilLate(getting, patience?.signal);
    return stored && (await readStored(stored, key, options, patience?.signal));
  } finally {
    clearTimeout(timer);
  }
}

async function readStored(
  stored: StoredObject,
  key: string,
  options: ReadObjectOptions,
  patience: AbortSignal | undefined,
): Promise<{ record: ObjectRecord; bytes: Uint8Array<ArrayBuffer> }> {
  const { record, body } = stored;
  const size = options.range?.length ?? record.size;
  if (size > options.maxBytes) {
    await body.cancel();
    throw new StorageError(
      'EntityTooLarge',
      `object ${JSON.stringify(key)}: expected at most ${options.maxBytes} bytes, got ${size}`,
    );
  }
  const bytes = options.allocate?.(size) ?? new Uint8Array(size);
  if (stored.fill === undefined) await collect(untilLateEach(body, patience), bytes);
  else await stored.fill(bytes);
  return { record, bytes };
}

async function collect(body: AsyncIterable<Uint8Array>, bytes: Uint8Array): Promise<void> {
  let filled = 0;
  for await (const chunk of body) {
    // A chunk too many makes `set` throw, a chunk too few is caught below.
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  if (filled === bytes.byteLength) return;
  throw new StorageError('StoreDamaged', `body: expected ${bytes.byteLength} bytes, got ${filled}`);
}

/** A body that comes when nobody waits any more is let go. */
async function untilLate(
  getting: Promise<StoredObject | undefined>,
  patience: AbortSignal | undefined,
): Promise<StoredObject | undefined> {
  if (patience === undefined) return getting;
  let isLate = false;
  const late = new Promise<never>((_, reject) => {
    patience.addEventListener('abort', () => {
      isLate = true;
      reject(tooSlow());
    });
  });
  getting.then(
    (stored) => (isLate ? stored?.body.cancel() : undefined),
    () => undefined,
  );
  return Promise.race([getting, late]);
}

async function* untilLateEach(
  body: ReadableStream<Uint8Array>,
  patience: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  // Ends a read that waits, as if the body were over.
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  patience?.addEventListener('abort', giveUp);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (patience?.aborted === true) throw tooSlow();
      if (done) return;
      yield value;
    }
  } finally {
    patience?.removeEventListener('abort', giveUp);
    await reader.cancel().catch(() => undefined);
  }
}

function tooSlow(): StorageError {
  return new StorageError('StoreUnavailable', 'body: expected to be read in time, got too little');
}
