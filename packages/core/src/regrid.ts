/**
 * Moving chroma between grids without changing the picture's size: up to one sample a pixel where
 * colours must mix, down to 4:2:0 where the encoder wants it.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { triangleTable } from './filter-table.ts';
import {
  allocatePlane,
  type Effect,
  type Operation,
  type RunContext,
  withScratch,
} from './operation.ts';
import {
  mapPlane,
  type PlaneMap,
  resamplePlane,
  resamplingScratchBytes,
} from './plane-resampling.ts';
import type { Plane } from './raster.ts';
import {
  fullShape,
  halfShape,
  planeBytes,
  type PlaneShape,
  type RasterShape,
  sameGrid,
  type Size,
} from './shape.ts';

/**
 * Gives every plane one sample a pixel. Triangles, not Lanczos: at twice the size that is exactly the
 * upsampling of libjpeg, so that a picture that is only converted looks as others decode it.
 */
export function createFullGrid(): Operation {
  return {
    name: 'upsample chroma',
    effect: (shape) => fullGridEffect(shape),
    run: (raster, context) => ({
      ...raster,
      planes: raster.planes.map((plane) => upsample(plane, raster, context)),
    }),
  };
}

/** Brings the chroma of a YCbCr raster to 4:2:0 with its first sample in the corner. */
export function createHalfChroma(): Operation {
  return {
    name: 'subsample chroma',
    effect: halfChromaEffect,
    run: (raster, context) => ({
      ...raster,
      planes: raster.planes.map((plane, index) =>
        index === 0 ? plane : downsample(plane, raster, context),
      ),
    }),
  };
}

/** Whether `createHalfChroma` would have nothing to do. */
export function isHalfChroma(shape: RasterShape): boolean {
  const half = halfShape(shape.width, shape.height);
  return shape.planes.every((plane, index) => index === 0 || sameGrid(plane, half));
}

function fullGridEffect(shape: RasterShape): Effect {
  const full = fullShape(shape.width, shape.height);
  const moved = shape.planes.filter((plane) => !sameGrid(plane, full));
  const between = moved.map((plane) => arenaBytes(full.width * plane.height));
  return {
    shape: { ...shape, planes: shape.planes.map(() => full) },
    memory: 'stay',
    addedBytes: moved.length * planeBytes(full),
    scratchBytes: Math.max(0, ...between),
    costPixels: moved.length * full.width * full.height,
  };
}

function upsample(plane: Plane, picture: Size, { arena, kernels }: RunContext): Plane {
  const shape = fullShape(picture.width, picture.height);
  if (sameGrid(plane, shape)) return plane;
  const target = allocatePlane(arena, shape);
  const map = mapInPlace(plane, shape, picture);
  withScratch(arena, () => {
    const between = arena.allocate(shape.width * plane.height);
    const rows = triangleTable(map.x);
    kernels.resizeRows(plane.data, plane.stride, between, shape.width, plane.height, rows);
    const columns = triangleTable(map.y);
    kernels.resizeColumns(between, shape.width, target.data, target.stride, shape.width, columns);
  });
  return target;
}

function halfChromaEffect(shape: RasterShape): Effect {
  const half = halfShape(shape.width, shape.height);
  const moved = shape.planes.filter((plane, index) => index > 0 && !sameGrid(plane, half));
  const scratch = moved.map((plane) =>
    isFull(plane, shape) ? 0 : resamplingScratchBytes(mapInPlace(plane, half, shape)),
  );
  return {
    shape: {
      ...shape,
      planes: shape.planes.map((plane, index) => (index === 0 ? plane : half)),
    },
    memory: 'stay',
    addedBytes: moved.length * planeBytes(half),
    scratchBytes: Math.max(0, ...scratch),
    costPixels: moved.length * half.width * half.height,
  };
}

function downsample(plane: Plane, picture: Size, context: RunContext): Plane {
  const shape = halfShape(picture.width, picture.height);
  if (sameGrid(plane, shape)) return plane;
  const target = allocatePlane(context.arena, shape);
  if (isFull(plane, picture)) {
    // Means, as every JPEG encoder takes them.
    const { data, stride, width, height } = plane;
    context.kernels.halveBoth(data, stride, target.data, target.stride, width, height);
  } else {
    resamplePlane(plane, target, mapInPlace(plane, shape, picture), context);
  }
  return target;
}

function isFull(plane: PlaneShape, picture: Size): boolean {
  return sameGrid(plane, fullShape(picture.width, picture.height));
}

function mapInPlace(source: PlaneShape, target: PlaneShape, { width, height }: Size): PlaneMap {
  const size = { width, height };
  return mapPlane(source, target, {
    source: size,
    scaled: size,
    window: { left: 0, top: 0, ...size },
  });
}
