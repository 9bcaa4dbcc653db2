/**
 * `flip`, which has no published error ids.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const FLIP: ActionTable = {
  action: 'flip',
  sizes: [
    ['image/flip,0', 400, 267],
    ['image/flip,1', 400, 267],
    ['image/flip,2', 400, 267],
    ['image/flip,1/rotate,90', 267, 400],
  ],
  errors: [
    ['image/flip,3', undefined],
    ['image/flip,-1', undefined],
    ['image/flip,horizontal', undefined],
    ['image/flip,a_1', undefined],
    ['image/flip,01', undefined],
    ['image/flip', undefined],
    ['image/flip,1,1', 203],
  ],
};
