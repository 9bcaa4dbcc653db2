/**
 * Lanes of a vector in pairs, and lanes from memory. Static methods of classes nobody makes, because
 * the compiler inlines only what is marked, and TypeScript has no decorators on functions.
 * @module
 */

export abstract class Lanes {
  @inline static low8(a: v128, b: v128): v128 {
    return v128.shuffle<i8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }

  @inline static high8(a: v128, b: v128): v128 {
    return v128.shuffle<i8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }

  @inline static low16(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }

  @inline static high16(a: v128, b: v128): v128 {
    return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }

  /** Sixteen bits that tell which values are not zero; saturation does not make any of them so. */
  @inline static nonZero(low: v128, high: v128): u64 {
    const bytes = i8x16.narrow_i16x8_s(low, high);
    return <u64>(<u32>i8x16.bitmask(i8x16.ne(bytes, i64x2.splat(0))));
  }

  /** Eight 16-bit values of a block by their places: cheaper than shuffles of up to six rows. */
  @inline static gather(
    block: usize,
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
    values = v128.load16_lane(block + 2 * p0, values, 0);
    values = v128.load16_lane(block + 2 * p1, values, 1);
    values = v128.load16_lane(block + 2 * p2, values, 2);
    values = v128.load16_lane(block + 2 * p3, values, 3);
    values = v128.load16_lane(block + 2 * p4, values, 4);
    values = v128.load16_lane(block + 2 * p5, values, 5);
    values = v128.load16_lane(block + 2 * p6, values, 6);
    return v128.load16_lane(block + 2 * p7, values, 7);
  }
}
