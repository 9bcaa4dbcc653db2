/**
 * RIFF, the container of WebP (RFC 9649, 2.3): chunks of a name, a length and contents. The trap:
 * contents are padded to even lengths, and files exist whose last chunk is not.
 * @module
 */

import { damaged, truncated } from '../refusal.ts';

/** One chunk; its contents are `bytes.subarray(start, end)`. */
export interface RiffChunk {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Name and length of a chunk. */
const CHUNK_HEAD_BYTES = 8;
/** `RIFF`, length, `WEBP`. */
export const RIFF_HEAD_BYTES = 12;

/** Where the chunks of a file end; what follows them is none of the picture. */
export function riffEnd(bytes: Uint8Array): number {
  if (bytes.length < RIFF_HEAD_BYTES) throw truncated('webp', 'the header ends early');
  const length = readUint32(bytes, 4);
  if (length < 4) throw damaged('webp', `expected a length of at least 4, got ${length}`);
  const end = CHUNK_HEAD_BYTES + length;
  // A last byte of padding may have been counted and not written.
  if (end - (length & 1) > bytes.length) {
    throw truncated('webp', `expected ${end} bytes, got ${bytes.length}`);
  }
  return Math.min(end, bytes.length);
}

/** The chunks from `start` to `end`. Each step goes on by 8 bytes or more. */
export function* walkChunks(bytes: Uint8Array, start: number, end: number): Generator<RiffChunk> {
  let at = start;
  while (at + CHUNK_HEAD_BYTES <= end) {
    const from = at + CHUNK_HEAD_BYTES;
    const length = readUint32(bytes, at + 4);
    if (from + length > end) {
      throw truncated('webp', `expected ${length} bytes in a chunk, got ${end - from}`);
    }
    yield { name: nameAt(bytes, at), start: from, end: from + length };
    at = from + length + (length & 1);
  }
}

/** A chunk as it stands in a file, padding included. */
export function printChunk(name: string, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length: part }) => sum + part, 0);
  const chunk = new Uint8Array(CHUNK_HEAD_BYTES + length + (length & 1));
  writeHead(chunk, name, length);
  let at = CHUNK_HEAD_BYTES;
  for (const part of contents) {
    chunk.set(part, at);
    at += part.length;
  }
  return chunk;
}

/** A file of these chunks. */
export function printRiff(chunks: readonly Uint8Array[]): Uint8Array {
  return printChunk('RIFF', WEBP, ...chunks);
}

const WEBP: Uint8Array = new TextEncoder().encode('WEBP');

function writeHead(target: Uint8Array, name: string, length: number): void {
  for (let i = 0; i < 4; i++) target[i] = name.charCodeAt(i);
  new DataView(target.buffer, target.byteOffset).setUint32(4, length, true);
}

function nameAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
}

/** Sizes and offsets in WebP have three bytes. */
export function readUint24(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

export function writeUint24(target: Uint8Array, at: number, value: number): void {
  target[at] = value & 0xff;
  target[at + 1] = (value >> 8) & 0xff;
  target[at + 2] = (value >> 16) & 0xff;
}
