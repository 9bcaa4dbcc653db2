/**
 * Actions of the language that are refused by name: other services of the vendor's stand behind them.
 * @module
 */

import { defineUnbuilt, type OssAction } from './action.ts';

export const OSS_UNBUILT: readonly OssAction[] = [
  defineUnbuilt({
    name: 'blindwatermark',
    summary: 'Hides a text in the picture; another service of the vendor’s, refused here.',
    shape: 'keyed',
    examples: ['image/blindwatermark,content_SGVsbG8gV29ybGQ'],
  }),
];
