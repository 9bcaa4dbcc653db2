/**
 * Products and quotients of a plane with an alpha plane; twins of core's `alpha.ts`, where the division
 * by 255 is proved.
 * @module
 */

import { Lanes } from './lanes';

/** target = round(source * alpha / 255); may run in place. */
export function premultiply(
  source: usize,
  sourceStride: i32,
  alpha: usize,
  alphaStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const by = alpha + y * alphaStride;
    const to = target + y * targetStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const product = Lanes.product(Lanes.load(from + x, count), Lanes.load(by + x, count));
      Lanes.store(to + x, count, product);
    }
  }
}

/**
 * As `premultiply` for pixels of four bytes, alpha last; may run in place. Alpha times 255 over 255 is
 * alpha, so the same product serves all four.
 */
export function premultiplyPixels(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  const rowBytes = width << 2;
  const inPlace = source === target;
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    let x = 0;
    for (; x + 64 <= rowBytes; x += 64) {
      const a = v128.load(from + x);
      const b = v128.load(from + x, 16);
      const c = v128.load(from + x, 32);
      const d = v128.load(from + x, 48);
      // Most pictures are opaque nearly everywhere, and what is opaque stays as it is.
      if (Pixels.areOpaque(v128.and(v128.and(a, b), v128.and(c, d)))) {
        if (inPlace) continue;
        v128.store(to + x, a);
        v128.store(to + x, b, 16);
        v128.store(to + x, c, 32);
        v128.store(to + x, d, 48);
      } else {
        v128.store(to + x, Pixels.premultiplied(a));
        v128.store(to + x, Pixels.premultiplied(b), 16);
        v128.store(to + x, Pixels.premultiplied(c), 32);
        v128.store(to + x, Pixels.premultiplied(d), 48);
      }
    }
    for (; x < rowBytes; x += 16) {
      const count = rowBytes - x;
      Lanes.store(to + x, count, Pixels.premultiplied(Lanes.load(from + x, count)));
    }
  }
}

abstract class Pixels {
  @inline static areOpaque(pixels: v128): bool {
    return i32x4.all_true(i32x4.ge_u(pixels, i32x4.splat(0xff00_0000)));
  }

  /** Four pixels: colours take the pixel's alpha for a factor, alpha takes 255. */
  @inline static premultiplied(pixels: v128): v128 {
    const alphas = i8x16(3, 3, 3, -1, 7, 7, 7, -1, 11, 11, 11, -1, 15, 15, 15, -1);
    const factors = v128.or(i8x16.swizzle(pixels, alphas), i32x4.splat(0xff00_0000));
    return Lanes.product(pixels, factors);
  }
}

/** In place: target = round(target * coverage / 255). */
export function multiply(
  target: usize,
  targetStride: i32,
  coverage: usize,
  coverageStride: i32,
  width: i32,
  height: i32,
): void {
  premultiply(target, targetStride, coverage, coverageStride, target, targetStride, width, height);
}

/** target = round((255 - ink) * (255 - black) / 255); may run in place. */
export function inkToLight(
  ink: usize,
  inkStride: i32,
  black: usize,
  blackStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const inkRow = ink + y * inkStride;
    const blackRow = black + y * blackStride;
    const to = target + y * targetStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      // 255 - n is n with every bit turned.
      const light = v128.not(Lanes.load(inkRow + x, count));
      const white = v128.not(Lanes.load(blackRow + x, count));
      Lanes.store(to + x, count, Lanes.product(light, white));
    }
  }
}

/**
 * target = min(255, round(source * 255 / alpha)), 0 where alpha is 0; may run in place.
 *
 * Floats give the floor exactly: n = source * 255 + (alpha >> 1) < 2^16 is exact, and a quotient that is
 * no whole number lies at least 1 / alpha, a relative 1 / n > 2^-16, below the next one, where rounding
 * moves it by at most a relative 2^-24.
 */
export function unpremultiply(
  source: usize,
  sourceStride: i32,
  alpha: usize,
  alphaStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const by = alpha + y * alphaStride;
    const to = target + y * targetStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const samples = Lanes.load(from + x, count);
      const alphas = Lanes.load(by + x, count);
      const full = i8x16.splat(-1);
      const low = i16x8.extmul_low_i8x16_u(samples, full);
      const high = i16x8.extmul_high_i8x16_u(samples, full);
      const bytes = i8x16.narrow_i16x8_u(
        Quotient.words(low, Lanes.low(alphas)),
        Quotient.words(high, Lanes.high(alphas)),
      );
      // Division by 0 gave 255 or 0.
      const zero = i8x16.eq(alphas, i8x16.splat(0));
      Lanes.store(to + x, count, v128.andnot(bytes, zero));
    }
  }
}

abstract class Quotient {
  /** floor((n + (a >> 1)) / a), at most 255 but where a is 0. */
  @inline static words(n: v128, a: v128): v128 {
    const sum = i16x8.add(n, i16x8.shr_u(a, 1));
    return i16x8.narrow_i32x4_s(
      Quotient.four(i32x4.extend_low_i16x8_u(sum), i32x4.extend_low_i16x8_u(a)),
      Quotient.four(i32x4.extend_high_i16x8_u(sum), i32x4.extend_high_i16x8_u(a)),
    );
  }

  @inline static four(n: v128, a: v128): v128 {
    return i32x4.trunc_sat_f32x4_s(f32x4.div(f32x4.convert_i32x4_s(n), f32x4.convert_i32x4_s(a)));
  }
}
