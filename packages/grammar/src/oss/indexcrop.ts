/**
 * `indexcrop`: strips of width `x` or of height `y`, of which `i` is kept. A number outside the range
 * of `x` and `y` has another id than what is no number.
 * @module
 */

import { indexCrop, type IndexCropAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, given, type OssAction } from './action.ts';

/** Beyond any picture: a strip may be wider than the picture, and there may be no such strip. */
const MOST = 999_999_999;

const NO_STRIP = ecId(230);

export const ossIndexCrop: OssAction = defineOssAction({
  name: 'indexcrop',
  summary: 'Cuts into strips and keeps one, or the whole picture when there is no such strip.',
  shape: 'keyed',
  parameters: {
    x: {
      argument: integer(1, MOST),
      option: 'stripWidth',
      summary: 'width of vertical strips, px',
      ec: { number: NO_STRIP, any: ecId(223) },
    },
    y: {
      argument: integer(1, MOST),
      option: 'stripHeight',
      summary: 'height of horizontal strips, px; wins over x',
      ec: { number: NO_STRIP, any: ecId(224) },
    },
    i: {
      argument: integer(0, MOST),
      option: 'index',
      summary: 'which strip, from 0',
      fallback: 0,
      ec: { any: ecId(229) },
    },
  },
  ec: { 'missing-argument': NO_STRIP },
  examples: ['image/indexcrop,x_100,i_0', 'image/indexcrop,y_100,i_10', 'image/indexcrop,x_100'],
  build(values, context): IndexCropAction {
    if (values.x === undefined && values.y === undefined) {
      throw context.fault('missing-argument', 'one of x y');
    }
    return indexCrop(given({ stripWidth: values.x, stripHeight: values.y, index: values.i }));
  },
  read: (action: IndexCropAction) => ({
    x: action.stripWidth,
    y: action.stripHeight,
    i: action.index,
  }),
});
