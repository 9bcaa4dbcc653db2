/**
 * Compositing one plane over another through a coverage plane, in place; twins of core's `blend.ts`.
 * @module
 */

import { Lanes } from './lanes';

/** In place: target += round((value - target) * coverage / 255). */
export function blendValue(
  target: usize,
  targetStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
  value: i32,
): void {
  const values = i8x16.splat(<i8>value);
  for (let y = 0; y < height; y++) {
    const to = target + y * targetStride;
    const cover = coverage + y * coverageStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const c = Lanes.load(cover + x, count);
      Lanes.store(to + x, count, Mix.opaque(values, Lanes.load(to + x, count), c));
    }
  }
}

/** In place: target += round((source - target) * coverage / 255). */
export function blendPlane(
  target: usize,
  targetStride: i32,
  source: usize,
  sourceStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const to = target + y * targetStride;
    const from = source + y * sourceStride;
    const cover = coverage + y * coverageStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const c = Lanes.load(cover + x, count);
      const s = Lanes.load(from + x, count);
      Lanes.store(to + x, count, Mix.opaque(s, Lanes.load(to + x, count), c));
    }
  }
}

/** In place, one colour over straight alpha; see `Kernels.overValue`. */
export function overValue(
  target: usize,
  targetStride: i32,
  alpha: usize,
  alphaStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
  value: i32,
): void {
  const values = i8x16.splat(<i8>value);
  for (let y = 0; y < height; y++) {
    const to = target + y * targetStride;
    const under = alpha + y * alphaStride;
    const cover = coverage + y * coverageStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const a = Lanes.load(under + x, count);
      const c = Lanes.load(cover + x, count);
      Lanes.store(to + x, count, Mix.straight(values, Lanes.load(to + x, count), a, c));
    }
  }
}

/** In place, a picture over straight alpha; see `Kernels.overPlane`. */
export function overPlane(
  target: usize,
  targetStride: i32,
  alpha: usize,
  alphaStride: i32,
  source: usize,
  sourceStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const to = target + y * targetStride;
    const under = alpha + y * alphaStride;
    const from = source + y * sourceStride;
    const cover = coverage + y * coverageStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const a = Lanes.load(under + x, count);
      const c = Lanes.load(cover + x, count);
      const s = Lanes.load(from + x, count);
      Lanes.store(to + x, count, Mix.straight(s, Lanes.load(to + x, count), a, c));
    }
  }
}

/** In place: alpha = coverage + alpha - round(coverage * alpha / 255). */
export function overAlpha(
  alpha: usize,
  alphaStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const to = alpha + y * alphaStride;
    const cover = coverage + y * coverageStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const a = Lanes.load(to + x, count);
      const c = Lanes.load(cover + x, count);
      // a - round(a c / 255) is at least 0 and the sum at most 255: bytes never wrap.
      Lanes.store(to + x, count, i8x16.add(c, i8x16.sub(a, Lanes.product(a, c))));
    }
  }
}

abstract class Mix {
  /** round((s * c + t * (255 - c)) / 255): the sum is at most 65025, unsigned 16 bits hold it. */
  @inline static opaque(s: v128, t: v128, c: v128): v128 {
    const rest = v128.not(c);
    const half = i16x8.splat(128);
    const low = i16x8.add(
      i16x8.extmul_low_i8x16_u(s, c),
      i16x8.add(i16x8.extmul_low_i8x16_u(t, rest), half),
    );
    const high = i16x8.add(
      i16x8.extmul_high_i8x16_u(s, c),
      i16x8.add(i16x8.extmul_high_i8x16_u(t, rest), half),
    );
    return i8x16.narrow_i16x8_u(Lanes.over255(low), Lanes.over255(high));
  }

  /** Source-over of sixteen samples, by the weights of core's `blend.ts`. */
  @inline static straight(s: v128, t: v128, a: v128, c: v128): v128 {
    const full = i8x16.splat(-1);
    const rest = v128.not(c);
    const overLow = i16x8.extmul_low_i8x16_u(c, full);
    const overHigh = i16x8.extmul_high_i8x16_u(c, full);
    const underLow = i16x8.extmul_low_i8x16_u(a, rest);
    const underHigh = i16x8.extmul_high_i8x16_u(a, rest);
    return i8x16.narrow_i16x8_u(
      Mix.words(Lanes.low(s), overLow, Lanes.low(t), underLow),
      Mix.words(Lanes.high(s), overHigh, Lanes.high(t), underHigh),
    );
  }

  @inline static words(s: v128, over: v128, t: v128, under: v128): v128 {
    const weight = i16x8.add(over, under);
    const low = i32x4.add(i32x4.extmul_low_i16x8_u(s, over), i32x4.extmul_low_i16x8_u(t, under));
    const high = i32x4.add(i32x4.extmul_high_i16x8_u(s, over), i32x4.extmul_high_i16x8_u(t, under));
    return i16x8.narrow_i32x4_s(
      Mix.quotient(low, i32x4.extend_low_i16x8_u(weight)),
      Mix.quotient(high, i32x4.extend_high_i16x8_u(weight)),
    );
  }

  /**
   * floor((n + (d >> 1)) / d), 0 where d is 0. Floats give it exactly: the sum is below 2^24, the quotient
   * below 256, and one that is no whole number lies at least 1 / d > 2^-16 below the next, where rounding
   * moves it by at most 2^-17.
   */
  @inline static quotient(n: v128, d: v128): v128 {
    const sum = f32x4.convert_i32x4_s(i32x4.add(n, i32x4.shr_u(d, 1)));
    // 0 / 0 is NaN, which truncates to 0.
    return i32x4.trunc_sat_f32x4_s(f32x4.div(sum, f32x4.convert_i32x4_s(d)));
  }
}
