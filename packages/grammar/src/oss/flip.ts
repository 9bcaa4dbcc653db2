/**
 * `flip`: bare 0, 1 or 2. The service publishes no EC ids for it.
 * @module
 */

import { flip, type FlipAction } from '@safelight/core';

import { keyword } from '../arguments.ts';
import { defineOssAction, type OssAction } from './action.ts';

const AXES: Readonly<Record<string, FlipAction['axis']>> = {
  '0': 'vertical',
  '1': 'horizontal',
  '2': 'both',
};

export const ossFlip: OssAction = defineOssAction({
  name: 'flip',
  summary: 'Mirrors: 0 top and bottom, 1 left and right, 2 both.',
  shape: 'bare',
  parameters: {
    flip: {
      argument: keyword<FlipAction['axis']>(AXES),
      option: 'axis',
      summary: '0 top and bottom, 1 left and right, 2 both',
      required: true,
    },
  },
  examples: ['image/flip,0', 'image/flip,1', 'image/flip,2'],
  build: (values): FlipAction => flip({ axis: values.flip }),
  read: (action: FlipAction) => ({ flip: action.axis }),
});
