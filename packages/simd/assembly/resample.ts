/**
 * The two passes of a separable resampling; twins of core's `resample.ts`. `starts` and `weights` are
 * the table's, copied into scratch, with 16 readable bytes behind the last weight.
 * @module
 *
 * No byte outside the windows that the table names is read: the last block of eight taps is moved back
 * so that it ends with them, and the weights that it would count twice are masked.
 */

import { HALF, Lanes, SHIFT } from './lanes';
import { Weighted } from './weighted';

/**
 * Vertical pass; see `Kernels.resizeColumns`. Two target rows at a time: their windows share most source
 * rows, which are widened once for both. `count` records lie at `records`, as `src/column-pairs.ts`
 * writes them.
 */
export function resizeColumns(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  count: i32,
  taps: i32,
  records: usize,
): void {
  const strip = Weighted.stripWidth(taps);
  for (let left = 0; left < width; left += strip) {
    const right = min(left + strip, width);
    let record = records;
    for (let i = 0; i < count; i++) {
      const rows = load<i32>(record, 4);
      const shift = rows - taps;
      const from = source + load<i32>(record) * sourceStride;
      const upper = target + load<i32>(record, 8) * targetStride;
      const lower = target + load<i32>(record, 12) * targetStride;
      const weights = record + 16;
      if (width >= 16) {
        for (let column = left; column < right; column += 16) {
          // The last sixteen may overlap the ones before: the same sums are stored twice.
          const x = min(column, width - 16);
          Pair.sixteen(from + x, sourceStride, rows, shift, taps, weights, upper + x, lower + x);
        }
      } else {
        for (let x = 0; x < width; x++) {
          store<u8>(upper + x, Pair.one(from + x, sourceStride, rows, weights));
          store<u8>(lower + x, Pair.one(from + x, sourceStride, rows, weights + 4));
        }
      }
      record = weights + (((rows + 1) >> 1) << 3);
    }
  }
}

