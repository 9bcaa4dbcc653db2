/**
 * PNG's filters on one row of a plane, and the measure by which a row's filter is chosen; the twin of
 * the codecs' `filter.ts`. Filtering looks at samples alone, never at residuals, so sixteen go at once.
 * @module
 */

import { Lanes } from './lanes';

/** Writes the residuals of `filter`, 0 to 4, to `target`. */
export function filterRow(
  filter: i32,
  source: usize,
  prior: usize,
  target: usize,
  width: i32,
): void {
  // Left of the first sample are zeros.
  store<u8>(target, Residual.one(filter, load<u8>(source), 0, load<u8>(prior), 0));
  if (filter === 4) Residual.row(4, source, prior, target, width);
  else if (filter === 3) Residual.row(3, source, prior, target, width);
  else if (filter === 2) Residual.row(2, source, prior, target, width);
  else if (filter === 1) Residual.row(1, source, prior, target, width);
  else Residual.row(0, source, prior, target, width);
}

/**
 * Adds to the five 32-bit `sums` the absolute residuals of all filters at every `step`-th sample from
 * the second one on, or at the only one. `step` is 1, 2, 4, 8 or 16.
 */
export function sumResiduals(
  source: usize,
  prior: usize,
  width: i32,
  step: i32,
  sums: usize,
): void {
  let none = i32x4.splat(0);
  let sub = none;
  let up = none;
  let average = none;
  let paeth = none;
  const wanted = Lane.every(step);
  let x = 1;
  for (; x + 16 <= width; x += 16) {
    const sample = v128.load(source + x);
    const left = v128.load(source + x - 1);
    const above = v128.load(prior + x);
    const corner = v128.load(prior + x - 1);
    none = Lane.sum(none, sample, wanted);
    sub = Lane.sum(sub, i8x16.sub(sample, left), wanted);
    up = Lane.sum(up, i8x16.sub(sample, above), wanted);
    average = Lane.sum(average, i8x16.sub(sample, Residual.average(left, above)), wanted);
    paeth = Lane.sum(paeth, i8x16.sub(sample, Residual.paeth(left, above, corner)), wanted);
  }
  Lane.add(sums, none);
  Lane.add(sums + 4, sub);
  Lane.add(sums + 8, up);
  Lane.add(sums + 12, average);
  Lane.add(sums + 16, paeth);
  if (width === 1) x = 0;
  for (; x < width; x += step) {
    const sample: i32 = load<u8>(source + x);
    const above: i32 = load<u8>(prior + x);
    const left: i32 = x === 0 ? 0 : load<u8>(source + x - 1);
    const corner: i32 = x === 0 ? 0 : load<u8>(prior + x - 1);
    for (let filter = 0; filter < 5; filter++) {
      const residual = <i32>(<i8>Residual.one(filter, sample, left, above, corner));
      const at = sums + (filter << 2);
      store<i32>(at, load<i32>(at) + (residual < 0 ? -residual : residual));
    }
  }
}

abstract class Lane {
  /** All bits of every `step`-th byte. */
  @inline static every(step: i32): v128 {
    const lanes = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return i8x16.eq(v128.and(lanes, i8x16.splat(<i8>(step - 1))), i8x16.splat(0));
  }

  /** Magnitudes of signed bytes are at most 128: as unsigned ones, `abs` has them right. */
  @inline static sum(sums: v128, residuals: v128, wanted: v128): v128 {
    const magnitudes = v128.and(i8x16.abs(residuals), wanted);
    const pairs = i16x8.extadd_pairwise_i8x16_u(magnitudes);
    return i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(pairs));
  }

  @inline static add(at: usize, lanes: v128): void {
    store<i32>(
      at,
      load<i32>(at) +
        i32x4.extract_lane(lanes, 0) +
        i32x4.extract_lane(lanes, 1) +
        i32x4.extract_lane(lanes, 2) +
        i32x4.extract_lane(lanes, 3),
    );
  }
}

abstract class Residual {
  @inline static row(filter: i32, source: usize, prior: usize, target: usize, width: i32): void {
    let x = 1;
    for (; x + 16 <= width; x += 16) {
      const sample = v128.load(source + x);
      let predictor = i32x4.splat(0);
      if (filter === 1) predictor = v128.load(source + x - 1);
      if (filter === 2) predictor = v128.load(prior + x);
      if (filter === 3) {
        predictor = Residual.average(v128.load(source + x - 1), v128.load(prior + x));
      }
      if (filter === 4) {
        const corner = v128.load(prior + x - 1);
        predictor = Residual.paeth(v128.load(source + x - 1), v128.load(prior + x), corner);
      }
      v128.store(target + x, i8x16.sub(sample, predictor));
    }
    for (; x < width; x++) {
      const residual = Residual.one(
        filter,
        load<u8>(source + x),
        load<u8>(source + x - 1),
        load<u8>(prior + x),
        load<u8>(prior + x - 1),
      );
      store<u8>(target + x, residual);
    }
  }

  @inline static one(filter: i32, sample: i32, left: i32, above: i32, corner: i32): i32 {
    if (filter === 1) return sample - left;
    if (filter === 2) return sample - above;
    if (filter === 3) return sample - ((left + above) >> 1);
    if (filter === 4) return sample - paethOf(left, above, corner);
    return sample;
  }

  /** `avgr` rounds up, PNG rounds down. */
  @inline static average(left: v128, above: v128): v128 {
    const odd = v128.and(v128.xor(left, above), i8x16.splat(1));
    return i8x16.sub(i8x16.avgr_u(left, above), odd);
  }

  @inline static paeth(left: v128, above: v128, corner: v128): v128 {
    return i8x16.narrow_i16x8_u(
      Residual.paethWords(Lanes.low(left), Lanes.low(above), Lanes.low(corner)),
      Residual.paethWords(Lanes.high(left), Lanes.high(above), Lanes.high(corner)),
    );
  }

  /** The formula and its proof stand in the codecs' `unfilter.ts`. */
  @inline static paethWords(left: v128, above: v128, corner: v128): v128 {
    const triple = i16x8.add(corner, i16x8.add(corner, corner));
    const third = i16x8.sub(triple, i16x8.add(left, above));
    const low = i16x8.min_s(left, above);
    const high = i16x8.max_s(left, above);
    const inner = v128.bitselect(low, corner, i16x8.le_s(high, third));
    return v128.bitselect(high, inner, i16x8.le_s(third, low));
  }
}

function paethOf(left: i32, above: i32, corner: i32): i32 {
  const third = 3 * corner - left - above;
  const low = min(left, above);
  const high = max(left, above);
  return third <= low ? high : third >= high ? low : corner;
}
