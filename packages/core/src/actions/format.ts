/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded. `auto` leaves
 * it to who serves the picture, who replaces the action; alone it means the source's own.
 * @module
 */

import { type ImageFormat, MEDIA_TYPES } from '../codec.ts';
import { type DefinedAction, defineAction } from '../definition.ts';
import type { Color } from '../raster.ts';

export interface FormatOptions {
  readonly format: ImageFormat | 'auto';
  /** Sources of any other format keep theirs. @default all sources take `format` */
  readonly onlyFrom?: ImageFormat;
  /**
   * What shows through a transparent source where the format has no alpha. What steps leave empty,
   * such as the outside of a circle, is white all the same. @default white
   */
  readonly sourceBackground?: Color;
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
    const { onlyFrom, sourceBackground } = options;
    if (onlyFrom !== undefined) check.oneOf('onlyFrom', onlyFrom, FORMATS);
    if (sourceBackground !== undefined) check.color('sourceBackground', sourceBackground);
    return { format: chosen, formatOnlyFrom: onlyFrom, sourceBackground };
  },
  defer({ format: chosen, ...resolved }, { format: _earlier, ...deferred }) {
    return { ...deferred, ...resolved, ...(chosen !== 'auto' && { format: chosen }) };
  },
});
