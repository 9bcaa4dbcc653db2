/**
 * node:zlib as a deflater. The trap: zlib hands out its results in chunks and joins them, so a chunk
 * must hold one byte more than the whole result, or it is copied once more.
 * @module
 */

import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { type Deflater, InflateError } from './deflater.ts';

export const nodeDeflater: Deflater = { inflate, deflate, crc32: (bytes) => crc32(bytes) };

/** zlib refuses smaller chunks. */
const MIN_CHUNK_BYTES = 64;

function inflate(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const chunkSize = Math.max(MIN_CHUNK_BYTES, maxBytes + 1);
  try {
    return plainView(inflateSync(bytes, { maxOutputLength: maxBytes, chunkSize }));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'Z_BUF_ERROR') throw new InflateError('truncated', error);
    if (code === 'ERR_BUFFER_TOO_LARGE') throw new InflateError('too-long', error);
    throw new InflateError('damaged', error);
  }
}

/** Of compressed output; most pictures fit in a few. */
const OUTPUT_CHUNK_BYTES = 256 * 1024;

function deflate(bytes: Uint8Array, level: number): Uint8Array {
  return plainView(deflateSync(bytes, { level, chunkSize: OUTPUT_CHUNK_BYTES }));
}

/** The same bytes without the class: loops that see two classes of arrays are slower in both. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
