/**
 * `rounded-corners`: the picture keeps its size.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const ROUNDED_CORNERS: ActionTable = {
  action: 'rounded-corners',
  sizes: [
    ['image/rounded-corners,r_1', 400, 267],
    ['image/rounded-corners,r_2', 400, 267],
    ['image/rounded-corners,r_30', 400, 267],
    ['image/rounded-corners,r_133', 400, 267],
    ['image/rounded-corners,r_134', 400, 267],
    ['image/rounded-corners,r_4096', 400, 267],
    ['image/rounded-corners,r_9/format,png', 400, 267, 'png'],
  ],
  errors: [
    ['image/rounded-corners,r_0', 237],
    ['image/rounded-corners,r_-1', 237],
    ['image/rounded-corners,r_4097', 237],
    ['image/rounded-corners,r_abc', 237],
    ['image/rounded-corners,r_', 237],
    ['image/rounded-corners,r', 237],
    ['image/rounded-corners,100', 237],
    ['image/rounded-corners,r_1.5', 237],
    ['image/rounded-corners,rx_9', 237],
  ],
};
