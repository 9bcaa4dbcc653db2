/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded. `auto` leaves
 * it to who serves the picture, who replaces the action; alone it means the source's own.
 * @module
 */

import { type ImageFormat, MEDIA_TYPES } from '../codec.ts';
import { type DefinedAction, defineAction } from '../definition.ts';

export interface FormatOptions {
  readonly format: ImageFormat | 'auto';
  /** Sources of any other format keep theirs. @default all sources take `format` */
  readonly onlyFrom?: ImageFormat;
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
  resolve(options: FormatAction, check) {
    const chosen = check.oneOf('format', options.format, FORMATS);
    const { onlyFrom } = options;
    if (onlyFrom !== undefined) check.oneOf('onlyFrom', onlyFrom, FORMATS);
    return { format: chosen, formatOnlyFrom: onlyFrom };
  },
  defer(resolved, { format: _earlier, formatOnlyFrom: _from, ...deferred }) {
    const { format: chosen, formatOnlyFrom } = resolved;
    return chosen === 'auto' ? deferred : { ...deferred, format: chosen, formatOnlyFrom };
  },
});
