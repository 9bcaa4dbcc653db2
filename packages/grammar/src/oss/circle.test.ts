/**
 * The key of `circle`, at and beyond its edges.
 * @module
 */

import { circle } from '@safelight/core';
import { describe } from 'vitest';

import { accepts, integerEdges, refuses } from '../../test/cases.ts';

describe('circle', () => {
  accepts([
    ['circle,r_1', circle({ radius: 1 })],
    ['circle,r_100', circle({ radius: 100 })],
    ['circle,r_4096', circle({ radius: 4096 })],
    ['circle,r_5,r_6,unheard_1', circle({ radius: 6 })],
  ]);
  integerEdges('circle,r_', 1, 4_096, 233);
  refuses([
    ['circle', 233],
    ['circle,', 233],
    ['circle,100', 233],
    ['circle,r', 233],
    ['circle,r_', 233],
    ['circle,R_100', 233],
    ['circle,r_0,r_100', 233],
  ]);
});
