/**
 * The loops of a deflate that looks for runs alone, as one set, so that a twin in WebAssembly can take
 * their place. The plain TypeScript here is the specification.
 * @module
 *
 * A run is at least three bytes that equal the one in front of them, all in one `source`; it is taken
 * as long as it gets, up to 258. Counts and codes have one place for each byte, then one for each
 * length of a run from 3 on.
 */

/** The place of a run of three bytes. */
export const FIRST_RUN = 256;
export const MIN_RUN_BYTES = 3;
export const MAX_RUN_BYTES = 258;
/** The place of the block's end: the last one of codes, and not among counts. */
export const END_OF_BLOCK = 512;

export interface RunKernels {
  /** Adds to `counts`, 512 of them, how often each byte stands alone and each length of a run occurs. */
  countRuns(source: Uint8Array, counts: Uint32Array): void;
  /**
   * Writes the codes of what `countRuns` counts, and the end of the block, lowest bits first, from
   * `target[at]` on, whose lowest `filledBits` (0 to 7) stay. Returns how many bits were added. Of
   * the 513 codes one for a byte has at most 14 bits, others 20; how many stands in the highest eight.
   */
  writeRuns(
    source: Uint8Array,
    codes: Uint32Array,
    target: Uint8Array,
    at: number,
    filledBits: number,
  ): number;
  /** The checksum of RFC 1950. */
  adler32(source: Uint8Array): number;
}

export const typescriptRunKernels: RunKernels = { countRuns, writeRuns, adler32 };

function countRuns(source: Uint8Array, counts: Uint32Array): void {
  const end = source.length;
  let last = -1;
  for (let at = 0; at < end;) {
    const value = source[at];
    const run = value === last ? runAt(source, at) : 0;
    if (run >= MIN_RUN_BYTES) {
      counts[FIRST_RUN + run - MIN_RUN_BYTES]++;
      at += run;
    } else {
      counts[value]++;
      at++;
    }
    last = value;
  }
}

function writeRuns(
  source: Uint8Array,
  codes: Uint32Array,
  target: Uint8Array,
  at: number,
  filledBits: number,
): number {
  const start = at;
  const end = source.length;
  let filled = filledBits;
  let bits = target[at] & ((1 << filled) - 1);
  let last = -1;
  for (let from = 0; from <= end;) {
    const value = from < end ? source[from] : -1;
    const run = value === last ? runAt(source, from) : 0;
    if (value >= 0 && run < MIN_RUN_BYTES) {
      const code = codes[value];
      // At most 15 and 14 bits.
      bits |= (code & 0xff_ffff) << filled;
      filled += code >>> 24;
      if (filled >= 16) {
        target[at] = bits;
        target[at + 1] = bits >>> 8;
        at += 2;
        bits >>>= 16;
        filled -= 16;
      }
      from++;
    } else {
      const code = codes[value < 0 ? END_OF_BLOCK : FIRST_RUN + run - MIN_RUN_BYTES];
      if (filled >= 8) {
        target[at++] = bits;
        bits >>>= 8;
        filled -= 8;
      }
      // At most 7 and 20 bits.
      bits |= (code & 0xff_ffff) << filled;
      filled += code >>> 24;
      for (; filled >= 16; filled -= 8) {
        target[at++] = bits;
        bits >>>= 8;
      }
      from += value < 0 ? 1 : run;
    }
    last = value;
  }
  for (; filled >= 8; filled -= 8) {
    target[at++] = bits;
    bits >>>= 8;
  }
  if (filled > 0) target[at] = bits;
  return 8 * (at - start) + filled - filledBits;
}

/** How often the byte at `at` stands there in a row, up to the longest run. */
function runAt(source: Uint8Array, at: number): number {
  const end = Math.min(source.length, at + MAX_RUN_BYTES);
  const value = source[at];
  let next = at + 1;
  while (next < end && source[next] === value) next++;
  return next - at;
}

const ADLER_BASE = 65_521;
/** The longest piece whose sums fit in 32 bits (zlib's NMAX). */
const ADLER_PIECE_BYTES = 5552;

function adler32(source: Uint8Array): number {
  let sum = 1;
  let sumOfSums = 0;
  for (let at = 0; at < source.length;) {
    const end = Math.min(source.length, at + ADLER_PIECE_BYTES);
    for (; at < end; at++) {
      sum += source[at];
      sumOfSums += sum;
    }
    sum %= ADLER_BASE;
    sumOfSums %= ADLER_BASE;
  }
  return sumOfSums * 65_536 + sum;
}
