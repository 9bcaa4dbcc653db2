/**
 * Turning clockwise by whole degrees. The canvas grows to hold the turned picture.
 * @module
 */

import type { ArgumentCheck } from '../argument-check.ts';
import { type DefinedAction, defineAction, type Lowered, type PlanContext } from '../definition.ts';
import { turnedBox } from '../geometry.ts';
import type { Orientation } from '../raster.ts';
import type { Size } from '../shape.ts';
import { checkOutputSize, checkTurnSize } from '../size-limits.ts';
import { turnSize } from '../symmetry.ts';
import { createTurn } from '../turn.ts';
import { createWarp } from '../warp.ts';

export interface RotateOptions {
  /** Whole degrees clockwise, 0 to 360. */
  readonly angleDeg: number;
}

export interface RotateAction extends RotateOptions {
  readonly name: 'rotate';
}

export function rotate(options: RotateOptions): RotateAction {
  return { name: 'rotate', ...options };
}

/** Angles that move samples unchanged. */
const QUARTERS: Readonly<Record<number, Orientation>> = { 0: 1, 90: 6, 180: 3, 270: 8, 360: 1 };

export const rotateAction: DefinedAction<'rotate'> = defineAction({
  name: 'rotate',
  resolve: (options: RotateAction, check) => check.integer('angleDeg', options.angleDeg, 0, 360),
  plan: planRotate,
});

function planRotate(
  angleDeg: number,
  image: Size,
  context: PlanContext,
  check: ArgumentCheck,
): Lowered {
  const quarter = QUARTERS[angleDeg];
  if (quarter === 1) return { size: image, operations: [] };
  checkTurnSize(image, context.limits, check);
  if (quarter !== undefined) {
    return { size: turnSize(image, quarter), operations: [createTurn(quarter)] };
  }
  const size = turnedBox(image, angleDeg);
  checkOutputSize(size, context.limits, check);
  return { size, operations: [createWarp(angleDeg, size)] };
}
