/**
 * `contrast`: the levels at and beyond its edges.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const CONTRAST: ActionTable = {
  action: 'contrast',
  sizes: [
    ['image/contrast,-100', 400, 267],
    ['image/contrast,-99', 400, 267],
    ['image/contrast,-1', 400, 267],
    ['image/contrast,-0', 400, 267],
    ['image/contrast,0', 400, 267],
    ['image/contrast,1', 400, 267],
    ['image/contrast,99', 400, 267],
    ['image/contrast,100', 400, 267],
  ],
  errors: [
    ['image/contrast,-101', 248],
    ['image/contrast,101', 248],
    ['image/contrast,abc', 248],
    ['image/contrast,+50', 248],
    ['image/contrast,1.5', 248],
    ['image/contrast,b_50', 248],
    ['image/contrast', 247],
    ['image/contrast,', 247],
    ['image/contrast,1,1', 203],
  ],
};
