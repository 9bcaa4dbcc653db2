/**
 * Conversions between models, and of alpha. Each is an operation, so that the plan counts its memory
 * like any other's; which of them a render needs is decided in `measure.ts`.
 * @module
 */

import { rgbToYcbcr } from './kernels/color.ts';
import {
  allocatePlane,
  type Effect,
  inPlace,
  type Operation,
  type OutputTraits,
  planeAt,
  type RunContext,
} from './operation.ts';
import { type Color, type ColorModel, type Plane, type Raster } from './raster.ts';
import {
  fullShape,
  halfShape,
  planeBytes,
  type PlaneShape,
  rasterBytes,
  type RasterShape,
  sampleCount,
} from './shape.ts';

/** The samples that show `color` in a raster of `model`, plane by plane. Gray takes its red. */
export function samplesOf(color: Color, model: ColorModel): readonly number[] {
  const { red, green, blue } = color;
  if (model === 'gray') return [red];
  if (model === 'rgb') return [red, green, blue];
  const [luma, blueDifference, redDifference] = [red, green, blue].map((v) => Uint8Array.of(v));
  rgbToYcbcr(luma, 1, blueDifference, 1, redDifference, 1, 1, 1);
  return [luma[0], blueDifference[0], redDifference[0]];
}

export function isGray(color: Color): boolean {
  return color.red === color.green && color.green === color.blue;
}

/** Naive CMYK to RGB, in place; the black plane's memory lies idle until the next rewrite. */
export function createLight(): Operation {
  return {
    name: 'ink to light',
    effect: (shape) => inPlace(asModel(shape, 'rgb'), 0, 3 * shape.width * shape.height),
    run(raster, { kernels }) {
      const black = planeAt(raster, 3);
      const planes = raster.planes.slice(0, 3);
      for (const { data, stride, width, height } of planes) {
        kernels.inkToLight(data, stride, black.data, black.stride, data, stride, width, height);
      }
      return { ...raster, model: 'rgb', planes };
    },
  };
}

/** RGB to YCbCr, in place. */
export function createYcbcr(): Operation {
  return {
    name: 'rgb to ycbcr',
    effect: (shape) => inPlace(asModel(shape, 'ycbcr'), 0, sampleCount(shape)),
    run: (raster, { kernels }) => convertInPlace(raster, 'ycbcr', kernels.rgbToYcbcr),
  };
}

/** YCbCr with one sample a pixel to RGB, in place. */
export function createRgb(): Operation {
  return {
    name: 'ycbcr to rgb',
    requires: () => ['full-grid'],
    effect: (shape) => inPlace(asModel(shape, 'rgb'), 0, sampleCount(shape)),
    run: (raster, { kernels }) => convertInPlace(raster, 'rgb', kernels.ycbcrToRgb),
  };
}

function convertInPlace(
  raster: Raster,
  model: ColorModel,
  convert: RunContext['kernels']['rgbToYcbcr'],
): Raster {
  const [one, two, three] = [planeAt(raster, 0), planeAt(raster, 1), planeAt(raster, 2)];
  convert(
    one.data,
    one.stride,
    two.data,
    two.stride,
    three.data,
    three.stride,
    raster.width,
    raster.height,
  );
  return { ...raster, model };
}

/** Gray to a coloured raster that looks the same: neutral chroma, or the gray three times. */
export function createColor(): Operation {
  return {
    name: 'gray to color',
    effect: colorEffect,
    run(raster, context) {
      const { arena, kernels, output } = context;
      const gray = planeAt(raster, 0);
      const { width, height } = gray;
      const model = coloredModel(raster.alpha !== undefined, output);
      const added = addedPlanes(raster, model).map((shape) => {
        const plane = allocatePlane(arena, shape);
        if (model === 'ycbcr') {
          kernels.fill(plane.data, plane.stride, plane.width, plane.height, NEUTRAL_CHROMA);
        } else {
          kernels.copy(gray.data, gray.stride, plane.data, plane.stride, width, height);
        }
        return plane;
      });
      return { ...raster, model, planes: [gray, ...added] };
    },
  };
}

const NEUTRAL_CHROMA = 128;

function colorEffect(shape: RasterShape, output: OutputTraits): Effect {
  const model = coloredModel(shape.hasAlpha, output);
  const added = addedPlanes(shape, model);
  return {
    shape: { ...shape, model, planes: [...shape.planes, ...added] },
    memory: 'stay',
    addedBytes: added.reduce((sum, plane) => sum + planeBytes(plane), 0),
    scratchBytes: 0,
    costPixels: added.reduce((sum, plane) => sum + plane.width * plane.height, 0),
  };
}

function coloredModel(hasAlpha: boolean, output: OutputTraits): ColorModel {
  return output.subsampled && !hasAlpha ? 'ycbcr' : 'rgb';
}

function addedPlanes(
  size: { readonly width: number; readonly height: number },
  model: ColorModel,
): readonly PlaneShape[] {
  const shape = (model === 'ycbcr' ? halfShape : fullShape)(size.width, size.height);
  return [shape, shape];
}

/** Adds an opaque alpha plane. */
export function createAlpha(): Operation {
  return {
    name: 'add alpha',
    effect: (shape) => ({
      shape: { ...shape, hasAlpha: true },
      memory: 'stay',
      addedBytes: planeBytes(shape),
      scratchBytes: 0,
      costPixels: shape.width * shape.height,
    }),
    run(raster, { arena, kernels }) {
      const alpha = allocatePlane(arena, fullShape(raster.width, raster.height));
      kernels.fill(alpha.data, alpha.stride, alpha.width, alpha.height, 255);
      return { ...raster, alpha };
    },
  };
}

/** Lays the picture on `background` and drops its alpha, for formats that have none. */
export function createFlatten(background: Color): Operation {
  return {
    name: 'flatten',
    requires: ({ model }) => (model === 'gray' && !isGray(background) ? ['color'] : []),
    effect(shape) {
      const opaque = { ...shape, hasAlpha: false };
      return {
        shape: opaque,
        memory: 'rewrite',
        addedBytes: rasterBytes(opaque),
        scratchBytes: 0,
        costPixels: 2 * sampleCount(opaque),
      };
    },
    run: (raster, context) => flattenRaster(raster, background, context),
  };
}

function flattenRaster(raster: Raster, background: Color, { arena, kernels }: RunContext): Raster {
  const { alpha, ...opaque } = raster;
  if (alpha === undefined) return raster;
  const levels = samplesOf(background, raster.model);
  const planes = raster.planes.map((source, index): Plane => {
    const target = allocatePlane(arena, source);
    const { data, stride, width, height } = target;
    kernels.fill(data, stride, width, height, levels[index]);
    kernels.blendPlane(
      data,
      stride,
      source.data,
      source.stride,
      alpha.data,
      alpha.stride,
      width,
      height,
    );
    return target;
  });
  return { ...opaque, planes };
}

function asModel(shape: RasterShape, model: ColorModel): RasterShape {
  return { ...shape, model, planes: shape.planes.slice(0, 3) };
}
