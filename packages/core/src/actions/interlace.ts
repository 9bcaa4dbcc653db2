/**
 * Whether a JPEG result is progressive. Encoder state; other formats ignore it.
 * @module
 */

import { type DefinedAction, defineAction } from '../definition.ts';

export interface InterlaceOptions {
  readonly progressive: boolean;
}

export interface InterlaceAction extends InterlaceOptions {
  readonly name: 'interlace';
}

export function interlace(options: InterlaceOptions): InterlaceAction {
  return { name: 'interlace', ...options };
}

export const interlaceAction: DefinedAction<'interlace'> = defineAction({
  name: 'interlace',
  resolve: (options: InterlaceAction, check) => check.boolean('progressive', options.progressive),
  defer: (progressive, deferred) => ({ ...deferred, progressive }),
});
