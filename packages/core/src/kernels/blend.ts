/**
 * Compositing one plane over another through a coverage plane, in place. `blend*` is for an opaque
 * target, `over*` for straight alpha; `overAlpha` comes last, since colours need the alpha before
 * it.
 * @module
 *
 * The exact division by 255 is proved in `alpha.ts`. A blend is the convex mean `value * c + target
 * * (255 - c)`, so its sum is at most 255 * 255 = 65025, in the range of that proof. `over` divides
 * by its own weights `d = c * 255 + a * (255 - c) <= 65025`, the alpha after it times 255, so a
 * colour over itself stays itself and nothing leaves 0 to 255. The numerator is at most 255 d, and
 * with half of d added it stays below 2^24.
 */

/** In place: target += round((value - target) * coverage / 255). */
export function blendValue(
  target: Uint8Array,
  targetStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let y = 0; y < height; y++) {
    const targetRow = y * targetStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const c = coverage[coverageRow + x];
      const t = value * c + target[targetRow + x] * (255 - c) + 128;
      target[targetRow + x] = (t + (t >> 8)) >> 8;
    }
  }
}

/** In place: target += round((source - target) * coverage / 255). */
export function blendPlane(
  target: Uint8Array,
  targetStride: number,
  source: Uint8Array,
  sourceStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const targetRow = y * targetStride;
    const sourceRow = y * sourceStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const c = coverage[coverageRow + x];
      const t = source[sourceRow + x] * c + target[targetRow + x] * (255 - c) + 128;
      target[targetRow + x] = (t + (t >> 8)) >> 8;
    }
  }
}

/** In place, one colour over straight alpha; see `Kernels.overValue`. */
export function overValue(
  target: Uint8Array,
  targetStride: number,
  alpha: Uint8Array,
  alphaStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
  value: number,
): void {
  for (let y = 0; y < height; y++) {
    const targetRow = y * targetStride;
    const alphaRow = y * alphaStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const c = coverage[coverageRow + x];
      const over = c * 255;
      const under = alpha[alphaRow + x] * (255 - c);
      const weight = over + under;
      // 0 / 0 is NaN, and `| 0` makes it the 0 of the contract.
      const sum = value * over + target[targetRow + x] * under + (weight >> 1);
      target[targetRow + x] = (sum / weight) | 0;
    }
  }
}

/** In place, a picture over straight alpha; see `Kernels.overPlane`. */
export function overPlane(
  target: Uint8Array,
  targetStride: number,
  alpha: Uint8Array,
  alphaStride: number,
  source: Uint8Array,
  sourceStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const targetRow = y * targetStride;
    const alphaRow = y * alphaStride;
    const sourceRow = y * sourceStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const c = coverage[coverageRow + x];
      const over = c * 255;
      const under = alpha[alphaRow + x] * (255 - c);
      const weight = over + under;
      const sum = source[sourceRow + x] * over + target[targetRow + x] * under + (weight >> 1);
      target[targetRow + x] = (sum / weight) | 0;
    }
  }
}

/**
 * In place: alpha = coverage + alpha - round(coverage * alpha / 255), which is 255 where either is.
 */
export function overAlpha(
  alpha: Uint8Array,
  alphaStride: number,
  coverage: Uint8Array,
  coverageStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y++) {
    const alphaRow = y * alphaStride;
    const coverageRow = y * coverageStride;
    for (let x = 0; x < width; x++) {
      const a = alpha[alphaRow + x];
      const c = coverage[coverageRow + x];
      const t = a * c + 128;
      alpha[alphaRow + x] = a + c - ((t + (t >> 8)) >> 8);
    }
  }
}
