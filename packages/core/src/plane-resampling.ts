/**
 * Resampling one plane onto another's grid: horizontally, then vertically, with 8 bits in between,
 * as the service does. An axis whose samples already lie right is not filtered at all.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { type Axis, lanczosSpan, lanczosTable } from './filter-table.ts';
import { type RunContext, withScratch } from './operation.ts';
import type { Plane, Rectangle } from './raster.ts';
import { resampleAxis } from './resample-axis.ts';
import type { PlaneShape, Size } from './shape.ts';

/** Both axes from a source plane to a target plane. */
export interface PlaneMap {
  readonly x: Axis;
  readonly y: Axis;
}

/** How the rasters of two planes lie to each other. */
export interface RasterMap {
  /** The raster that the source plane belongs to. */
  readonly source: Size;
  /** Its size after scaling. */
  readonly scaled: Size;
  /** The part of the scaled raster that is the target raster. */
  readonly window: Rectangle;
}

export function mapPlane(source: PlaneShape, target: PlaneShape, rasters: RasterMap): PlaneMap {
  const { scaled, window } = rasters;
  return {
    x: resampleAxis({
      sourceSize: source.width,
      sourceExtentStart: source.extent.left,
      sourceExtentSize: source.extent.width,
      targetSize: target.width,
      targetExtentStart: window.left + target.extent.left,
      targetExtentSize: target.extent.width,
      ratio: rasters.source.width / scaled.width,
    }),
    y: resampleAxis({
      sourceSize: source.height,
      sourceExtentStart: source.extent.top,
      sourceExtentSize: source.extent.height,
      targetSize: target.height,
      targetExtentStart: window.top + target.extent.top,
      targetExtentSize: target.extent.height,
      ratio: rasters.source.height / scaled.height,
    }),
  };
}

/** Scratch that `resamplePlane` takes: the rows between the passes. */
export function resamplingScratchBytes(map: PlaneMap): number {
  if (shiftOf(map.x) !== undefined || shiftOf(map.y) !== undefined) return 0;
  const { first, end } = lanczosSpan(map.y);
  return arenaBytes(map.x.targetSize * (end - first));
}

/** Lanczos3 from `source` into `target`, which has the size that `map` says. */
export function resamplePlane(
  source: Plane,
  target: Plane,
  map: PlaneMap,
  context: RunContext,
): void {
  const { kernels } = context;
  const shiftX = shiftOf(map.x);
  const shiftY = shiftOf(map.y);
  const { width, height } = target;
  if (shiftX !== undefined && shiftY !== undefined) {
    const from = source.data.subarray(shiftY * source.stride + shiftX);
    kernels.copy(from, source.stride, target.data, target.stride, width, height);
  } else if (shiftX !== undefined) {
    const from = source.data.subarray(shiftX);
    const table = lanczosTable(map.y);
    kernels.resizeColumns(from, source.stride, target.data, target.stride, width, table);
  } else if (shiftY !== undefined) {
    const from = source.data.subarray(shiftY * source.stride);
    const table = lanczosTable(map.x);
    kernels.resizeRows(from, source.stride, target.data, target.stride, height, table);
  } else {
    resampleBothAxes(source, target, map, context);
  }
}

function resampleBothAxes(
  source: Plane,
  target: Plane,
  map: PlaneMap,
  { arena, kernels }: RunContext,
): void {
  const { width } = target;
  const { first, end } = lanczosSpan(map.y);
  const columns = lanczosTable(map.y);
  // The vertical pass begins at the first row that it reads, not at the picture's.
  const starts = columns.starts.map((start) => start - first);
  withScratch(arena, () => {
    const between = arena.allocate(width * (end - first));
    const from = source.data.subarray(first * source.stride);
    kernels.resizeRows(from, source.stride, between, width, end - first, lanczosTable(map.x));
    kernels.resizeColumns(between, width, target.data, target.stride, width, {
      ...columns,
      starts,
    });
  });
}

/** Extents are products of a few doubles; anything this near to a whole sample is one. */
const EPSILON = 1e-9;

/** The first source sample when the axis only cuts out samples, and nothing when it filters. */
function shiftOf(axis: Axis): number | undefined {
  const shift = Math.round(axis.offset);
  const cuts =
    Math.abs(axis.scale - 1) < EPSILON &&
    Math.abs(axis.offset - shift) < EPSILON &&
    shift >= 0 &&
    shift + axis.targetSize <= axis.sourceSize;
  return cuts ? shift : undefined;
}
