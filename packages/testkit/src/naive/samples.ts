/**
 * What all slow kernels share: walking a plane, and rounding a real number to a sample.
 * @module
 */

/** Calls `visit` for every sample, row by row. */
export function everySample(
  width: number,
  height: number,
  visit: (x: number, y: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) visit(x, y);
  }
}

/** The nearest level; halves go up. */
export function toLevel(value: number): number {
  return Math.min(255, Math.max(0, Math.floor(value + 0.5)));
}

export function clampIndex(index: number, size: number): number {
  return Math.min(size - 1, Math.max(0, index));
}
