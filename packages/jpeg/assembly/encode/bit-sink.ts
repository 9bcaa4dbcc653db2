/**
 * Coded bits on their way into the window: the twin of `src/entropy-writer.ts`. A byte of ones is
 * followed by a zero byte, so every byte may become two: the caller keeps a margin.
 * @module
 */

import { WINDOW } from '../../src/encode/memory-map';

/** Bits not yet written are the low 64 - free ones of `pending`; what is above them is waste. */
export let pending: u64 = 0;
export let free: i64 = 64;
/** Where the next byte goes. */
export let target: usize = 0;

/** Begins anew with an empty window and no bits. */
export function startBits(): void {
  setBits(0, 64, WINDOW);
}

/** Begins a window; bits that did not fill a word stay. */
export function startWindow(): void {
  target = WINDOW;
}

/** Gives back what a loop kept in locals, where a global would be a load and a store a symbol. */
export function setBits(bits: u64, room: i64, at: usize): void {
  pending = bits;
  free = room;
  target = at;
}

/** Appends the `length` bits of `value`, 0 to 32; none are set above them. */
export function putBits(value: u64, length: i64): void {
  const room = free - length;
  if (room >= 0) {
    pending = (pending << length) | value;
    free = room;
    return;
  }
  target = writeWord(target, (pending << (length + room)) | (value >>> -room));
  pending = value;
  free = room + 64;
}

/** Writes 64 bits, highest first, and returns the new place. */
export function writeWord(at: usize, word: u64): usize {
  const ones: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
  // A byte is 0xff when adding one to it carries out of its top bit, which was set: rare.
  if ((word & (ones << 7) & ~(word + ones)) == 0) {
    store<u64>(at, bswap(word));
    return at + 8;
  }
  for (let shift: i64 = 56; shift >= 0; shift -= 8) at = writeByte(at, <u32>(word >>> shift));
  return at;
}

function writeByte(at: usize, value: u32): usize {
  const byte = value & 0xff;
  store<u8>(at, byte);
  if (byte != 0xff) return at + 1;
  store<u8>(at + 1, 0);
  return at + 2;
}

/** Writes the pending bits, filled up with ones to a whole byte. */
export function writeTail(): void {
  for (let left = 64 - free; left > 0; left -= 8) {
    const byte = left >= 8 ? pending >>> (left - 8) : (pending << (8 - left)) | (0xff >> left);
    target = writeByte(target, <u32>byte);
  }
  pending = 0;
  free = 64;
}

/** Writes the restart marker of this number, behind `writeTail`. */
export function writeRestart(number: i32): void {
  store<u8>(target, 0xff);
  store<u8>(target + 1, 0xd0 + (number & 7));
  target += 2;
}
