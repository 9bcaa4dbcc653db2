/**
 * Convolutions of one plane along one axis. The weights need not be symmetric nor positive; beyond
 * the edges the outermost sample repeats. Source and target must not overlap.
 * @module
 *
 * Bound: `2 r + 1` weights with `sum |weight| <= 2^16` (2^14 when none is negative) keep sums below
 * `255 * 2^16 + 2^13 < 2^25`.
 */

const HALF = 1 << 13;
const SHIFT = 14;

/** Along rows; see `ConvolveKernel`. */
export function blurRows(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  weights: Int16Array,
): void {
  const taps = weights.length;
  const radius = taps >> 1;
  // Samples [inner, outer) see no edge, and their number is a multiple of four.
  const inner = Math.min(radius, width);
  const outer = inner + (Math.max(0, width - radius - inner) & ~3);
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = y * targetStride;
    blurSpan(source, from, width, target, to, 0, inner, weights);
    // Four neighbours share each weight and slide over the same samples.
    for (let x = inner; x < outer; x += 4) {
      const first = from + x - radius;
      let a = HALF;
      let b = HALF;
      let c = HALF;
      let d = HALF;
      let s0 = source[first];
      let s1 = source[first + 1];
      let s2 = source[first + 2];
      for (let i = 0; i < taps; i++) {
        const weight = weights[i];
        const s3 = source[first + i + 3];
        a = (a + s0 * weight) | 0;
        b = (b + s1 * weight) | 0;
        c = (c + s2 * weight) | 0;
        d = (d + s3 * weight) | 0;
        s0 = s1;
        s1 = s2;
        s2 = s3;
      }
      a >>= SHIFT;
      b >>= SHIFT;
      c >>= SHIFT;
      d >>= SHIFT;
      target[to + x] = a & ~255 ? (a < 0 ? 0 : 255) : a;
      target[to + x + 1] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      target[to + x + 2] = c & ~255 ? (c < 0 ? 0 : 255) : c;
      target[to + x + 3] = d & ~255 ? (d < 0 ? 0 : 255) : d;
    }
    blurSpan(source, from, width, target, to, outer, width, weights);
  }
}

/** Samples [begin, end) of one row, with every read held inside the row. */
function blurSpan(
  source: Uint8Array,
  from: number,
  width: number,
  target: Uint8Array,
  to: number,
  begin: number,
  end: number,
  weights: Int16Array,
): void {
  const taps = weights.length;
  const radius = taps >> 1;
  const last = width - 1;
  for (let x = begin; x < end; x++) {
    let sum = HALF;
    for (let i = 0; i < taps; i++) {
      const at = x + i - radius;
      sum = (sum + source[from + (at < 0 ? 0 : at > last ? last : at)] * weights[i]) | 0;
    }
    sum >>= SHIFT;
    target[to + x] = sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
  }
}

/** Along columns; see `ConvolveKernel`. */
export function blurColumns(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  weights: Int16Array,
): void {
  const taps = weights.length;
  const radius = taps >> 1;
  const last = height - 1;
  const even = width & ~3;
  for (let y = 0; y < height; y++) {
    const to = y * targetStride;
    // Four columns share each weight and each clamped row.
    for (let x = 0; x < even; x += 4) {
      let a = HALF;
      let b = HALF;
      let c = HALF;
      let d = HALF;
      for (let i = 0; i < taps; i++) {
        const row = y + i - radius;
        const at = (row < 0 ? 0 : row > last ? last : row) * sourceStride + x;
        const weight = weights[i];
        a = (a + source[at] * weight) | 0;
        b = (b + source[at + 1] * weight) | 0;
        c = (c + source[at + 2] * weight) | 0;
        d = (d + source[at + 3] * weight) | 0;
      }
      a >>= SHIFT;
      b >>= SHIFT;
      c >>= SHIFT;
      d >>= SHIFT;
      target[to + x] = a & ~255 ? (a < 0 ? 0 : 255) : a;
      target[to + x + 1] = b & ~255 ? (b < 0 ? 0 : 255) : b;
      target[to + x + 2] = c & ~255 ? (c < 0 ? 0 : 255) : c;
      target[to + x + 3] = d & ~255 ? (d < 0 ? 0 : 255) : d;
    }
    for (let x = even; x < width; x++) {
      let sum = HALF;
      for (let i = 0; i < taps; i++) {
        const row = y + i - radius;
        const at = (row < 0 ? 0 : row > last ? last : row) * sourceStride + x;
        sum = (sum + source[at] * weights[i]) | 0;
      }
      sum >>= SHIFT;
      target[to + x] = sum & ~255 ? (sum < 0 ? 0 : 255) : sum;
    }
  }
}
