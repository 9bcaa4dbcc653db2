/**
 * The eight symmetries of a rectangle, numbered as EXIF orientations: `6` turns a quarter clockwise.
 * The numbers say how to make a stored picture upright, not how it lies.
 * @module
 */

import type { Kernels, MoveKernel } from './kernels/kernels.ts';
import type { Orientation, Rectangle } from './raster.ts';
import type { Size } from './shape.ts';

/** A symmetry as three bits: transpose first, then mirror columns, then mirror rows. */
interface Bits {
  readonly transposes: boolean;
  readonly mirrorsX: boolean;
  readonly mirrorsY: boolean;
}

const BITS: Readonly<Record<Orientation, Bits>> = {
  1: { transposes: false, mirrorsX: false, mirrorsY: false },
  2: { transposes: false, mirrorsX: true, mirrorsY: false },
  3: { transposes: false, mirrorsX: true, mirrorsY: true },
  4: { transposes: false, mirrorsX: false, mirrorsY: true },
  5: { transposes: true, mirrorsX: false, mirrorsY: false },
  6: { transposes: true, mirrorsX: true, mirrorsY: false },
  7: { transposes: true, mirrorsX: true, mirrorsY: true },
  8: { transposes: true, mirrorsX: false, mirrorsY: true },
};

export const ORIENTATIONS: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** `first`, then `second`, as one symmetry. */
export function composeSymmetries(first: Orientation, second: Orientation): Orientation {
  const one = BITS[first];
  const two = BITS[second];
  // Transposing after mirroring columns is mirroring rows after transposing.
  const carriedX = two.transposes ? one.mirrorsY : one.mirrorsX;
  const carriedY = two.transposes ? one.mirrorsX : one.mirrorsY;
  return orientationOf({
    transposes: one.transposes !== two.transposes,
    mirrorsX: carriedX !== two.mirrorsX,
    mirrorsY: carriedY !== two.mirrorsY,
  });
}

/** What undoes a symmetry: itself, but for the two quarter turns. */
export function invertSymmetry(symmetry: Orientation): Orientation {
  if (symmetry === 6) return 8;
  return symmetry === 8 ? 6 : symmetry;
}

/** Whether width and height change places. */
function swapsSides(symmetry: Orientation): boolean {
  return BITS[symmetry].transposes;
}

export function turnSize(size: Size, symmetry: Orientation): Size {
  return swapsSides(symmetry)
    ? { width: size.height, height: size.width }
    : { width: size.width, height: size.height };
}

/** Where `rectangle` of a picture of `size` lies after the turn. It may reach over the edges. */
export function turnRectangle(rectangle: Rectangle, size: Size, symmetry: Orientation): Rectangle {
  const { transposes, mirrorsX, mirrorsY } = BITS[symmetry];
  const turned = turnSize(size, symmetry);
  const width = transposes ? rectangle.height : rectangle.width;
  const height = transposes ? rectangle.width : rectangle.height;
  const left = transposes ? rectangle.top : rectangle.left;
  const top = transposes ? rectangle.left : rectangle.top;
  return {
    left: mirrorsX ? turned.width - left - width : left,
    top: mirrorsY ? turned.height - top - height : top,
    width,
    height,
  };
}

/** The loop that moves samples so. */
export function symmetryKernel(kernels: Kernels, symmetry: Orientation): MoveKernel {
  const moves: Readonly<Record<Orientation, MoveKernel>> = {
    1: kernels.copy,
    2: kernels.flipHorizontal,
    3: kernels.rotate180,
    4: kernels.flipVertical,
    5: kernels.transpose,
    6: kernels.rotate90,
    7: kernels.transverse,
    8: kernels.rotate270,
  };
  return moves[symmetry];
}

function orientationOf(bits: Bits): Orientation {
  const found = ORIENTATIONS.find((orientation) => {
    const own = BITS[orientation];
    return (
      own.transposes === bits.transposes &&
      own.mirrorsX === bits.mirrorsX &&
      own.mirrorsY === bits.mirrorsY
    );
  });
  // All eight combinations of three bits stand in the table.
  return found as Orientation;
}
