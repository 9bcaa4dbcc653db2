/**
 * Compositing by hand, and over every coverage and alpha.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { blendPlane, blendValue, overAlpha, overPlane, overValue } from './blend.ts';

const coverages = Uint8Array.from({ length: 65536 }, (_, i) => i & 255);
const alphas = Uint8Array.from({ length: 65536 }, (_, i) => i >> 8);

describe('blending onto an opaque plane', () => {
  it('keeps the target at coverage 0, takes the value at 255, mixes between', () => {
    const target = Uint8Array.of(10, 10, 10, 200);
    blendValue(target, 4, Uint8Array.of(0, 255, 128, 51), 4, 4, 1, 100);
    // 10 + 90 * 128 / 255 = 55.18; 200 - 100 * 51 / 255 = 180.
    expect([...target]).toEqual([10, 100, 55, 180]);
  });

  it('takes a picture likewise', () => {
    const target = Uint8Array.of(10, 10, 10, 200);
    const source = Uint8Array.of(1, 2, 100, 100);
    blendPlane(target, 4, source, 4, Uint8Array.of(0, 255, 128, 51), 4, 4, 1);
    expect([...target]).toEqual([10, 2, 55, 180]);
  });
});

describe('source-over on straight alpha', () => {
  it('takes the colour over nothing, keeps it under nothing, is 0 without either', () => {
    const target = Uint8Array.of(7, 7, 7);
    overValue(target, 3, Uint8Array.of(0, 90, 0), 3, Uint8Array.of(80, 0, 0), 3, 3, 1, 200);
    expect([...target]).toEqual([200, 7, 0]);
  });

  it('keeps a colour over itself at every coverage and alpha', () => {
    for (const value of [1, 128, 255]) {
      const target = new Uint8Array(65536).fill(value);
      overValue(target, 256, alphas, 256, coverages, 256, 256, 256, value);
      // Pair 0 is nothing over nothing.
      expect(target.subarray(1).every((level) => level === value)).toBe(true);
      const source = new Uint8Array(65536).fill(value);
      const again = new Uint8Array(65536).fill(value);
      overPlane(again, 256, alphas, 256, source, 256, coverages, 256, 256, 256);
      expect(again).toEqual(target);
    }
  });

  it('makes the alpha after: never less than either, opaque where either is', () => {
    const after = alphas.slice();
    overAlpha(after, 256, coverages, 256, 256, 256);
    expect(after.every((level, i) => level >= Math.max(alphas[i], coverages[i]))).toBe(true);
    expect(
      after.every((level, i) => level === 255 || (alphas[i] < 255 && coverages[i] < 255)),
    ).toBe(true);
    expect([after[128 * 256 + 128], after[0]]).toEqual([192, 0]);
  });
});
