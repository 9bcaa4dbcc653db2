/**
 * What PNG and TIFF need of a runtime: zlib streams both ways and a checksum. Nothing else in this folder
 * but `node-deflater.ts` knows where it runs.
 * @module
 */

import type { Crc32 } from '../crc32.ts';

export interface Deflater {
  /**
   * What the zlib stream at the start of `bytes` inflates to. Throws `InflateError`; `too-long`
   * comes before more than a little over `maxBytes` (at least 1) have been made.
   */
  inflate(bytes: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array>;
  /** A zlib stream. `level` is 0 (stored) to 9 (smallest); runtimes without levels ignore it. */
  deflate(bytes: Uint8Array, level: number): Uint8Array | Promise<Uint8Array>;
  readonly crc32: Crc32;
}

export type InflateFailure = 'truncated' | 'too-long' | 'damaged';

/** Why a stream could not be inflated. Never leaves this package. */
export class InflateError extends Error {
  override readonly name = 'InflateError';
  readonly failure: InflateFailure;

  constructor(failure: InflateFailure, cause?: unknown) {
    super(cause instanceof Error ? cause.message : failure, { cause });
    this.failure = failure;
  }
}

/** Goes on at once when the value is there: with a synchronous deflater a codec is synchronous. */
export function settle<T, U>(
  value: T | Promise<T>,
  next: (value: T) => U | Promise<U>,
): U | Promise<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
