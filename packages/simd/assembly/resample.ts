/**
 * The two passes of a separable resampling; twins of core's `resample.ts`. `starts` and `weights` are
 * the table's, copied into scratch, with 16 readable bytes behind the last weight.
 * @module
 *
 * No byte outside the windows that the table names is read: a block that would stick out is moved back
 * and its doubled weights masked, and where eight samples are more than the row has, a scalar loop sums.
 */

import { HALF, Lanes, SHIFT } from './lanes';
import { Weighted } from './weighted';

/** Vertical pass; see `Kernels.resizeColumns`. */
export function resizeColumns(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  targetSize: i32,
  taps: i32,
  starts: usize,
  weights: usize,
): void {
  const strip = Weighted.stripWidth(taps);
  for (let left = 0; left < width; left += strip) {
    const right = min(left + strip, width);
    for (let y = 0; y < targetSize; y++) {
      const from = source + load<i32>(starts + (y << 2)) * sourceStride;
      const to = target + y * targetStride;
      const weight = weights + ((y * taps) << 1);
      Weighted.span(from, sourceStride, to, left, right, width, weight, taps);
    }
  }
}

/** How the taps of one output divide into blocks of eight, the same for every output. */
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
}

/** Horizontal pass; see `Kernels.resizeRows`. Four rows share each weight, four outputs each store. */
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
  const vectorSize = vectorOutputs(targetSize, taps, starts);
  for (let y = 0; y < rows; y += 4) {
    // Beyond the last row the last one is summed again, and stored where it was.
    const y1 = min(y + 1, rows - 1);
    const y2 = min(y + 2, rows - 1);
    const y3 = min(y + 3, rows - 1);
    const bytes0 = source + y * sourceStride;
    const bytes1 = source + y1 * sourceStride;
    const bytes2 = source + y2 * sourceStride;
    const bytes3 = source + y3 * sourceStride;
    const out0 = target + y * targetStride;
    const out1 = target + y1 * targetStride;
    const out2 = target + y2 * targetStride;
    const out3 = target + y3 * targetStride;
    if (vectorSize >= 4) {
      vectorRows(
        bytes0,
        bytes1,
        bytes2,
        bytes3,
        out0,
        out1,
        out2,
        out3,
        vectorSize,
        taps,
        starts,
        weights,
      );
    }
    for (let x = vectorSize; x < targetSize; x++) {
      const start = load<i32>(starts + (x << 2));
      const first = weights + ((x * taps) << 1);
      store<u8>(out0 + x, Weighted.one(bytes0 + start, 1, first, taps));
      store<u8>(out1 + x, Weighted.one(bytes1 + start, 1, first, taps));
      store<u8>(out2 + x, Weighted.one(bytes2 + start, 1, first, taps));
      store<u8>(out3 + x, Weighted.one(bytes3 + start, 1, first, taps));
    }
  }
}

/**
 * How many outputs, from the first on, may read eight samples: with fewer taps than eight only those
 * that stay left of the greatest window's end. Fewer than four are none.
 */
function vectorOutputs(targetSize: i32, taps: i32, starts: usize): i32 {
  let count = targetSize;
  if (taps < 8) {
    let end = 0;
    for (let x = 0; x < targetSize; x++) end = max(end, load<i32>(starts + (x << 2)) + taps);
    count = 0;
    while (count < targetSize && load<i32>(starts + (count << 2)) + 8 <= end) count++;
  }
  return count < 4 ? 0 : count;
}

function vectorRows(
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  out0: usize,
  out1: usize,
  out2: usize,
  out3: usize,
  outputs: i32,
  taps: i32,
  starts: usize,
  weights: usize,
): void {
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  const blocks = taps < 8 ? 0 : (taps - 1) >> 3;
  const last = taps < 8 ? 0 : taps - 8;
  const mask =
    taps < 8
      ? i16x8.lt_s(lanes, i16x8.splat(<i16>taps))
      : i16x8.ge_s(lanes, i16x8.splat(<i16>((blocks << 3) - last)));
  const rowBytes = taps << 1;
  for (let left = 0; left < outputs; left += 4) {
    const x = min(left, outputs - 4);
    const from = starts + (x << 2);
    let weight = weights + x * rowBytes;
    const a = Blocks.sums(row0, row1, row2, row3, load<i32>(from), weight, blocks, last, mask);
    weight += rowBytes;
    const b = Blocks.sums(row0, row1, row2, row3, load<i32>(from, 4), weight, blocks, last, mask);
    weight += rowBytes;
    const c = Blocks.sums(row0, row1, row2, row3, load<i32>(from, 8), weight, blocks, last, mask);
    weight += rowBytes;
    const d = Blocks.sums(row0, row1, row2, row3, load<i32>(from, 12), weight, blocks, last, mask);
    // Bytes come as four rows of the first output, then of the second: turn them about.
    const bytes = Lanes.pack(a, b, c, d, SHIFT);
    const turned = v128.shuffle<u8>(
      bytes,
      bytes,
      0,
      4,
      8,
      12,
      1,
      5,
      9,
      13,
      2,
      6,
      10,
      14,
      3,
      7,
      11,
      15,
    );
    v128.store32_lane(out0 + x, turned, 0);
    v128.store32_lane(out1 + x, turned, 1);
    v128.store32_lane(out2 + x, turned, 2);
    v128.store32_lane(out3 + x, turned, 3);
  }
}
