/**
 * `bright`: the levels at and beyond its edges.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const BRIGHT: ActionTable = {
  action: 'bright',
  sizes: [
    ['image/bright,-100', 400, 267],
    ['image/bright,-99', 400, 267],
    ['image/bright,-1', 400, 267],
    ['image/bright,-0', 400, 267],
    ['image/bright,0', 400, 267],
    ['image/bright,1', 400, 267],
    ['image/bright,99', 400, 267],
    ['image/bright,100', 400, 267],
  ],
  errors: [
    ['image/bright,-101', 246],
    ['image/bright,101', 246],
    ['image/bright,abc', 246],
    ['image/bright,+50', 246],
    ['image/bright,1.5', 246],
    ['image/bright,b_50', 246],
    ['image/bright', 245],
    ['image/bright,', 245],
    ['image/bright,1,1', 203],
  ],
};
