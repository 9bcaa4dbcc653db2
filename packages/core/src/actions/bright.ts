/**
 * Brightening and darkening: the same number of levels more or less in red, green and blue.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';
import { createLevels } from '../levels.ts';

export interface BrightOptions {
  /** Levels of 255 that are added, -100 to 100; 0 changes nothing. */
  readonly amount: number;
}

export interface BrightAction extends BrightOptions {
  readonly name: 'bright';
}

export function bright(options: BrightOptions): BrightAction {
  return { name: 'bright', ...options };
}

export const brightAction: DefinedAction<'bright'> = defineAction({
  name: 'bright',
  resolve: (options: BrightAction, check) => check.integer('amount', options.amount, -100, 100),
  plan: (amount, image) => ({
    size: image,
    operations: amount === 0 ? [] : [createLevels('bright', (level) => level + amount)],
  }),
});
