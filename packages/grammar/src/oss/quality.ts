/**
 * `quality`: `q` counts against the source, `Q` is a ceiling. A value without a key has an EC of its own.
 * @module
 */

import { quality, type QualityAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, given, type OssAction } from './action.ts';

const percent = integer(1, 100);

export const ossQuality: OssAction = defineOssAction({
  name: 'quality',
  summary: 'Quality of a JPEG or WebP result.',
  shape: 'keyed',
  parameters: {
    q: {
      argument: percent,
      option: 'relativePercent',
      summary: "percent of the source's quality",
      ec: { any: ecId(309) },
    },
    Q: {
      argument: percent,
      option: 'ceilingPercent',
      summary: 'highest quality; wins over q',
      ec: { any: ecId(308) },
    },
  },
  ec: { 'missing-argument': ecId(307), 'unexpected-value': ecId(310) },
  examples: ['image/resize,w_100/quality,q_80', 'image/format,jpg/quality,Q_30'],
  build(values, context): QualityAction {
    if (context.keys.size === 0) {
      const reason = context.argumentCount === 0 ? 'missing-argument' : 'unexpected-value';
      throw context.fault(reason, 'q or Q');
    }
    return quality(given({ relativePercent: values.q, ceilingPercent: values.Q }));
  },
  read: (action: QualityAction) => ({ q: action.relativePercent, Q: action.ceilingPercent }),
});
