/**
 * Putting a picture on a larger canvas of one colour. Subsampled chroma follows only where the
 * picture's edges lie on the chroma grid; otherwise samples would mix canvas and picture wrongly.
 * @module
 */

import { isGray, samplesOf } from './convert.ts';
import { allocatePlane, type Effect, type Operation, type RunContext } from './operation.ts';
import type { Color, Plane, Raster, Rectangle } from './raster.ts';
import {
  fullShape,
  gridShape,
  halfShape,
  pitchOf,
  type PlaneShape,
  rasterBytes,
  type RasterShape,
  sampleCount,
  type Size,
} from './shape.ts';

export interface Pad {
  readonly operation: Operation;
  /** Whether chroma at half size could not follow, so that it should not be halved before. */
  readonly needsFullChroma: boolean;
}

/** How the canvas shows where the picture has alpha; elsewhere it is opaque. @default opaque */
interface CanvasOptions {
  readonly isTransparent?: true;
}

/** `canvas` filled with `color`, the picture on it at `inner`, which has the picture's size. */
export function createPad(
  canvas: Size,
  inner: Rectangle,
  color: Color,
  { isTransparent }: CanvasOptions = {},
): Pad {
  return {
    needsFullChroma: !followsGrid(halfShape(inner.width, inner.height), canvas, inner),
    operation: {
      name: 'pad',
      resizesTo: canvas,
      requires: (shape) => [
        ...(shape.model === 'gray' && !isGray(color) ? (['color'] as const) : []),
        ...(shape.planes.every((plane) => followsGrid(plane, canvas, inner))
          ? []
          : (['full-grid'] as const)),
      ],
      effect: (shape) => padEffect(shape, canvas),
      run: (raster, context) =>
        padRaster(raster, { canvas, inner, color, level: isTransparent ? 0 : 255 }, context),
    },
  };
}

/** Whether each sample of `plane` becomes one sample of the canvas, and none covers both. */
function followsGrid(plane: PlaneShape, canvas: Size, inner: Rectangle): boolean {
  const { extent } = plane;
  const pitch = pitchOf(plane);
  return (
    extent.left === 0 &&
    extent.top === 0 &&
    fitsStep(inner.left, inner.width, canvas.width, pitch.x) &&
    fitsStep(inner.top, inner.height, canvas.height, pitch.y)
  );
}

/** One axis of a picture from `start` on: its edges lie between samples, or on the canvas's edge. */
function fitsStep(start: number, length: number, side: number, step: number): boolean {
  return start % step === 0 && (length % step === 0 || start + length === side);
}

function padEffect(shape: RasterShape, canvas: Size): Effect {
  const { width, height } = canvas;
  const padded: RasterShape = {
    ...shape,
    width,
    height,
    planes: shape.planes.map((plane) => gridShape(width, height, pitchOf(plane))),
  };
  return {
    shape: padded,
    memory: 'rewrite',
    addedBytes: rasterBytes(padded),
    scratchBytes: 0,
    costPixels: sampleCount(padded),
  };
}

interface Canvas {
  readonly canvas: Size;
  readonly inner: Rectangle;
  readonly color: Color;
  /** Alpha of the canvas. */
  readonly level: number;
}

function padRaster(
  raster: Raster,
  { canvas, inner, color, level }: Canvas,
  context: RunContext,
): Raster {
  const { width, height } = canvas;
  const values = samplesOf(color, raster.model);
  return {
    ...raster,
    width,
    height,
    planes: raster.planes.map((plane, index) => {
      const shape = gridShape(width, height, pitchOf(plane));
      return padPlane(plane, shape, inner, values[index], context);
    }),
    ...(raster.alpha && {
      alpha: padPlane(raster.alpha, fullShape(width, height), inner, level, context),
    }),
  };
}

function padPlane(
  source: Plane,
  shape: PlaneShape,
  inner: Rectangle,
  value: number,
  { arena, kernels }: RunContext,
): Plane {
  const target = allocatePlane(arena, shape);
  const { data, stride } = target;
  const pitch = pitchOf(shape);
  kernels.fill(data, stride, target.width, target.height, value);
  const place = data.subarray((inner.top / pitch.y) * stride + inner.left / pitch.x);
  kernels.copy(source.data, source.stride, place, stride, source.width, source.height);
  return target;
}
