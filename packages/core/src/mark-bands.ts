/**
 * Painting a mark a few rows at a time, so that what it takes of the arena does not grow with the
 * picture. Easily got wrong: a sample of subsampled chroma must not be painted in two bands.
 * @module
 */

import { intersect } from './geometry.ts';
import { ALONE, type Lattice } from './mark-lattice.ts';
import { type RunContext, withScratch } from './operation.ts';
import type { Plane, Raster, Rectangle } from './raster.ts';
import { pitchOf, type Size } from './shape.ts';

/** Rows of a band; the layers of a 4,000 pixels wide picture then stay within a few MiB. */
const ROWS = 128;

/** Pixels that the coarsest grid which is painted on has between two samples. */
const COARSEST_PITCH = 4;

/** Rows of the highest band of an area. */
export function bandRows(areaRows: number): number {
  return Math.min(areaRows, ROWS);
}

/** The part of the picture that a mark of `size` and its copies can reach. */
export function reachOf(
  { left, top, periodX, periodY }: Lattice,
  size: Size,
  picture: Size,
): Rectangle {
  const across =
    periodX === ALONE ? { left, width: size.width } : { left: 0, width: picture.width };
  const down =
    periodY === ALONE ? { top, height: size.height } : { top: 0, height: picture.height };
  const whole = { left: 0, top: 0, width: picture.width, height: picture.height };
  return intersect(whole, { ...across, ...down });
}

/** Calls `work` for each band of `area` and gives back what it allocated. */
export function inBands(
  raster: Raster,
  area: Rectangle,
  { arena }: RunContext,
  work: (band: Rectangle) => void,
): void {
  if (area.width <= 0) return;
  const { extent } = coarsest(raster.planes);
  const bottom = area.top + area.height;
  for (let top = area.top; top < bottom;) {
    const fromGrid = top - extent.top + ROWS;
    const next = extent.top + fromGrid - (fromGrid % COARSEST_PITCH);
    const height = Math.min(next, bottom) - top;
    withScratch(arena, () => work({ ...area, top, height }));
    top += height;
  }
}

function coarsest(planes: readonly Plane[]): Plane {
  return planes.reduce((one, other) => (pitchOf(other).y > pitchOf(one).y ? other : one));
}

/** Takes a mark's opacity off its coverage. */
export function fade(coverage: Uint8Array, opacityPercent: number): void {
  if (opacityPercent === 100) return;
  for (let i = 0; i < coverage.length; i++) {
    coverage[i] = Math.round((coverage[i] * opacityPercent) / 100);
  }
}
