/**
 * Actions of the language that the engine lacks: recognised, and refused by name. An action leaves
 * this list for a file of its own when the engine learns it.
 * @module
 */

import { defineUnbuilt, type OssAction } from './action.ts';

export const OSS_UNBUILT: readonly OssAction[] = [
  defineUnbuilt({
    name: 'indexcrop',
    summary: 'Cuts into strips and keeps one.',
    shape: 'keyed',
    examples: ['image/indexcrop,x_100,i_0'],
  }),
  defineUnbuilt({
    name: 'circle',
    summary: 'Keeps a disc around the centre.',
    shape: 'keyed',
    examples: ['image/circle,r_100'],
  }),
  defineUnbuilt({
    name: 'rounded-corners',
    summary: 'Rounds the corners.',
    shape: 'keyed',
    examples: ['image/rounded-corners,r_30'],
  }),
  defineUnbuilt({
    name: 'bright',
    summary: 'Brightens or darkens.',
    shape: 'bare',
    examples: ['image/bright,50'],
  }),
  defineUnbuilt({
    name: 'contrast',
    summary: 'Raises or lowers the contrast.',
    shape: 'bare',
    examples: ['image/contrast,-50'],
  }),
  defineUnbuilt({
    name: 'average-hue',
    summary: 'Tells the average colour.',
    shape: 'none',
    examples: ['image/average-hue'],
  }),
  defineUnbuilt({
    name: 'blindwatermark',
    summary: 'Hides a text in the picture.',
    shape: 'keyed',
    examples: ['image/blindwatermark,content_SGVsbG8gV29ybGQ'],
  }),
];
