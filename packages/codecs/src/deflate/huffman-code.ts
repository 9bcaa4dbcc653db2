/**
 * Huffman codes as deflate has them (RFC 1951, 3.2.2): the best lengths under a limit, and the codes
 * that follow from lengths alone.
 * @module
 */

/**
 * Lengths, at most `maxBits`, of the code that takes the fewest bits for symbols that occur
 * `counts[symbol]` times; 0 for those that never do, 1 for one alone. At most 2^maxBits may occur.
 *
 * Package-merge: what is worth a bit are symbols and pairs of what was worth the bit after it, in
 * order of weight; a symbol has as many bits as there are lists in whose chosen front it stands.
 */
export function codeLengths(counts: Uint32Array, maxBits: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const symbols = byCount(counts);
  const leaves = symbols.length;
  const weights = new Float64Array(leaves);
  for (let i = 0; i < leaves; i++) weights[i] = counts[symbols[i]];
  if (leaves < 2) {
    for (const symbol of symbols) lengths[symbol] = 1;
    return lengths;
  }
  const size = 2 * leaves;
  const isLeaf = new Uint8Array(maxBits * size);
  let pairs = new Float64Array(leaves);
  let next = new Float64Array(leaves);
  let pairCount = 0;
  for (let level = 0; level < maxBits; level++) {
    // Sums can pass 2^32, so they are floats, where integers stay exact to 2^53.
    let leaf = 0;
    let pair = 0;
    let first = 0;
    const merged = leaves + pairCount;
    for (let i = 0; i < merged; i++) {
      const takesLeaf = leaf < leaves && (pair === pairCount || weights[leaf] <= pairs[pair]);
      const weight = takesLeaf ? weights[leaf++] : pairs[pair++];
      if (takesLeaf) isLeaf[level * size + i] = 1;
      if (i & 1) next[i >> 1] = first + weight;
      else first = weight;
    }
    pairCount = merged >> 1;
    [pairs, next] = [next, pairs];
  }
  let chosen = size - 2;
  for (let level = maxBits - 1; level >= 0; level--) {
    let leaf = 0;
    for (let i = 0; i < chosen; i++) if (isLeaf[level * size + i]) lengths[symbols[leaf++]]++;
    chosen = 2 * (chosen - leaf);
  }
  return lengths;
}

/** Symbols have at most nine bits: a number a symbol sorts faster than a comparing function. */
const SYMBOL_RANGE = 512;

/** The symbols that occur, by rising count, then by rising symbol. */
function byCount(counts: Uint32Array): Uint16Array {
  const keys = new Float64Array(counts.length);
  let present = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    if (counts[symbol] > 0) keys[present++] = counts[symbol] * SYMBOL_RANGE + symbol;
  }
  const sorted = keys.subarray(0, present);
  sorted.sort();
  const symbols = new Uint16Array(present);
  for (let i = 0; i < present; i++) symbols[i] = sorted[i] % SYMBOL_RANGE;
  return symbols;
}

/** The code of each symbol, its first bit lowest, as it is written. */
export function codesOf(lengths: Uint8Array): Uint16Array {
  const firstOfLength = new Uint16Array(17);
  for (let i = 0; i < lengths.length; i++) if (lengths[i] > 0) firstOfLength[lengths[i] + 1]++;
  for (let length = 1; length < 17; length++) {
    firstOfLength[length] = (firstOfLength[length] + firstOfLength[length - 1]) << 1;
  }
  const codes = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length > 0) codes[symbol] = reversed(firstOfLength[length]++, length);
  }
  return codes;
}

function reversed(code: number, length: number): number {
  let result = 0;
  for (let i = 0; i < length; i++) result |= ((code >> i) & 1) << (length - 1 - i);
  return result;
}
