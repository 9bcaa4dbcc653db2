/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded. `auto` leaves
 * it to who serves the picture, who replaces the action; alone it means the source's own.
 * @module
 */

import { type ImageFormat, MEDIA_TYPES } from '../codec.ts';
import { type DefinedAction, defineAction } from '../definition.ts';

export interface FormatOptions {
  readonly format: ImageFormat | 'auto';
}

export interface FormatAction extends FormatOptions {
  readonly name: 'format';
}

export function format(options: FormatOptions): FormatAction {
  return { name: 'format', ...options };
}

const FORMATS: readonly FormatOptions['format'][] = [
  ...(Object.keys(MEDIA_TYPES) as ImageFormat[]),
  'auto',
];

export const formatAction: DefinedAction<'format'> = defineAction({
  name: 'format',
  resolve: (options: FormatAction, check) => check.oneOf('format', options.format, FORMATS),
  defer(chosen, { format: _earlier, ...deferred }) {
    return chosen === 'auto' ? deferred : { ...deferred, format: chosen };
  },
});
