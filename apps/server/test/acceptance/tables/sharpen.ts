/**
 * `sharpen`: its amount at and beyond its edges.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const SHARPEN: ActionTable = {
  action: 'sharpen',
  sizes: [
    ['image/sharpen,50', 400, 267],
    ['image/sharpen,51', 400, 267],
    ['image/sharpen,100', 400, 267],
    ['image/sharpen,398', 400, 267],
    ['image/sharpen,399', 400, 267],
  ],
  errors: [
    ['image/sharpen,49', 280],
    ['image/sharpen,400', 280],
    ['image/sharpen,0', 280],
    ['image/sharpen,-100', 280],
    ['image/sharpen,abc', 280],
    ['image/sharpen,a_100', 280],
    ['image/sharpen,', 279],
    ['image/sharpen', 279],
    ['image/sharpen,100,1', 203],
  ],
};
