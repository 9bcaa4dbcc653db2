/**
 * Rounding the corners of the picture, whose size stays.
 * @module
 */

import { createCorners, MAX_CORNER_RADIUS } from '../corners.ts';
import { type DefinedAction, defineAction } from '../definition.ts';

export interface RoundedCornersOptions {
  /** Pixels, 1 to 4096; more than half of the shorter side is taken as half. */
  readonly radius: number;
}

export interface RoundedCornersAction extends RoundedCornersOptions {
  readonly name: 'rounded-corners';
}

export function roundedCorners(options: RoundedCornersOptions): RoundedCornersAction {
  return { name: 'rounded-corners', ...options };
}

export const roundedCornersAction: DefinedAction<'rounded-corners'> = defineAction({
  name: 'rounded-corners',
  resolve: (options: RoundedCornersAction, check) =>
    check.integer('radius', options.radius, 1, MAX_CORNER_RADIUS),
  plan: (radius, image) => ({ size: image, operations: [createCorners(radius)] }),
});
