/**
 * Sizes and places, in whole pixels. Everything that could be off by one is rounded here: half up,
 * and never below one pixel.
 * @module
 */

import type { Gravity } from './gravity.ts';
import type { Rectangle } from './raster.ts';
import type { Size } from './shape.ts';

/** `floor(value + 0.5)`: the language rounds half up, also below zero. */
export function roundHalfUp(value: number): number {
  return Math.floor(value + 0.5);
}

/**
 * `side * numerator / denominator`, rounded half up, at least 1. Whole numbers throughout: sides and
 * factors below 2^17 keep `2 * side * numerator` below 2^53, so halves are exact.
 */
export function scaleSide(side: number, numerator: number, denominator: number): number {
  return Math.max(1, Math.floor((2 * side * numerator + denominator) / (2 * denominator)));
}

/** The largest size of `image`'s shape inside `box`; the side that binds is exact. */
export function fitInside(image: Size, box: Size): Size {
  return isWidthBinding(image, box) ? byWidth(image, box.width) : byHeight(image, box.height);
}

/** The smallest size of `image`'s shape around `box`; the side that binds is exact. */
export function fitAround(image: Size, box: Size): Size {
  return isWidthBinding(image, box) ? byHeight(image, box.height) : byWidth(image, box.width);
}

/** A size of `image`'s shape with about `pixels` pixels, or its own when it has no more. */
export function fitArea(image: Size, pixels: number): Size {
  const { width, height } = image;
  const factor = Math.min(1, Math.sqrt(pixels / (width * height)));
  return {
    width: Math.max(1, Math.floor(width * factor)),
    height: Math.max(1, Math.floor(height * factor)),
  };
}

export function byWidth(image: Size, width: number): Size {
  return { width, height: scaleSide(image.height, width, image.width) };
}

export function byHeight(image: Size, height: number): Size {
  return { width: scaleSide(image.width, height, image.height), height };
}

/** Whether box.width / image.width is the smaller factor. */
function isWidthBinding(image: Size, box: Size): boolean {
  return box.width * image.height <= box.height * image.width;
}

/** The box that holds a picture of `size` turned by `angleDeg`: W |cos| + H |sin|, rounded half up. */
export function turnedBox(size: Size, angleDeg: number): Size {
  const angle = (angleDeg * Math.PI) / 180;
  const cosine = Math.abs(Math.cos(angle));
  const sine = Math.abs(Math.sin(angle));
  return {
    width: Math.max(1, roundHalfUp(size.width * cosine + size.height * sine)),
    height: Math.max(1, roundHalfUp(size.width * sine + size.height * cosine)),
  };
}

/** Which third of each axis a gravity names: 0 first, 1 middle, 2 last. */
export function gravityThirds(gravity: Gravity): { readonly column: number; readonly row: number } {
  const column = gravity.endsWith('west') ? 0 : gravity.endsWith('east') ? 2 : 1;
  const row = gravity.startsWith('north') ? 0 : gravity.startsWith('south') ? 2 : 1;
  return { column, row };
}

/** What two rectangles share; width or height is 0 or less when they share nothing. */
export function intersect(one: Rectangle, other: Rectangle): Rectangle {
  const left = Math.max(one.left, other.left);
  const top = Math.max(one.top, other.top);
  const right = Math.min(one.left + one.width, other.left + other.width);
  const bottom = Math.min(one.top + one.height, other.top + other.height);
  return { left, top, width: right - left, height: bottom - top };
}
