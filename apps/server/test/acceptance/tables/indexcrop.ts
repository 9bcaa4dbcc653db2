/**
 * `indexcrop`: first, last and missing strips of both axes.
 * @module
 */

import type { ActionTable } from './action-table.ts';

export const INDEX_CROP: ActionTable = {
  action: 'indexcrop',
  sizes: [
    ['image/indexcrop,x_1,i_0', 1, 267],
    ['image/indexcrop,x_1,i_399', 1, 267],
    ['image/indexcrop,x_1,i_400', 400, 267],
    ['image/indexcrop,x_399,i_0', 399, 267],
    ['image/indexcrop,x_399,i_1', 1, 267],
    ['image/indexcrop,x_400,i_0', 400, 267],
    ['image/indexcrop,x_400,i_1', 400, 267],
    ['image/indexcrop,x_401,i_0', 400, 267],
    ['image/indexcrop,x_999999999,i_0', 400, 267],
    ['image/indexcrop,x_7,i_57', 1, 267],
    ['image/indexcrop,x_7,i_58', 400, 267],
    ['image/indexcrop,y_1,i_0', 400, 1],
    ['image/indexcrop,y_1,i_266', 400, 1],
    ['image/indexcrop,y_1,i_267', 400, 267],
    ['image/indexcrop,y_266,i_1', 400, 1],
    ['image/indexcrop,y_267,i_0', 400, 267],
    ['image/indexcrop,y_268,i_0', 400, 267],
    ['image/indexcrop,y_100,i_2', 400, 67],
    ['image/indexcrop,y_100,i_3', 400, 267],
    ['image/indexcrop,y_50', 400, 50],
    ['image/indexcrop,x_50,y_60,i_0', 400, 60],
    ['image/indexcrop,x_50,i_999999999', 400, 267],
  ],
  errors: [
    ['image/indexcrop,x_0', 230],
    ['image/indexcrop,y_0', 230],
    ['image/indexcrop,x_-1', 230],
    ['image/indexcrop,y_-1', 230],
    ['image/indexcrop,x_abc', 223],
    ['image/indexcrop,y_abc', 224],
    ['image/indexcrop,x_', 223],
    ['image/indexcrop,y_', 224],
    ['image/indexcrop,x_1.5', 223],
    ['image/indexcrop,x_9,i_-1', 229],
    ['image/indexcrop,x_9,i_abc', 229],
    ['image/indexcrop,x_9,i_', 229],
    ['image/indexcrop,i_1', 230],
    ['image/indexcrop,100', 230],
  ],
};
