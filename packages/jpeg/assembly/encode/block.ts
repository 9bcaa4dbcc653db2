/**
 * One block: the twin of `src/forward-dct.ts` and `src/quantization.ts` on eight 16-bit lanes, bit for
 * bit. Sums before a rounding may be taken in any order (integers wrap alike), roundings may not move.
 * @module
 */

import { BLOCK as BLOCK_AT, WEIGHTS as WEIGHTS_AT } from '../../src/encode/memory-map';

const BLOCK: usize = BLOCK_AT;
const WEIGHTS: usize = WEIGHTS_AT;

/** Fraction bits between the passes, and what each pass drops; see forward-dct.ts. */
const PASS_BITS: i32 = 2;
const ROW_SHIFT: i32 = 13 - PASS_BITS;
const COLUMN_SHIFT: i32 = 13 + PASS_BITS;
/** 8 samples of level 128. */
const LEVEL_SHIFT: i16 = 1024;
const PASS_HALF: i16 = 2;

/**
 * Transforms and quantises the 8 x 8 samples at `source`. Stores the 64 values in zigzag order at
 * `target` and answers which are not zero, bit k for place k.
 */
export function transformBlock(source: usize, stride: usize, divisors: usize, target: usize): u64 {
  transformRows(source, stride);
  transformColumns();
  quantize(divisors);
  return storeZigzag(target);
}

/** First pass. The samples are turned on the way in, so a vector is one column of the block. */
function transformRows(source: usize, stride: usize): void {
  const fourth = source + (stride << 2);
  const a = low8(v128.load64_zero(source), v128.load64_zero(fourth));
  const b = low8(v128.load64_zero(source + stride), v128.load64_zero(fourth + stride));
  source += stride << 1;
  const second = fourth + (stride << 1);
  const c = low8(v128.load64_zero(source), v128.load64_zero(second));
  const d = low8(v128.load64_zero(source + stride), v128.load64_zero(second + stride));
  const even = low8(a, c);
  const evenHigh = high8(a, c);
  const odd = low8(b, d);
  const oddHigh = high8(b, d);
  const columns01 = low8(even, odd);
  const columns23 = high8(even, odd);
  const columns45 = low8(evenHigh, oddHigh);
  const columns67 = high8(evenHigh, oddHigh);
  transform(
    i16x8.extend_low_i8x16_u(columns01),
    i16x8.extend_high_i8x16_u(columns01),
    i16x8.extend_low_i8x16_u(columns23),
    i16x8.extend_high_i8x16_u(columns23),
    i16x8.extend_low_i8x16_u(columns45),
    i16x8.extend_high_i8x16_u(columns45),
    i16x8.extend_low_i8x16_u(columns67),
    i16x8.extend_high_i8x16_u(columns67),
    false,
  );
}

/** Second pass: turns the block back and leaves it in natural order. */
function transformColumns(): void {
  const r0 = v128.load(BLOCK);
  const r1 = v128.load(BLOCK, 16);
  const r2 = v128.load(BLOCK, 32);
  const r3 = v128.load(BLOCK, 48);
  const r4 = v128.load(BLOCK, 64);
  const r5 = v128.load(BLOCK, 80);
  const r6 = v128.load(BLOCK, 96);
  const r7 = v128.load(BLOCK, 112);
  const a0 = low16(r0, r4);
  const a1 = high16(r0, r4);
  const a2 = low16(r1, r5);
  const a3 = high16(r1, r5);
  const a4 = low16(r2, r6);
  const a5 = high16(r2, r6);
  const a6 = low16(r3, r7);
  const a7 = high16(r3, r7);
  const b0 = low16(a0, a4);
  const b1 = high16(a0, a4);
  const b2 = low16(a1, a5);
  const b3 = high16(a1, a5);
  const b4 = low16(a2, a6);
  const b5 = high16(a2, a6);
  const b6 = low16(a3, a7);
  const b7 = high16(a3, a7);
  transform(
    low16(b0, b4),
    high16(b0, b4),
    low16(b1, b5),
    high16(b1, b5),
    low16(b2, b6),
    high16(b2, b6),
    low16(b3, b7),
    high16(b3, b7),
    true,
  );
}

