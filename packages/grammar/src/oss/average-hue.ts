/**
 * `average-hue`: no argument, and alone in its chain. The parser checks both.
 * @module
 */

import { averageHue, type AverageHueAction } from '@safelight/core';

import { defineOssAction, type OssAction } from './action.ts';

export const ossAverageHue: OssAction = defineOssAction({
  name: 'average-hue',
  summary: 'Tells the average colour as JSON instead of a picture. Stands alone.',
  shape: 'none',
  parameters: {},
  examples: ['image/average-hue'],
  build: (): AverageHueAction => averageHue(),
  read: (_action: AverageHueAction) => ({}),
});
