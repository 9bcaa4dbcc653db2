/**
 * The two passes of a separable resampling. Between them stands an 8-bit plane, so each pass
 * rounds.
 * @module
 *
 * Bound: a table's rows have `sum |weight| <= 2^16` (asserted where tables are built), so
 * `|sum| <= 255 * 2^16 + 2^13 < 2^24 + 2^13`: int32 never wraps. Negative lobes make sums below 0
 * and above 255, hence the clamp. `x & ~255` is 0 for exactly the values that need none.
 */

import type { FilterTable } from './kernels.ts';

const HALF = 1 << 13;
const SHIFT = 14;

/** Horizontal pass; see `Kernels.resizeRows`. */
export function resizeRows(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  rows: number,
  table: FilterTable,
): void {
  const { targetSize, taps, starts, weights } = table;
  // Four rows share each weight: a third of the loads go away, and four sums run side by side.
  const even = rows & ~3;
  for (let y = 0; y < even; y += 4) {
    const line0 = y * sourceStride;
    const line1 = line0 + sourceStride;
    const line2 = line1 + sourceStride;
    const line3 = line2 + sourceStride;
    let out = y * targetStride;
    let w = 0;
    for (let x = 0; x < targetSize; x++) {
      const start = starts[x];
      const end = start + taps;
      let a = HALF;
      let b = HALF;
      let c = HALF;
      let d = HALF;
      for (let i = start; i < end; i++) {
        const weight = weights[w++];
        a = (a + source[line0 + i] * weight) | 0;
        b = (b + source[line1 + i] * weight) | 0;
        c = (c + source[line2 + i] * weight) | 0;
        d = (d + source[line3 + i] * weight) | 0;
      }
      a >>= SHIFT;
      b >>= SHIFT;
      c >>= SHIFT;
      d >>= SHIFT;
      target[out] = a & ~255 ? (a < 0 ? 0 : 255) : a;
      target[out + targetStride] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      target[out + 2 * targetStride] = c & ~255 ? (c < 0 ? 0 : 255) : c;
      target[out + 3 * targetStride] = d & ~255 ? (d < 0 ? 0 : 255) : d;
      out++;
    }
  }
  for (let y = even; y < rows; y++) {
    resizeRow(source, y * sourceStride, target, y * targetStride, table);
  }
}

function resizeRow(
  source: Uint8Array,
  sourceOffset: number,
  target: Uint8Array,
  targetOffset: number,
  table: FilterTable,
): void {
  const { targetSize, taps, starts, weights } = table;
  let w = 0;
  for (let x = 0; x < targetSize; x++) {
    const first = sourceOffset + starts[x];
    let sum = HALF;
    for (let i = 0; i < taps; i++) sum = (sum + source[first + i] * weights[w++]) | 0;
    sum >>= SHIFT;
    target[targetOffset + x] = sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
  }
}

/** Horizontal pass of pixels; see `Kernels.resizePixelRows`. */
export function resizePixelRows(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  rows: number,
  table: FilterTable,
): void {
  const { targetSize, taps, starts, weights } = table;
  for (let y = 0; y < rows; y++) {
    const line = y * sourceStride;
    let out = y * targetStride;
    let w = 0;
    for (let x = 0; x < targetSize; x++) {
      let at = line + 4 * starts[x];
      let a = HALF;
      let b = HALF;
      let c = HALF;
      let d = HALF;
      for (const end = at + 4 * taps; at < end; at += 4) {
        const weight = weights[w++];
        a = (a + source[at] * weight) | 0;
        b = (b + source[at + 1] * weight) | 0;
        c = (c + source[at + 2] * weight) | 0;
        d = (d + source[at + 3] * weight) | 0;
      }
      a >>= SHIFT;
      b >>= SHIFT;
      c >>= SHIFT;
      d >>= SHIFT;
      target[out] = a & ~255 ? (a < 0 ? 0 : 255) : a;
      target[out + 1] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      target[out + 2] = c & ~255 ? (c < 0 ? 0 : 255) : c;
      target[out + 3] = d & ~255 ? (d < 0 ? 0 : 255) : d;
      out += 4;
    }
  }
}

/** Vertical pass; see `Kernels.resizeColumns`. */
export function resizeColumns(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  table: FilterTable,
): void {
  const { targetSize, taps, starts, weights } = table;
  const even = width & ~3;
  for (let y = 0; y < targetSize; y++) {
    const top = starts[y] * sourceStride;
    const firstWeight = y * taps;
    const endWeight = firstWeight + taps;
    const out = y * targetStride;
    // Four columns share each weight and read four neighbours; sums stay in registers, no line
    // buffer.
    for (let x = 0; x < even; x += 4) {
      let at = top + x;
      let a = HALF;
      let b = HALF;
      let c = HALF;
      let d = HALF;
      for (let w = firstWeight; w < endWeight; w++) {
        const weight = weights[w];
        a = (a + source[at] * weight) | 0;
        b = (b + source[at + 1] * weight) | 0;
        c = (c + source[at + 2] * weight) | 0;
        d = (d + source[at + 3] * weight) | 0;
        at += sourceStride;
      }
      a >>= SHIFT;
      b >>= SHIFT;
      c >>= SHIFT;
      d >>= SHIFT;
      target[out + x] = a & ~255 ? (a < 0 ? 0 : 255) : a;
      target[out + x + 1] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      target[out + x + 2] = c & ~255 ? (c < 0 ? 0 : 255) : c;
      target[out + x + 3] = d & ~255 ? (d < 0 ? 0 : 255) : d;
    }
    for (let x = even; x < width; x++) {
      let at = top + x;
      let sum = HALF;
      for (let w = firstWeight; w < endWeight; w++) {
        sum = (sum + source[at] * weights[w]) | 0;
        at += sourceStride;
      }
      sum >>= SHIFT;
      target[out + x] = sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
    }
  }
}
