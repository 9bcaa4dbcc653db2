/**
 * Whether the stored orientation is applied. It is, before all else, unless this says no, or asks for
 * it where the action stands.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface AutoOrientOptions {
  readonly enabled: boolean;
  /** Whether steps before this one see the picture as it is stored. @default false */
  readonly inOrder?: boolean;
}

export interface AutoOrientAction extends AutoOrientOptions {
  readonly name: 'auto-orient';
}

export function autoOrient(options: AutoOrientOptions): AutoOrientAction {
  return { name: 'auto-orient', ...options };
}

export const autoOrientAction: DefinedAction<'auto-orient'> = defineAction({
  name: 'auto-orient',
  resolve(options: AutoOrientAction, check) {
    const inOrder = check.boolean('inOrder', options.inOrder ?? false);
    if (!check.boolean('enabled', options.enabled)) return 'never';
    return inOrder ? 'in-order' : 'first';
  },
  // Of several the last one wins, wherever it stands.
  defer: (orients, deferred) => ({ ...deferred, orients }),
});
