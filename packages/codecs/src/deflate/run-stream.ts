/**
 * A zlib stream (RFC 1950) that looks for runs alone. Everything is counted before anything is
 * written, so that its size is known and it lands where it is wanted; the bytes must not change
 * in between.
 * @module
 */

import { planBlock, type RunBlock, runCodes } from './run-block.ts';
import { END_OF_BLOCK, type RunKernels } from './run-kernels.ts';

/** A stream whose size is known before it is written. */
export interface SizedStream {
  readonly length: number;
  /** Writes all of it from `target[at]` on, where zeros stand. Once. */
  writeTo(target: Uint8Array, at: number): void;
}

/** What has codes of its own. In photographs half of it wins 0.1 %, twice as much loses 0.3 %. */
const BLOCK_BYTES = 128 * 1024;
/** A window of 32 KiB, and a check that makes the two bytes a multiple of 31. */
const ZLIB_HEAD = [0x78, 0x01];
const ADLER_BYTES = 4;

interface Part {
  readonly source: Uint8Array;
  readonly isLast: boolean;
  /** Absent where the bytes are stored as they are. */
  readonly block: RunBlock | undefined;
}

export function planRunStream(bytes: Uint8Array, kernels: RunKernels): SizedStream {
  const parts: Part[] = [];
  let bits = 8 * ZLIB_HEAD.length;
  let start = 0;
  do {
    const source = bytes.subarray(start, start + BLOCK_BYTES);
    start += BLOCK_BYTES;
    const isLast = start >= bytes.length;
    const counts = new Uint32Array(END_OF_BLOCK);
    kernels.countRuns(source, counts);
    const block = planBlock(counts, isLast);
    const storedEnd = endOfStored(bits, source.length);
    const isStored = storedEnd <= bits + block.bits;
    parts.push({ source, isLast, block: isStored ? undefined : block });
    bits = isStored ? storedEnd : bits + block.bits;
  } while (start < bytes.length);
  const dataBytes = Math.ceil(bits / 8);
  return {
    length: dataBytes + ADLER_BYTES,
    writeTo(target, at) {
      target.set(ZLIB_HEAD, at);
      let bitAt = 8 * (at + ZLIB_HEAD.length);
      for (const part of parts) bitAt = writePart(part, kernels, target, bitAt);
      const view = new DataView(target.buffer, target.byteOffset, target.byteLength);
      view.setUint32(at + dataBytes, kernels.adler32(bytes));
    },
  };
}

function writePart(
  { source, isLast, block }: Part,
  kernels: RunKernels,
  target: Uint8Array,
  start: number,
): number {
  if (block === undefined) return writeStored(source, isLast, target, start);
  let bitAt = start;
  for (const [value, bits] of block.head) {
    putBits(target, bitAt, value, bits);
    bitAt += bits;
  }
  const codes = runCodes(block.lengths);
  return bitAt + kernels.writeRuns(source, codes, target, Math.floor(bitAt / 8), bitAt % 8);
}

/** As many bytes as a stored block's length can tell. */
const MAX_STORED_BYTES = 65_535;
const STORED_HEAD_BITS = 3;
const STORED_LENGTH_BYTES = 4;

/** Where stored blocks of `byteLength` bytes end that begin at `bitAt`. */
function endOfStored(bitAt: number, byteLength: number): number {
  let end = bitAt;
  let left = byteLength;
  do {
    const taken = Math.min(left, MAX_STORED_BYTES);
    end = 8 * (Math.ceil((end + STORED_HEAD_BITS) / 8) + STORED_LENGTH_BYTES + taken);
    left -= taken;
  } while (left > 0);
  return end;
}

/** RFC 1951, 3.2.4. */
function writeStored(
  source: Uint8Array,
  isLast: boolean,
  target: Uint8Array,
  start: number,
): number {
  let bitAt = start;
  let from = 0;
  do {
    const piece = source.subarray(from, from + MAX_STORED_BYTES);
    from += piece.length;
    if (isLast && from >= source.length) putBits(target, bitAt, 1, 1);
    const at = Math.ceil((bitAt + STORED_HEAD_BITS) / 8);
    putBits(target, 8 * at, piece.length, 16);
    putBits(target, 8 * at + 16, ~piece.length & 0xffff, 16);
    target.set(piece, at + STORED_LENGTH_BYTES);
    bitAt = 8 * (at + STORED_LENGTH_BYTES + piece.length);
  } while (from < source.length);
  return bitAt;
}

/** Adds at most 16 bits, lowest first, to what is zero from `bitAt` on. */
function putBits(target: Uint8Array, bitAt: number, value: number, bits: number): void {
  let at = Math.floor(bitAt / 8);
  const shift = bitAt % 8;
  const shifted = value << shift;
  for (let done = 0; done < shift + bits; done += 8) target[at++] |= shifted >> done;
}
