/**
 * Cropping without moving a sample: a view into the planes. A subsampled plane keeps every sample
 * that touches the rectangle, so its extent may begin before the picture does.
 * @module
 */

import type { Effect, Operation } from './operation.ts';
import type { Plane, Raster, Rectangle } from './raster.ts';
import type { PlaneShape, RasterShape } from './shape.ts';

export function createView(rectangle: Rectangle): Operation {
  return {
    name: 'crop',
    move: { kind: 'view', rectangle },
    takesInterleaved: () => true,
    takesRows: () => true,
    effect: (shape) => viewEffect(shape, rectangle),
    run: (raster) => viewRaster(raster, rectangle),
  };
}

function viewEffect(shape: RasterShape, rectangle: Rectangle): Effect {
  return {
    shape: {
      ...shape,
      width: rectangle.width,
      height: rectangle.height,
      planes: shape.planes.map((plane) => cutOf(plane, rectangle).shape),
    },
    memory: 'view',
    addedBytes: 0,
    scratchBytes: 0,
    costPixels: 0,
  };
}

function viewRaster(raster: Raster, rectangle: Rectangle): Raster {
  return {
    ...raster,
    width: rectangle.width,
    height: rectangle.height,
    planes: raster.planes.map((plane) => viewPlane(plane, rectangle)),
    ...(raster.alpha && { alpha: viewPlane(raster.alpha, rectangle) }),
  };
}

/** The samples of `plane` that touch `rectangle`, whose corner becomes the origin. */
function viewPlane(plane: Plane, rectangle: Rectangle): Plane {
  const { column, row, shape } = cutOf(plane, rectangle);
  const start = row * plane.stride + column * (plane.step ?? 1);
  if (plane.start !== undefined) return { ...plane, ...shape, start: plane.start + start };
  return { ...plane, ...shape, data: plane.data.subarray(start) };
}

interface Cut {
  readonly column: number;
  readonly row: number;
  readonly shape: PlaneShape;
}

function cutOf(plane: PlaneShape, rectangle: Rectangle): Cut {
  const { extent } = plane;
  const x = cutAxis(extent.left, extent.width, plane.width, rectangle.left, rectangle.width);
  const y = cutAxis(extent.top, extent.height, plane.height, rectangle.top, rectangle.height);
  return {
    column: x.first,
    row: y.first,
    shape: {
      width: x.count,
      height: y.count,
      extent: { left: x.start, top: y.start, width: x.length, height: y.length },
    },
  };
}

/** One axis: `samples` over [start, start + length) cut to the pixels [from, from + size). */
function cutAxis(start: number, length: number, samples: number, from: number, size: number) {
  const pitch = length / samples;
  const first = Math.min(samples - 1, Math.max(0, Math.floor((from - start) / pitch)));
  const end = Math.min(samples, Math.max(first + 1, Math.ceil((from + size - start) / pitch)));
  const count = end - first;
  return { first, count, start: start + first * pitch - from, length: count * pitch };
}
