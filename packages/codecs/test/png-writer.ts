/**
 * PNG files put together chunk by chunk, so that tests can break any rule they like.
 * @module
 */

import { crc32, deflateSync } from 'node:zlib';

/** One chunk with its length and CRC. */
export function chunk(type: string, payload: Uint8Array = new Uint8Array(0)): Uint8Array {
  const result = Buffer.alloc(12 + payload.length);
  result.writeUInt32BE(payload.length, 0);
  result.write(type, 4, 'latin1');
  result.set(payload, 8);
  result.writeUInt32BE(crc32(result.subarray(4, -4)), 8 + payload.length);
  return result;
}

export interface PngHead {
  readonly width: number;
  readonly height: number;
  readonly bitDepth?: number;
  readonly colorType?: number;
  readonly interlace?: number;
}

export function head({
  width,
  height,
  bitDepth = 8,
  colorType = 0,
  interlace = 0,
}: PngHead): Uint8Array {
  const payload = Buffer.alloc(13);
  payload.writeUInt32BE(width, 0);
  payload.writeUInt32BE(height, 4);
  payload.set([bitDepth, colorType, 0, 0, interlace], 8);
  return chunk('IHDR', payload);
}

/** Pixel rows, each with its filter byte, compressed. */
export function data(rows: readonly number[]): Uint8Array {
  return chunk('IDAT', deflateSync(Uint8Array.from(rows)));
}

/** Signature, the given chunks, IEND. */
export function png(...chunks: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    ...chunks,
    chunk('IEND'),
  ]);
}
