/**
 * The order of a block's 64 coefficients in memory, and the weights of the inverse transforms. Rows 0
 * and 2, 1 and 3, 4 and 6, 5 and 7 are interleaved; columns come in the order 0 2 1 3, then 4 6 5 7:
 * what `assembly/transform.ts` multiplies together then lies side by side.
 * @module
 */

import { ZIGZAG } from '../zigzag.ts';

/** Where coefficient `k` of the zigzag order lies in a block, as an index of 16-bit elements. */
export function positionOf(k: number): number {
  const row = ZIGZAG[k] >> 3;
  const column = ZIGZAG[k] & 7;
  const vector = 4 * (column >> 2) + 2 * (row >> 2) + (row & 1);
  const lane = ((column >> 1) & 1) + 2 * (column & 1);
  return 8 * vector + 2 * lane + ((row >> 1) & 1);
}

/** Zigzag index of the last of the lowest `size` x `size` coefficients: all that N x N samples need. */
export function lastNeeded(size: number): number {
  return ZIGZAG.indexOf(9 * (size - 1));
}

/**
 * libjpeg's slow-integer transform as a matrix, 13 fraction bits: rows are the first four outputs,
 * columns the coefficients 0 to 7. The sums of its constants, not rounded cosines (some differ by
 * one), so that samples are equal to libjpeg's.
 */
// oxfmt-ignore
const FULL_SIZE = [
  [8192, 11363, 10703, 9633, 8192, 6437, 4433, 2260],
  [8192, 9633, 4433, -2259, -8192, -11362, -10704, -6436],
  [8192, 6437, -4433, -11362, -8192, 2261, 10704, 9633],
  [8192, 2260, -10703, -6436, 8192, 9633, -4433, -11363],
];

/**
 * Weight of coefficient `k` in output `n` of an N-point transform: cos((2n + 1) k pi / 2N), times
 * the square root of 2 for k > 0, with 13 fraction bits. The basis keeps the scale of the 8-point
 * one, so that the mean of a block stays what it is.
 */
function weightOf(size: number, n: number, k: number): number {
  if (size === 8) return FULL_SIZE[n][k];
  if (k >= size || n >= size) return 0;
  if (k === 0) return 8192;
  return Math.round(8192 * Math.SQRT2 * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * size)));
}

/** Pairs of coefficients in the order of their vectors. */
const PAIRS = [
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
];

/** The 96 bytes that `assembly/transform.ts` reads for one size: four vectors and two roundings. */
export function weightsOf(size: number): Uint8Array {
  const bytes = new Uint8Array(96);
  const view = new DataView(bytes.buffer);
  PAIRS.forEach((pair, vector) => {
    for (let n = 0; n < 4; n++) {
      pair.forEach((k, i) => {
        view.setInt16(16 * vector + 4 * n + 2 * i, weightOf(size, n, k), true);
      });
    }
  });
  for (let lane = 0; lane < 4; lane++) {
    view.setInt32(64 + 4 * lane, 1 << 10, true);
    view.setInt32(80 + 4 * lane, (1 << 17) + (128 << 18), true);
  }
  return bytes;
}
