/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded.
 * @module
 */

import { type ImageFormat, MEDIA_TYPES } from '../codec.ts';
import { type DefinedAction, defineAction } from '../definition.ts';

export interface FormatOptions {
  readonly format: ImageFormat;
  /** Sources of any other format keep theirs. @default all sources take `format` */
  readonly onlyFrom?: ImageFormat;
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
  resolve(options: FormatAction, check) {
    const chosen = check.oneOf('format', options.format, FORMATS);
    const { onlyFrom } = options;
    if (onlyFrom !== undefined) check.oneOf('onlyFrom', onlyFrom, FORMATS);
    return { format: chosen, formatOnlyFrom: onlyFrom };
  },
  defer: (resolved, deferred) => ({ ...deferred, ...resolved }),
});
