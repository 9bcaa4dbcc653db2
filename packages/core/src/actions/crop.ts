/**
 * Cutting out a rectangle, placed by gravity, then shifted, then clipped to the picture.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { createCorners, MAX_CORNER_RADIUS } from '../corners.ts';
import { type DefinedAction, defineAction } from '../definition.ts';
import { gravityThirds, intersect } from '../geometry.ts';
import { GRAVITIES, type Gravity } from '../gravity.ts';
import type { Operation } from '../operation.ts';
import type { Rectangle } from '../raster.ts';
import type { Size } from '../shape.ts';
import { createView } from '../view.ts';

export interface CropOptions {
  /** Shift from the place that gravity gives, pixels, 0 or more. @default 0 */
  readonly left?: number;
  readonly top?: number;
  /** Pixels, 0 to 16384; 0 or absent reaches to the edge. */
  readonly width?: number;
  readonly height?: number;
  /** @default 'northwest' */
  readonly gravity?: Gravity;
  /** Rounds the corners of the result, pixels, 1 to 4096; more than half a side is taken as half. */
  readonly cornerRadius?: number;
}

export interface CropAction extends CropOptions {
  readonly name: 'crop';
}

export function crop(options: CropOptions): CropAction {
  return { name: 'crop', ...options };
}

/** Beyond any picture; shifts have no range of their own. */
const MAX_SHIFT = 2 ** 31 - 1;
const MAX_SIDE = 16_384;

interface ResolvedCrop {
  readonly left: number;
  readonly top: number;
  /** 0 reaches to the edge. */
  readonly width: number;
  readonly height: number;
  readonly gravity: Gravity;
  /** 0 leaves the corners. */
  readonly cornerRadius: number;
}

export const cropAction: DefinedAction<'crop'> = defineAction({
  name: 'crop',
  resolve: resolveCrop,
  plan(resolved, image, _context, check) {
    const rectangle = cropRectangle(resolved, image, check);
    const operations: Operation[] = [createView(rectangle)];
    if (resolved.cornerRadius > 0) operations.push(createCorners(resolved.cornerRadius));
    return { size: { width: rectangle.width, height: rectangle.height }, operations };
  },
});

function resolveCrop(options: CropAction, check: ArgumentCheck): ResolvedCrop {
  const radius = options.cornerRadius;
  return {
    left: check.integer('left', options.left ?? 0, 0, MAX_SHIFT),
    top: check.integer('top', options.top ?? 0, 0, MAX_SHIFT),
    width: check.integer('width', options.width ?? 0, 0, MAX_SIDE),
    height: check.integer('height', options.height ?? 0, 0, MAX_SIDE),
    gravity: check.oneOf('gravity', options.gravity ?? 'northwest', GRAVITIES),
    cornerRadius:
      radius === undefined ? 0 : check.integer('cornerRadius', radius, 1, MAX_CORNER_RADIUS),
  };
}

/** Placed by gravity, shifted right and down, then clipped; a start outside is an error. */
function cropRectangle(resolved: ResolvedCrop, image: Size, check: ArgumentCheck): Rectangle {
  const thirds = gravityThirds(resolved.gravity);
  const width = resolved.width || image.width;
  const height = resolved.height || image.height;
  const left = cropStart(image.width, width, thirds.column) + resolved.left;
  const top = cropStart(image.height, height, thirds.row) + resolved.top;
  if (left >= image.width) throw outside(check, 'left', image.width, resolved.left);
  if (top >= image.height) throw outside(check, 'top', image.height, resolved.top);
  return intersect({ left, top, width, height }, { left: 0, top: 0, ...image });
}

/** The middle of each side is counted in whole pixels, rounded down, as the language has it. */
function cropStart(side: number, length: number, third: number): number {
  if (third === 0) return 0;
  const start = third === 1 ? Math.floor(side / 2) - Math.floor(length / 2) : side - length;
  return Math.max(0, start);
}

function outside(check: ArgumentCheck, parameter: string, side: number, value: number): Error {
  return check.fault('position-outside', parameter, `a start inside the ${side} pixels`, value);
}
