/**
 * `interlace`: bare 0 or 1.
 * @module
 */

import { interlace, type InterlaceAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossInterlace: OssAction = defineOssAction({
  name: 'interlace',
  summary: 'Makes a JPEG result progressive (1) or not (0, as without it).',
  shape: 'bare',
  parameters: {
    interlace: {
      argument: integer(0, 1),
      option: 'progressive',
      summary: '1 progressive, 0 baseline',
      required: true,
      ec: { 'missing-argument': ecId(281), any: ecId(282) },
    },
  },
  examples: ['image/format,jpg/interlace,1', 'image/resize,w_200/interlace,1'],
  build: (values): InterlaceAction => interlace({ progressive: values.interlace === 1 }),
  read: (action: InterlaceAction) => ({ interlace: action.progressive ? 1 : 0 }),
});
