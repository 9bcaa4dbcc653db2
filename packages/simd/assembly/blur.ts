/**
 * Convolutions of one plane along one axis; twins of core's `blur.ts`. Edges repeat.
 * @module
 */

import { HALF, Lanes, SHIFT } from './lanes';
import { Weighted } from './weighted';

/**
 * Along rows; see `ConvolveKernel`. `padded` has room for `width + taps + 32` bytes: each row is copied
 * there with its edges repeated, so that the loop needs no case for them.
 */
export function blurRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  weights: usize,
  taps: i32,
  padded: usize,
): void {
  const radius = taps >> 1;
  const inner = padded + radius;
  for (let y = 0; y < height; y++) {
    const from = source + y * sourceStride;
    const to = target + y * targetStride;
    memory.fill(padded, load<u8>(from), radius);
    memory.copy(inner, from, width);
    memory.fill(inner + width, load<u8>(from + width - 1), radius);
    for (let x = 0; x < width; x += 16) {
      Lanes.store(to + x, width - x, Weighted.sixteen(padded + x, 1, weights, taps));
    }
  }
}

/** Along columns; see `ConvolveKernel`. */
export function blurColumns(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  height: i32,
  weights: usize,
  taps: i32,
): void {
  const radius = taps >> 1;
  // Rows [inner, outer) see no edge.
  const inner = min(radius, height);
  const outer = max(inner, height - radius);
  for (let y = 0; y < inner; y++) {
    const to = target + y * targetStride;
    edgeRow(source, sourceStride, to, width, height, y - radius, weights, taps);
  }
  for (let y = outer; y < height; y++) {
    const to = target + y * targetStride;
    edgeRow(source, sourceStride, to, width, height, y - radius, weights, taps);
  }
  const from = source + (inner - radius) * sourceStride;
  const to = target + inner * targetStride;
  innerRows(from, sourceStride, to, targetStride, width, outer - inner, weights, taps);
}

/** Rows whose windows begin at the rows of `source` and end inside the plane. */
function innerRows(
  source: usize,
  sourceStride: i32,
  target: usize,
  targetStride: i32,
  width: i32,
  rows: i32,
  weights: usize,
  taps: i32,
): void {
  const strip = Weighted.stripWidth(taps);
  for (let left = 0; left < width; left += strip) {
    const right = min(left + strip, width);
    for (let y = 0; y < rows; y++) {
      const from = source + y * sourceStride;
      const to = target + y * targetStride;
      Weighted.span(from, sourceStride, to, left, right, width, weights, taps);
    }
  }
}

/** One row whose window sticks out of the plane: every tap's row is held inside. */
function edgeRow(
  source: usize,
  stride: i32,
  to: usize,
  width: i32,
  height: i32,
  top: i32,
  weights: usize,
  taps: i32,
): void {
  for (let x = 0; x < width; x += 16) {
    const count = width - x;
    let a = i32x4.splat(HALF);
    let b = a;
    let c = a;
    let d = a;
    for (let i = 0; i < taps; i++) {
      const row = max(0, min(height - 1, top + i));
      const bytes = Lanes.load(source + row * stride + x, count);
      const low = Lanes.low(bytes);
      const high = Lanes.high(bytes);
      const weight = i32x4.splat(load<u16>(weights + (i << 1)));
      a = i32x4.add(a, i32x4.dot_i16x8_s(i32x4.extend_low_i16x8_u(low), weight));
      b = i32x4.add(b, i32x4.dot_i16x8_s(i32x4.extend_high_i16x8_u(low), weight));
      c = i32x4.add(c, i32x4.dot_i16x8_s(i32x4.extend_low_i16x8_u(high), weight));
      d = i32x4.add(d, i32x4.dot_i16x8_s(i32x4.extend_high_i16x8_u(high), weight));
    }
    Lanes.store(to + x, count, Lanes.pack(a, b, c, d, SHIFT));
  }
}
