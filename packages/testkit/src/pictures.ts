/**
 * Generated pictures: deterministic, picture-like or simple, of any size. Interleaved RGB, so that
 * any encoder can take them.
 * @module
 */

import { randomFrom } from './random.ts';

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Interleaved, `3 * width * height` bytes. */
  readonly rgb: Uint8Array;
}

/** Fills a picture from a function of the pixel; channels are rounded and clamped. */
export function paint(
  width: number,
  height: number,
  color: (x: number, y: number) => readonly [red: number, green: number, blue: number],
): Picture {
  const rgb = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = color(x, y);
      for (let c = 0; c < 3; c++) {
        rgb[3 * (y * width + x) + c] = Math.min(255, Math.max(0, Math.round(pixel[c] as number)));
      }
    }
  }
  return { width, height, rgb };
}

/** Like a photograph: slow gradients, texture on several scales, hard edges, saturated discs. */
export function photoLike(width: number, height: number, seed = 1): Picture {
  const random = randomFrom(seed);
  const octaves = [64, 24, 9, 3].map((cell) => ({
    cell,
    noise: valueNoise(Math.ceil(width / cell) + 2, Math.ceil(height / cell) + 2, random),
  }));
  const discs = Array.from({ length: 6 }, () => ({
    x: random() * width,
    y: random() * height,
    radius: (0.04 + 0.1 * random()) * Math.min(width, height),
    color: [random() * 255, random() * 255, random() * 255] as const,
  }));
  return paint(width, height, (x, y) => {
    for (const disc of discs) {
      if (Math.hypot(x - disc.x, y - disc.y) < disc.radius) return disc.color;
    }
    let texture = 0;
    for (const { cell, noise } of octaves) texture += (noise(x / cell, y / cell) - 0.5) * cell;
    const light = 90 + (110 * x) / width + 0.9 * texture;
    return [light + 30, light, light - 60 + (90 * y) / height];
  });
}

/** Smooth noise on a lattice of random values, bilinear between them. */
function valueNoise(
  columns: number,
  rows: number,
  random: () => number,
): (x: number, y: number) => number {
  const lattice = Float64Array.from({ length: columns * rows }, random);
  const at = (i: number, j: number) => lattice[j * columns + i] as number;
  return (x, y) => {
    const left = Math.floor(x);
    const top = Math.floor(y);
    const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (x - left);
    const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (x - left);
    return upper + (lower - upper) * (y - top);
  };
}

/** Squares of `cell` pixels, black and white. */
export function checkerboard(width: number, height: number, cell = 8): Picture {
  return paint(width, height, (x, y) => {
    const value = (Math.floor(x / cell) + Math.floor(y / cell)) % 2 === 0 ? 0 : 255;
    return [value, value, value];
  });
}

/** One colour. */
export function flat(
  width: number,
  height: number,
  color: readonly [number, number, number],
): Picture {
  return paint(width, height, () => color);
}
