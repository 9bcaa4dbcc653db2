/**
 * Blocks of baseline and extended sequential scans: coefficients up to the last one that the scale
 * needs are read, the rest is stepped over. Each symbol takes at most 31 bits and moves the index,
 * so a block ends within `64 x 31` bits whatever they are.
 * @module
 */

import {
  BAD_CODE,
  BAD_RUN,
  BLOCK,
  DC_TABLE,
  MAIN,
  PREDICTION,
  SKIP,
} from '../src/decode/memory-map';
import { peek } from './bit-source';
import {
  findSymbol,
  mainOffset,
  PAST_END,
  signedValue,
  SKIP_END,
  SKIP_MOVE,
  skipOffset,
  SLOW,
} from './huffman';

/** Index of the last coefficient that `readAc` stored. */
export let lastStored: i32 = 0;

/** Reads a DC difference at `at` into the prediction. Returns the new position or a fault. */
export function readDc(component: usize, at: i32): i32 {
  const table = load<usize>(component, DC_TABLE);
  const bits = peek(at);
  const entry = load<i32>(table + mainOffset(bits), MAIN);
  const dc = load<i32>(component, PREDICTION);
  if ((entry & SLOW) == 0) {
    store<i32>(component, dc + (entry >> 16), PREDICTION);
    return at + (entry & 31);
  }
  store<i32>(component, dc + findDifference(table, bits), PREDICTION);
  return differenceLength == 0 ? BAD_CODE : at + differenceLength;
}

/** Bits that `findDifference` found to be taken; 0 when no code begins them. */
export let differenceLength: i32 = 0;

/** The DC difference at the top of `bits`, for those that no table entry has room for. */
export function findDifference(table: usize, bits: u64): i32 {
  const symbol = findSymbol(table, bits);
  const length = symbol >> 8;
  const size = symbol & 15;
  differenceLength = length + size;
  return size == 0 ? 0 : signedValue(bits << length, size);
}

/**
 * Reads AC coefficients into BLOCK up to index `last`, which is at least 1, and steps over the others.
 * Returns the new position or a fault. The `first` bits at the position, 44 or more, serve three symbols.
 *
 * Declined: entries for two symbols at once (3 % at best on photographs, 1 MiB of tables), and lookups
 * of 10, 11 or 13 bits, 14 or 15 in `skipAc` (no difference above the noise). What costs is guessing where a block ends.
 */
export function readAc(table: usize, positions: usize, last: i32, start: i32, first: u64): i32 {
  let at = start;
  let k: i32 = 0;
  let bits = first;
  while (true) {
    let entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) {
      const symbol = findSymbol(table, bits);
      if (symbol == 0) return BAD_CODE;
      const length = symbol >> 8;
      const size = symbol & 15;
      at += length + size;
      if (size != 0) {
        k += ((symbol >> 4) & 15) + 1;
        store<i16>(BLOCK + <i32>load<u8>(positions + k), signedValue(bits << length, size));
      } else {
        k += (symbol & 0xff) == 0xf0 ? 16 : PAST_END;
      }
      if (k >= last) break;
      bits = peek(at);
      continue;
    }
    // Three short symbols take at most 36 of the 44 bits or more at hand. A shift looks at the lowest
    // six bits of its count only, which hold the length.
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
    if (k >= last) break;
    bits <<= <u64>(<u32>entry);
    entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) {
      bits = peek(at);
      continue;
    }
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
    if (k >= last) break;
    bits <<= <u64>(<u32>entry);
    entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) {
      bits = peek(at);
      continue;
    }
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
    if (k >= last) break;
    bits = peek(at);
  }
  if (k >= PAST_END) {
    lastStored = k - PAST_END;
    return at;
  }
  lastStored = k;
  if (k > 63) return BAD_RUN;
  return k == 63 ? at : skipAc(table, k, at);
}

/**
 * Steps over the coefficients of a block after index `from`, several a lookup. Returns the new position
 * or a fault.
 */
export function skipAc(table: usize, from: i32, start: i32): i32 {
  let at = start;
  let k = from;
  do {
    let bits = peek(at);
    let entry = <i32>load<u16>(table + skipOffset(bits), SKIP);
    let reach = k + ((entry >> SKIP_MOVE) & 0x7f);
    if (entry != 0 && reach <= 63) {
      at += entry & 63;
      if (entry & SKIP_END) return at;
      k = reach;
      // One lookup takes at most 13 + 15 bits, which leaves a second one the 13 it looks at of the 56.
      bits <<= <u64>(<u32>entry);
      entry = <i32>load<u16>(table + skipOffset(bits), SKIP);
      reach = k + ((entry >> SKIP_MOVE) & 0x7f);
      if (entry != 0 && reach <= 63) {
        at += entry & 63;
        if (entry & SKIP_END) return at;
        k = reach;
      }
      continue;
    }
    const symbol = findSymbol(table, bits);
    if (symbol == 0) return BAD_CODE;
    at += (symbol >> 8) + (symbol & 15);
    if ((symbol & 15) == 0 && (symbol & 0xff) != 0xf0) return at;
    k += ((symbol >> 4) & 15) + 1;
  } while (k < 63);
  return k > 63 ? BAD_RUN : at;
}
