/**
 * `average-hue`, which has no argument and stands alone.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const AVERAGE_HUE: ActionTable = {
  action: 'average-hue',
  sizes: [],
  errors: [
    ['image/average-hue,1', 203],
    ['image/average-hue,a_1', 203],
    ['image/average-hue/resize,w_1', undefined, 'BadRequest'],
    ['image/resize,w_1/average-hue', undefined, 'BadRequest'],
    ['image/average-hue/average-hue', undefined, 'BadRequest'],
  ],
};