abstract class Pair {
  /**
   * Sixteen neighbouring sums of each of two target rows over `rows` source rows. `weights` holds, for every
   * two of them, two weights of the upper target row and two of the lower, which begins `shift` rows below.
   * Rows that only one of them reads have loops of their own: one for all costs a tenth more.
   */
  // Eight sums in registers cannot be handed from one function to the next.
  // oxlint-disable-next-line max-lines-per-function
  @inline static sixteen(
    source: usize,
    step: i32,
    rows: i32,
    shift: i32,
    taps: i32,
    weights: usize,
    upper: usize,
    lower: usize,
  ): void {
    let a = i32x4.splat(HALF);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    let at = source;
    let weight = weights;
    const end = weights + ((rows >> 1) << 3);
    const firstShared = weights + ((shift >> 1) << 3);
    const lastShared = min(end, weights + (((taps + 1) >> 1) << 3));
    while (weight < firstShared) {
      const forUpper = v128.load32_splat(weight);
      const first = v128.load(at);
      const second = v128.load(at + step);
      const low = Lanes.pairLow(first, second);
      let words = Lanes.low(low);
      a = i32x4.add(a, i32x4.dot_i16x8_s(words, forUpper));
      words = Lanes.high(low);
      b = i32x4.add(b, i32x4.dot_i16x8_s(words, forUpper));
      const high = Lanes.pairHigh(first, second);
      words = Lanes.low(high);
      c = i32x4.add(c, i32x4.dot_i16x8_s(words, forUpper));
      words = Lanes.high(high);
      d = i32x4.add(d, i32x4.dot_i16x8_s(words, forUpper));
      at += step << 1;
      weight += 8;
    }
    while (weight < lastShared) {
      const forUpper = v128.load32_splat(weight);
      const forLower = v128.load32_splat(weight, 4);
      const first = v128.load(at);
      const second = v128.load(at + step);
      const low = Lanes.pairLow(first, second);
      let words = Lanes.low(low);
      a = i32x4.add(a, i32x4.dot_i16x8_s(words, forUpper));
      e = i32x4.add(e, i32x4.dot_i16x8_s(words, forLower));
      words = Lanes.high(low);
      b = i32x4.add(b, i32x4.dot_i16x8_s(words, forUpper));
      f = i32x4.add(f, i32x4.dot_i16x8_s(words, forLower));
      const high = Lanes.pairHigh(first, second);
      words = Lanes.low(high);
      c = i32x4.add(c, i32x4.dot_i16x8_s(words, forUpper));
      g = i32x4.add(g, i32x4.dot_i16x8_s(words, forLower));
      words = Lanes.high(high);
      d = i32x4.add(d, i32x4.dot_i16x8_s(words, forUpper));
      h = i32x4.add(h, i32x4.dot_i16x8_s(words, forLower));
      at += step << 1;
      weight += 8;
    }
    while (weight < end) {
      const forLower = v128.load32_splat(weight, 4);
      const first = v128.load(at);
      const second = v128.load(at + step);
      const low = Lanes.pairLow(first, second);
      let words = Lanes.low(low);
      e = i32x4.add(e, i32x4.dot_i16x8_s(words, forLower));
      words = Lanes.high(low);
      f = i32x4.add(f, i32x4.dot_i16x8_s(words, forLower));
      const high = Lanes.pairHigh(first, second);
      words = Lanes.low(high);
      g = i32x4.add(g, i32x4.dot_i16x8_s(words, forLower));
      words = Lanes.high(high);
      h = i32x4.add(h, i32x4.dot_i16x8_s(words, forLower));
      at += step << 1;
      weight += 8;
    }
    if (rows & 1) {
      // The odd last row has no partner: its pair is the sample and 0.
      const forUpper = v128.load32_splat(weight);
      const forLower = v128.load32_splat(weight, 4);
      const last = v128.load(at);
      const low = Lanes.low(last);
      let words = i32x4.extend_low_i16x8_u(low);
      a = i32x4.add(a, i32x4.dot_i16x8_s(words, forUpper));
      e = i32x4.add(e, i32x4.dot_i16x8_s(words, forLower));
      words = i32x4.extend_high_i16x8_u(low);
      b = i32x4.add(b, i32x4.dot_i16x8_s(words, forUpper));
      f = i32x4.add(f, i32x4.dot_i16x8_s(words, forLower));
      const high = Lanes.high(last);
      words = i32x4.extend_low_i16x8_u(high);
      c = i32x4.add(c, i32x4.dot_i16x8_s(words, forUpper));
      g = i32x4.add(g, i32x4.dot_i16x8_s(words, forLower));
      words = i32x4.extend_high_i16x8_u(high);
      d = i32x4.add(d, i32x4.dot_i16x8_s(words, forUpper));
      h = i32x4.add(h, i32x4.dot_i16x8_s(words, forLower));
    }
    v128.store(upper, Lanes.pack(a, b, c, d, SHIFT));
    v128.store(lower, Lanes.pack(e, f, g, h, SHIFT));
  }

  /** One sum of the row whose weights come first at `weights`; for planes too narrow for sixteen. */
  @inline static one(source: usize, step: i32, rows: i32, weights: usize): i32 {
    let sum = HALF;
    let at = source;
    for (let i = 0; i < rows; i++) {
      const weight = load<i16>(weights + ((i >> 1) << 3) + ((i & 1) << 1));
      sum += <i32>load<u8>(at) * <i32>weight;
      at += step;
    }
    return max(0, min(255, sum >> SHIFT));
  }
}

