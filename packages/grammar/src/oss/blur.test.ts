/**
 * Every key of `blur`, at and beyond its edges.
 * @module
 */

import { blur } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, integerEdges, refusalOf, refuses } from '../../test/cases.ts';

describe('blur', () => {
  accepts([
    ['blur,r_3,s_2', blur({ radius: 3, strength: 2 })],
    ['blur,s_50,r_50', blur({ radius: 50, strength: 50 })],
    ['blur,s_1,r_1,p_100', blur({ radius: 1, strength: 1 })],
  ]);
  integerEdges('blur,s_1,r_', 1, 50, 241);
  integerEdges('blur,r_1,s_', 1, 50, 242);
  integerEdges('blur,r_1,s_1,p_', 1, 200, 244);
  refuses([
    ['blur', 241],
    ['blur,s_2', 241],
    ['blur,r_3', 242],
    ['blur,3,2', 241],
    ['blur,r_,s_2', 241],
    ['blur,r_3,s_2,g_nw', undefined],
  ]);

  it.each(['face', 'faces'])('refuses g_%s as not implemented', (word) => {
    const { status, code, message } = refusalOf(`image/blur,r_3,s_2,g_${word}`);
    expect({ status, code, message }).toEqual({
      status: 501,
      code: 'NotImplemented',
      message: `The argument: g_${word} of action: blur is not implemented.`,
    });
  });
});
