/**
 * Lanczos3 in float64 as its textbook definition, without rounding or clamping anywhere: the
 * quality reference of resizing. Written independently of the engine's tables, so that it can
 * convict them.
 * @module
 */

/** `width` x `height` samples without padding, resampled to `targetWidth` x `targetHeight`. */
export function lanczosReference(
  plane: Float64Array | Uint8Array,
  width: number,
  height: number,
  targetWidth: number,
  targetHeight: number,
): Float64Array {
  const narrow = new Float64Array(targetWidth * height);
  const windows = Array.from({ length: targetWidth }, (_, x) => windowOf(x, width, targetWidth));
  // Row by row, or large pictures would come from memory for every column.
  for (let y = 0; y < height; y++) {
    windows.forEach(({ first, weights }, x) => {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += plane[y * width + first + i] * weights[i];
      narrow[y * targetWidth + x] = sum;
    });
  }
  const target = new Float64Array(targetWidth * targetHeight);
  for (let y = 0; y < targetHeight; y++) {
    const { first, weights } = windowOf(y, height, targetHeight);
    for (let x = 0; x < targetWidth; x++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) {
        sum += narrow[(first + i) * targetWidth + x] * weights[i];
      }
      target[y * targetWidth + x] = sum;
    }
  }
  return target;
}

/** The source samples within reach of one target sample, with weights that sum to 1. */
function windowOf(
  target: number,
  sourceSize: number,
  targetSize: number,
): { first: number; weights: number[] } {
  const scale = sourceSize / targetSize;
  const stretch = Math.max(1, scale);
  const centre = (target + 0.5) * scale;
  const first = Math.max(0, Math.ceil(centre - 3 * stretch - 0.5));
  const last = Math.min(sourceSize - 1, Math.floor(centre + 3 * stretch - 0.5));
  const weights: number[] = [];
  for (let i = first; i <= last; i++) weights.push(lanczos((i + 0.5 - centre) / stretch));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return { first, weights: weights.map((weight) => weight / sum) };
}

function lanczos(t: number): number {
  return Math.abs(t) < 3 ? sinc(t) * sinc(t / 3) : 0;
}

function sinc(t: number): number {
  return t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
}
