/**
 * Pictures that serve as marks, from their file to planes that can be painted. They are rendered before
 * the picture they go on, once, however often and on however many frames they are painted.
 * @module
 */

import type { MarkStep } from './actions/watermark.ts';
import type { Codec, ImageHeader } from './codec.ts';
import { assert, ImageError, type ImageFault, isImageError } from './errors.ts';
import type { Plane, Raster } from './raster.ts';
import type { Size } from './shape.ts';

/** A mark's file, recognised. */
export interface MarkFile {
  readonly bytes: Uint8Array;
  readonly codec: Codec;
  readonly header: ImageHeader;
  /** The step that is to blame for the file. */
  readonly fault: ImageFault;
}

/** Files by the key that a chain names them with. */
export type MarkFiles = ReadonlyMap<string, MarkFile>;

/** A mark's picture whose size is known. Each stands for one rendering. */
export interface PlannedMark extends Size {
  readonly file: MarkFile;
  /** Whether it has no colour. */
  readonly isGray: boolean;
}

/** Plans the picture `key` after `chain`, for a mark on a picture of the size `main`. */
export type MarkPlanner = (key: string, chain: readonly MarkStep[], main: Size) => PlannedMark;

/** A mark's pixels: gray or red, green and blue, and alpha, each row by row without gaps. */
export interface MarkPixels extends Size {
  readonly planes: readonly Uint8Array[];
  readonly alpha: Uint8Array | undefined;
}

export type MarkPixelsOf = ReadonlyMap<PlannedMark, MarkPixels>;

/** Bytes of `MarkPixels`, beside the arena; alpha is counted whether there is some or not. */
export function markPixelBytes({ width, height, isGray }: Omit<PlannedMark, 'file'>): number {
  return width * height * (isGray ? 2 : 4);
}

/** Copies what was rendered out of the arena, which the main picture needs next. */
export function keepPixels(raster: Raster): MarkPixels {
  const { width, height, model, planes, alpha } = raster;
  assert(model === 'gray' || model === 'rgb', `a mark in gray or rgb, not ${model}`);
  return { width, height, planes: planes.map(packed), alpha: alpha && packed(alpha) };
}

function packed({ data, width, height, stride }: Plane): Uint8Array {
  const rows = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * stride, y * stride + width), y * width);
  }
  return rows;
}

/** What is wrong with a mark's bytes is told as that: the main picture may be in order. */
export function blameMark(error: unknown, fault: ImageFault): unknown {
  if (!isImageError(error)) return error;
  if (error.code !== 'BadImage' && error.code !== 'UnsupportedFormat') return error;
  return new ImageError(error.code, 'mark-format', error.message, {
    publicMessage: `The picture of the watermark cannot be used: ${error.publicMessage}`,
    fault,
    cause: error,
  });
}
