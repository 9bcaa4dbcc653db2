/**
 * `blur`: radius and strength, both needed. Blurring faces only (`g_face`, `g_faces`) is refused.
 * @module
 */

import { blur, type BlurAction } from '@safelight/core';

import { integer, keyword } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossBlur: OssAction = defineOssAction({
  name: 'blur',
  summary: 'Gaussian blur.',
  shape: 'keyed',
  parameters: {
    r: {
      argument: integer(1, 50),
      option: 'radius',
      summary: 'radius, px',
      required: true,
      ec: { any: ecId(241) },
    },
    s: {
      argument: integer(1, 50),
      option: 'strength',
      summary: 'strength',
      required: true,
      ec: { any: ecId(242) },
    },
    g: {
      argument: keyword({ face: 'face', faces: 'faces' }),
      option: 'region',
      summary: 'only faces; refused',
    },
    p: {
      argument: integer(1, 200),
      option: 'faceScalePercent',
      summary: 'scale of a face box; only with g_face or g_faces',
      ec: { any: ecId(244) },
    },
  },
  examples: ['image/blur,r_3,s_2', 'image/resize,w_100/blur,r_3,s_2'],
  build(values, context): BlurAction {
    if (values.g !== undefined) throw context.fault('not-implemented', 'no region', 'g');
    return blur({ radius: values.r, strength: values.s });
  },
  read: (action: BlurAction) => ({ r: action.radius, s: action.strength }),
});
