/**
 * Resizing a raster: each plane by its extent, straight to the grid that the output wants. Colours
 * are weighted by their alpha, or what is transparent would bleed into what is not.
 * @module
 */

import { pixelScratchBytes, reducePixels } from './interleaved.ts';
import {
  allocatePlane,
  type Effect,
  type Operation,
  type OutputTraits,
  planeAt,
  type RunContext,
  withScratch,
} from './operation.ts';
import {
  mapPlane,
  type PlaneMap,
  type RasterMap,
  resamplePlane,
  resamplingScratchBytes,
} from './plane-resampling.ts';
import type { Plane, Raster, Rectangle } from './raster.ts';
import { reduceRows, rowScratchBytes } from './row-bands.ts';
import {
  fullShape,
  halfShape,
  planarShape,
  planeBytes,
  type PlaneShape,
  rasterBytes,
  type RasterShape,
  sampleCount,
  shapeOfRaster,
  type Size,
} from './shape.ts';

export interface ResampleOptions {
  /** Chroma gets one sample a pixel even when the output subsamples. @default false */
  readonly fullChroma?: boolean;
}

/** Scales the picture to `scaled` and keeps `window` of that. */
export function createResample(
  scaled: Size,
  window: Rectangle,
  options: ResampleOptions = {},
): Operation {
  const fullChroma = options.fullChroma ?? false;
  return {
    name: 'resize',
    move: { kind: 'resample', scaled, window, fullChroma },
    // Fewer rows are fewer to take apart; as many or more are not.
    takesInterleaved: ({ height }) => scaled.height < height,
    takesRows: ({ height }) => scaled.height < height,
    effect: (shape, output) => resampleEffect(shape, { scaled, window }, fullChroma, output),
    run: (raster, context) => resampleRaster(raster, { scaled, window }, fullChroma, context),
  };
}

type Scaling = Omit<RasterMap, 'source'>;

function resampleEffect(
  shape: RasterShape,
  scaling: Scaling,
  fullChroma: boolean,
  output: OutputTraits,
): Effect {
  const target = resampledShape(shape, scaling.window, fullChroma, output);
  const rasters = { source: shape, ...scaling };
  const rewritten = {
    shape: target,
    memory: 'rewrite',
    addedBytes: rasterBytes(target),
    costPixels: sampleCount(shape) + sampleCount(target),
  } as const;
  if (shape.rows !== undefined) {
    const maps = mapPlanes(shape.planes, target.planes, rasters);
    return { ...rewritten, scratchBytes: rowScratchBytes(maps, shape.rows, shape.step) };
  }
  if (shape.step !== undefined) {
    const map = mapPlane(shape.planes[0], target.planes[0], rasters);
    return { ...rewritten, scratchBytes: pixelScratchBytes(map, shape.step) };
  }
  const between = shape.planes.map((plane, index) =>
    resamplingScratchBytes(mapPlane(plane, target.planes[index], rasters)),
  );
  const premultiplied = shape.hasAlpha ? planeBytes(shape) : 0;
  return { ...rewritten, scratchBytes: premultiplied + Math.max(...between) };
}

function mapPlanes(
  sources: readonly PlaneShape[],
  targets: readonly PlaneShape[],
  rasters: RasterMap,
): readonly PlaneMap[] {
  return sources.map((source, index) => mapPlane(source, targets[index], rasters));
}

function resampledShape(
  shape: RasterShape,
  window: Size,
  fullChroma: boolean,
  output: OutputTraits,
): RasterShape {
  const { width, height } = window;
  const isHalved = shape.model === 'ycbcr' && output.subsampled && !fullChroma && !shape.hasAlpha;
  const planes = shape.planes.map((_, index): PlaneShape =>
    isHalved && index > 0 ? halfShape(width, height) : fullShape(width, height),
  );
  return { ...planarShape(shape), width, height, planes };
}

function resampleRaster(
  raster: Raster,
  scaling: Scaling,
  fullChroma: boolean,
  context: RunContext,
): Raster {
  const { window } = scaling;
  const shape = resampledShape(shapeOfRaster(raster), window, fullChroma, context.output);
  const rasters = { source: raster, ...scaling };
  const planes = shape.planes.map((plane) => allocatePlane(context.arena, plane));
  const { width, height } = window;
  const alpha = raster.alpha && allocatePlane(context.arena, fullShape(width, height));
  const { rows, ...given } = raster;
  const result = { ...given, width, height, planes, ...(alpha && { alpha }) };
  if (rows !== undefined) {
    reduceRows(raster, result, mapPlanes(raster.planes, planes, rasters), context);
    return result;
  }
  if (planeAt(raster, 0).step !== undefined) {
    const map = mapPlane(planeAt(raster, 0), planeAt(result, 0), rasters);
    reducePixels(raster, result, map, context);
    return result;
  }
  if (raster.alpha === undefined) {
    raster.planes.forEach((source, index) => {
      const target = planes[index];
      resamplePlane(source, target, mapPlane(source, target, rasters), context);
    });
  } else if (alpha !== undefined) {
    resampleTransparent(raster, raster.alpha, { ...result, alpha }, rasters, context);
  }
  return result;
}

/** All planes of a raster with alpha lie on the raster's own grid: see `Requirement`. */
function resampleTransparent(
  raster: Raster,
  alpha: Plane,
  target: Raster & { readonly alpha: Plane },
  rasters: RasterMap,
  context: RunContext,
): void {
  const { arena, kernels } = context;
  const { width, height } = target;
  const map = mapPlane(alpha, target.alpha, rasters);
  resamplePlane(alpha, target.alpha, map, context);
  withScratch(arena, () => {
    const premultiplied = allocatePlane(arena, fullShape(raster.width, raster.height));
    target.planes.forEach((plane, index) => {
      const source = planeAt(raster, index);
      kernels.premultiply(
        source.data,
        source.stride,
        alpha.data,
        alpha.stride,
        premultiplied.data,
        premultiplied.stride,
        raster.width,
        raster.height,
      );
      resamplePlane(premultiplied, plane, map, context);
      kernels.unpremultiply(
        plane.data,
        plane.stride,
        target.alpha.data,
        target.alpha.stride,
        plane.data,
        plane.stride,
        width,
        height,
      );
    });
  });
}
