/**
 * Huffman tables built for lookups of LOOKUP_BITS. An entry answers for a code and the value that
 * follows it. A skipping entry that would run past coefficient 63 must not be used: the block may
 * end without EOB, and one lost bit ruins every DC value after it.
 * @module
 */

import {
  BAD_TABLE,
  DONE,
  KIND_DC,
  KIND_PROGRESSIVE_AC,
  LONG_CODES,
  LOOKUP_BITS,
  MAIN,
  SKIP,
  SKIP_BITS,
  SYMBOLS,
  TABLE_INPUT,
} from '../src/decode/memory-map';

/** Main entry: bits 0-4 length, bit 7 slow, bits 8-15 how far the index moves, bits 16-31 value. */
export const SLOW: i32 = 0x80;
/** What EOB adds to the zigzag index: more than a run that goes wrong can. */
export const PAST_END: i32 = 128;
/**
 * Skipping entry: bits 0-5 length, 6-12 how far the index must be able to move, bit 15 end of block; as
 * a signed number it is negative at the end. Of a DC table: bits 6-14 the value. 0 when there is none.
 */
export const SKIP_END: i32 = 0x8000;
/** Bit that the index's move, or the DC value, begins at. */
export const SKIP_MOVE: i32 = 6;

const SIZE: i32 = 1 << LOOKUP_BITS;

/** Offset of the main entry for the bits at the top of `bits`. */
export function mainOffset(bits: u64): usize {
  return (<usize>(bits >>> (64 - LOOKUP_BITS))) << 2;
}

/**
 * Builds the table at TABLE_INPUT into `slot`. The caller has checked that there are at most 256
 * symbols; codes that do not fit their length, and symbols that the kind does not know, are refused.
 */
export function buildTable(slot: usize, kind: i32): i32 {
  memory.fill(slot + SYMBOLS, 0, SIZE << 1);
  let code: i32 = 0;
  let index: i32 = 0;
  for (let length: i32 = 1; length <= 16; length++) {
    const count: i32 = load<u8>(TABLE_INPUT + length - 1);
    if (code + count > 1 << length) return BAD_TABLE;
    // Long codes: the first one of a length, how many, and the index of its symbol.
    store<i32>(slot + LONG_CODES + length * 8, (code << 16) | count);
    store<i32>(slot + LONG_CODES + length * 8 + 4, index);
    for (let i: i32 = 0; i < count; i++, index++, code++) {
      const symbol: i32 = load<u8>(TABLE_INPUT + 16 + index);
      if (kind == KIND_DC && symbol > 15) return BAD_TABLE;
      if (length > LOOKUP_BITS) continue;
      const spare: i32 = LOOKUP_BITS - length;
      const first: i32 = code << spare;
      for (let at: i32 = first; at < first + (1 << spare); at++) {
        store<u16>(slot + SYMBOLS + (at << 1), (length << 8) | symbol);
      }
    }
    code <<= 1;
  }
  memory.copy(slot + LONG_CODES + 256, TABLE_INPUT + 16, 256);
  for (let at: i32 = 0; at < SIZE; at++)
    store<i32>(slot + MAIN + (at << 2), mainEntry(slot, at, kind));
  return DONE;
}

function mainEntry(slot: usize, at: i32, kind: i32): i32 {
  const coded: i32 = load<u16>(slot + SYMBOLS + (at << 1));
  const length: i32 = coded >> 8;
  if (length == 0) return SLOW;
  const symbol: i32 = coded & 0xff;
  const run: i32 = symbol >> 4;
  const size: i32 = symbol & 15;
  if (length + size > LOOKUP_BITS) return SLOW;
  if (kind == KIND_DC) return (length + size) | (extend(at, length, size) << 16);
  if (size == 0) {
    if (run == 15) return length | (16 << 8);
    // In a progressive scan these are runs of ended blocks; in a sequential one only the first is
    // defined, and the others end a block as well, as libjpeg has it.
    return kind == KIND_PROGRESSIVE_AC ? SLOW : length | (PAST_END << 8);
  }
  return (length + size) | ((run + 1) << 8) | (extend(at, length, size) << 16);
}

