/**
 * `interlace`: progressive or not.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const INTERLACE: ActionTable = {
  action: 'interlace',
  sizes: [
    ['image/interlace,0', 400, 267],
    ['image/interlace,1', 400, 267],
    ['image/interlace,1/interlace,0', 400, 267],
    ['image/interlace,1/format,png', 400, 267, 'png'],
  ],
  errors: [
    ['image/interlace,2', 282],
    ['image/interlace,-1', 282],
    ['image/interlace,abc', 282],
    ['image/interlace,a_1', 282],
    ['image/interlace,', 281],
    ['image/interlace', 281],
    ['image/interlace,1,1', 203],
  ],
};
