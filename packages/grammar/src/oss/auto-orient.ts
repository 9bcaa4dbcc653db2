/**
 * `auto-orient`: bare 0 or 1. Without it the stored orientation is applied, so 1 changes nothing.
 * @module
 */

import { autoOrient, type AutoOrientAction } from '@safelight/core';

import { integer } from '../arguments.ts';
import { defineOssAction, ecId, type OssAction } from './action.ts';

export const ossAutoOrient: OssAction = defineOssAction({
  name: 'auto-orient',
  summary: 'Applies the stored orientation (1, as without it) or leaves the pixels as stored (0).',
  shape: 'bare',
  parameters: {
    'auto-orient': {
      argument: integer(0, 1),
      option: 'enabled',
      summary: '1 applies, 0 does not',
      required: true,
      ec: { 'missing-argument': ecId(214), any: ecId(215) },
    },
  },
  examples: ['image/resize,w_100/auto-orient,0', 'image/resize,w_100/auto-orient,1'],
  build: (values): AutoOrientAction => autoOrient({ enabled: values['auto-orient'] === 1 }),
  read: (action: AutoOrientAction) => ({ 'auto-orient': action.enabled ? 1 : 0 }),
  readForeign: ({ inOrder }: AutoOrientAction) => (inOrder === true ? ['in-order'] : []),
});
