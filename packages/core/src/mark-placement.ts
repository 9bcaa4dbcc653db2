/**
 * Where a mark lies on a picture. Distances count from the side that gravity names; the middle
 * column has none, and the middle row has its own shift. A text and a picture are placed as one mark.
 * @module
 */

import { gravityThirds, roundHalfUp } from './geometry.ts';
import type { Gravity } from './gravity.ts';
import type { Lattice } from './mark-lattice.ts';
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

/** How a text and a picture stand side by side. */
export interface MarkJoint {
  readonly first: 'picture' | 'text';
  readonly align: 'top' | 'middle' | 'bottom';
  /** Pixels. */
  readonly interval: number;
}

interface MarkCorner {
  readonly left: number;
  readonly top: number;
}

/** The box around a text and a picture, and where each of them lies in it; either may be absent. */
export function joinMarks(
  { first, align, interval }: MarkJoint,
  { text, picture }: { readonly text: Size | undefined; readonly picture: Size | undefined },
): { readonly size: Size; readonly places: Readonly<Record<'text' | 'picture', MarkCorner>> } {
  const gap = text !== undefined && picture !== undefined ? interval : 0;
  const width = (text?.width ?? 0) + gap + (picture?.width ?? 0);
  const height = Math.max(text?.height ?? 0, picture?.height ?? 0);
  const place = (size: Size | undefined, isFirst: boolean): MarkCorner => ({
    left: isFirst || size === undefined ? 0 : width - size.width,
    top: alignTop(align, height - (size?.height ?? 0)),
  });
  return {
    size: { width, height },
    places: { text: place(text, first === 'text'), picture: place(picture, first === 'picture') },
  };
}

/** @param free rows that the box has more than its member */
function alignTop(align: MarkJoint['align'], free: number): number {
  return align === 'top' ? 0 : align === 'middle' ? roundHalfUp(free / 2) : free;
}

export function shiftLattice(lattice: Lattice, { left, top }: MarkCorner): Lattice {
  return { ...lattice, left: lattice.left + left, top: lattice.top + top };
}
