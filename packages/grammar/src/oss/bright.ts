/**
 * `bright`: bare levels, negative ones darken.
 * @module
 */

import { bright, type BrightAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossBright: OssAction = defineOssAction({
  name: 'bright',
  summary: 'Brightens, or darkens below 0.',
  shape: 'bare',
  parameters: {
    bright: {
      argument: integer(-100, 100),
      option: 'amount',
      summary: 'levels added to red, green and blue',
      required: true,
      ec: { 'missing-argument': ecId(245), any: ecId(246) },
    },
  },
  examples: ['image/bright,50', 'image/resize,w_100/bright,50'],
  build: (values): BrightAction => bright({ amount: values.bright }),
  read: (action: BrightAction) => ({ bright: action.amount }),
});
