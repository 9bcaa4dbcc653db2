/**
 * Blocks of progressive scans, in ITU T.81's four procedures (annex G). Coefficients stay in the
 * caller's memory between scans, in zigzag order, so that what is known of a block is a 64-bit mask.
 * @module
 */

import { BAD_CODE, BAD_RUN, MAIN } from '../src/decode/memory-map';
import { peek, position, setPosition } from './bit-source';
import { findSymbol, mainOffset, signedValue, SLOW } from './huffman';

/** Blocks that end without a symbol of their own. */
export let endedBlocks: i32 = 0;

export function setEndedBlocks(count: i32): void {
  endedBlocks = count;
}

/** The bit at `at` is the next one of the DC value. */
export function refineDc(block: usize, at: i32, lowBit: i32): void {
  const bit = <i32>(peek(at) >>> 63);
  // Two's complement: the bit belongs to negative values as it does to positive ones.
  store<i16>(block, load<i16>(block) | (bit << lowBit));
}

/** Which coefficients of a block are not zero: bit k for zigzag index k. */
export function knownMask(block: usize): u64 {
  const zero = i64x2.splat(0);
  // Saturation keeps what is not zero from becoming it.
  const a = i8x16.narrow_i16x8_s(v128.load(block), v128.load(block, 16));
  const b = i8x16.narrow_i16x8_s(v128.load(block, 32), v128.load(block, 48));
  const c = i8x16.narrow_i16x8_s(v128.load(block, 64), v128.load(block, 80));
  const d = i8x16.narrow_i16x8_s(v128.load(block, 96), v128.load(block, 112));
  return (
    <u64>i8x16.bitmask(i8x16.ne(a, zero)) |
    ((<u64>i8x16.bitmask(i8x16.ne(b, zero))) << 16) |
    ((<u64>i8x16.bitmask(i8x16.ne(c, zero))) << 32) |
    ((<u64>i8x16.bitmask(i8x16.ne(d, zero))) << 48)
  );
}

/** First bits of the coefficients `first` to `last` of a block, none ended. Returns 0 or a fault. */
export function readBand(table: usize, block: usize, first: i32, last: i32, lowBit: i32): i32 {
  let at = position;
  let k = first - 1;
  while (k < last) {
    const bits = peek(at);
    const entry = load<i32>(table + mainOffset(bits), MAIN);
    let value: i32;
    if ((entry & SLOW) == 0) {
      at += entry & 31;
      k += (entry >> 8) & 0xff;
      value = entry >> 16;
    } else {
      const symbol = findSymbol(table, bits);
      if (symbol == 0) return BAD_CODE;
      const length = symbol >> 8;
      const size = symbol & 15;
      const run = (symbol >> 4) & 15;
      if (size == 0 && run < 15) {
        endedBlocks = (1 << run) - 1;
        if (run != 0) endedBlocks += <i32>((bits << length) >>> (64 - run));
        at += length + run;
        break;
      }
      at += length + size;
      k += run + 1;
      value = size == 0 ? 0 : signedValue(bits << length, size);
    }
    if (k > last) return BAD_RUN;
    store<i16>(block + ((<usize>k) << 1), value << lowBit);
  }
  setPosition(at);
  return 0;
}

/** One more bit of the coefficients `first` to `last` of a block. Returns 0 or a fault. */
export function refineBand(table: usize, block: usize, first: i32, last: i32, lowBit: i32): i32 {
  const step = 1 << lowBit;
  const band = (~(<u64>0) << first) & (~(<u64>0) >>> (63 - last));
  const mask = knownMask(block) & band;
  let at = position;
  /** Coefficients of the band that have not been passed. */
  let rest = band;
  while (endedBlocks == 0 && rest != 0) {
    const bits = peek(at);
    const symbol = findSymbol(table, bits);
    if (symbol == 0) return BAD_CODE;
    const length = symbol >> 8;
    const size = symbol & 15;
    const run = (symbol >> 4) & 15;
    let value: i32 = 0;
    at += length;
    if (size == 0) {
      if (run < 15) {
        endedBlocks = 1 << run;
        if (run != 0) endedBlocks += <i32>((bits << length) >>> (64 - run));
        at += run;
        break;
      }
    } else {
      // A coefficient that becomes known at this bit is one step, up or down.
      if (size != 1) return BAD_RUN;
      value = <i64>(bits << length) < 0 ? step : -step;
      at++;
    }
    // `run` zeros are passed over, and the one behind them is meant; known ones on the way take a bit.
    let zeros = rest & ~mask;
    for (let i: i32 = 0; i < run; i++) zeros &= zeros - 1;
    const target = zeros & -zeros;
    if (target == 0 && value != 0) return BAD_RUN;
    const passed = rest & (target - 1);
    at = correct(block, passed & mask, at, step);
    rest &= ~(passed | target);
    if (value != 0) store<i16>(block + ((<usize>ctz(target)) << 1), value);
  }
  if (endedBlocks > 0) {
    at = correct(block, rest & mask, at, step);
    endedBlocks--;
  }
  setPosition(at);
  return 0;
}

/** Takes a correction bit for each coefficient of `which`. Returns the new position. */
function correct(block: usize, which: u64, start: i32, step: i32): i32 {
  let at = start;
  let left = which;
  while (left != 0) {
    let corrections = peek(at);
    let count = <i32>popcnt(left);
    if (count > 56) count = 56;
    at += count;
    for (let i: i32 = 0; i < count; i++) {
      const coefficient = block + ((<usize>ctz(left)) << 1);
      const known: i32 = load<i16>(coefficient);
      // A step away from zero if the bit says so. Bits are as good as random: a branch would cost more.
      const sign = known >> 31;
      const taken = <i32>(<i64>corrections >> 63);
      store<i16>(coefficient, known + (((step ^ sign) - sign) & taken));
      corrections <<= 1;
      left &= left - 1;
    }
  }
  return at;
}
