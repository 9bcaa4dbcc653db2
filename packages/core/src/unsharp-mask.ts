/**
 * Sharpening: the picture plus what a small blur takes away from it. Subsampled YCbCr is sharpened in
 * luma alone; alpha is never sharpened, and colours are blurred by their alpha's weight.
 * @module
 */

import { gaussianWeights } from './filter-table.ts';
import {
  allocatePlane,
  inPlace,
  type Operation,
  type RunContext,
  withScratch,
} from './operation.ts';
import type { Plane, Raster } from './raster.ts';
import {
  fullShape,
  isFullGrid,
  largestPlaneBytes,
  planeBytes,
  type RasterShape,
  shapeOfRaster,
} from './shape.ts';

/** The window of the service's mask, measured on its published results. */
const RADIUS = 2;
const SIGMA = 0.7;

/** `amountPercent` of 100 adds the difference once. */
export function createUnsharpMask(amountPercent: number): Operation {
  const amount = Math.round((amountPercent * 256) / 100);
  return {
    name: 'sharpen',
    effect(shape) {
      const scratch = shape.hasAlpha ? 3 * planeBytes(shape) : 2 * largestPlaneBytes(shape);
      return inPlace(
        shape,
        scratch,
        COST_FACTOR * sharpenedPlanes(shape) * shape.width * shape.height,
      );
    },
    run: (raster, context) => sharpenRaster(raster, amount, context),
  };
}

/** Two passes of five taps and the mask. */
const COST_FACTOR = 4;

/** Sharpening half-sized chroma would draw colour fringes twice as wide as the edges. */
function sharpenedPlanes(shape: RasterShape): number {
  return shape.model === 'ycbcr' && !isFullGrid(shape) ? 1 : shape.planes.length;
}

function sharpenRaster(raster: Raster, amount: number, context: RunContext): Raster {
  // The textbook Gaussian; `gaussianWeights` has the bell without its factor 2.
  const weights = gaussianWeights({ radius: RADIUS, sigma: SIGMA * Math.SQRT2 });
  const sharpened = raster.planes.slice(0, sharpenedPlanes(shapeOfRaster(raster)));
  if (raster.alpha === undefined) {
    for (const plane of sharpened) sharpenPlane(plane, weights, amount, context);
  } else {
    sharpenTransparent(sharpened, raster.alpha, weights, amount, context);
  }
  return raster;
}

function sharpenPlane(
  plane: Plane,
  weights: Int16Array,
  amount: number,
  { arena, kernels }: RunContext,
): void {
  const { data, stride, width, height } = plane;
  withScratch(arena, () => {
    const rows = allocatePlane(arena, plane);
    const blurred = allocatePlane(arena, plane);
    kernels.blurRows(data, stride, rows.data, rows.stride, width, height, weights);
    const [from, to] = [rows, blurred];
    kernels.blurColumns(from.data, from.stride, to.data, to.stride, width, height, weights);
    kernels.sharpen(data, stride, to.data, to.stride, data, stride, width, height, amount);
  });
}

/** The mean that is subtracted is the mean of what can be seen: blurred colour over blurred alpha. */
function sharpenTransparent(
  planes: readonly Plane[],
  alpha: Plane,
  weights: Int16Array,
  amount: number,
  { arena, kernels }: RunContext,
): void {
  const { width, height } = alpha;
  withScratch(arena, () => {
    const full = fullShape(width, height);
    const [one, two, blurredAlpha] = [full, full, full].map((shape) => allocatePlane(arena, shape));
    const blur = (from: Plane, between: Plane, to: Plane): void => {
      const { data, stride } = between;
      kernels.blurRows(from.data, from.stride, data, stride, width, height, weights);
      kernels.blurColumns(data, stride, to.data, to.stride, width, height, weights);
    };
    blur(alpha, one, blurredAlpha);
    for (const { data, stride } of planes) {
      const mask = one.data;
      kernels.premultiply(data, stride, alpha.data, alpha.stride, mask, one.stride, width, height);
      blur(one, two, one);
      const divisor = blurredAlpha;
      kernels.unpremultiply(
        mask,
        one.stride,
        divisor.data,
        divisor.stride,
        mask,
        one.stride,
        width,
        height,
      );
      kernels.sharpen(data, stride, mask, one.stride, data, stride, width, height, amount);
    }
  });
}
