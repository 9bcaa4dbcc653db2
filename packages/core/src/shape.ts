/**
 * Rasters without samples: what a plan knows of a picture. Sizes of planes are counted here alone,
 * so that the predicted memory and the memory taken cannot drift apart.
 * @module
 */

import { arenaBytes } from './arena.ts';
import type { ColorConversion } from './color/conversion.ts';
import type { Codec, DecodeRequest, ImageHeader } from './codec.ts';
import type { RowsShape } from './row-source.ts';
import { type ColorModel, type Plane, PLANES_OF, type Raster, type Rectangle } from './raster.ts';

/** Where a plane's samples lie, without them. */
export type PlaneShape = Pick<Plane, 'width' | 'height' | 'extent'>;

export interface RasterShape {
  readonly width: number;
  readonly height: number;
  readonly model: ColorModel;
  readonly planes: readonly PlaneShape[];
  readonly hasAlpha: boolean;
  /** Bytes a pixel where pixels are interleaved; absent where samples lie in planes. */
  readonly step?: number;
  /** How rows come where samples are still to be read. */
  readonly rows?: RowsShape;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The shape that a codec's `decode` delivers for this header. */
function shapeOfHeader(header: ImageHeader): RasterShape {
  const { width, height, model } = header;
  const factors = header.sampling ?? [];
  const most = {
    horizontal: Math.max(1, ...factors.map((factor) => factor.horizontal)),
    vertical: Math.max(1, ...factors.map((factor) => factor.vertical)),
  };
  const planes = Array.from({ length: PLANES_OF[model] }, (_, index) => {
    const factor = factors[index] ?? most;
    return gridShape(width, height, {
      x: most.horizontal / factor.horizontal,
      y: most.vertical / factor.vertical,
    });
  });
  return { width, height, model, planes, hasAlpha: header.hasAlpha };
}

/** A raster that enters a chain: its shape, and what it takes in the arena. */
export interface SourceShape {
  readonly shape: RasterShape;
  readonly planeBytes: number;
  /** Beside the planes, while decoding. */
  readonly scratchBytes: number;
  /** What its colours must go through to be sRGB. */
  readonly conversion?: ColorConversion | undefined;
}

/** What `codec.decode` delivers for a header and a request. */
export function shapeOfDecode(
  codec: Pick<Codec, 'planDecode'>,
  header: ImageHeader,
  request: DecodeRequest,
): SourceShape {
  const whole = shapeOfHeader(header);
  const planned = codec.planDecode?.(header, request);
  if (planned === undefined) return sourceOf(whole);
  const { planes, planeBytes: bytes, scratchBytes, step, rows } = planned;
  const shape = { ...whole, planes, ...(step !== undefined && { step }), ...(rows && { rows }) };
  return { shape, planeBytes: bytes, scratchBytes };
}

/** A raster whose planes have no padding. */
export function sourceOf(shape: RasterShape): SourceShape {
  return { shape, planeBytes: rasterBytes(shape), scratchBytes: 0 };
}

/** The same picture with its samples in planes. */
export function planarShape({ width, height, model, planes, hasAlpha }: RasterShape): RasterShape {
  return { width, height, model, planes, hasAlpha };
}

/** The shape of a raster at hand. */
export function shapeOfRaster(raster: Raster): RasterShape {
  const { width, height, model, planes, rows } = raster;
  const [{ step = 1 }] = planes;
  const hasAlpha = raster.alpha !== undefined;
  return {
    width,
    height,
    model,
    planes,
    hasAlpha,
    ...(step > 1 && { step }),
    ...(rows && { rows }),
  };
}

/** Pixels that one sample covers. */
export interface Pitch {
  readonly x: number;
  readonly y: number;
}

/** Samples of `pitch` from the top left corner on, as many as cover `width` x `height` pixels. */
export function gridShape(width: number, height: number, pitch: Pitch): PlaneShape {
  const columns = Math.ceil(width / pitch.x);
  const rows = Math.ceil(height / pitch.y);
  return {
    width: columns,
    height: rows,
    extent: { left: 0, top: 0, width: columns * pitch.x, height: rows * pitch.y },
  };
}

const FULL: Pitch = { x: 1, y: 1 };
const HALF: Pitch = { x: 2, y: 2 };

/** One sample a pixel. */
export function fullShape(width: number, height: number): PlaneShape {
  return gridShape(width, height, FULL);
}

/** Chroma of 4:2:0, as JPEG output has it. */
export function halfShape(width: number, height: number): PlaneShape {
  return gridShape(width, height, HALF);
}

export function pitchOf(plane: PlaneShape): Pitch {
  return { x: plane.extent.width / plane.width, y: plane.extent.height / plane.height };
}

/** Whether two planes have their samples at the same places. */
export function sameGrid(one: PlaneShape, other: PlaneShape): boolean {
  return (
    one.width === other.width &&
    one.height === other.height &&
    sameRectangle(one.extent, other.extent)
  );
}

/** Whether each plane has one sample for each pixel. */
export function isFullGrid(shape: RasterShape): boolean {
  const full = fullShape(shape.width, shape.height);
  return shape.planes.every((plane) => sameGrid(plane, full));
}

export function sameRectangle(one: Rectangle, other: Rectangle): boolean {
  return (
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height
  );
}

/** Bytes one plane takes in the arena. */
export function planeBytes(plane: Size): number {
  return arenaBytes(plane.width * plane.height);
}

/** Bytes of all planes of a raster, alpha included. */
export function rasterBytes(shape: RasterShape): number {
  let bytes = shape.hasAlpha ? planeBytes(shape) : 0;
  for (const plane of shape.planes) bytes += planeBytes(plane);
  return bytes;
}

/** Samples of all planes, alpha included: what a pass over the raster costs. */
export function sampleCount(shape: RasterShape): number {
  let samples = shape.hasAlpha ? shape.width * shape.height : 0;
  for (const plane of shape.planes) samples += plane.width * plane.height;
  return samples;
}

/** The largest plane's bytes: scratch of operations that go plane by plane. */
export function largestPlaneBytes(shape: RasterShape): number {
  return Math.max(...shape.planes.map(planeBytes), shape.hasAlpha ? planeBytes(shape) : 0);
}
