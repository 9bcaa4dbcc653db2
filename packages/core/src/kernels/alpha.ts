/**
 * Products and quotients of a plane with an alpha plane. Alpha is straight at rest, so
 * premultiplied planes live only inside the step that mixes them.
 * @module
 *
 * Division by 255, here and in `blend.ts` and `color.ts`: for 0 <= n <= 65025 and t = n + 128, `(t
 * + (t >> 8)) >> 8` is round(n / 255). Proof: 255 is odd, so there are no ties and round(n / 255) =
 * floor((n + 127) / 255) = q, with t - 1 = n + 127 = 255 q + r, 0 <= r <= 254, q <= 255. Then t =
 * 256 q + (r + 1 - q). If r + 1 >= q, t >> 8 is q and t + q = 256 q + (r + 1), r + 1 <= 255.
 * Otherwise -256 < r + 1 - q < 0, t >> 8 is q - 1 and t + q - 1 = 256 q + r. Both shift to q.
 */

/** target = round(source * alpha / 255); may run in place. */
export function premultiply(
  source: Uint8Array,
  sourceStride: number,
  alpha: Uint8Array,
  alphaStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const sourceRow = y * sourceStride;
    const alphaRow = y * alphaStride;
    const targetRow = y * targetStride;
    for (let x = 0; x < width; x++) {
      const t = source[sourceRow + x] * alpha[alphaRow + x] + 128;
      target[targetRow + x] = (t + (t >> 8)) >> 8;
    }
  }
}

/** As `premultiply` for pixels of four bytes, alpha last: that stays. May run in place. */
export function premultiplyPixels(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    let from = y * sourceStride;
    let to = y * targetStride;
    for (let x = 0; x < width; x++) {
      const alpha = source[from + 3];
      for (let i = 0; i < 3; i++) {
        const t = source[from + i] * alpha + 128;
        target[to + i] = (t + (t >> 8)) >> 8;
      }
      target[to + 3] = alpha;
      from += 4;
      to += 4;
    }
  }
}

/** target = min(255, round(source * 255 / alpha)), 0 where alpha is 0; may run in place. */
export function unpremultiply(
  source: Uint8Array,
  sourceStride: number,
  alpha: Uint8Array,
  alphaStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const sourceRow = y * sourceStride;
    const alphaRow = y * alphaStride;
    const targetRow = y * targetStride;
    for (let x = 0; x < width; x++) {
      const a = alpha[alphaRow + x];
      // Adding half of `a`, rounded down, before a floored division rounds: an odd `a` has no ties,
      // an even one rounds them up. Division by 0 gives NaN or Infinity, and `| 0` makes both 0.
      const value = ((source[sourceRow + x] * 255 + (a >> 1)) / a) | 0;
      target[targetRow + x] = value > 255 ? 255 : value;
    }
  }
}

/** In place: target = round(target * coverage / 255). */
export function multiply(
  target: Uint8Array,
  targetStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const targetRow = y * targetStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const t = target[targetRow + x] * coverage[coverageRow + x] + 128;
      target[targetRow + x] = (t + (t >> 8)) >> 8;
    }
  }
}
