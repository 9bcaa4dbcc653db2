/**
 * Actions of the language that the engine lacks: recognised, and refused by name. An action leaves
 * this list for a file of its own when the engine learns it.
 * @module
 */

import { defineUnbuilt, type OssAction } from './action.ts';

export const OSS_UNBUILT: readonly OssAction[] = [
  defineUnbuilt({
    name: 'blindwatermark',
    summary: 'Hides a text in the picture.',
    shape: 'keyed',
    examples: ['image/blindwatermark,content_SGVsbG8gV29ybGQ'],
  }),
];
