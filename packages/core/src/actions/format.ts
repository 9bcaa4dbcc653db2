/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded.
 * @module
 */

import { type ImageFormat, MEDIA_TYPES } from '../codec.ts';
import { type DefinedAction, defineAction } from '../definition.ts';

export interface FormatOptions {
  readonly format: ImageFormat;
}

export interface FormatAction extends FormatOptions {
  readonly name: 'format';
}

export function format(options: FormatOptions): FormatAction {
  return { name: 'format', ...options };
}

const FORMATS = Object.keys(MEDIA_TYPES) as readonly ImageFormat[];

export const formatAction: DefinedAction<'format'> = defineAction({
  name: 'format',
  resolve: (options: FormatAction, check) => check.oneOf('format', options.format, FORMATS),
  defer: (chosen, deferred) => ({ ...deferred, format: chosen }),
});
