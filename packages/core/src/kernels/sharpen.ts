/**
 * The last step of an unsharp mask: adds what a blur took away. The blur itself is `blur.ts`.
 * @module
 *
 * Trusted: `0 <= amount < 2^22`, so `255 * amount + 128 < 2^30` (the action allows 50 to 399
 * percent).
 */

/**
 * See `Kernels.sharpen`. `target` may be `source` or `blurred`: each sample is read before it is
 * written.
 */
export function sharpen(
  source: Uint8Array,
  sourceStride: number,
  blurred: Uint8Array,
  blurredStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  amount: number,
): void {
  for (let y = 0; y < height; y++) {
    const sourceRow = y * sourceStride;
    const blurredRow = y * blurredStride;
    const targetRow = y * targetStride;
    for (let x = 0; x < width; x++) {
      const sample = source[sourceRow + x];
      // `>> 8` floors, so adding 128 rounds halves up for both signs.
      const value = sample + (((sample - blurred[blurredRow + x]) * amount + 128) >> 8);
      target[targetRow + x] = value & ~255 ? (value < 0 ? 0 : 255) : value;
    }
  }
}
