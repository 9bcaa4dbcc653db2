/**
 * Where target samples lie among source samples, from what both planes cover. Sample counts alone
 * would shift pictures: 1,363 samples that cover 2,726 px of a picture 2,725 px wide.
 * @module
 */

import type { Axis } from './filter-table.ts';

/** One axis of two planes, of rasters that may differ in size. */
export interface AxisExtents {
  /** Samples along the axis, and what they cover in pixels of the source raster. */
  readonly sourceSize: number;
  readonly sourceExtentStart: number;
  readonly sourceExtentSize: number;
  /** Samples along the axis, and what they cover in pixels of the target raster. */
  readonly targetSize: number;
  readonly targetExtentStart: number;
  readonly targetExtentSize: number;
  /** Source pixels for one target pixel: source raster size / target raster size; above 0. */
  readonly ratio: number;
}

/**
 * The axis that a table is built from. Three grids follow one another:
 *
 *     target sample j  centre j + 0.5
 *     target raster    xt = targetExtentStart + (j + 0.5) * targetExtentSize / targetSize
 *     source raster    xs = xt * ratio              (both rasters begin at 0 of one picture)
 *     source samples   (xs - sourceExtentStart) * sourceSize / sourceExtentSize
 *
 * All are linear, so the whole is `offset + (j + 0.5) * scale`.
 */
export function resampleAxis(extents: AxisExtents): Axis {
  const { sourceSize, sourceExtentStart, sourceExtentSize, targetSize, ratio } = extents;
  const samplesPerPixel = sourceSize / sourceExtentSize;
  return {
    sourceSize,
    targetSize,
    offset: (extents.targetExtentStart * ratio - sourceExtentStart) * samplesPerPixel,
    scale: (extents.targetExtentSize / targetSize) * ratio * samplesPerPixel,
  };
}
