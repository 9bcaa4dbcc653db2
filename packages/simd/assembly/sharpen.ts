/**
 * The last step of an unsharp mask; twin of core's `sharpen.ts` for `amount` below 2^15.
 * @module
 *
 * The 16-bit narrowing never saturates: `|255 * 32767| >> 8 < 2^15`. Adding the sample may, but only
 * above 255, where the clamp to bytes is due anyway.
 */

import { Lanes } from './lanes';

/** See `Kernels.sharpen`; may run in place on `source` or `blurred`. */
export function sharpen(
  source: usize,
  sourceStride: i32,
  blurred: usize,
  blurredStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  amount: i32,
): void {
  // Pairs of (difference, 1) with (amount, 128): the multiplication and its rounding in one `dot`.
  const pair = Lanes.splatPair(amount, 128);
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const soft = blurred + y * blurredStride;
    const to = target + y * targetStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const s = Lanes.load(from + x, count);
      const b = Lanes.load(soft + x, count);
      Lanes.store(
        to + x,
        count,
        i8x16.narrow_i16x8_u(
          Sharp.words(Lanes.low(s), Lanes.low(b), pair),
          Sharp.words(Lanes.high(s), Lanes.high(b), pair),
        ),
      );
    }
  }
}

abstract class Sharp {
  @inline static words(sample: v128, blurred: v128, pair: v128): v128 {
    const one = i16x8.splat(1);
    const difference = i16x8.sub(sample, blurred);
    const low = i32x4.dot_i16x8_s(Lanes.pairWordsLow(difference, one), pair);
    const high = i32x4.dot_i16x8_s(Lanes.pairWordsHigh(difference, one), pair);
    const edge = i16x8.narrow_i32x4_s(i32x4.shr_s(low, 8), i32x4.shr_s(high, 8));
    return i16x8.add_sat_s(sample, edge);
  }
}
