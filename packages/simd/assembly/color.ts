/**
 * RGB and the full-range BT.601 YCbCr of JFIF, in place; twins of core's `color.ts`. Constants beyond
 * 16 bits are split into a multiple of 2^14, 2^15 or 2^16 and a rest, which changes no sum.
 * @module
 */

import { Lanes } from './lanes';

/** One half in 16 bits. */
const HALF: i32 = 1 << 15;
/** The 128 of chroma, and one half less one unit. */
const CENTRE: i32 = (128 << 16) + HALF - 1;

/** In place: red becomes Y, green Cb, blue Cr. */
export function rgbToYcbcr(
  red: usize,
  redStride: i32,
  green: usize,
  greenStride: i32,
  blue: usize,
  blueStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const redRow = red + y * redStride;
    const greenRow = green + y * greenStride;
    const blueRow = blue + y * blueStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const r = Lanes.load(redRow + x, count);
      const g = Lanes.load(greenRow + x, count);
      const b = Lanes.load(blueRow + x, count);
      // Sixteen pixels as pairs (r, g) and (b, g) in four vectors each.
      const rgLow = Lanes.pairLow(r, g);
      const rgHigh = Lanes.pairHigh(r, g);
      const bgLow = Lanes.pairLow(b, g);
      const bgHigh = Lanes.pairHigh(b, g);
      const rg0 = Lanes.low(rgLow);
      const rg1 = Lanes.high(rgLow);
      const rg2 = Lanes.low(rgHigh);
      const rg3 = Lanes.high(rgHigh);
      const bg0 = Lanes.low(bgLow);
      const bg1 = Lanes.high(bgLow);
      const bg2 = Lanes.low(bgHigh);
      const bg3 = Lanes.high(bgHigh);
      Lanes.store(
        redRow + x,
        count,
        Lanes.pack(
          Forward.y(rg0, bg0),
          Forward.y(rg1, bg1),
          Forward.y(rg2, bg2),
          Forward.y(rg3, bg3),
          16,
        ),
      );
      Lanes.store(
        greenRow + x,
        count,
        Lanes.pack(
          Forward.cb(rg0, bg0),
          Forward.cb(rg1, bg1),
          Forward.cb(rg2, bg2),
          Forward.cb(rg3, bg3),
          16,
        ),
      );
      Lanes.store(
        blueRow + x,
        count,
        Lanes.pack(
          Forward.cr(rg0, bg0),
          Forward.cr(rg1, bg1),
          Forward.cr(rg2, bg2),
          Forward.cr(rg3, bg3),
          16,
        ),
      );
    }
  }
}

abstract class Forward {
  /** 19595 r + 38470 g + 7471 b + HALF; green's weight is 22086 + 16384. */
  @inline static y(rg: v128, bg: v128): v128 {
    const sum = i32x4.add(
      i32x4.dot_i16x8_s(rg, Lanes.splatPair(19595, 22086)),
      i32x4.dot_i16x8_s(bg, Lanes.splatPair(7471, 16384)),
    );
    return i32x4.add(sum, i32x4.splat(HALF));
  }

  /** 32768 b - 11059 r - 21709 g + CENTRE; two shifts cut the pair's green off and multiply by 2^15. */
  @inline static cb(rg: v128, bg: v128): v128 {
    const sum = i32x4.add(
      i32x4.dot_i16x8_s(rg, Lanes.splatPair(-11059, -21709)),
      i32x4.shr_u(i32x4.shl(bg, 16), 1),
    );
    return i32x4.add(sum, i32x4.splat(CENTRE));
  }

  /** 32768 r - 27439 g - 5329 b + CENTRE. */
  @inline static cr(rg: v128, bg: v128): v128 {
    const sum = i32x4.add(
      i32x4.dot_i16x8_s(bg, Lanes.splatPair(-5329, -27439)),
      i32x4.shr_u(i32x4.shl(rg, 16), 1),
    );
    return i32x4.add(sum, i32x4.splat(CENTRE));
  }
}

/** In place: Y becomes red, Cb green, Cr blue. Colours outside RGB are clamped. */
export function ycbcrToRgb(
  luma: usize,
  lumaStride: i32,
  blueDifference: usize,
  blueDifferenceStride: i32,
  redDifference: usize,
  redDifferenceStride: i32,
  width: i32,
  height: i32,
): void {
  for (let y = 0; y < height; y++) {
    const lumaRow = luma + y * lumaStride;
    const blueRow = blueDifference + y * blueDifferenceStride;
    const redRow = redDifference + y * redDifferenceStride;
    for (let x = 0; x < width; x += 16) {
      const count = width - x;
      const l = Lanes.load(lumaRow + x, count);
      const cb = Lanes.load(blueRow + x, count);
      const cr = Lanes.load(redRow + x, count);
      const l0 = Lanes.low(l);
      const l1 = Lanes.high(l);
      const centre = i16x8.splat(128);
      const cb0 = i16x8.sub(Lanes.low(cb), centre);
      const cb1 = i16x8.sub(Lanes.high(cb), centre);
      const cr0 = i16x8.sub(Lanes.low(cr), centre);
      const cr1 = i16x8.sub(Lanes.high(cr), centre);
      Lanes.store(
        lumaRow + x,
        count,
        i8x16.narrow_i16x8_u(Inverse.red(l0, cb0, cr0), Inverse.red(l1, cb1, cr1)),
      );
      Lanes.store(
        blueRow + x,
        count,
        i8x16.narrow_i16x8_u(Inverse.green(l0, cb0, cr0), Inverse.green(l1, cb1, cr1)),
      );
      Lanes.store(
        redRow + x,
        count,
        i8x16.narrow_i16x8_u(Inverse.blue(l0, cb0, cr0), Inverse.blue(l1, cb1, cr1)),
      );
    }
  }
}

/** Eight samples; sums stay within -512 and 767, far inside 16 bits. */
abstract class Inverse {
  /** l + ((91881 cr + HALF) >> 16), with 91881 = 65536 + 26345. */
  @inline static red(l: v128, cb: v128, cr: v128): v128 {
    return i16x8.add(i16x8.add(l, cr), Inverse.rest(cb, cr, 0, 26345));
  }

  /** l + ((HALF - 22554 cb - 46802 cr) >> 16), with -46802 = -65536 + 18734. */
  @inline static green(l: v128, cb: v128, cr: v128): v128 {
    return i16x8.add(i16x8.sub(l, cr), Inverse.rest(cb, cr, -22554, 18734));
  }

  /** l + ((116130 cb + HALF) >> 16), with 116130 = 2 * 65536 - 14942. */
  @inline static blue(l: v128, cb: v128, cr: v128): v128 {
    return i16x8.add(i16x8.add(l, i16x8.add(cb, cb)), Inverse.rest(cb, cr, -14942, 0));
  }

  /** (blueWeight * cb + redWeight * cr + HALF) >> 16. */
  @inline static rest(cb: v128, cr: v128, blueWeight: i32, redWeight: i32): v128 {
    const pair = Lanes.splatPair(blueWeight, redWeight);
    const half = i32x4.splat(HALF);
    const low = i32x4.dot_i16x8_s(Lanes.pairWordsLow(cb, cr), pair);
    const high = i32x4.dot_i16x8_s(Lanes.pairWordsHigh(cb, cr), pair);
    return i16x8.narrow_i32x4_s(
      i32x4.shr_s(i32x4.add(low, half), 16),
      i32x4.shr_s(i32x4.add(high, half), 16),
    );
  }
}
