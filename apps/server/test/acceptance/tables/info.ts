/**
 * `info`, which has no argument and stands alone.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const INFO: ActionTable = {
  action: 'info',
  sizes: [],
  errors: [
    ['image/info,1', 203],
    ['image/info,a_1', 203],
    ['image/info/resize,w_1', undefined, 'BadRequest'],
    ['image/resize,w_1/info', undefined, 'BadRequest'],
    ['image/info/info', undefined, 'BadRequest'],
  ],
};
