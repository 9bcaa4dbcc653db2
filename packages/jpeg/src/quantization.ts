/**
 * Quantisation tables, their quality, and the division itself. Tables are in natural order (8 * row
 * + column) everywhere except in the file and in `Divisors`, which follow the zigzag.
 * @module
 */
import { ZIGZAG } from './zigzag.ts';

/** The two tables of a picture: 64 divisors of 1..255 each, in natural order (8 * row + column). */
export interface QuantizationTables {
  readonly luma: Uint16Array;
  readonly chroma: Uint16Array;
}

// The example tables of ITU-T T.81, K.1 and K.2, which libjpeg scales.
// oxfmt-ignore
const STANDARD_LUMA = Uint8Array.of(
  16, 11, 10, 16,  24,  40,  51,  61,
  12, 12, 14, 19,  26,  58,  60,  55,
  14, 13, 16, 24,  40,  57,  69,  56,
  14, 17, 22, 29,  51,  87,  80,  62,
  18, 22, 37, 56,  68, 109, 103,  77,
  24, 35, 55, 64,  81, 104, 113,  92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103,  99,
);
// oxfmt-ignore
const STANDARD_CHROMA = Uint8Array.of(
  17, 18, 24, 47, 99, 99, 99, 99,
  18, 21, 26, 66, 99, 99, 99, 99,
  24, 26, 56, 99, 99, 99, 99, 99,
  47, 66, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
  99, 99, 99, 99, 99, 99, 99, 99,
);

/**
 * The tables that libjpeg uses for a quality: the standard ones times 5000 / q percent below 50 and
 * 200 - 2q percent from there on, held within 1..255 so that the file stays baseline.
 *
 * @param qualityPercent an integer of 1..100; anything else is a RangeError
 */
export function quantizationTables(qualityPercent: number): QuantizationTables {
  if (!Number.isInteger(qualityPercent) || qualityPercent < 1 || qualityPercent > 100) {
    throw new RangeError(
      `qualityPercent: expected an integer in 1..100, got ${String(qualityPercent)}`,
    );
  }
  const scalePercent =
    qualityPercent < 50 ? Math.floor(5000 / qualityPercent) : 200 - 2 * qualityPercent;
  return {
    luma: scaleTable(STANDARD_LUMA, scalePercent),
    chroma: scaleTable(STANDARD_CHROMA, scalePercent),
  };
}

function scaleTable(standard: Uint8Array, scalePercent: number): Uint16Array {
  const table = new Uint16Array(64);
  for (let i = 0; i < 64; i++) {
    const scaled = Math.floor((standard[i] * scalePercent + 50) / 100);
    table[i] = Math.min(Math.max(scaled, 1), 255);
  }
  return table;
}

/**
 * The quality (1..100) whose tables are nearest to the given ones: the smallest difference between
 * the sums of all divisors, of both tables when there are two. For a table of `quantizationTables`
 * this is its quality; for a camera's own tables it is the one of like coarseness.
 *
 * Sums alone would leave ties open, so the smaller sum of absolute differences decides them, and
 * then the higher quality. Each table must hold 64 values, in natural order; else a RangeError.
 */
export function estimateQuality(tables: {
  readonly luma: ArrayLike<number>;
  readonly chroma?: ArrayLike<number> | undefined;
}): number {
  checkTable('luma', tables.luma);
  if (tables.chroma !== undefined) checkTable('chroma', tables.chroma);
  const fitOf = (quality: number): Fit => {
    const standard = quantizationTables(quality);
    let sum = 0;
    let shape = 0;
    for (let i = 0; i < 64; i++) {
      const luma = tables.luma[i] - standard.luma[i];
      const chroma = tables.chroma === undefined ? 0 : tables.chroma[i] - standard.chroma[i];
      sum += luma + chroma;
      shape += Math.abs(luma) + Math.abs(chroma);
    }
    return { quality, sum, shape };
  };
  // Divisors fall, or stay, as the quality rises: halving finds where the difference changes sign.
  let low = 0;
  let high = 101;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fitOf(middle).sum > 0) high = middle;
    else low = middle;
  }
  const below = runOfSums(low, -1, fitOf);
  const above = runOfSums(high, 1, fitOf);
  return [...above, ...below].reduce((best, fit) => (isNearer(fit, best) ? fit : best)).quality;
}

