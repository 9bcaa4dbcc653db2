/**
 * The colour that a picture is mostly of, instead of a picture. Stands alone in a chain.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface AverageHueAction {
  readonly name: 'average-hue';
}

export function averageHue(): AverageHueAction {
  return { name: 'average-hue' };
}

export const averageHueAction: DefinedAction<'average-hue'> = defineAction({
  name: 'average-hue',
  standsAlone: true,
  resolve: (options: AverageHueAction) => options,
  defer: (_options, deferred) => ({ ...deferred, describes: 'hue' as const }),
});
