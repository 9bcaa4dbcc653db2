/**
 * Halving by hand: ties alternate, odd edges repeat.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { halveBoth, halveColumns, halveRows } from './halve.ts';

describe('halving', () => {
  it('rounds ties down and up in turn along a row', () => {
    const target = new Uint8Array(4);
    halveColumns(Uint8Array.of(0, 1, 0, 1, 0, 1, 9), 7, target, 4, 7, 1);
    expect([...target]).toEqual([0, 1, 0, 9]);
  });

  it('rounds ties up between rows', () => {
    const target = new Uint8Array(4);
    halveRows(Uint8Array.of(0, 1, 1, 1, 7, 9), 2, target, 2, 2, 3);
    expect([...target]).toEqual([1, 1, 7, 9]);
  });

  it('rounds a mean of four once', () => {
    const target = new Uint8Array(2);
    // Means of 0.5 in both: two halvings one after the other would give 0 and 1 or 1 and 1.
    halveBoth(Uint8Array.of(0, 1, 0, 1, 1, 0, 1, 0), 4, target, 2, 4, 2);
    expect([...target]).toEqual([0, 1]);
  });

  it('repeats the odd column and the odd row of both', () => {
    const target = new Uint8Array(4);
    halveBoth(Uint8Array.of(0, 4, 20, 8, 12, 40, 1, 3, 99), 3, target, 2, 3, 3);
    expect([...target]).toEqual([6, 30, 2, 99]);
  });
});
