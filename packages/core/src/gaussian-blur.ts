/**
 * Gaussian blur in a window, one axis after the other. Subsampled chroma is blurred by half the
 * radius where that is the same window, and upsampled first where it is not.
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
  largestPlaneBytes,
  pitchOf,
  type PlaneShape,
  type RasterShape,
  sampleCount,
} from './shape.ts';

/**
 * The bell's width for a strength of the OSS language: a fit to the service's own results, in pixels.
 * Weights are exp(-d^2 / sigma^2).
 */
export function blurSigma(strength: number): number {
  return -0.0057 * strength * strength + 1.1787 * strength - 0.0694;
}

/** `radius` and `sigma` in pixels. */
export function createGaussianBlur(radius: number, sigma: number): Operation {
  return {
    name: 'blur',
    requires: (shape) =>
      shape.planes.every((plane) => isExactOn(plane, radius, sigma)) ? [] : ['full-grid'],
    effect: (shape) => inPlace(shape, largestPlaneBytes(shape), costOf(shape, radius)),
    run: (raster, context) => blurRaster(raster, radius, sigma, context),
  };
}

/** A window of `2 radius + 1` taps costs about a quarter of its taps as many copies. */
function costOf(shape: RasterShape, radius: number): number {
  return Math.ceil((sampleCount(shape) * (2 * radius + 1)) / 2);
}

/** Narrower bells than this have too few samples on a coarser grid to keep their shape, in samples. */
const LEAST_SIGMA = 1;

function isExactOn(plane: PlaneShape, radius: number, sigma: number): boolean {
  const { x, y } = pitchOf(plane);
  return [x, y].every(
    (pitch) => pitch === 1 || (radius % pitch === 0 && sigma / pitch >= LEAST_SIGMA),
  );
}

function blurRaster(raster: Raster, radius: number, sigma: number, context: RunContext): Raster {
  const { kernels } = context;
  const { alpha } = raster;
  const blur = (plane: Plane): void => blurPlane(plane, radius, sigma, context);
  if (alpha === undefined) {
    raster.planes.forEach(blur);
    return raster;
  }
  const { width, height } = alpha;
  for (const { data, stride } of raster.planes) {
    kernels.premultiply(data, stride, alpha.data, alpha.stride, data, stride, width, height);
  }
  raster.planes.forEach(blur);
  blur(alpha);
  for (const { data, stride } of raster.planes) {
    kernels.unpremultiply(data, stride, alpha.data, alpha.stride, data, stride, width, height);
  }
  return raster;
}

function blurPlane(
  plane: Plane,
  radius: number,
  sigma: number,
  { arena, kernels }: RunContext,
): void {
  const pitch = pitchOf(plane);
  const { data, stride, width, height } = plane;
  const across = gaussianWeights({ radius: radius / pitch.x, sigma: sigma / pitch.x });
  const down = gaussianWeights({ radius: radius / pitch.y, sigma: sigma / pitch.y });
  withScratch(arena, () => {
    const rows = allocatePlane(arena, plane);
    kernels.blurRows(data, stride, rows.data, rows.stride, width, height, across);
    kernels.blurColumns(rows.data, rows.stride, data, stride, width, height, down);
  });
}
