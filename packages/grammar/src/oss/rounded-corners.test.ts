/**
 * The key of `rounded-corners`, at and beyond its edges.
 * @module
 */

import { roundedCorners } from '@safelight/core';
import { describe } from 'vitest';

import { accepts, integerEdges, refuses } from '../../test/cases.ts';

describe('rounded-corners', () => {
  accepts([
    ['rounded-corners,r_1', roundedCorners({ radius: 1 })],
    ['rounded-corners,r_30', roundedCorners({ radius: 30 })],
    ['rounded-corners,r_4096', roundedCorners({ radius: 4096 })],
    ['rounded-corners,r_5,r_6,unheard_1', roundedCorners({ radius: 6 })],
  ]);
  integerEdges('rounded-corners,r_', 1, 4_096, 237);
  refuses([
    ['rounded-corners', 237],
    ['rounded-corners,', 237],
    ['rounded-corners,30', 237],
    ['rounded-corners,r', 237],
    ['rounded-corners,r_', 237],
    ['rounded-corners,r_25p', 237],
    ['rounded-corners,r_0,r_30', 237],
  ]);
});
