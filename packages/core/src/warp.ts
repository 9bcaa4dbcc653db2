/**
 * Turning by any angle about the picture's centre, onto the box that holds the turned picture.
 * Outside is transparent where the output has alpha, white where it has not.
 * @module
 */

import { cubicPhases } from './filter-table.ts';
import type { AffineMap } from './kernels/kernels.ts';
import { samplesOf } from './convert.ts';
import {
  allocatePlane,
  type Effect,
  type Operation,
  type OutputTraits,
  type RunContext,
  withScratch,
} from './operation.ts';
import { type Plane, type Raster, WHITE } from './raster.ts';
import {
  fullShape,
  gridShape,
  largestPlaneBytes,
  pitchOf,
  planeBytes,
  type PlaneShape,
  rasterBytes,
  type RasterShape,
  sameRectangle,
  sampleCount,
  type Size,
} from './shape.ts';

/** `size` is the box of the turned picture: `turnedBox`. */
export function createWarp(angleDeg: number, size: Size): Operation {
  return {
    name: 'rotate',
    leavesEmpty: true,
    resizesTo: size,
    requires: (shape, output) => (output.alpha || overhangs(shape) ? ['full-grid'] : []),
    effect: (shape, output) => warpEffect(shape, size, output),
    run: (raster, context) => warpRaster(raster, angleDeg, size, context),
  };
}

/** Chroma of an odd-sided picture reaches beyond it: turned, its edge would lie off the luma's. */
function overhangs({ width, height, planes }: RasterShape): boolean {
  const whole = { left: 0, top: 0, width, height };
  return planes.some(({ extent }) => !sameRectangle(extent, whole));
}

/** Multiplications per sample of the 4 x 4 window, against a copy. */
const COST_FACTOR = 8;

function warpEffect(shape: RasterShape, size: Size, output: OutputTraits): Effect {
  const warped: RasterShape = {
    ...shape,
    ...size,
    planes: shape.planes.map((plane) => gridShape(size.width, size.height, pitchOf(plane))),
    hasAlpha: output.alpha,
  };
  return {
    shape: warped,
    memory: 'rewrite',
    addedBytes: rasterBytes(warped),
    scratchBytes: output.alpha
      ? shape.hasAlpha
        ? planeBytes(shape) + planeBytes(size)
        : 0
      : 2 * largestPlaneBytes(warped),
    costPixels: COST_FACTOR * sampleCount(warped),
  };
}

function warpRaster(raster: Raster, angleDeg: number, size: Size, context: RunContext): Raster {
  const { arena, output } = context;
  const { width, height } = size;
  const planes = raster.planes.map((plane) =>
    allocatePlane(arena, gridShape(width, height, pitchOf(plane))),
  );
  const phases = cubicPhases();
  const warpOf = (source: PlaneShape, target: PlaneShape): Warp => ({
    map: affineMap(source, target, raster, size, angleDeg),
    phases,
  });
  const turned: Raster = { ...raster, width, height, planes };
  if (!output.alpha) {
    const white = samplesOf(WHITE, raster.model);
    raster.planes.forEach((source, index) => {
      const target = planes[index];
      warpOntoValue(source, target, white[index], warpOf(source, target), context);
    });
    return turned;
  }
  const alpha = allocatePlane(arena, fullShape(width, height));
  const result = { ...turned, alpha };
  const full = fullShape(raster.width, raster.height);
  warpTransparent(raster, result, warpOf(full, alpha), context);
  return result;
}

interface Warp {
  readonly map: AffineMap;
  readonly phases: Int16Array;
}

function warpOntoValue(
  source: Plane,
  target: Plane,
  value: number,
  warp: Warp,
  { arena, kernels }: RunContext,
): void {
  const { data, stride, width, height } = target;
  withScratch(arena, () => {
    const turned = allocatePlane(arena, target);
    const coverage = allocatePlane(arena, target);
    warpPlane(source, turned, warp, kernels);
    kernels.warpCoverage(
      source.width,
      source.height,
      coverage.data,
      coverage.stride,
      width,
      height,
      warp.map,
    );
    kernels.fill(data, stride, width, height, value);
    kernels.blendPlane(
      data,
      stride,
      turned.data,
      turned.stride,
      coverage.data,
      coverage.stride,
      width,
      height,
    );
  });
}

