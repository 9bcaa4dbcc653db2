/**
 * Blocks of baseline and extended sequential scans: coefficients up to the last one that the scale
 * needs are read, the rest is stepped over. Each symbol takes at most 31 bits and moves the index,
 * so a block ends within `64 x 31` bits whatever they are.
 * @module
 */

import {
  AC_TABLE,
  BAD_CODE,
  BAD_RUN,
  BLOCK,
  DC_TABLE,
  MAIN,
  PREDICTION,
  SKIP,
} from '../src/decode/memory-map';
import { peek, position, setPosition } from './bit-source';
import { findSymbol, mainOffset, PAST_END, signedValue, SKIP_END, SLOW } from './huffman';

/** Set when a block could not be read; otherwise 0. */
export let fault: i32 = 0;

export function clearFault(): void {
  fault = 0;
}

/** Reads the DC difference and returns the DC value, which is also the component's new prediction. */
export function readDc(component: usize): i32 {
  const table = load<usize>(component, DC_TABLE);
  const bits = peek(position);
  const entry = load<i32>(table + mainOffset(bits), MAIN);
  let dc = load<i32>(component, PREDICTION);
  if ((entry & SLOW) == 0) {
    setPosition(position + (entry & 31));
    dc += entry >> 16;
  } else {
    const symbol = findSymbol(table, bits);
    if (symbol == 0) {
      fault = BAD_CODE;
      return 0;
    }
    const length = symbol >> 8;
    const size = symbol & 15;
    setPosition(position + length + size);
    if (size != 0) dc += signedValue(bits << length, size);
  }
  store<i32>(component, dc, PREDICTION);
  return dc;
}

/**
 * Reads AC coefficients into BLOCK up to index `last` and steps over the others. Returns the index of
 * the last coefficient stored, 0 for none; `last` is at least 1.
 *
 * Declined: entries for two symbols at once (3 % at best on photographs, 1 MiB of tables), and lookups
 * of 10, 11 or 13 bits (no difference above the noise). What costs is guessing where a block ends.
 */
export function readAc(component: usize, positions: usize, last: i32): i32 {
  const table = load<usize>(component, AC_TABLE);
  let at = position;
  let k: i32 = 0;
  do {
    let bits = peek(at);
    let entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) {
      const symbol = findSymbol(table, bits);
      if (symbol == 0) {
        fault = BAD_CODE;
        return 0;
      }
      const length = symbol >> 8;
      const size = symbol & 15;
      at += length + size;
      if (size != 0) {
        k += ((symbol >> 4) & 15) + 1;
        store<i16>(BLOCK + <i32>load<u8>(positions + k), signedValue(bits << length, size));
      } else {
        k += (symbol & 0xff) == 0xf0 ? 16 : PAST_END;
      }
      continue;
    }
    // Three short symbols take at most 36 of the 56 bits of one load. A shift looks at the lowest six
    // bits of its count only, which hold the length.
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
    if (k >= last) break;
    bits <<= <u64>(<u32>entry);
    entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) continue;
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
    if (k >= last) break;
    bits <<= <u64>(<u32>entry);
    entry = load<i32>(table + mainOffset(bits), MAIN);
    if (entry & SLOW) continue;
    at += entry & 31;
    k += (entry >> 8) & 0xff;
    store<i16>(BLOCK + <i32>load<u8>(positions + k), entry >> 16);
  } while (k < last);
  setPosition(at);
  if (k >= PAST_END) return k - PAST_END;
  if (k > 63) {
    fault = BAD_RUN;
    return 0;
  }
  if (k < 63) skipAc(table, k);
  return k;
}

/** Steps over the coefficients of a block after index `k`, several a lookup. */
export function skipAc(table: usize, start: i32): void {
  let at = position;
  let k = start;
  do {
    let bits = peek(at);
    let entry = load<i32>(table + mainOffset(bits), SKIP);
    let reach = k + ((entry >> 8) & 0xff);
    if (entry != 0 && reach <= 63) {
      at += entry & 0xff;
      if (entry & SKIP_END) break;
      k = reach;
      // One lookup takes at most 12 + 15 bits, which leaves a second one's of the 56.
      bits <<= <u64>(<u32>entry);
      entry = load<i32>(table + mainOffset(bits), SKIP);
      reach = k + ((entry >> 8) & 0xff);
      if (entry != 0 && reach <= 63) {
        at += entry & 0xff;
        if (entry & SKIP_END) break;
        k = reach;
      }
      continue;
    }
    const symbol = findSymbol(table, bits);
    if (symbol == 0) {
      fault = BAD_CODE;
      return;
    }
    at += (symbol >> 8) + (symbol & 15);
    if ((symbol & 15) == 0 && (symbol & 0xff) != 0xf0) break;
    k += ((symbol >> 4) & 15) + 1;
  } while (k < 63);
  setPosition(at);
  if (k > 63) fault = BAD_RUN;
}
