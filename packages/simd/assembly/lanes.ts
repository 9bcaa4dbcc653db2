/**
 * Small vocabulary of the kernels: sixteen bytes at a time, as 16-bit or 32-bit lanes. Static methods,
 * because the compiler inlines only what is marked, and TypeScript has no decorators on functions.
 * @module
 */

import { REST } from './memory-map';

/** One half of the 14-bit weights. */
export const HALF: i32 = 1 << 13;
export const SHIFT: i32 = 14;

export abstract class Lanes {
  /** a0 b0 a1 b1 ... of the first eight bytes. */
  @inline static pairLow(a: v128, b: v128): v128 {
    return v128.shuffle<u8>(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  }

  /** a8 b8 a9 b9 ... of the last eight bytes. */
  @inline static pairHigh(a: v128, b: v128): v128 {
    return v128.shuffle<u8>(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  }

  /** The same for 16-bit lanes: what `dot` adds up. */
  @inline static pairWordsLow(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
  }

  @inline static pairWordsHigh(a: v128, b: v128): v128 {
    return v128.shuffle<u16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }

  /** `low` and `high` in every 16-bit pair: the other side of a `dot`. */
  @inline static splatPair(low: i32, high: i32): v128 {
    return i32x4.splat((low & 0xffff) | (high << 16));
  }

  @inline static low(bytes: v128): v128 {
    return i16x8.extend_low_i8x16_u(bytes);
  }

  @inline static high(bytes: v128): v128 {
    return i16x8.extend_high_i8x16_u(bytes);
  }

  /** Four vectors of 32-bit sums, shifted right and clamped to sixteen bytes. */
  @inline static pack(a: v128, b: v128, c: v128, d: v128, shift: i32): v128 {
    return i8x16.narrow_i16x8_u(
      i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift)),
      i16x8.narrow_i32x4_s(i32x4.shr_s(c, shift), i32x4.shr_s(d, shift)),
    );
  }

  /** round(n / 255) of unsigned 16-bit n <= 65025 that 128 has been added to; proof in core's alpha.ts. */
  @inline static over255(n: v128): v128 {
    return i16x8.shr_u(i16x8.add(n, i16x8.shr_u(n, 8)), 8);
  }

  /** round(a * b / 255) of sixteen bytes each. */
  @inline static product(a: v128, b: v128): v128 {
    const half = i16x8.splat(128);
    return i8x16.narrow_i16x8_u(
      Lanes.over255(i16x8.add(i16x8.extmul_low_i8x16_u(a, b), half)),
      Lanes.over255(i16x8.add(i16x8.extmul_high_i8x16_u(a, b), half)),
    );
  }

  /** Sixteen bytes, or the `count` that a row still has: never a byte beyond them. */
  @inline static load(at: usize, count: i32): v128 {
    return count >= 16 ? v128.load(at) : loadRest(at, count);
  }

  @inline static store(at: usize, count: i32, bytes: v128): void {
    if (count >= 16) v128.store(at, bytes);
    else storeRest(at, count, bytes);
  }
}

/** Through scratch, a byte at a time: a row has at most one rest. The other lanes hold anything. */
function loadRest(at: usize, count: i32): v128 {
  for (let i = 0; i < count; i++) store<u8>(REST + i, load<u8>(at + i));
  return v128.load(REST);
}

function storeRest(at: usize, count: i32, bytes: v128): void {
  v128.store(REST, bytes);
  for (let i = 0; i < count; i++) store<u8>(at + i, load<u8>(REST + i));
}
