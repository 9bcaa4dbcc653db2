/**
 * Halving a plane by means, for chroma subsampling. Where both axes are halved, `halveBoth` must be
 * used: two halvings one after the other round twice.
 * @module
 *
 * Ties are rounded as libjpeg does (jcsample.c), alternating along a row so that no level drifts.
 * A flat plane stays flat: (2 v + 1) >> 1 = v and (4 v + 2) >> 2 = v. Means never leave 0 to 255.
 */

/** Means of 2 x 1 samples; see `Kernels.halveColumns`. */
export function halveColumns(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  const pairs = width >> 1;
  for (let y = 0; y < height; y++) {
    const from = y * sourceStride;
    const to = y * targetStride;
    for (let x = 0; x < pairs; x++) {
      const at = from + 2 * x;
      target[to + x] = (source[at] + source[at + 1] + (x & 1)) >> 1;
    }
    // The odd last column is its own neighbour, and the mean of a sample with itself is that
    // sample.
    if (width & 1) target[to + pairs] = source[from + width - 1];
  }
}

/** Means of 1 x 2 samples; see `Kernels.halveRows`. */
export function halveRows(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  for (let y = 0; y < height; y += 2) {
    const upper = y * sourceStride;
    // The odd last row is its own neighbour.
    const lower = y + 1 < height ? upper + sourceStride : upper;
    const to = (y >> 1) * targetStride;
    for (let x = 0; x < width; x++) {
      target[to + x] = (source[upper + x] + source[lower + x] + 1) >> 1;
    }
  }
}

/** Means of 2 x 2 samples, rounded once; see `Kernels.halveBoth`. */
export function halveBoth(
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
): void {
  const pairs = width >> 1;
  for (let y = 0; y < height; y += 2) {
    const upper = y * sourceStride;
    const lower = y + 1 < height ? upper + sourceStride : upper;
    const to = (y >> 1) * targetStride;
    for (let x = 0; x < pairs; x++) {
      const a = upper + 2 * x;
      const b = lower + 2 * x;
      const sum = source[a] + source[a + 1] + source[b] + source[b + 1];
      target[to + x] = (sum + 1 + (x & 1)) >> 2;
    }
    if (width & 1) {
      const sum = 2 * (source[upper + width - 1] + source[lower + width - 1]);
      target[to + pairs] = (sum + 1 + (pairs & 1)) >> 2;
    }
  }
}