/**
 * Eight transforms of eight values, lane by lane, into BLOCK. Multiplied out, each odd output is a sum
 * of four products, so a pair of them is one `dot`.
 *
 * Bound: the first pass leaves DC within -4096..4064 and the others within +-4080, so that in the
 * second pass no sum leaves 16 bits: eight times -4096 is -32768, and the rounding adds to it.
 */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function transform(
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
  isSecond: bool,
): void {
  const sum07 = i16x8.add(s0, s7);
  const sum34 = i16x8.add(s3, s4);
  const sum16 = i16x8.add(s1, s6);
  const sum25 = i16x8.add(s2, s5);
  const even0 = i16x8.add(sum07, sum34);
  const even1 = i16x8.add(sum16, sum25);
  if (isSecond) {
    const half = i16x8.splat(PASS_HALF);
    v128.store(BLOCK, i16x8.shr_s(i16x8.add(i16x8.add(even0, even1), half), PASS_BITS));
    v128.store(BLOCK, i16x8.shr_s(i16x8.add(i16x8.sub(even0, even1), half), PASS_BITS), 64);
  } else {
    const level = i16x8.splat(LEVEL_SHIFT);
    v128.store(BLOCK, i16x8.shl(i16x8.sub(i16x8.add(even0, even1), level), PASS_BITS));
    v128.store(BLOCK, i16x8.shl(i16x8.sub(even0, even1), PASS_BITS), 64);
  }
  const shift = isSecond ? COLUMN_SHIFT : ROW_SHIFT;
  const half = i32x4.splat(1 << (shift - 1));
  const even2 = i16x8.sub(sum16, sum25);
  const even3 = i16x8.sub(sum07, sum34);
  const evenLow = low16(even2, even3);
  const evenHigh = high16(even2, even3);
  v128.store(BLOCK, rotate(evenLow, evenHigh, v128.load(WEIGHTS), half, shift), 32);
  v128.store(BLOCK, rotate(evenLow, evenHigh, v128.load(WEIGHTS, 16), half, shift), 96);

  const odd4 = i16x8.sub(s3, s4);
  const odd5 = i16x8.sub(s2, s5);
  const odd6 = i16x8.sub(s1, s6);
  const odd7 = i16x8.sub(s0, s7);
  const low45 = low16(odd4, odd5);
  const high45 = high16(odd4, odd5);
  const low67 = low16(odd6, odd7);
  const high67 = high16(odd6, odd7);
  v128.store(BLOCK, combine(low45, high45, low67, high67, 32, half, shift), 16);
  v128.store(BLOCK, combine(low45, high45, low67, high67, 64, half, shift), 48);
  v128.store(BLOCK, combine(low45, high45, low67, high67, 96, half, shift), 80);
  v128.store(BLOCK, combine(low45, high45, low67, high67, 128, half, shift), 112);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function rotate(low: v128, high: v128, weights: v128, half: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low, weights), half), shift),
    i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high, weights), half), shift),
  );
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function combine(
  low45: v128,
  high45: v128,
  low67: v128,
  high67: v128,
  weights: usize,
  half: v128,
  shift: i32,
): v128 {
  const w45 = v128.load(WEIGHTS + weights);
  const w67 = v128.load(WEIGHTS + weights, 16);
  const low = i32x4.add(i32x4.dot_i16x8_s(low45, w45), i32x4.dot_i16x8_s(low67, w67));
  const high = i32x4.add(i32x4.dot_i16x8_s(high45, w45), i32x4.dot_i16x8_s(high67, w67));
  return i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), shift),
    i32x4.shr_s(i32x4.add(high, half), shift),
  );
}

/** Right shift of a quotient times 2^19: the reciprocal's scale, whose proof is `quantizeBlock`'s. */
const RECIPROCAL_SHIFT: i32 = 19;

