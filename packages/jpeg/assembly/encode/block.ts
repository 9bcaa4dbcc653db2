/**
 * One block: the twin of `src/forward-dct.ts` and `src/quantization.ts` on eight 16-bit lanes, bit for
 * bit. Sums before a rounding may be taken in any order (integers wrap alike), roundings may not move.
 * @module
 */

import { BLOCK as BLOCK_AT, WEIGHTS as WEIGHTS_AT } from '../../src/encode/memory-map';
import { Lanes } from './lanes';

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
  const a = Lanes.low8(v128.load64_zero(source), v128.load64_zero(fourth));
  const b = Lanes.low8(v128.load64_zero(source + stride), v128.load64_zero(fourth + stride));
  source += stride << 1;
  const second = fourth + (stride << 1);
  const c = Lanes.low8(v128.load64_zero(source), v128.load64_zero(second));
  const d = Lanes.low8(v128.load64_zero(source + stride), v128.load64_zero(second + stride));
  const even = Lanes.low8(a, c);
  const evenHigh = Lanes.high8(a, c);
  const odd = Lanes.low8(b, d);
  const oddHigh = Lanes.high8(b, d);
  const columns01 = Lanes.low8(even, odd);
  const columns23 = Lanes.high8(even, odd);
  const columns45 = Lanes.low8(evenHigh, oddHigh);
  const columns67 = Lanes.high8(evenHigh, oddHigh);
  Cosine.transform(
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
  const a0 = Lanes.low16(r0, r4);
  const a1 = Lanes.high16(r0, r4);
  const a2 = Lanes.low16(r1, r5);
  const a3 = Lanes.high16(r1, r5);
  const a4 = Lanes.low16(r2, r6);
  const a5 = Lanes.high16(r2, r6);
  const a6 = Lanes.low16(r3, r7);
  const a7 = Lanes.high16(r3, r7);
  const b0 = Lanes.low16(a0, a4);
  const b1 = Lanes.high16(a0, a4);
  const b2 = Lanes.low16(a1, a5);
  const b3 = Lanes.high16(a1, a5);
  const b4 = Lanes.low16(a2, a6);
  const b5 = Lanes.high16(a2, a6);
  const b6 = Lanes.low16(a3, a7);
  const b7 = Lanes.high16(a3, a7);
  Cosine.transform(
    Lanes.low16(b0, b4),
    Lanes.high16(b0, b4),
    Lanes.low16(b1, b5),
    Lanes.high16(b1, b5),
    Lanes.low16(b2, b6),
    Lanes.high16(b2, b6),
    Lanes.low16(b3, b7),
    Lanes.high16(b3, b7),
    true,
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
        i32x4.dot_i16x8_s(Lanes.low16(y, y16), v128.load(divisors, 16)),
        RECIPROCAL_SHIFT,
      ),
      i32x4.shr_u(
        i32x4.dot_i16x8_s(Lanes.high16(y, y16), v128.load(divisors, 32)),
        RECIPROCAL_SHIFT,
      ),
    );
    const sign = i16x8.shr_s(value, 15);
    v128.store(at, i16x8.sub(v128.xor(level, sign), sign));
  }
}

/**
 * Copies BLOCK in zigzag order, eight values at a time, and answers which are not zero. Blocks of DC
 * alone have no shorter way: it gained less than 4 % even on smooth chroma (Node 20).
 */
function storeZigzag(target: usize): u64 {
  const v0 = Lanes.gather(BLOCK, 0, 1, 8, 16, 9, 2, 3, 10);
  const v1 = Lanes.gather(BLOCK, 17, 24, 32, 25, 18, 11, 4, 5);
  v128.store(target, v0);
  v128.store(target, v1, 16);
  const m0 = Lanes.nonZero(v0, v1);
  const v2 = Lanes.gather(BLOCK, 12, 19, 26, 33, 40, 48, 41, 34);
  const v3 = Lanes.gather(BLOCK, 27, 20, 13, 6, 7, 14, 21, 28);
  v128.store(target, v2, 32);
  v128.store(target, v3, 48);
  const m1 = Lanes.nonZero(v2, v3);
  const v4 = Lanes.gather(BLOCK, 35, 42, 49, 56, 57, 50, 43, 36);
  const v5 = Lanes.gather(BLOCK, 29, 22, 15, 23, 30, 37, 44, 51);
  v128.store(target, v4, 64);
  v128.store(target, v5, 80);
  const m2 = Lanes.nonZero(v4, v5);
  const v6 = Lanes.gather(BLOCK, 58, 59, 52, 45, 38, 31, 39, 46);
  const v7 = Lanes.gather(BLOCK, 53, 60, 61, 54, 47, 55, 62, 63);
  v128.store(target, v6, 96);
  v128.store(target, v7, 112);
  const m3 = Lanes.nonZero(v6, v7);
  return m0 | (m1 << 16) | (m2 << 32) | (m3 << 48);
}

/** Inlined whole: one copy for each pass, its shifts known to the compiler. */
abstract class Cosine {
  /**
   * Eight transforms of eight values, lane by lane, into BLOCK. Multiplied out, each odd output is a sum
   * of four products, so a pair of them is one `dot`.
   *
   * Bound: the first pass leaves DC within -4096..4064 and the others within +-4080, so that in the
   * second pass no sum leaves 16 bits: eight times -4096 is -32768, and the rounding adds to it.
   */
  @inline static transform(
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
    const evenLow = Lanes.low16(even2, even3);
    const evenHigh = Lanes.high16(even2, even3);
    v128.store(BLOCK, Cosine.rotate(evenLow, evenHigh, v128.load(WEIGHTS), half, shift), 32);
    v128.store(BLOCK, Cosine.rotate(evenLow, evenHigh, v128.load(WEIGHTS, 16), half, shift), 96);

    const odd4 = i16x8.sub(s3, s4);
    const odd5 = i16x8.sub(s2, s5);
    const odd6 = i16x8.sub(s1, s6);
    const odd7 = i16x8.sub(s0, s7);
    const low45 = Lanes.low16(odd4, odd5);
    const high45 = Lanes.high16(odd4, odd5);
    const low67 = Lanes.low16(odd6, odd7);
    const high67 = Lanes.high16(odd6, odd7);
    v128.store(BLOCK, Cosine.combine(low45, high45, low67, high67, 32, half, shift), 16);
    v128.store(BLOCK, Cosine.combine(low45, high45, low67, high67, 64, half, shift), 48);
    v128.store(BLOCK, Cosine.combine(low45, high45, low67, high67, 96, half, shift), 80);
    v128.store(BLOCK, Cosine.combine(low45, high45, low67, high67, 128, half, shift), 112);
  }

  @inline static rotate(low: v128, high: v128, weights: v128, half: v128, shift: i32): v128 {
    return i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(low, weights), half), shift),
      i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(high, weights), half), shift),
    );
  }

  @inline static combine(
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
}
