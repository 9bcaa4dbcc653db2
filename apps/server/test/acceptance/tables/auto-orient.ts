/**
 * `auto-orient` of a picture that stands upright.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const AUTO_ORIENT: ActionTable = {
  action: 'auto-orient',
  sizes: [
    ['image/auto-orient,0/resize,w_100', 100, 67],
    ['image/resize,w_100/auto-orient,1', 100, 67],
    ['image/auto-orient,01', 400, 267],
  ],
  errors: [
    ['image/auto-orient', 214],
    ['image/auto-orient,', 214],
    ['image/auto-orient,2', 215],
    ['image/auto-orient,-1', 215],
    ['image/auto-orient,true', 215],
    ['image/auto-orient,a_1', 215],
    ['image/auto-orient,1,1', 203],
  ],
};
