/**
 * `rotate`: bare degrees, clockwise.
 * @module
 */

import { rotate, type RotateAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossRotate: OssAction = defineOssAction({
  name: 'rotate',
  summary: 'Turns clockwise; the canvas grows to hold the turned picture.',
  shape: 'bare',
  parameters: {
    rotate: {
      argument: integer(0, 360),
      option: 'angleDeg',
      summary: 'degrees clockwise',
      required: true,
      ec: { 'missing-argument': ecId(216), any: ecId(217) },
    },
  },
  examples: ['image/rotate,90', 'image/resize,w_100/rotate,90', 'image/rotate,70'],
  build: (values): RotateAction => rotate({ angleDeg: values.rotate }),
  read: (action: RotateAction) => ({ rotate: action.angleDeg }),
});