abstract class Blocks {
  /**
   * Sums of one output in four rows, before the shift. `blocks` whole blocks, then one that begins at
   * sample `last` and counts only where `mask` is set.
   */
  @inline static sums(
    row0: usize,
    row1: usize,
    row2: usize,
    row3: usize,
    start: i32,
    weights: usize,
    blocks: i32,
    last: i32,
    mask: v128,
  ): v128 {
    // Lanes are added up at the end, so the half that rounds stands in one of them.
    let a = i32x4(HALF, 0, 0, 0);
    let b = a;
    let c = a;
    let d = a;
    let at = start;
    let weight = weights;
    for (let i = 0; i < blocks; i++) {
      const eight = v128.load(weight);
      a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_u(row0 + at), eight));
      b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_u(row1 + at), eight));
      c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_u(row2 + at), eight));
      d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_u(row3 + at), eight));
      at += 8;
      weight += 16;
    }
    const eight = v128.and(v128.load(weights + (last << 1)), mask);
    at = start + last;
    a = i32x4.add(a, i32x4.dot_i16x8_s(v128.load8x8_u(row0 + at), eight));
    b = i32x4.add(b, i32x4.dot_i16x8_s(v128.load8x8_u(row1 + at), eight));
    c = i32x4.add(c, i32x4.dot_i16x8_s(v128.load8x8_u(row2 + at), eight));
    d = i32x4.add(d, i32x4.dot_i16x8_s(v128.load8x8_u(row3 + at), eight));
    const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
    const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
    return i32x4.add(v128.shuffle<i32>(ab, cd, 0, 1, 4, 5), v128.shuffle<i32>(ab, cd, 2, 3, 6, 7));
  }

  /** Sums of four outputs of one row, before the shift: windows of four samples. */
  @inline static quad(row: usize, windows: v128, low: v128, high: v128): v128 {
    let bytes = v128.load32_zero(row + i32x4.extract_lane(windows, 0));
    bytes = v128.load32_lane(row + i32x4.extract_lane(windows, 1), bytes, 1);
    bytes = v128.load32_lane(row + i32x4.extract_lane(windows, 2), bytes, 2);
    bytes = v128.load32_lane(row + i32x4.extract_lane(windows, 3), bytes, 3);
    const a = i32x4.dot_i16x8_s(Lanes.low(bytes), low);
    const b = i32x4.dot_i16x8_s(Lanes.high(bytes), high);
    const even = v128.shuffle<i32>(a, b, 0, 2, 4, 6);
    const odd = v128.shuffle<i32>(a, b, 1, 3, 5, 7);
    return i32x4.add(i32x4.add(even, odd), i32x4.splat(HALF));
  }
}

/**
 * Horizontal pass; see `Kernels.resizeRows`. Four rows share each weight and four outputs each store.
 * Fewer than four outputs, and 1 to 3 or 5 to 7 taps, are summed one by one: TypeScript widens the windows
 * of small filters to 4 or 8 taps where the source has as many samples.
 */
export function resizeRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  rows: i32,
  targetSize: i32,
  taps: i32,
  starts: usize,
  weights: usize,
): void {
  const vectors = targetSize >= 4 && (taps === 4 || taps >= 8);
  for (let y = 0; y < rows; y += vectors ? 4 : 1) {
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    const last = rows - 1 - y;
    if (!vectors) {
      for (let x = 0; x < targetSize; x++) {
        const start = load<i32>(starts + (x << 2));
        store<u8>(to + x, Weighted.one(from + start, 1, weights + ((x * taps) << 1), taps));
      }
    } else if (taps === 4) {
      fourTaps(from, sourceStride, to, targetStride, last, targetSize, starts, weights);
    } else {
      manyTaps(from, sourceStride, to, targetStride, last, targetSize, taps, starts, weights);
    }
  }
}

/** Four rows, of which `last` is the last there is: beyond it, it is summed again and stored where it was. */
function manyTaps(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  last: i32,
  targetSize: i32,
  taps: i32,
  starts: usize,
  weights: usize,
): void {
  const row1 = source + min(1, last) * sourceStride;
  const row2 = source + min(2, last) * sourceStride;
  const row3 = source + min(3, last) * sourceStride;
  const blocks = (taps - 1) >> 3;
  const tail = taps - 8;
  const doubled = i16x8.splat(<i16>((blocks << 3) - tail));
  const mask = i16x8.ge_s(i16x8(0, 1, 2, 3, 4, 5, 6, 7), doubled);
  const rowBytes = taps << 1;
  for (let left = 0; left < targetSize; left += 4) {
    const x = min(left, targetSize - 4);
    const from = starts + (x << 2);
    let weight = weights + x * rowBytes;
    const a = Blocks.sums(source, row1, row2, row3, load<i32>(from), weight, blocks, tail, mask);
    weight += rowBytes;
    const b = Blocks.sums(source, row1, row2, row3, load<i32>(from, 4), weight, blocks, tail, mask);
    weight += rowBytes;
    const c = Blocks.sums(source, row1, row2, row3, load<i32>(from, 8), weight, blocks, tail, mask);
    weight += rowBytes;
    const d = Blocks.sums(
      source,
      row1,
      row2,
      row3,
      load<i32>(from, 12),
      weight,
      blocks,
      tail,
      mask,
    );
    // Bytes come as four rows of the first output, then of the second: turn them about.
    const bytes = Lanes.pack(a, b, c, d, SHIFT);
    // prettier-ignore
    const turned = v128.shuffle<u8>(
      bytes, bytes, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15,
    );
    storeRows(target + x, targetStride, last, turned);
  }
}

