/**
 * Every key of `resize`, at and beyond its edges.
 * @module
 */

import { resize } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, integerEdges, refusalOf, refuses } from '../../test/cases.ts';
import { printChain } from '../index.ts';

describe('resize', () => {
  accepts([
    ['resize,w_200', resize({ width: 200 })],
    ['resize,h_100,w_100', resize({ width: 100, height: 100 })],
    ['resize,w_100,w_200', resize({ width: 200 })],
    ['resize,w_100,p_50', resize({ width: 100, percent: 50 })],
    ['resize,l_100,w_200', resize({ width: 200, longSide: 100 })],
    ['resize,l_100,s_100', resize({ longSide: 100, shortSide: 100 })],
    ['resize,p_1000', resize({ percent: 1000 })],
    ['resize,m_lfit,w_1', resize({ width: 1 })],
    ['resize,m_mfit,w_1', resize({ mode: 'cover', width: 1 })],
    ['resize,m_fill,w_1,h_1', resize({ mode: 'fill', width: 1, height: 1 })],
    ['resize,m_pad,w_1', resize({ mode: 'pad', width: 1 })],
    ['resize,m_fixed,w_100,h_100', resize({ mode: 'fixed', width: 100, height: 100 })],
    ['resize,w_800,limit_0', resize({ width: 800, enlarge: true })],
    ['resize,w_800,limit_1', resize({ width: 800 })],
    ['resize,limit_0,w_800,limit_1', resize({ width: 800 })],
    [
      'resize,m_pad,w_1,color_fF0a00',
      resize({ mode: 'pad', width: 1, background: { red: 255, green: 10, blue: 0 } }),
    ],
    ['resize,m_pad,w_1,color_ffffff', resize({ mode: 'pad', width: 1 })],
    ['resize,,w_1,', resize({ width: 1 })],
    ['resize,w_1,P_30,unknown_1,word', resize({ width: 1 })],
  ]);
  integerEdges('resize,w_', 1, 16_384, 312);
  integerEdges('resize,h_', 1, 16_384, 313);
  integerEdges('resize,l_', 1, 16_384, 314);
  integerEdges('resize,s_', 1, 16_384, 315);
  integerEdges('resize,p_', 1, 1_000, 317);
  integerEdges('resize,w_1,limit_', 0, 1, 319);
  refuses([
    ['resize', 322],
    ['resize,', 322],
    ['resize,m_fill', 322],
    ['resize,limit_0', 322],
    ['resize,m_pad,color_FF0000', 322],
    ['resize,P_30', 322],
    ['resize,200', 322],
    ['resize,w_0', 312],
    ['resize,h_0', 313],
    ['resize,w_0,h_0', 321],
    ['resize,h_0,w_0', 321],
    ['resize,w_0,h_1', 312],
    ['resize,w_1,h_0', 313],
    ['resize,w_0,w_100,h_0', 312],
    ['resize,w_abc', 312],
    ['resize,w_-5', 312],
    ['resize,w_', 312],
    ['resize,w', 312],
    ['resize,w_abc,w_100', 312],
    ['resize,w_1,h_', 313],
    ['resize,w_100,m_abc', 311],
    ['resize,w_100,m_LFIT', 311],
    ['resize,w_100,m_', 311],
    ['resize,w_100,limit_3', 319],
    ['resize,p_0', 317],
    ['resize,s_0', 315],
    ['resize,w_100,m_pad,color_AABBCCDD', 318],
    ['resize,w_100,color_FFF', 318],
    ['resize,w_100,color_GGGGGG', 318],
    ['resize,w_100,color_%23FFF', 318],
    ['resize,w_100,color', 318],
  ]);

  it('names value and letter as the service does', () => {
    expect(refusalOf('image/resize,w_99999999')).toEqual({
      reason: 'out-of-range',
      at: 13,
      status: 400,
      code: 'InvalidArgument',
      message: 'The value: 99999999 of parameter: w is invalid.',
      ec: '0040-00000312',
    });
    expect(refusalOf('image/rotate,1/resize,h_5,w_').message).toBe(
      'The value:  of parameter: w is invalid.',
    );
  });

  it('prints its keys in one order and leaves defaults out', () => {
    const chain = chainOf('image/resize,limit_0,color_ff0000,h_2,w_1,s_4,l_3,p_5,m_pad');
    expect(printChain(chain)).toBe('image/resize,m_pad,w_1,h_2,l_3,s_4,p_5,limit_0,color_FF0000');
    expect(
      printChain([
        resize({
          mode: 'fit',
          width: 1,
          enlarge: false,
          background: { red: 255, green: 255, blue: 255 },
        }),
      ]),
    ).toBe('image/resize,w_1');
  });
});
