/**
 * One block of a deflate stream (RFC 1951, 3.2.3 to 3.2.7) that holds bytes and runs: its codes, how
 * these are told to the reader, and its exact size, all from counts alone.
 * @module
 */

import { codeLengths, codesOf } from './huffman-code.ts';
import { END_OF_BLOCK, FIRST_RUN, MAX_RUN_BYTES, MIN_RUN_BYTES } from './run-kernels.ts';

/** Deflate allows 15; with one less, four bytes fit in a word of 64 bits behind 7 that wait there. */
const MAX_CODE_BITS = 14;
const MAX_LENGTH_CODE_BITS = 7;
/** The block's end among deflate's symbols; those of runs' lengths follow. */
const END_SYMBOL = 256;
const FIRST_LENGTH_SYMBOL = 257;
const SYMBOLS = 286;

/** The symbol of each length of a run from 3 on, and the bits behind it (RFC 1951, 3.2.5). */
const LENGTH_SYMBOLS = new Uint16Array(MAX_RUN_BYTES - MIN_RUN_BYTES + 1);
const EXTRA_BITS = new Uint8Array(SYMBOLS);
const FIRST_LENGTH = new Uint16Array(SYMBOLS);
{
  let length = 0;
  for (let symbol = FIRST_LENGTH_SYMBOL; symbol < SYMBOLS - 1; symbol++) {
    EXTRA_BITS[symbol] = Math.max(0, ((symbol - FIRST_LENGTH_SYMBOL) >> 2) - 1);
    FIRST_LENGTH[symbol] = length;
    LENGTH_SYMBOLS.fill(symbol, length, length + (1 << EXTRA_BITS[symbol]));
    length += 1 << EXTRA_BITS[symbol];
  }
  // The longest has a symbol of its own.
  FIRST_LENGTH[SYMBOLS - 1] = LENGTH_SYMBOLS.length - 1;
  LENGTH_SYMBOLS[LENGTH_SYMBOLS.length - 1] = SYMBOLS - 1;
}

export interface RunBlock {
  /** What stands in front of the codes: values and how many bits each takes. */
  readonly head: readonly (readonly [value: number, bits: number])[];
  readonly lengths: Uint8Array;
  /** Of the whole block, end included. */
  readonly bits: number;
}

/** The block for `counts` as `countRuns` leaves them. */
export function planBlock(counts: Uint32Array, isLast: boolean): RunBlock {
  const { lengths, bits } = payloadOf(counts);
  const head = headOf(lengths, isLast);
  return { head, lengths, bits: head.reduce((sum, [, count]) => sum + count, bits) };
}

/** Bits of what is counted under the best codes, without the block's head. */
export function payloadOf(counts: Uint32Array): { lengths: Uint8Array; bits: number } {
  const symbols = new Uint32Array(SYMBOLS);
  symbols.set(counts.subarray(0, FIRST_RUN));
  symbols[END_SYMBOL] = 1;
  for (let i = 0; i < LENGTH_SYMBOLS.length; i++) {
    symbols[LENGTH_SYMBOLS[i]] += counts[FIRST_RUN + i];
  }
  const lengths = codeLengths(symbols, MAX_CODE_BITS);
  let bits = 0;
  for (let symbol = 0; symbol < SYMBOLS; symbol++) {
    // Behind a length, a bit for the distance.
    const more = symbol < FIRST_LENGTH_SYMBOL ? 0 : EXTRA_BITS[symbol] + 1;
    bits += symbols[symbol] * (lengths[symbol] + more);
  }
  return { lengths, bits };
}

/** Codes in the order and form that `writeRuns` takes. */
export function runCodes(lengths: Uint8Array): Uint32Array {
  const symbolCodes = codesOf(lengths);
  const codes = new Uint32Array(END_OF_BLOCK + 1);
  for (let byte = 0; byte < FIRST_RUN; byte++) {
    codes[byte] = symbolCodes[byte] | (lengths[byte] << 24);
  }
  for (let i = 0; i < LENGTH_SYMBOLS.length; i++) {
    const symbol = LENGTH_SYMBOLS[i];
    const extra = (i - FIRST_LENGTH[symbol]) << lengths[symbol];
    // The distance's code is a zero.
    const bits = lengths[symbol] + EXTRA_BITS[symbol] + 1;
    codes[FIRST_RUN + i] = symbolCodes[symbol] | extra | (bits << 24);
  }
  codes[END_OF_BLOCK] = symbolCodes[END_SYMBOL] | (lengths[END_SYMBOL] << 24);
  return codes;
}

/** The order in which lengths of codes for lengths are told. */
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Distances 1 and 2, a bit each: some readers know no code with a single symbol. */
const DISTANCE_LENGTHS = [1, 1];

function headOf(lengths: Uint8Array, isLast: boolean): [value: number, bits: number][] {
  let used = SYMBOLS;
  while (used > FIRST_LENGTH_SYMBOL && lengths[used - 1] === 0) used--;
  const told = repeatsIn([...lengths.subarray(0, used), ...DISTANCE_LENGTHS]);
  const counts = new Uint32Array(LENGTH_ORDER.length);
  for (const { symbol } of told) counts[symbol]++;
  const codeBits = codeLengths(counts, MAX_LENGTH_CODE_BITS);
  const codes = codesOf(codeBits);
  let orders = LENGTH_ORDER.length;
  while (codeBits[LENGTH_ORDER[orders - 1]] === 0) orders--;
  return [
    [(isLast ? 1 : 0) + 2 * DYNAMIC, 3],
    [used - FIRST_LENGTH_SYMBOL, 5],
    [DISTANCE_LENGTHS.length - 1, 5],
    [orders - 4, 4],
    ...LENGTH_ORDER.slice(0, orders).map((symbol): [number, number] => [codeBits[symbol], 3]),
    ...told.map(({ symbol, extra, extraBits }): [number, number] => [
      codes[symbol] | (extra << codeBits[symbol]),
      codeBits[symbol] + extraBits,
    ]),
  ];
}

/** Kinds of blocks. */
const DYNAMIC = 2;

interface ToldLength {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** Lengths with repeats by the symbols 16 to 18 (RFC 1951, 3.2.7). */
function repeatsIn(lengths: readonly number[]): ToldLength[] {
  const told: ToldLength[] = [];
  for (let at = 0; at < lengths.length;) {
    const length = lengths[at];
    let count = 1;
    while (lengths[at + count] === length) count++;
    at += count;
    if (length !== 0) {
      told.push({ symbol: length, extra: 0, extraBits: 0 });
      count--;
    }
    while (count >= 3) {
      const most = length === 0 ? 138 : 6;
      const taken = Math.min(count, most);
      count -= taken;
      if (length !== 0) told.push({ symbol: 16, extra: taken - 3, extraBits: 2 });
      else if (taken <= 10) told.push({ symbol: 17, extra: taken - 3, extraBits: 3 });
      else told.push({ symbol: 18, extra: taken - 11, extraBits: 7 });
    }
    for (; count > 0; count--) told.push({ symbol: length, extra: 0, extraBits: 0 });
  }
  return told;
}
