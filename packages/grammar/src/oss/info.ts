/**
 * `info`: no argument, and alone in its chain. The parser checks both.
 * @module
 */

import { info, type InfoAction } from '@safelight/core';

import { defineOssAction, type OssAction } from './action.ts';

export const ossInfo: OssAction = defineOssAction({
  name: 'info',
  summary: 'Tells size, format and EXIF as JSON instead of a picture. Stands alone.',
  shape: 'none',
  parameters: {},
  examples: ['image/info'],
  build: (): InfoAction => info(),
  read: (_action: InfoAction) => ({}),
  readForeign: ({ members = 'all' }: InfoAction) => (members === 'all' ? [] : [members]),
});
