/**
 * How often the colours of a picture occur, in cells of 8 levels a side, with what their sums tell of
 * mean and spread. A pixel is alpha << 24 | blue << 16 | green << 8 | red, and 0 is none at all.
 * @module
 */

/** Cells along a side of the colour cube; each is 2^3 levels wide. */
export const CELLS = 32;
const CELL_COUNT = CELLS ** 3;

export interface ColorHistogram {
  /** Pixels of each cell, at `cellOf(red, green, blue)`. */
  readonly counts: Float64Array;
  /** Sums of the pixels' red, green, blue. As doubles: 250 million pixels pass 32 bits. */
  readonly reds: Float64Array;
  readonly greens: Float64Array;
  readonly blues: Float64Array;
  /** Sums of the squares of all three. */
  readonly squares: Float64Array;
}

/** Index of the cell in which a colour lies. */
export function cellOf(red: number, green: number, blue: number): number {
  return ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
}

export function countColors(pixels: Uint32Array): ColorHistogram {
  const counts = new Float64Array(CELL_COUNT);
  const reds = new Float64Array(CELL_COUNT);
  const greens = new Float64Array(CELL_COUNT);
  const blues = new Float64Array(CELL_COUNT);
  const squares = new Float64Array(CELL_COUNT);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel === 0) continue;
    const red = pixel & 0xff;
    const green = (pixel >> 8) & 0xff;
    const blue = (pixel >> 16) & 0xff;
    const cell = cellOf(red, green, blue);
    counts[cell]++;
    reds[cell] += red;
    greens[cell] += green;
    blues[cell] += blue;
    squares[cell] += red * red + green * green + blue * blue;
  }
  return { counts, reds, greens, blues, squares };
}
