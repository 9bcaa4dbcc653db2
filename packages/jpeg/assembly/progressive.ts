/**
 * Blocks of progressive scans, in ITU T.81's four procedures (annex G). Coefficients stay in the
 * caller's memory between scans; a block there has the layout of `transform.ts`.
 * @module
 */

import {
  AC_TABLE, BAD_CODE, BAD_RUN, MAIN, POSITIONS,
} from '../src/decode/memory-map';
import { peek, position, setPosition } from './bit-source';
import { findSymbol, mainOffset, signedValue, SLOW } from './huffman';

/** Blocks that end without a symbol of their own. */
let endedBlocks: i32 = 0;

export function clearEndedBlocks(): void {
  endedBlocks = 0;
}

/** The next bit of the DC value. */
export function refineDc(block: usize, lowBit: i32): void {
  const bit = <i32>(peek(position) >>> 63);
  setPosition(position + 1);
  // Two's complement: the bit belongs to negative values as it does to positive ones.
  store<i16>(block, load<i16>(block) | bit << lowBit);
}

/** First bits of the coefficients `first` to `last` of a block. Returns 0 or a fault. */
export function readBand(
  component: usize, block: usize, first: i32, last: i32, lowBit: i32,
): i32 {
  if (endedBlocks > 0) {
    endedBlocks--;
    return 0;
  }
  const table = load<usize>(component, AC_TABLE);
  let at = position;
  let k = first - 1;
  while (k < last) {
    const bits = peek(at);
    const entry = load<i32>(table + mainOffset(bits), MAIN);
    let value: i32;
    if ((entry & SLOW) == 0) {
      at += entry & 31;
      k += entry >> 8 & 0xff;
      value = entry >> 16;
    } else {
      const symbol = findSymbol(table, bits);
      if (symbol == 0) return BAD_CODE;
      const length = symbol >> 8;
      const size = symbol & 15;
      const run = symbol >> 4 & 15;
      if (size == 0 && run < 15) {
        endedBlocks = (1 << run) - 1;
        if (run != 0) endedBlocks += <i32>(bits << length >>> (64 - run));
        at += length + run;
        break;
      }
      at += length + size;
      k += run + 1;
      value = size == 0 ? 0 : signedValue(bits << length, size);
    }
    if (k > last) return BAD_RUN;
    if (value != 0) store<i16>(block + <usize>load<u8>(POSITIONS + k), value << lowBit);
  }
  setPosition(at);
  return 0;
}

/** One more bit of the coefficients `first` to `last` of a block. Returns 0 or a fault. */
export function refineBand(
  component: usize, block: usize, first: i32, last: i32, lowBit: i32,
): i32 {
  const table = load<usize>(component, AC_TABLE);
  const step = 1 << lowBit;
  let at = position;
  let k = first;
  if (endedBlocks == 0) {
    while (k <= last) {
      const bits = peek(at);
      const symbol = findSymbol(table, bits);
      if (symbol == 0) return BAD_CODE;
      const length = symbol >> 8;
      let run = symbol >> 4 & 15;
      const size = symbol & 15;
      let value: i32 = 0;
      at += length;
      if (size == 0) {
        if (run < 15) {
          endedBlocks = 1 << run;
          if (run != 0) endedBlocks += <i32>(bits << length >>> (64 - run));
          at += run;
          break;
        }
      } else {
        // A coefficient that becomes known at this bit is one step, up or down.
        if (size != 1) return BAD_RUN;
        value = <i64>(bits << length) < 0 ? step : -step;
        at++;
      }
      // `run` coefficients that are still zero are passed over; those known on the way take a bit.
      let corrections = peek(at);
      let taken: i32 = 0;
      while (k <= last) {
        const coefficient = block + <usize>load<u8>(POSITIONS + k);
        const known: i32 = load<i16>(coefficient);
        if (known == 0) {
          if (run == 0) break;
          run--;
        } else {
          if (<i64>corrections < 0) correct(coefficient, known, step);
          corrections <<= 1;
          taken++;
          if (taken == 56) {
            at += 56;
            taken = 0;
            corrections = peek(at);
          }
        }
        k++;
      }
      at += taken;
      if (value != 0) {
        if (k > last) return BAD_RUN;
        store<i16>(block + <usize>load<u8>(POSITIONS + k), value);
      }
      k++;
    }
  }
  if (endedBlocks > 0) {
    at = correctRest(block, at, k, last, step);
    endedBlocks--;
  }
  setPosition(at);
  return 0;
}

/** Correction bits for the known coefficients from `k` on. Returns the new position. */
function correctRest(block: usize, start: i32, k: i32, last: i32, step: i32): i32 {
  let at = start;
  let corrections = peek(at);
  let taken: i32 = 0;
  for (; k <= last; k++) {
    const coefficient = block + <usize>load<u8>(POSITIONS + k);
    const known: i32 = load<i16>(coefficient);
    if (known == 0) continue;
    if (<i64>corrections < 0) correct(coefficient, known, step);
    corrections <<= 1;
    taken++;
    if (taken == 56) {
      at += 56;
      taken = 0;
      corrections = peek(at);
    }
  }
  return at + taken;
}

function correct(coefficient: usize, known: i32, step: i32): void {
  // A damaged file can name the same bit twice; the second time it is let be, as libjpeg does.
  if ((known & step) == 0) store<i16>(coefficient, known + (known >= 0 ? step : -step));
}
