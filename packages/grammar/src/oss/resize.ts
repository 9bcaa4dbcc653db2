/**
 * `resize`. Which of `w h`, `l s` and `p` wins is the engine's rule; here all are read. `P`, of logos
 * inside a watermark, is no key of a chain.
 * @module
 */

import { resize, type ResizeAction, type ResizeMode, WHITE } from '@safelight/core';

import { hexColor, integer, keyword } from '../arguments.ts';
import { defineOssAction, ecId, given, type OssAction } from './action.ts';

const MODES: Readonly<Record<string, ResizeMode>> = {
  lfit: 'fit',
  mfit: 'cover',
  fill: 'fill',
  pad: 'pad',
  fixed: 'fixed',
};

const side = integer(1, 16_384);

export const ossResize: OssAction = defineOssAction({
  name: 'resize',
  summary: 'Resamples to another size.',
  shape: 'keyed',
  parameters: {
    m: {
      argument: keyword<ResizeMode>(MODES),
      option: 'mode',
      summary: 'how the picture meets the box',
      fallback: 'fit',
      ec: { any: ecId(311) },
    },
    w: { argument: side, option: 'width', summary: 'width, px', ec: { any: ecId(312) } },
    h: { argument: side, option: 'height', summary: 'height, px', ec: { any: ecId(313) } },
    l: { argument: side, option: 'longSide', summary: 'longer side, px', ec: { any: ecId(314) } },
    s: { argument: side, option: 'shortSide', summary: 'shorter side, px', ec: { any: ecId(315) } },
    p: {
      argument: integer(1, 1_000),
      option: 'percent',
      summary: 'percent of both sides; may enlarge',
      ec: { any: ecId(317) },
    },
    P: {
      argument: integer(1, 100),
      option: 'mainPercent',
      summary: 'percent of the main picture to fit into; only for the picture of a watermark',
      onlyInMark: true,
    },
    limit: {
      argument: integer(0, 1),
      option: 'enlarge',
      summary: '1 leaves a picture as it is rather than enlarge it',
      fallback: 1,
      ec: { any: ecId(319) },
    },
    color: {
      argument: hexColor(),
      option: 'background',
      summary: 'canvas of m_pad',
      fallback: WHITE,
      ec: { any: ecId(318) },
    },
  },
  ec: { 'missing-argument': ecId(322), 'output-too-large': ecId(7) },
  zeroTogetherEc: { 'w,h': ecId(321) },
  examples: [
    'image/resize,w_200',
    'image/resize,p_50',
    'image/resize,m_fill,w_100,h_100',
    'image/resize,m_pad,w_100,h_100,color_FF0000',
    'image/resize,w_3000,limit_0',
  ],
  build(values, context): ResizeAction {
    const { w, h, l, s, p, P } = values;
    if ([w, h, l, s, p, P].every((value) => value === undefined)) {
      throw context.fault('missing-argument', 'one of w h l s p');
    }
    return resize(
      given({
        mode: values.m,
        width: w,
        height: h,
        longSide: l,
        shortSide: s,
        percent: p,
        mainPercent: P,
        enlarge: values.limit === 0 ? true : undefined,
        background: values.color,
      }),
    );
  },
  read: (action: ResizeAction) => ({
    m: action.mode,
    w: action.width,
    h: action.height,
    l: action.longSide,
    s: action.shortSide,
    p: action.percent,
    P: action.mainPercent,
    limit: action.enlarge === true ? 0 : 1,
    color: action.background,
  }),
});
