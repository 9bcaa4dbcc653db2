/**
 * Whole objects as bytes, for codecs that need them so. Easily got wrong: the limit is checked
 * against the record before a byte is read.
 * @module
 */

import type { GetObjectOptions, ObjectRecord, StorageDriver } from './driver.ts';
import { StorageError } from './errors.ts';

export interface ReadObjectOptions extends GetObjectOptions {
  /** `EntityTooLarge` when the object (or range) has more. */
  readonly maxBytes: number;
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
  const stored = await driver.getObject(bucket, key, options);
  if (stored === undefined) return undefined;
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
  if (stored.fill === undefined) await collect(body, bytes);
  else await stored.fill(bytes);
  return { record, bytes };
}

async function collect(body: ReadableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  let filled = 0;
  for await (const chunk of body) {
    // A chunk too many makes `set` throw, a chunk too few is caught below.
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  if (filled === bytes.byteLength) return;
  throw new StorageError('StoreDamaged', `body: expected ${bytes.byteLength} bytes, got ${filled}`);
}
