/**
 * What a GIF's frames are drawn on: pixels in 32 bits, alpha << 24 | blue << 16 | green << 8 | red.
 * A pixel is opaque or it is 0: GIF knows nothing between.
 * @module
 */

import type { Raster, Rectangle } from '@safelight/core';
import type { PlaneSet } from '../planes.ts';

export type CanvasSize = Pick<Rectangle, 'width' | 'height'>;

export interface GifCanvas extends CanvasSize {
  readonly pixels: Uint32Array;
  /** The part of a rectangle that lies on the canvas, as `restore` takes it. */
  copy(rectangle: Rectangle): Uint32Array;
  restore(rectangle: Rectangle, copy: Uint32Array): void;
  /** Makes a rectangle transparent. */
  clear(rectangle: Rectangle): void;
}

/** A transparent one. */
export function createCanvas({ width, height }: CanvasSize): GifCanvas {
  const pixels = new Uint32Array(width * height);
  /** Rows of a rectangle as ranges of pixels, what lies outside left out. */
  function* rows(rectangle: Rectangle): Generator<readonly [start: number, end: number]> {
    const left = Math.min(width, rectangle.left);
    const right = Math.min(width, rectangle.left + rectangle.width);
    const bottom = Math.min(height, rectangle.top + rectangle.height);
    for (let y = rectangle.top; y < bottom; y++) yield [y * width + left, y * width + right];
  }
  return {
    width,
    height,
    pixels,
    copy(rectangle) {
      const parts = [...rows(rectangle)];
      const copy = new Uint32Array(parts.reduce((sum, [start, end]) => sum + end - start, 0));
      let to = 0;
      for (const [start, end] of parts) {
        copy.set(pixels.subarray(start, end), to);
        to += end - start;
      }
      return copy;
    },
    restore(rectangle, copy) {
      let from = 0;
      for (const [start, end] of rows(rectangle)) {
        pixels.set(copy.subarray(from, from + end - start), start);
        from += end - start;
      }
    },
    clear(rectangle) {
      for (const [start, end] of rows(rectangle)) pixels.fill(0, start, end);
    },
  };
}

/** Writes a canvas to planes without padding. */
export function unpackCanvas(pixels: Uint32Array, { colors, alpha }: PlaneSet): void {
  const [red, green, blue] = colors;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    red[i] = pixel;
    green[i] = pixel >> 8;
    blue[i] = pixel >> 16;
    if (alpha !== undefined) alpha[i] = pixel >>> 24;
  }
}

/** A raster of model `rgb`, one sample a pixel; what is less than half opaque becomes transparent. */
export function packRaster({ width, height, planes, alpha }: Raster): Uint32Array {
  const pixels = new Uint32Array(width * height);
  const [red, green, blue] = planes;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      if (alpha !== undefined && alpha.data[y * alpha.stride + x] < 128) continue;
      pixels[to] = packOpaque(
        red.data[y * red.stride + x],
        green.data[y * green.stride + x],
        blue.data[y * blue.stride + x],
      );
    }
  }
  return pixels;
}

export function packOpaque(red: number, green: number, blue: number): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** The pixels of a rectangle that lies on the canvas. */
export function cutOut(
  canvas: Uint32Array,
  canvasWidth: number,
  { left, top, width, height }: Rectangle,
): Uint32Array {
  const part = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * canvasWidth + left;
    part.set(canvas.subarray(from, from + width), y * width);
  }
  return part;
}
