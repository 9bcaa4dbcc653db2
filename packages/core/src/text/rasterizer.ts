/**
 * What the engine asks of a text renderer: coverage, never colour. Runtimes differ in how they draw;
 * the engine alone places and blends.
 * @module
 */

import type { Rectangle } from '../raster.ts';

export interface TextRequest {
  readonly text: string;
  /** A font the rasteriser has announced in `fonts`. */
  readonly font: string;
  /** Em size in pixels, 1 to 1000. */
  readonly size: number;
  /** Clockwise, 0 to 360. @default 0 */
  readonly angleDeg?: number;
  /** The part of the box that is needed, in whole pixels of it. @default all of it */
  readonly window?: Rectangle;
}

export interface TextCoverage {
  /** 0 to 255 a sample; `width * height` bytes, rows without gaps; of the window, if there is one. */
  readonly coverage: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface TextRasterizer {
  /** Names of the fonts that can be asked for. */
  readonly fonts: readonly string[];
  /** Size of the box that `rasterize` fills: advance width by line height, turned. In whole pixels. */
  measure(request: TextRequest): { readonly width: number; readonly height: number };
  rasterize(request: TextRequest): TextCoverage;
}
