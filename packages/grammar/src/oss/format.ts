/**
 * `format`: a bare word. Whether a codec can write the format is the engine's to say.
 * @module
 */

import { type Color, format, type FormatAction, type FormatOptions } from '@safelight/core';

import { hexColor, keyword } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

/** The formats by their OSS words; `jpeg` is read, `jpg` is printed. */
export const OSS_FORMATS: Readonly<Record<string, FormatOptions['format']>> = {
  jpg: 'jpeg',
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  bmp: 'bmp',
  gif: 'gif',
  tiff: 'tiff',
  heic: 'heic',
  avif: 'avif',
  // Not of the service: the server chooses by the Accept header.
  auto: 'auto',
};

export const ossFormat: OssAction = defineOssAction({
  name: 'format',
  summary: 'Format of the result.',
  shape: 'bare',
  parameters: {
    f: {
      argument: keyword<FormatOptions['format']>(OSS_FORMATS),
      option: 'format',
      summary: 'the format',
      required: true,
      ec: { 'missing-argument': ecId(207), any: ecId(206) },
    },
  },
  examples: ['image/format,png', 'image/resize,w_320/format,webp'],
  build: (values): FormatAction => format({ format: values.f }),
  read: (action: FormatAction) => ({ f: action.format }),
  readForeign: ({ onlyFrom, sourceBackground }: FormatAction) => [
    ...(onlyFrom === undefined ? [] : [onlyFrom]),
    ...(sourceBackground === undefined ? [] : [printBackground(sourceBackground)]),
  ],
});

function printBackground(color: Color): string {
  return `color_${hexColor().encode(color)}`;
}
