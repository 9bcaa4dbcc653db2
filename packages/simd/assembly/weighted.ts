/**
 * Weighted sums over samples that lie `step` bytes apart: a row has step 1, a column the stride. Both
 * resampling columns and both blurs are this loop.
 * @module
 *
 * `dot` multiplies two signed 16-bit pairs and adds the products: at most 2 * 255 * 2^15 < 2^24, and
 * whole sums stay within core's bound of `255 * 2^16 + 2^13 < 2^25`.
 */

import { HALF, Lanes, SHIFT } from './lanes';

/** Two thirds of a first-level cache of 32 KiB; 6 megapixels in whole rows took twice as long (Zen). */
const CACHE_BYTES: i32 = 20 << 10;

export abstract class Weighted {
  /** Sixteen neighbouring sums. Reads 16 bytes at `source + i * step` for every i below `taps`. */
  @inline static sixteen(source: usize, step: i32, weights: usize, taps: i32): v128 {
    let a = i32x4.splat(HALF);
    let b = a;
    let c = a;
    let d = a;
    let at = source;
    let weight = weights;
    const end = weights + ((taps & ~1) << 1);
    while (weight < end) {
      const pair = v128.load32_splat(weight);
      const first = v128.load(at);
      const second = v128.load(at + step);
      const low = Lanes.pairLow(first, second);
      const high = Lanes.pairHigh(first, second);
      a = i32x4.add(a, i32x4.dot_i16x8_s(Lanes.low(low), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(Lanes.high(low), pair));
      c = i32x4.add(c, i32x4.dot_i16x8_s(Lanes.low(high), pair));
      d = i32x4.add(d, i32x4.dot_i16x8_s(Lanes.high(high), pair));
      at += step << 1;
      weight += 4;
    }
    if (taps & 1) {
      // The odd last weight has no partner: its pair is the sample and 0.
      const pair = i32x4.splat(load<u16>(weight));
      const last = v128.load(at);
      const low = Lanes.low(last);
      const high = Lanes.high(last);
      a = i32x4.add(a, i32x4.dot_i16x8_s(i32x4.extend_low_i16x8_u(low), pair));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i32x4.extend_high_i16x8_u(low), pair));
      c = i32x4.add(c, i32x4.dot_i16x8_s(i32x4.extend_low_i16x8_u(high), pair));
      d = i32x4.add(d, i32x4.dot_i16x8_s(i32x4.extend_high_i16x8_u(high), pair));
    }
    return Lanes.pack(a, b, c, d, SHIFT);
  }

  /** One sum; for rows too narrow for sixteen. */
  @inline static one(source: usize, step: i32, weights: usize, taps: i32): i32 {
    let sum = HALF;
    let at = source;
    for (let i = 0; i < taps; i++) {
      sum += <i32>load<u8>(at) * <i32>load<i16>(weights + (i << 1));
      at += step;
    }
    return max(0, min(255, sum >> SHIFT));
  }

  /** Columns [left, right) of one row of a plane that is `width` wide; `left` is a multiple of 16. */
  @inline static span(
    source: usize,
    step: i32,
    target: usize,
    left: i32,
    right: i32,
    width: i32,
    weights: usize,
    taps: i32,
  ): void {
    if (width < 16) {
      for (let x = 0; x < width; x++) {
        store<u8>(target + x, Weighted.one(source + x, step, weights, taps));
      }
      return;
    }
    for (let column = left; column < right; column += 16) {
      // The last sixteen may overlap the ones before: the same sums are stored twice.
      const x = min(column, width - 16);
      v128.store(target + x, Weighted.sixteen(source + x, step, weights, taps));
    }
  }

  /** Columns to work on from top to bottom, so that what neighbouring windows share stays in cache. */
  @inline static stripWidth(taps: i32): i32 {
    return max(64, (CACHE_BYTES / taps) & ~63);
  }
}
