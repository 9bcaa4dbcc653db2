/**
 * Quarter turns, mirrorings and orientation: samples move unchanged, and extents move with them.
 * A subsampled plane of an odd-sided picture therefore may end up off its usual grid.
 * @module
 */

import { allocatePlane, type Effect, type Operation, type RunContext } from './operation.ts';
import type { Orientation, Plane, Raster } from './raster.ts';
import { type PlaneShape, rasterBytes, type RasterShape, sampleCount, type Size } from './shape.ts';
import { symmetryKernel, turnRectangle, turnSize } from './symmetry.ts';

export function createTurn(symmetry: Orientation): Operation {
  return {
    name: 'turn',
    move: { kind: 'turn', symmetry },
    effect: (shape) => turnEffect(shape, symmetry),
    run: (raster, context) => turnRaster(raster, symmetry, context),
  };
}

function turnEffect(shape: RasterShape, symmetry: Orientation): Effect {
  const turned: RasterShape = {
    ...shape,
    ...turnSize(shape, symmetry),
    planes: shape.planes.map((plane) => turnShape(plane, shape, symmetry)),
  };
  return {
    shape: turned,
    memory: 'rewrite',
    addedBytes: rasterBytes(turned),
    scratchBytes: 0,
    costPixels: sampleCount(turned),
  };
}

function turnRaster(raster: Raster, symmetry: Orientation, context: RunContext): Raster {
  const move = symmetryKernel(context.kernels, symmetry);
  const turnPlane = (plane: Plane): Plane => {
    const target = allocatePlane(context.arena, turnShape(plane, raster, symmetry));
    move(plane.data, plane.stride, target.data, target.stride, plane.width, plane.height);
    return target;
  };
  return {
    ...raster,
    ...turnSize(raster, symmetry),
    planes: raster.planes.map(turnPlane),
    ...(raster.alpha && { alpha: turnPlane(raster.alpha) }),
  };
}

function turnShape(plane: PlaneShape, picture: Size, symmetry: Orientation): PlaneShape {
  return {
    ...turnSize(plane, symmetry),
    extent: turnRectangle(plane.extent, picture, symmetry),
  };
}
