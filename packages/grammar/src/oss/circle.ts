/**
 * `circle`: the radius of the disc, needed.
 * @module
 */

import { circle, type CircleAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossCircle: OssAction = defineOssAction({
  name: 'circle',
  summary: 'Keeps a disc around the centre; the picture shrinks to the square around it.',
  shape: 'keyed',
  parameters: {
    r: {
      argument: integer(1, 4_096),
      option: 'radius',
      summary: 'radius, px; at most the largest disc that fits',
      required: true,
      ec: { any: ecId(233) },
    },
  },
  examples: [
    'image/circle,r_100',
    'image/circle,r_100/format,png',
    'image/resize,w_100/circle,r_50/format,png',
  ],
  build: (values): CircleAction => circle({ radius: values.r }),
  read: (action: CircleAction) => ({ r: action.radius }),
  readForeign: ({ keepsCanvas }: CircleAction) => (keepsCanvas === true ? ['r_canvas'] : []),
});
