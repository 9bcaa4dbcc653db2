/**
 * A PNG of RGB bytes, just enough to hand the demo picture to the engine: filter 0, one IDAT.
 * (PNG, third edition, sections 5 and 11.)
 * @module
 */

import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** @param rgb three bytes a pixel, row by row, without padding */
export function encodePng(rgb: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Eight bits, colour type 2 (RGB), deflate, adaptive filters, not interlaced.
  header.set([8, 2, 0, 0, 0], 8);
  const rowBytes = width * 3;
  const filtered = new Uint8Array(height * (rowBytes + 1));
  for (let y = 0; y < height; y++) {
    filtered.set(rgb.subarray(y * rowBytes, (y + 1) * rowBytes), y * (rowBytes + 1) + 1);
  }
  const chunks = [
    SIGNATURE,
    encodeChunk('IHDR', header),
    // The file lives for one render, so speed counts and not size.
    encodeChunk('IDAT', deflateSync(filtered, { level: 1 })),
    encodeChunk('IEND', new Uint8Array(0)),
  ];
  return Uint8Array.from(Buffer.concat(chunks));
}

function encodeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  chunk.set(new TextEncoder().encode(type), 4);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}
