/**
 * `format`: its words, where they may stand, and what only a GIF becomes.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const FORMAT: ActionTable = {
  action: 'format',
  sizes: [
    ['image/format,jpg', 400, 267, 'jpeg'],
    ['image/format,jpeg', 400, 267, 'jpeg'],
    ['image/format,png', 400, 267, 'png'],
    ['image/format,tiff', 400, 267, 'tiff'],
    ['image/format,gif', 400, 267, 'jpeg'],
    ['image/format,png/format,jpg', 400, 267, 'jpeg'],
    ['image/format,png/resize,w_100', 100, 67, 'png'],
    ['image/format,png,', 400, 267, 'png'],
  ],
  errors: [
    ['image/format,JPG', 206],
    ['image/format,svg', 206],
    ['image/format,heif', 206],
    ['image/format,f_png', 206],
    ['image/format,jpg_', 206],
    ['image/format,.png', 206],
    ['image/format', 207],
    ['image/format,', 207],
    ['image/format,png,jpg', 203],
  ],
};