/** All planes have one sample a pixel here, so one map serves them all. */
function warpTransparent(
  source: Raster,
  target: Raster & { readonly alpha: Plane },
  warp: Warp,
  context: RunContext,
): void {
  const { arena, kernels } = context;
  const { alpha } = target;
  const { width, height } = source;
  const sourceAlpha = source.alpha;
  if (sourceAlpha === undefined) {
    source.planes.forEach((plane, i) => warpPlane(plane, target.planes[i], warp, kernels));
    const { data, stride } = alpha;
    kernels.warpCoverage(width, height, data, stride, alpha.width, alpha.height, warp.map);
    return;
  }
  withScratch(arena, () => {
    const premultiplied = allocatePlane(arena, fullShape(width, height));
    const coverage = allocatePlane(arena, fullShape(alpha.width, alpha.height));
    warpPlane(sourceAlpha, alpha, warp, kernels);
    source.planes.forEach((plane, i) => {
      const turned = target.planes[i];
      kernels.premultiply(
        plane.data,
        plane.stride,
        sourceAlpha.data,
        sourceAlpha.stride,
        premultiplied.data,
        premultiplied.stride,
        width,
        height,
      );
      warpPlane(premultiplied, turned, warp, kernels);
      const { data, stride } = turned;
      kernels.unpremultiply(
        data,
        stride,
        alpha.data,
        alpha.stride,
        data,
        stride,
        alpha.width,
        alpha.height,
      );
    });
    // Last: colours were divided by the alpha of the repeated edges, not by the cut one.
    const { data, stride } = coverage;
    kernels.warpCoverage(width, height, data, stride, alpha.width, alpha.height, warp.map);
    kernels.multiply(alpha.data, alpha.stride, data, stride, alpha.width, alpha.height);
  });
}

function warpPlane(source: Plane, target: Plane, warp: Warp, kernels: RunContext['kernels']): void {
  kernels.warp(
    source.data,
    source.stride,
    source.width,
    source.height,
    target.data,
    target.stride,
    target.width,
    target.height,
    warp.map,
    warp.phases,
  );
}

const FIXED_ONE = 65_536;

/**
 * From target samples to source samples, where 0 is the centre of the first: target sample, target
 * pixel, turned back about the two centres, source pixel, source sample. The centre is exact, so the
 * rounding of the steps (2^-17 a sample) adds up over half the picture only.
 */
function affineMap(
  source: PlaneShape,
  target: PlaneShape,
  picture: Size,
  turned: Size,
  angleDeg: number,
): AffineMap {
  const angle = (angleDeg * Math.PI) / 180;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const from = pitchOf(source);
  const to = pitchOf(target);
  const map = {
    xx: Math.round((FIXED_ONE * cosine * to.x) / from.x),
    xy: Math.round((FIXED_ONE * sine * to.y) / from.x),
    yx: Math.round((FIXED_ONE * -sine * to.x) / from.y),
    yy: Math.round((FIXED_ONE * cosine * to.y) / from.y),
  };
  // The centre of the turned picture in target samples, and of the source picture in source samples.
  const column = (turned.width / 2 - target.extent.left) / to.x - 0.5;
  const row = (turned.height / 2 - target.extent.top) / to.y - 0.5;
  const centreX = (picture.width / 2 - source.extent.left) / from.x - 0.5;
  const centreY = (picture.height / 2 - source.extent.top) / from.y - 0.5;
  return {
    ...map,
    x0: Math.round(FIXED_ONE * centreX - column * map.xx - row * map.xy),
    y0: Math.round(FIXED_ONE * centreY - column * map.yx - row * map.yy),
  };
}
