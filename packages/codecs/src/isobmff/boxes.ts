/**
 * Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), the container of AVIF and HEIC: a
 * length, a name, contents. The trap: lengths may have 64 bits, and 0 means "to the end".
 * @module
 */

import type { ImageFormat } from '@safelight/core';
import { damaged, truncated } from '../refusal.ts';

/** Contents of one box are `bytes.subarray(start, end)`. */
export interface Box {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const HEAD_BYTES = 8;
const LONG_HEAD_BYTES = 16;
/** Of one container. Real ones have tens; each of ours costs an object. */
const MAX_BOXES = 16_384;

/** The boxes from `start` to `end`. Each step goes on by 8 bytes or more. */
export function* walkBoxes(source: BoxReader, start: number, end: number): Generator<Box> {
  let at = start;
  for (let count = 0; at < end; count++) {
    if (count === MAX_BOXES) throw source.damaged(`expected at most ${MAX_BOXES} boxes, got more`);
    if (at + HEAD_BYTES > end) throw source.truncated('a box ends early');
    let length = source.uint32(at);
    let from = at + HEAD_BYTES;
    if (length === 1) {
      if (at + LONG_HEAD_BYTES > end) throw source.truncated('a box ends early');
      length = source.uint64(at + HEAD_BYTES);
      from = at + LONG_HEAD_BYTES;
    } else if (length === 0) {
      length = end - at;
    }
    if (at + length < from) throw source.damaged(`expected a box of ${from - at} bytes or more`);
    if (at + length > end) {
      throw source.truncated(`expected ${length} bytes in a box, got ${end - at}`);
    }
    yield { name: source.name(at + 4), start: from, end: at + length };
    at += length;
  }
}

/** Reads numbers, big-endian; what lies outside the file is truncation. */
export class BoxReader {
  readonly format: ImageFormat;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, format: ImageFormat) {
    this.format = format;
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  uint8(at: number): number {
    return this.#view.getUint8(this.#checked(at, 1));
  }

  uint16(at: number): number {
    return this.#view.getUint16(this.#checked(at, 2));
  }

  uint32(at: number): number {
    return this.#view.getUint32(this.#checked(at, 4));
  }

  int32(at: number): number {
    return this.#view.getInt32(this.#checked(at, 4));
  }

  /** Exact up to 2^53; what is larger is larger than any file. */
  uint64(at: number): number {
    return this.uint32(at) * 2 ** 32 + this.uint32(at + 4);
  }

  /** An unsigned number of 0, 2, 4 or 8 bytes. */
  uint(at: number, byteLength: number): number {
    if (byteLength === 0) return 0;
    if (byteLength === 2) return this.uint16(at);
    if (byteLength === 4) return this.uint32(at);
    if (byteLength === 8) return this.uint64(at);
    throw this.damaged(`expected a number of 0, 4 or 8 bytes, got ${byteLength}`);
  }

  /** Four characters. */
  name(at: number): string {
    return String.fromCharCode(...this.bytes.subarray(this.#checked(at, 4), at + 4));
  }

  damaged(text: string): Error {
    return damaged(this.format, text);
  }

  truncated(text: string): Error {
    return truncated(this.format, text);
  }

  #checked(at: number, byteLength: number): number {
    if (at + byteLength > this.bytes.length) throw this.truncated('a box ends early');
    return at;
  }
}

/** A box as it stands in a file. */
export function printBox(name: string, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, part) => sum + part.length, HEAD_BYTES);
  const box = new Uint8Array(length);
  new DataView(box.buffer).setUint32(0, length);
  for (let i = 0; i < 4; i++) box[4 + i] = name.charCodeAt(i);
  let at = HEAD_BYTES;
  for (const part of contents) {
    box.set(part, at);
    at += part.length;
  }
  return box;
}
