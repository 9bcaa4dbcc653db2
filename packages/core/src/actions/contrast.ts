/**
 * Contrast: red, green and blue are drawn away from a pivot, or towards it.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';
import { createLevels } from '../levels.ts';

export interface ContrastOptions {
  /** -100 to 100; 100 doubles the distance from the pivot, -100 halves it, 0 changes nothing. */
  readonly amountPercent: number;
}

export interface ContrastAction extends ContrastOptions {
  readonly name: 'contrast';
}

export function contrast(options: ContrastOptions): ContrastAction {
  return { name: 'contrast', ...options };
}

/**
 * The level that stays as it is. The service's formula is not published: black is what a compatible
 * implementation was fitted to; the textbook would take 128.
 */
const PIVOT = 0;

export const contrastAction: DefinedAction<'contrast'> = defineAction({
  name: 'contrast',
  resolve: (options: ContrastAction, check) =>
    gainOf(check.integer('amountPercent', options.amountPercent, -100, 100)),
  plan: (gain, image) => ({
    size: image,
    operations:
      gain === 1 ? [] : [createLevels('contrast', (level) => PIVOT + (level - PIVOT) * gain)],
  }),
});

/** 1/2 to 2; lowering goes half as far as raising. */
function gainOf(amountPercent: number): number {
  return 1 + amountPercent / (amountPercent > 0 ? 100 : 200);
}
