/**
 * `blur`: radius and strength, both needed.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const BLUR: ActionTable = {
  action: 'blur',
  sizes: [
    ['image/blur,r_1,s_1', 400, 267],
    ['image/blur,r_1,s_50', 400, 267],
    ['image/blur,r_50,s_1', 400, 267],
    ['image/blur,r_50,s_50', 400, 267],
    ['image/blur,r_3,s_2', 400, 267],
    ['image/blur,s_2,r_3', 400, 267],
  ],
  errors: [
    ['image/blur,r_0,s_2', 241],
    ['image/blur,r_3,s_0', 242],
    ['image/blur,r_-1,s_2', 241],
    ['image/blur,r_3,s_-1', 242],
    ['image/blur,r_51,s_2', 241],
    ['image/blur,r_3,s_51', 242],
    ['image/blur,r_abc,s_2', 241],
    ['image/blur,r_3,s_abc', 242],
    ['image/blur,r_,s_2', 241],
    ['image/blur,r_3,s_', 242],
    ['image/blur,r_1.5,s_2', 241],
    ['image/blur,r_3,s_1.5', 242],
    ['image/blur,s_2', 241],
    ['image/blur,r_3', 242],
    ['image/blur', 241],
    ['image/blur,3,2', 241],
    ['image/blur,r_3,s_2,p_0', 244],
    ['image/blur,r_3,s_2,p_201', 244],
    ['image/blur,r_3,s_2,p_abc', 244],
  ],
};
