/**
 * Pixels in memory: planes of 8-bit samples. A plane's `extent` says which part of the raster its
 * samples cover; it is fractional, and sample counts must never be used in its place.
 * @module
 */

import type { Calibration } from './color/calibration.ts';
import type { RowSource } from './row-source.ts';

/** A rectangle in pixels of the raster; origin top left, x right, y down. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * 8-bit samples of one channel. Sample (i, j) covers, horizontally, from
 * `extent.left + i * extent.width / width` to `extent.left + (i + 1) * extent.width / width`.
 */
export interface Plane {
  readonly data: Uint8Array;
  /** Samples in a row, and rows. */
  readonly width: number;
  readonly height: number;
  /** Bytes from one row to the next; at least `width`. */
  readonly stride: number;
  /** What the samples cover, in pixels of the raster; may reach over its edges. */
  readonly extent: Rectangle;
  /**
   * Bytes from one sample to the next in a row. Above 1 only where a decoder leaves pixels as it
   * found them, until the first resampling: see `interleaved.ts`. @default 1
   */
  readonly step?: number;
  /** Where the first sample lies among the rows to come, when `data` is empty: see `Raster.rows`. */
  readonly start?: number;
}

export type ColorModel = 'gray' | 'rgb' | 'ycbcr' | 'cmyk';

/** How many planes a model has. */
export const PLANES_OF: Readonly<Record<ColorModel, number>> = {
  gray: 1,
  rgb: 3,
  ycbcr: 3,
  cmyk: 4,
};

/** EXIF orientation: 1 is upright; 5 to 8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** What a source tells beside its pixels. */
export interface Metadata {
  /** As stored; the pixels have not been turned yet. @default 1 */
  readonly orientation?: Orientation;
  readonly icc?: Uint8Array;
  /** What the file says of its colours where it has no profile. */
  readonly calibration?: Calibration;
  /** Estimated JPEG quality of the source, 1 to 100. */
  readonly qualityPercent?: number;
  readonly density?: Density;
  /** Palette of the source as RGBA quadruples, when it had one. */
  readonly palette?: Uint8Array;
}

export interface Density {
  /** 0: aspect ratio only; 1: per inch; 2: per centimetre (as JFIF has it). */
  readonly unit: 0 | 1 | 2;
  readonly x: number;
  readonly y: number;
}

/**
 * An image. Planes stand in the order of the model's name. `ycbcr` is full-range BT.601 with centred
 * chroma, as JFIF has it; its chroma planes may be subsampled. `cmyk` holds ink amounts: 0 is no ink.
 */
export interface Raster {
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly model: ColorModel;
  readonly planes: readonly Plane[];
  /** Straight alpha; absent means opaque. Always covers the raster exactly, one sample a pixel. */
  readonly alpha?: Plane;
  readonly metadata: Metadata;
  /** Where the samples are to be read from, once, when planes hold none. */
  readonly rows?: RowSource;
}

/** RGB colour, each 0 to 255. */
export interface Color {
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

export const WHITE: Color = { red: 255, green: 255, blue: 255 };
export const BLACK: Color = { red: 0, green: 0, blue: 0 };
