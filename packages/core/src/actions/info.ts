/**
 * What the header tells, instead of a picture. Stands alone in a chain.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface InfoAction {
  readonly name: 'info';
}

export function info(): InfoAction {
  return { name: 'info' };
}

export const infoAction: DefinedAction<'info'> = defineAction({
  name: 'info',
  standsAlone: true,
  resolve: (options: InfoAction) => options,
  defer: (_options, deferred) => ({ ...deferred, describes: 'header' as const }),
});
