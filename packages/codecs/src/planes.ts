/**
 * Planes with one sample a pixel, as every decoder without subsampling delivers them. Alpha is
 * allocated last, so that its room can be given back when no pixel needed it.
 * @module
 */

import {
  type Arena,
  type ColorModel,
  type Metadata,
  type Plane,
  PLANES_OF,
  type Raster,
} from '@safelight/core';

export interface PlaneSet {
  /** Samples of each colour plane. */
  readonly colors: readonly Uint8Array[];
  readonly alpha: Uint8Array | undefined;
  /** The raster of these planes; an alpha without a transparent pixel is given back. */
  finish(metadata: Metadata): Raster;
}

export interface PlaneSetShape {
  readonly width: number;
  readonly height: number;
  readonly model: ColorModel;
  readonly hasAlpha: boolean;
}

/** As much of a raster as says how many samples its encoder puts in rows. */
export interface EncodedShape {
  readonly width: number;
  readonly height: number;
  readonly planes: readonly unknown[];
  readonly hasAlpha: boolean;
}

/** Allocates the planes of a picture; their content is unspecified. */
export function allocatePlanes(shape: PlaneSetShape, arena: Arena): PlaneSet {
  const { width, height, model } = shape;
  const samples = width * height;
  const colors = Array.from({ length: PLANES_OF[model] }, () => arena.allocate(samples));
  const mark = arena.mark();
  const alpha = shape.hasAlpha ? arena.allocate(samples) : undefined;
  const planeOf = (data: Uint8Array): Plane => ({
    data,
    width,
    height,
    stride: width,
    extent: { left: 0, top: 0, width, height },
  });
  return {
    colors,
    alpha,
    finish(metadata) {
      const isTransparent = alpha !== undefined && !isOpaque(alpha);
      if (!isTransparent) arena.release(mark);
      return {
        width,
        height,
        model,
        planes: colors.map(planeOf),
        ...(isTransparent && { alpha: planeOf(alpha) }),
        metadata,
      };
    },
  };
}

function isOpaque(alpha: Uint8Array): boolean {
  // Most pictures decide at once; `every` would call a function a sample.
  for (let i = 0; i < alpha.length; i++) if (alpha[i] !== 255) return false;
  return true;
}
