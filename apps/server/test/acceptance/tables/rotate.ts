/**
 * `rotate`: the box around the turned picture.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const ROTATE: ActionTable = {
  action: 'rotate',
  sizes: [
    ['image/rotate,0', 400, 267],
    ['image/rotate,1', 405, 274],
    ['image/rotate,15', 455, 361],
    ['image/rotate,30', 480, 431],
    ['image/rotate,45', 472, 472],
    ['image/rotate,60', 431, 480],
    ['image/rotate,89', 274, 405],
    ['image/rotate,90', 267, 400],
    ['image/rotate,91', 274, 405],
    ['image/rotate,135', 472, 472],
    ['image/rotate,179', 405, 274],
    ['image/rotate,180', 400, 267],
    ['image/rotate,181', 405, 274],
    ['image/rotate,225', 472, 472],
    ['image/rotate,269', 274, 405],
    ['image/rotate,270', 267, 400],
    ['image/rotate,271', 274, 405],
    ['image/rotate,315', 472, 472],
    ['image/rotate,359', 405, 274],
    ['image/rotate,360', 400, 267],
    ['image/rotate,090', 267, 400],
    ['image/rotate,90/rotate,90', 400, 267],
  ],
  errors: [
    ['image/rotate,-1', 217],
    ['image/rotate,361', 217],
    ['image/rotate,400', 217],
    ['image/rotate,abc', 217],
    ['image/rotate,90.5', 217],
    ['image/rotate,+90', 217],
    ['image/rotate,a_90', 217],
    ['image/rotate,r_90', 217],
    ['image/rotate,90deg', 217],
    ['image/rotate,', 216],
    ['image/rotate,90,90', 203],
  ],
};