/** As `manyTaps` for windows of four: two outputs fill one `dot`, which halves the work of enlarging. */
function fourTaps(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  last: i32,
  targetSize: i32,
  starts: usize,
  weights: usize,
): void {
  const row1 = source + min(1, last) * sourceStride;
  const row2 = source + min(2, last) * sourceStride;
  const row3 = source + min(3, last) * sourceStride;
  for (let left = 0; left < targetSize; left += 4) {
    const x = min(left, targetSize - 4);
    const windows = v128.load(starts + (x << 2));
    const low = v128.load(weights + (x << 3));
    const high = v128.load(weights + (x << 3), 16);
    const bytes = Lanes.pack(
      Blocks.quad(source, windows, low, high),
      Blocks.quad(row1, windows, low, high),
      Blocks.quad(row2, windows, low, high),
      Blocks.quad(row3, windows, low, high),
      SHIFT,
    );
    storeRows(target + x, targetStride, last, bytes);
  }
}

/** Four bytes to each of four rows. */
function storeRows(target: usize, stride: i32, last: i32, bytes: v128): void {
  v128.store32_lane(target, bytes, 0);
  v128.store32_lane(target + min(1, last) * stride, bytes, 1);
  v128.store32_lane(target + min(2, last) * stride, bytes, 2);
  v128.store32_lane(target + min(3, last) * stride, bytes, 3);
}

/**
 * Horizontal pass of pixels of four bytes; see `Kernels.resizePixelRows`. `taps` is a multiple of eight, and
 * of each eight weights the first follows the fifth's place and so on: 0 4 1 5 2 6 3 7, as `dot` meets the
 * pixels. Two rows share each weight.
 */
export function resizePixelRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  rows: i32,
  targetSize: i32,
  taps: i32,
  starts: usize,
  weights: usize,
): void {
  for (let y = 0; y < rows; y += 2) {
    // An odd last row is its own partner: it is summed and stored twice.
    const down = min(1, rows - 1 - y);
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    const lower = down * sourceStride;
    const lowerTo = down * targetStride;
    let weight = weights;
    for (let x = 0; x < targetSize; x++) {
      let at = from + (load<i32>(starts + (x << 2)) << 2);
      let a = i32x4.splat(HALF);
      let b = a;
      const end = weight + (taps << 1);
      while (weight < end) {
        const pair0 = v128.load32_splat(weight);
        const pair1 = v128.load32_splat(weight, 4);
        const pair2 = v128.load32_splat(weight, 8);
        const pair3 = v128.load32_splat(weight, 12);
        let first = v128.load(at);
        let second = v128.load(at, 16);
        let low = Lanes.pairLow(first, second);
        let high = Lanes.pairHigh(first, second);
        a = i32x4.add(a, i32x4.dot_i16x8_s(Lanes.low(low), pair0));
        a = i32x4.add(a, i32x4.dot_i16x8_s(Lanes.high(low), pair1));
        a = i32x4.add(a, i32x4.dot_i16x8_s(Lanes.low(high), pair2));
        a = i32x4.add(a, i32x4.dot_i16x8_s(Lanes.high(high), pair3));
        first = v128.load(at + lower);
        second = v128.load(at + lower, 16);
        low = Lanes.pairLow(first, second);
        high = Lanes.pairHigh(first, second);
        b = i32x4.add(b, i32x4.dot_i16x8_s(Lanes.low(low), pair0));
        b = i32x4.add(b, i32x4.dot_i16x8_s(Lanes.high(low), pair1));
        b = i32x4.add(b, i32x4.dot_i16x8_s(Lanes.low(high), pair2));
        b = i32x4.add(b, i32x4.dot_i16x8_s(Lanes.high(high), pair3));
        at += 32;
        weight += 16;
      }
      const words = i16x8.narrow_i32x4_s(i32x4.shr_s(a, SHIFT), i32x4.shr_s(b, SHIFT));
      const bytes = i8x16.narrow_i16x8_u(words, words);
      v128.store32_lane(to + (x << 2), bytes, 0);
      v128.store32_lane(to + lowerTo + (x << 2), bytes, 1);
    }
  }
}
