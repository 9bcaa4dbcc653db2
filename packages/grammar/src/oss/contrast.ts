/**
 * `contrast`: bare percent, negative ones lower it.
 * @module
 */

import { contrast, type ContrastAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossContrast: OssAction = defineOssAction({
  name: 'contrast',
  summary: 'Raises the contrast, or lowers it below 0.',
  shape: 'bare',
  parameters: {
    contrast: {
      argument: integer(-100, 100),
      option: 'amountPercent',
      summary: 'amount, %',
      required: true,
      ec: { 'missing-argument': ecId(247), any: ecId(248) },
    },
  },
  examples: ['image/contrast,-50', 'image/resize,w_100/contrast,50'],
  build: (values): ContrastAction => contrast({ amountPercent: values.contrast }),
  read: (action: ContrastAction) => ({ contrast: action.amountPercent }),
});
