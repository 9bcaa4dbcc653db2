/**
 * Two pixels of three channels, written out.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { deinterleave, interleave } from './interleave.ts';

describe('interleaving', () => {
  it('takes one channel out', () => {
    const target = new Uint8Array(2);
    deinterleave(Uint8Array.of(1, 2, 3, 4, 5, 6), 6, 3, 1, target, 2, 2, 1);
    expect([...target]).toEqual([2, 5]);
  });

  it('puts one channel in and leaves the others', () => {
    const target = Uint8Array.of(1, 2, 3, 4, 5, 6);
    interleave(Uint8Array.of(8, 9), 2, target, 6, 3, 2, 2, 1);
    expect([...target]).toEqual([1, 2, 8, 4, 5, 9]);
  });
});
