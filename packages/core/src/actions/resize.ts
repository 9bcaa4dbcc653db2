/**
 * Resampling to another size, in five modes. Sizes are computed from the picture that enters the step.
 * @module
 */

import type { Color } from '../raster.ts';

/**
 * `fit`: inside the box. `cover`: around the box. `fill`: around the box, then its centre is cut out.
 * `pad`: inside the box, then centred on a canvas of the box's size. `fixed`: exactly the box.
 */
export type ResizeMode = 'fit' | 'cover' | 'fill' | 'pad' | 'fixed';

/** `width`/`height` win over `longSide`/`shortSide`, which win over `percent`; one is needed. */
export interface ResizeOptions {
  /** @default 'fit' */
  readonly mode?: ResizeMode;
  /** Pixels, 1 to 16384. */
  readonly width?: number;
  readonly height?: number;
  /** Target of the longer side of the source, pixels, 1 to 16384. */
  readonly longSide?: number;
  readonly shortSide?: number;
  /** Of both sides, 1 to 1000; enlarges without being asked. */
  readonly percent?: number;
  /** Whether the picture may grow; otherwise it stays as it is when it would. @default false */
  readonly enlarge?: boolean;
  /** Canvas of `pad`. @default white */
  readonly background?: Color;
}

export interface ResizeAction extends ResizeOptions {
  readonly name: 'resize';
}

export function resize(options: ResizeOptions): ResizeAction {
  return { name: 'resize', ...options };
}
