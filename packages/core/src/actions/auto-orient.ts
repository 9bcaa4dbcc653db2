/**
 * Whether the stored orientation is applied. It is, before all else, unless this says no.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface AutoOrientOptions {
  readonly enabled: boolean;
}

export interface AutoOrientAction extends AutoOrientOptions {
  readonly name: 'auto-orient';
}

export function autoOrient(options: AutoOrientOptions): AutoOrientAction {
  return { name: 'auto-orient', ...options };
}

export const autoOrientAction: DefinedAction<'auto-orient'> = defineAction({
  name: 'auto-orient',
  resolve: (options: AutoOrientAction, check) => check.boolean('enabled', options.enabled),
  // Anywhere in the chain `false` leaves the stored order; the last one wins.
  defer: (enabled, deferred) => ({ ...deferred, orients: enabled }),
});
