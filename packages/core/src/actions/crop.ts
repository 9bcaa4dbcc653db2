/**
 * Cutting out a rectangle, placed by gravity, then shifted, then clipped to the picture.
 * @module
 */

import type { Gravity } from '../gravity.ts';

export interface CropOptions {
  /** Shift from the place that gravity gives, pixels, 0 or more. @default 0 */
  readonly left?: number;
  readonly top?: number;
  /** Pixels, 0 to 16384; 0 or absent reaches to the edge. */
  readonly width?: number;
  readonly height?: number;
  /** @default 'northwest' */
  readonly gravity?: Gravity;
  /** Rounds the corners of the result, pixels, 1 to 4096; more than half a side is taken as half. */
  readonly cornerRadius?: number;
}

export interface CropAction extends CropOptions {
  readonly name: 'crop';
}

export function crop(options: CropOptions): CropAction {
  return { name: 'crop', ...options };
}
