/**
 * `quality`: relative and as a ceiling.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const QUALITY: ActionTable = {
  action: 'quality',
  sizes: [
    ['image/quality,q_1', 400, 267],
    ['image/quality,q_2', 400, 267],
    ['image/quality,q_50', 400, 267],
    ['image/quality,q_99', 400, 267],
    ['image/quality,q_100', 400, 267],
    ['image/quality,Q_1', 400, 267],
    ['image/quality,Q_2', 400, 267],
    ['image/quality,Q_50', 400, 267],
    ['image/quality,Q_99', 400, 267],
    ['image/quality,Q_100', 400, 267],
    ['image/quality,q_9,Q_8', 400, 267],
    ['image/quality,Q_30/format,png', 400, 267, 'png'],
  ],
  errors: [
    ['image/quality,q_0', 309],
    ['image/quality,q_-1', 309],
    ['image/quality,q_101', 309],
    ['image/quality,q_abc', 309],
    ['image/quality,q_', 309],
    ['image/quality,q_90.5', 309],
    ['image/quality,Q_0', 308],
    ['image/quality,Q_-1', 308],
    ['image/quality,Q_101', 308],
    ['image/quality,Q_abc', 308],
    ['image/quality,Q_', 308],
    ['image/quality,Q_90.5', 308],
    ['image/quality', 307],
    ['image/quality,', 307],
    ['image/quality,90', 310],
  ],
};
