/**
 * Every key of `crop`, at and beyond its edges.
 * @module
 */

import { crop, GRAVITIES } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, integerEdges, refusalOf, refuses } from '../../test/cases.ts';
import { printChain } from '../index.ts';

describe('crop', () => {
  accepts([
    ['crop,x_100,y_50', crop({ left: 100, top: 50 })],
    ['crop,w_200,h_200,g_se', crop({ width: 200, height: 200, gravity: 'southeast' })],
    [
      'crop,x_10,y_10,w_200,h_200,g_se',
      crop({ left: 10, top: 10, width: 200, height: 200, gravity: 'southeast' }),
    ],
    [
      'crop,w_100,h_100,x_100,y_100,r_1',
      crop({ left: 100, top: 100, width: 100, height: 100, cornerRadius: 1 }),
    ],
    ['crop,x_0', crop({})],
    ['crop,w_0,h_0', crop({})],
    ['crop,g_nw', crop({})],
    ['crop,x_1,p_200', crop({ left: 1 })],
  ]);
  integerEdges('crop,w_', 0, 16_384, 225);
  integerEdges('crop,h_', 0, 16_384, 226);
  integerEdges('crop,r_', 1, 4_096, 237);
  integerEdges('crop,x_1,p_', 1, 200, undefined);
  refuses([
    ['crop', undefined],
    ['crop,100', undefined],
    ['crop,x_-1', undefined],
    ['crop,y_-1', undefined],
    ['crop,x_1234567890', undefined],
    ['crop,x_', undefined],
    ['crop,x_100,y_50,w_-1,h_100', 225],
    ['crop,w_500,h_500,g_fac', 209],
    ['crop,w_500,h_500,g_SE', 209],
    ['crop,g', 209],
  ]);

  it('knows the nine places by their words', () => {
    const words = ['nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se'];
    const places = words.map((word) => chainOf(`image/crop,w_1,g_${word}`)[0]);
    const expected = GRAVITIES.map((gravity) => crop({ width: 1, gravity }));
    expect(places).toEqual([crop({ width: 1 }), ...expected.slice(1)]);
  });

  it.each(['face', 'auto'])('refuses g_%s as not implemented', (word) => {
    expect(refusalOf(`image/crop,w_1,g_${word},p_150`)).toEqual({
      reason: 'not-implemented',
      at: 15,
      status: 501,
      code: 'NotImplemented',
      message: `The argument: g_${word} of action: crop is not implemented.`,
    });
  });

  it('spells one default out when nothing else is left to print', () => {
    expect(printChain([crop({})])).toBe('image/crop,x_0');
    expect(printChain([crop({ left: 0, gravity: 'northwest' })])).toBe('image/crop,x_0');
  });
});