/** The value of `size` bits after a code of `length`, at the top of LOOKUP_BITS bits. */
function extend(at: i32, length: i32, size: i32): i32 {
  if (size == 0) return 0;
  const value: i32 = (at >> (LOOKUP_BITS - length - size)) & ((1 << size) - 1);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

/**
 * Builds the part of an AC table that steps over coefficients: as many symbols as have their codes
 * in the lookup; the last one's value may lie behind it, since nobody reads it.
 */
export function buildSkip(slot: usize): void {
  for (let at: i32 = 0; at < 1 << SKIP_BITS; at++) {
    let length: i32 = 0;
    let moved: i32 = 0;
    let end: i32 = 0;
    while (length < SKIP_BITS && end == 0) {
      const rest: i32 = (at << length) & ((1 << SKIP_BITS) - 1);
      const coded: i32 = load<u16>(slot + SYMBOLS + ((rest >> (SKIP_BITS - LOOKUP_BITS)) << 1));
      const codeLength: i32 = coded >> 8;
      if (codeLength == 0 || length + codeLength > SKIP_BITS) break;
      const symbol: i32 = coded & 0xff;
      // The end of a block takes no coefficient, but there must be one left for it to stand for.
      const isEnd = (symbol & 15) == 0 && symbol != 0xf0;
      const step: i32 = isEnd ? 1 : (symbol >> 4) + 1;
      if (moved + step > 63) break;
      if (isEnd) end = SKIP_END;
      length += codeLength + (symbol & 15);
      moved += step;
    }
    store<u16>(slot + SKIP + (at << 1), end | (moved << SKIP_MOVE) | length);
  }
}

/** Builds the same part of a DC table: entries with length and value, of up to 8 bits. */
export function buildDcSkip(slot: usize): void {
  for (let at: i32 = 0; at < 1 << SKIP_BITS; at++) {
    const entry: i32 = load<i32>(slot + MAIN + ((at >> (SKIP_BITS - LOOKUP_BITS)) << 2));
    const value = entry >> 16;
    const fits = (entry & SLOW) == 0 && value >= -256 && value < 256;
    const coded = ((value & 0x1ff) << SKIP_MOVE) | (entry & 31);
    store<u16>(slot + SKIP + (at << 1), fits ? coded : 0);
  }
}

/** Offset of the skipping entry for the bits at the top of `bits`. */
export function skipOffset(bits: u64): usize {
  return (<usize>(bits >>> (64 - SKIP_BITS))) << 1;
}

/**
 * The symbol whose code begins `bits`: length << 8 | symbol, or 0 when no code does. For codes and
 * values that the main entry has no room for.
 */
export function findSymbol(slot: usize, bits: u64): i32 {
  const coded: i32 = load<u16>(slot + SYMBOLS + ((<usize>(bits >>> (64 - LOOKUP_BITS))) << 1));
  if (coded != 0) return coded;
  for (let length: i32 = LOOKUP_BITS + 1; length <= 16; length++) {
    const codes: u32 = load<u32>(slot + LONG_CODES + length * 8);
    const past: i32 = <i32>(bits >>> (64 - length)) - <i32>(codes >>> 16);
    if (past >= 0 && past < <i32>(codes & 0xffff)) {
      const index: i32 = load<i32>(slot + LONG_CODES + length * 8 + 4) + past;
      return (length << 8) | <i32>load<u8>(slot + LONG_CODES + 256 + index);
    }
  }
  return 0;
}

/** The signed value of `size` (1 to 16) bits at the top of `bits`. */
export function signedValue(bits: u64, size: i32): i32 {
  const value: i32 = <i32>(bits >>> (64 - size));
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}
