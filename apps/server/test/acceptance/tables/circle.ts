/**
 * `circle`: the side of the square around the disc.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const CIRCLE: ActionTable = {
  action: 'circle',
  sizes: [
    ['image/circle,r_1', 3, 3],
    ['image/circle,r_2', 5, 5],
    ['image/circle,r_10', 21, 21],
    ['image/circle,r_66', 133, 133],
    ['image/circle,r_67', 135, 135],
    ['image/circle,r_132', 265, 265],
    ['image/circle,r_133', 267, 267],
    ['image/circle,r_134', 267, 267],
    ['image/circle,r_200', 267, 267],
    ['image/circle,r_4095', 267, 267],
    ['image/circle,r_4096', 267, 267],
    ['image/resize,w_100/circle,r_10', 21, 21],
    ['image/circle,r_50/format,png', 101, 101, 'png'],
  ],
  errors: [
    ['image/circle,r_0', 233],
    ['image/circle,r_-1', 233],
    ['image/circle,r_4097', 233],
    ['image/circle,r_abc', 233],
    ['image/circle,r_', 233],
    ['image/circle,r', 233],
    ['image/circle,100', 233],
    ['image/circle,r_1.5', 233],
    ['image/circle,r_25p', 233],
    ['image/circle', 233],
  ],
};
