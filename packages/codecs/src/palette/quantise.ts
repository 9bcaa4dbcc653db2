/**
 * A picture with at most 256 colours: exactly, when it has no more, and else with a palette of its
 * own making. Of a photograph nearest colours keep 30 to 40 dB against its RGB.
 * @module
 */

import { countColors } from './color-histogram.ts';
import { ColorTable } from './color-table.ts';
import { type Dithering, DITHERINGS } from './dither.ts';
import { createNearestColors } from './nearest.ts';
import { refineColors } from './refine.ts';
import { chooseColors } from './wu.ts';

export interface IndexedPixels {
  /** Red, green, blue of each colour; none for a hole. */
  readonly palette: Uint8Array;
  /** One for each pixel; `palette.length / 3` for a hole. */
  readonly indices: Uint8Array;
}

/** The pixels' own colours, or nothing when they are more than `most`. */
export function indexExactly(pixels: Uint32Array, most: number): IndexedPixels | undefined {
  const table = new ColorTable();
  const indices = new Uint8Array(pixels.length);
  let last = 0;
  let index = 0;
  let holes = 0;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel === 0) {
      holes++;
      continue;
    }
    // Drawings repeat their neighbour most of the time.
    if (pixel !== last) {
      last = pixel;
      index = table.add(pixel);
      if (index < 0 || index >= most) return undefined;
    }
    indices[i] = index;
  }
  const { found } = table;
  if (holes > 0)
    for (let i = 0; i < pixels.length; i++) if (pixels[i] === 0) indices[i] = found.length;
  return { palette: unpackColors(found), indices };
}

/** Red, green, blue of each packed colour. */
export function unpackColors(colors: readonly number[]): Uint8Array {
  const levels = (color: number): number[] => [
    color & 0xff,
    (color >> 8) & 0xff,
    (color >> 16) & 0xff,
  ];
  return Uint8Array.from(colors.flatMap(levels));
}

export interface QuantiseOptions {
  /** Colours, 1 to 256. */
  readonly most: number;
  readonly width: number;
  readonly dithering: Dithering;
}

/** The nearest that `most` colours come to the pixels. */
export function quantise(pixels: Uint32Array, options: QuantiseOptions): IndexedPixels {
  const { most, width, dithering } = options;
  const histogram = countColors(pixels);
  const colors = chooseColors(histogram, most);
  refineColors(colors, histogram);
  const palette = Uint8Array.from(colors, Math.round);
  const indices = new Uint8Array(pixels.length);
  const nearest = createNearestColors(palette);
  const hole = palette.length / 3;
  DITHERINGS[dithering]({ pixels, width, palette, nearest, hole, indices });
  return { palette, indices };
}
