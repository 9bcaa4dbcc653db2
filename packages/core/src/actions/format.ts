/**
 * The format of the result. Encoder state: it takes effect when the picture is encoded.
 * @module
 */

import type { ImageFormat } from '../codec.ts';

export interface FormatOptions {
  readonly format: ImageFormat;
}

export interface FormatAction extends FormatOptions {
  readonly name: 'format';
}

export function format(options: FormatOptions): FormatAction {
  return { name: 'format', ...options };
}
