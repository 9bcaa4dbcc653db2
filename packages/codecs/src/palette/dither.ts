/**
 * Pixels to indices of a palette that does not have all their colours. What is done with the error
 * is a choice: nothing, a pattern that hides it, or handing it on to the neighbours.
 * @module
 */

import type { NearestColors } from './nearest.ts';

/**
 * `none`: the nearest colour; least error, but soft gradients break into bands. `ordered`: a fixed
 * pattern of 8 x 8 before that; the same in every frame, so nothing flickers. `diffused`: Floyd and
 * Steinberg's weights; finest, but it changes everywhere when anything does.
 */
export type Dithering = 'none' | 'ordered' | 'diffused';

export interface DitherJob {
  /** Alpha << 24 | blue << 16 | green << 8 | red; 0 keeps `hole`. */
  readonly pixels: Uint32Array;
  readonly width: number;
  readonly palette: Uint8Array;
  readonly nearest: NearestColors;
  /** Index of pixels that are none. */
  readonly hole: number;
  readonly indices: Uint8Array;
}

export const DITHERINGS: Readonly<Record<Dithering, (job: DitherJob) => void>> = {
  none: takeNearest,
  ordered: ditherByPattern,
  diffused: diffuse,
};

function takeNearest({ pixels, nearest, hole, indices }: DitherJob): void {
  let last = 0;
  let index = hole;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel !== last) {
      last = pixel;
      index =
        pixel === 0 ? hole : nearest.find(pixel & 0xff, (pixel >> 8) & 0xff, (pixel >> 16) & 0xff);
    }
    indices[i] = index;
  }
}

/** Bayer's matrix of order 8, by bits of the place: each of 0 to 63 once. */
function bayer(x: number, y: number): number {
  let value = 0;
  for (let bit = 0; bit < 3; bit++) {
    const shift = 2 * (2 - bit);
    value |= (((x ^ y) >> bit) & 1) << (shift + 1);
    value |= ((y >> bit) & 1) << shift;
  }
  return value;
}

const PATTERN = Float64Array.from(
  { length: 64 },
  (_, i) => (bayer(i & 7, i >> 3) + 0.5) / 64 - 0.5,
);

/**
 * A pattern must reach from one colour to the next. Colours that lie d apart leave an error of
 * d / sqrt(12) on average, so the error tells how far that is.
 */
function ditherByPattern(job: DitherJob): void {
  const { pixels, width, nearest, hole, indices } = job;
  takeNearest(job);
  const reach = Math.sqrt(12) * rootMeanError(job);
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel === 0) {
      indices[i] = hole;
      continue;
    }
    const x = i % width;
    const y = (i - x) / width;
    const shift = Math.round(reach * PATTERN[((y & 7) << 3) | (x & 7)]);
    indices[i] = nearest.find(
      clamp((pixel & 0xff) + shift),
      clamp(((pixel >> 8) & 0xff) + shift),
      clamp(((pixel >> 16) & 0xff) + shift),
    );
  }
}

/** Of one channel. */
function rootMeanError({ pixels, palette, indices }: DitherJob): number {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    if (pixel === 0) continue;
    const at = 3 * indices[i];
    const red = palette[at] - (pixel & 0xff);
    const green = palette[at + 1] - ((pixel >> 8) & 0xff);
    const blue = palette[at + 2] - ((pixel >> 16) & 0xff);
    sum += red * red + green * green + blue * blue;
    count += 3;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}

function clamp(level: number): number {
  return level < 0 ? 0 : level > 255 ? 255 : level;
}

/**
 * Errors are sixteenths of a level, in rows with a free place at both ends, three channels side by
 * side. Rows go to and fro, so that nothing drifts to one side. Holes take no error and give none.
 */
function diffuse({ pixels, width, palette, nearest, hole, indices }: DitherJob): void {
  const height = pixels.length / width;
  let current = new Int32Array(3 * (width + 2));
  let below = new Int32Array(3 * (width + 2));
  for (let y = 0; y < height; y++) {
    const step = y % 2 === 0 ? 1 : -1;
    let x = step > 0 ? 0 : width - 1;
    for (let left = width; left > 0; left--, x += step) {
      const i = y * width + x;
      const pixel = pixels[i];
      if (pixel === 0) {
        indices[i] = hole;
        continue;
      }
      const at = 3 * (x + 1);
      const red = clamp((pixel & 0xff) + ((current[at] + 8) >> 4));
      const green = clamp(((pixel >> 8) & 0xff) + ((current[at + 1] + 8) >> 4));
      const blue = clamp(((pixel >> 16) & 0xff) + ((current[at + 2] + 8) >> 4));
      const index = nearest.find(red, green, blue);
      indices[i] = index;
      const errors = [
        red - palette[3 * index],
        green - palette[3 * index + 1],
        blue - palette[3 * index + 2],
      ];
      for (let channel = 0; channel < 3; channel++) {
        const error = errors[channel];
        const ahead = at + 3 * step + channel;
        const behind = at - 3 * step + channel;
        current[ahead] += 7 * error;
        below[behind] += 3 * error;
        below[at + channel] += 5 * error;
        below[ahead] += error;
      }
    }
    [current, below] = [below, current];
    below.fill(0);
  }
}
