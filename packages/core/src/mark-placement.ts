/**
 * Where a mark lies on a picture. Distances count from the side that gravity names; the middle
 * column has none, and the middle row has its own shift.
 * @module
 */

import { gravityThirds, roundHalfUp } from './geometry.ts';
import type { Gravity } from './gravity.ts';
import type { Rectangle } from './raster.ts';
import type { Size } from './shape.ts';

export interface MarkPosition {
  readonly gravity: Gravity;
  /** Pixels. */
  readonly distanceX: number;
  readonly distanceY: number;
  /** Of the middle row, pixels down. */
  readonly middleOffset: number;
}

/** The mark's box; it may reach over the picture's edges, where it is cut. */
export function placeMark(position: MarkPosition, mark: Size, image: Size): Rectangle {
  const { column, row } = gravityThirds(position.gravity);
  const left = placeAxis(image.width, mark.width, column, position.distanceX, 0);
  const top = placeAxis(image.height, mark.height, row, position.distanceY, position.middleOffset);
  return { left, top, width: mark.width, height: mark.height };
}

function placeAxis(
  side: number,
  length: number,
  third: number,
  distance: number,
  middleOffset: number,
): number {
  const start =
    third === 0
      ? distance
      : third === 1
        ? roundHalfUp((side - length) / 2) + middleOffset
        : side - length - distance;
  // Too long a mark shows its beginning: what does not fit is cut at the far edge.
  return length > side ? Math.max(0, start) : start;
}
