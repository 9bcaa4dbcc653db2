/**
 * How far two pictures are apart, in decibels. Inputs must hold samples only: no stride padding.
 * @module
 */

/** Peak signal to noise ratio for 8-bit levels; `Infinity` for equal pictures. */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length || a.length === 0) {
    throw new Error(`psnr: expected two pictures of one size, got ${a.length} and ${b.length}`);
  }
  let squares = 0;
  for (let i = 0; i < a.length; i++) squares += (a[i] - b[i]) ** 2;
  return squares === 0 ? Infinity : 10 * Math.log10((255 * 255 * a.length) / squares);
}