/** Divides BLOCK by 8 times the table, halves away from zero; see `divisorVectors` for the table. */
function quantize(divisors: usize): void {
  for (let at: usize = BLOCK; at < BLOCK + 128; at += 16, divisors += 48) {
    const value = v128.load(at);
    const magnitude = i16x8.abs(value);
    const half = v128.load(divisors);
    // Most rows of a photograph's block vanish.
    if (!v128.any_true(i16x8.ge_s(magnitude, half))) {
      v128.store(at, i64x2.splat(0));
      continue;
    }
    const y = i16x8.shr_u(i16x8.add(magnitude, half), 3);
    // The reciprocal has up to 20 bits, so it comes in two parts: y * low + 16y * high.
    const y16 = i16x8.shl(y, 4);
    const level = i16x8.narrow_i32x4_s(
      i32x4.shr_u(
        i32x4.dot_i16x8_s(low16(y, y16), v128.load(divisors, 16)),
        RECIPROCAL_SHIFT,
      ),
      i32x4.shr_u(
        i32x4.dot_i16x8_s(high16(y, y16), v128.load(divisors, 32)),
        RECIPROCAL_SHIFT,
      ),
    );
    const sign = i16x8.shr_s(value, 15);
    v128.store(at, i16x8.sub(v128.xor(level, sign), sign));
  }
}

/** Copies BLOCK in zigzag order, eight values at a time, and answers which are not zero. */
function storeZigzag(target: usize): u64 {
  const v0 = gather(0, 1, 8, 16, 9, 2, 3, 10);
  const v1 = gather(17, 24, 32, 25, 18, 11, 4, 5);
  v128.store(target, v0);
  v128.store(target, v1, 16);
  const m0 = nonZero(v0, v1);
  const v2 = gather(12, 19, 26, 33, 40, 48, 41, 34);
  const v3 = gather(27, 20, 13, 6, 7, 14, 21, 28);
  v128.store(target, v2, 32);
  v128.store(target, v3, 48);
  const m1 = nonZero(v2, v3);
  const v4 = gather(35, 42, 49, 56, 57, 50, 43, 36);
  const v5 = gather(29, 22, 15, 23, 30, 37, 44, 51);
  v128.store(target, v4, 64);
  v128.store(target, v5, 80);
  const m2 = nonZero(v4, v5);
  const v6 = gather(58, 59, 52, 45, 38, 31, 39, 46);
  const v7 = gather(53, 60, 61, 54, 47, 55, 62, 63);
  v128.store(target, v6, 96);
  v128.store(target, v7, 112);
  const m3 = nonZero(v6, v7);
  return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}

/** Sixteen bits that tell which values are not zero; saturation does not make any of them so. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function nonZero(low: v128, high: v128): u64 {
  const bytes = i8x16.narrow_i16x8_s(low, high);
  return <u64>(<u32>i8x16.bitmask(i8x16.ne(bytes, i64x2.splat(0))));
}

/** Eight values of BLOCK by their places: lane loads are cheaper than shuffles of up to six rows. */
// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function gather(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  p4: usize,
  p5: usize,
  p6: usize,
  p7: usize,
): v128 {
  let values = i64x2.splat(0);
  values = v128.load16_lane(BLOCK + 2 * p0, values, 0);
  values = v128.load16_lane(BLOCK + 2 * p1, values, 1);
  values = v128.load16_lane(BLOCK + 2 * p2, values, 2);
  values = v128.load16_lane(BLOCK + 2 * p3, values, 3);
  values = v128.load16_lane(BLOCK + 2 * p4, values, 4);
  values = v128.load16_lane(BLOCK + 2 * p5, values, 5);
  values = v128.load16_lane(BLOCK + 2 * p6, values, 6);
  return v128.load16_lane(BLOCK + 2 * p7, values, 7);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function low8(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function high8(a: v128, b: v128): v128 {
  return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function low16(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
function high16(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
