/**
 * Huffman tables made for the symbols of one scan (ITU-T T.81, K.2 and C). No code may be longer
 * than 16 bits, and none may be all ones: a 257th symbol that never occurs takes that one.
 * @module
 */

/** A table as the file holds it. */
export interface HuffmanTable {
  /** How many codes have 1..16 bits; index 0 is for one bit. */
  readonly counts: Uint8Array;
  /** The symbols by rising code. */
  readonly symbols: Uint8Array;
}

const MAX_CODE_BITS = 16;
/** The symbol that reserves the code of all ones. */
const RESERVED = 256;

/**
 * The best table for symbols that occur `frequencies[symbol]` times (256 of them, at least one not
 * zero), as the procedure of K.2 finds it: ties join the higher symbols first, as in libjpeg, so
 * that the same counts always give the same bytes.
 */
export function optimalHuffmanTable(frequencies: Uint32Array): HuffmanTable {
  const codeBits = codeLengths(frequencies);
  // Merging 257 symbols in the worst order makes codes of up to 256 bits.
  const countOfBits = new Int32Array(258);
  for (const bits of codeBits) if (bits > 0) countOfBits[bits]++;
  limitLengths(countOfBits);
  const symbols: number[] = [];
  for (let symbol = 0; symbol < 256; symbol++) if (codeBits[symbol] > 0) symbols.push(symbol);
  // Rising length, then rising symbol; the limiting keeps this order, so lengths fit by place.
  symbols.sort((a, b) => codeBits[a] - codeBits[b] || a - b);
  return {
    counts: Uint8Array.from(countOfBits.subarray(1, MAX_CODE_BITS + 1)),
    symbols: Uint8Array.from(symbols),
  };
}

/** Code lengths of an unlimited Huffman code over the symbols that occur and the reserved one. */
function codeLengths(frequencies: Uint32Array): Int32Array {
  const present: number[] = [];
  for (let symbol = 0; symbol < 256; symbol++) if (frequencies[symbol] > 0) present.push(symbol);
  present.push(RESERVED);
  // Sums can pass 2^32, so they are kept as floats, where integers stay exact to 2^53.
  const weights = Float64Array.from(present, (symbol) =>
    symbol === RESERVED ? 1 : frequencies[symbol],
  );
  const codeBits = new Int32Array(257);
  const next = new Int32Array(present.length).fill(-1);
  for (let left = present.length; left > 1; left--) {
    const least = leastWeight(weights, -1);
    const second = leastWeight(weights, least);
    weights[least] += weights[second];
    weights[second] = 0;
    // Every symbol of both trees moves one level down; the lists of the two are joined.
    let at = least;
    codeBits[present[at]]++;
    while (next[at] >= 0) {
      at = next[at];
      codeBits[present[at]]++;
    }
    next[at] = second;
    for (at = second; at >= 0; at = next[at]) codeBits[present[at]]++;
  }
  return codeBits;
}

/** The place of the smallest weight above zero other than `except`; of equal ones the last. */
function leastWeight(weights: Float64Array, except: number): number {
  let place = -1;
  let least = Infinity;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] > 0 && weights[i] <= least && i !== except) {
      place = i;
      least = weights[i];
    }
  }
  return place;
}

/**
 * Makes all codes at most 16 bits long and drops the reserved one (figure K.3). Two siblings of the
 * longest length go: one takes their parent's place, the other hangs below a shorter code, whose
 * former symbol comes along.
 */
function limitLengths(countOfBits: Int32Array): void {
  for (let bits = countOfBits.length - 1; bits > MAX_CODE_BITS; bits--) {
    while (countOfBits[bits] > 0) {
      let shorter = bits - 2;
      while (countOfBits[shorter] === 0) shorter--;
      countOfBits[bits] -= 2;
      countOfBits[bits - 1]++;
      countOfBits[shorter + 1] += 2;
      countOfBits[shorter]--;
    }
  }
  let longest = MAX_CODE_BITS;
  while (countOfBits[longest] === 0) longest--;
  countOfBits[longest]--;
}

/** Writes each symbol's code and length to `codes[base + symbol]` and `sizes[base + symbol]`. */
export function assignCodes(
  table: HuffmanTable,
  base: number,
  codes: Int32Array,
  sizes: Uint8Array,
): void {
  let code = 0;
  let at = 0;
  for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
    for (let i = 0; i < table.counts[bits - 1]; i++) {
      const slot = base + table.symbols[at++];
      codes[slot] = code++;
      sizes[slot] = bits;
    }
    code <<= 1;
  }
}
