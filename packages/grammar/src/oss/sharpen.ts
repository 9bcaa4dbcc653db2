/**
 * `sharpen`: bare amount in percent.
 * @module
 */

import { sharpen, type SharpenAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossSharpen: OssAction = defineOssAction({
  name: 'sharpen',
  summary: 'Sharpens by an unsharp mask.',
  shape: 'bare',
  parameters: {
    sharpen: {
      argument: integer(50, 399),
      option: 'amountPercent',
      summary: 'amount; 100 is a good start',
      required: true,
      ec: { 'missing-argument': ecId(279), any: ecId(280) },
    },
  },
  examples: ['image/sharpen,100', 'image/resize,w_100/sharpen,100'],
  build: (values): SharpenAction => sharpen({ amountPercent: values.sharpen }),
  read: (action: SharpenAction) => ({ sharpen: action.amountPercent }),
});