/** What is left between given tables and those of a quality. */
interface Fit {
  readonly quality: number;
  /** Of all differences, and of their magnitudes. */
  readonly sum: number;
  readonly shape: number;
}

/** The qualities from `first` on, by `step`, that leave the same sum: the lowest ones leave many. */
function runOfSums(first: number, step: number, fitOf: (quality: number) => Fit): Fit[] {
  const run: Fit[] = [];
  for (let quality = first; quality >= 1 && quality <= 100; quality += step) {
    const fit = fitOf(quality);
    if (run.length > 0 && fit.sum !== run[0].sum) break;
    run.push(fit);
  }
  return run;
}

function isNearer(one: Fit, other: Fit): boolean {
  const difference =
    Math.abs(one.sum) - Math.abs(other.sum) ||
    one.shape - other.shape ||
    other.quality - one.quality;
  return difference < 0;
}

function checkTable(name: string, table: ArrayLike<number>): void {
  if (table.length !== 64) {
    throw new RangeError(`${name}: expected 64 divisors, got ${table.length}`);
  }
}

/** A quantisation table made ready for `quantizeBlock`; all three arrays are in zigzag order. */
export interface Divisors {
  /** 4q: half the divisor 8q, added before dividing, and the least magnitude that is not zero. */
  readonly half: Int32Array;
  /** ceil(2^19 / q). */
  readonly reciprocal: Int32Array;
}

/** Prepares a table of divisors of 1..255 in natural order. */
export function createDivisors(table: Uint16Array): Divisors {
  const half = new Int32Array(64);
  const reciprocal = new Int32Array(64);
  for (let k = 0; k < 64; k++) {
    const q = table[ZIGZAG[k]];
    half[k] = 4 * q;
    reciprocal[k] = Math.ceil((1 << RECIPROCAL_SHIFT) / q);
  }
  return { half, reciprocal };
}

const RECIPROCAL_SHIFT = 19;

/**
 * Divides the 64 transformed values of `source` (natural order, scaled by 8) by 8q, rounding halves
 * away from zero, and stores the results in zigzag order from `target[offset]`, which must be zero
 * beforehand: only values that are not zero are written. Two words from `masks[maskOffset]` tell
 * which these are: bit 31 - k of the first for k < 32, bit 63 - k of the second for the others.
 *
 * Exact without a division: floor((c + 4q) / 8q) = floor(y / q) with y = (c + 4q) >> 3. A sample
 * block cannot exceed |c| = 8 * 1024 plus rounding, so y < 2048, and as y * q < 2^11 * 255 < 2^19
 * the reciprocal's excess of less than 1 adds less than 1 / q to the quotient. y * reciprocal is at
 * most 2^11 * 2^19 = 2^30.
 */
export function quantizeBlock(
  source: Int32Array,
  divisors: Divisors,
  target: Int16Array,
  offset: number,
  masks: Int32Array,
  maskOffset: number,
): void {
  masks[maskOffset] = quantizeHalf(source, divisors, target, offset, 0);
  masks[maskOffset + 1] = quantizeHalf(source, divisors, target, offset, 32);
}

/** Divides the 32 values from zigzag position `first` on and returns their mask. */
function quantizeHalf(
  source: Int32Array,
  divisors: Divisors,
  target: Int16Array,
  offset: number,
  first: number,
): number {
  const { half, reciprocal } = divisors;
  let mask = 0;
  for (let k = first; k < first + 32; k++) {
    const value = source[ZIGZAG[k]];
    // All ones when negative. A branch on the sign is a coin toss and doubled the time of the loop.
    const sign = value >> 31;
    const magnitude = (value ^ sign) - sign;
    // Nearly all values of a photograph are below: this branch is well predicted.
    if (magnitude >= half[k]) {
      const level = Math.imul((magnitude + half[k]) >> 3, reciprocal[k]) >> RECIPROCAL_SHIFT;
      target[offset + k] = (level ^ sign) - sign;
      // Shifts count modulo 32, so both halves begin at the top bit.
      mask |= (1 << 31) >>> k;
    }
  }
  return mask;
}
