/**
 * `rounded-corners`: one radius for all four, needed. `r` of `crop` is the same behind a crop.
 * @module
 */

import { roundedCorners, type RoundedCornersAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossRoundedCorners: OssAction = defineOssAction({
  name: 'rounded-corners',
  summary: 'Rounds the corners: transparent where the result has alpha, white where it has not.',
  shape: 'keyed',
  parameters: {
    r: {
      argument: integer(1, 4_096),
      option: 'radius',
      summary: 'radius, px; at most half of the shorter side',
      required: true,
      ec: { any: ecId(237) },
    },
  },
  examples: [
    'image/rounded-corners,r_30',
    'image/crop,w_100,h_100/rounded-corners,r_10/format,png',
    'image/resize,w_100/rounded-corners,r_10/format,png',
  ],
  build: (values): RoundedCornersAction => roundedCorners({ radius: values.r }),
  read: (action: RoundedCornersAction) => ({ r: action.radius }),
});
