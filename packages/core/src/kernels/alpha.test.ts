/**
 * Products and quotients over every pair of levels: a 256 x 256 plane holds them all.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { multiply, premultiply, unpremultiply } from './alpha.ts';

const levels = Uint8Array.from({ length: 65536 }, (_, i) => i & 255);
const alphas = Uint8Array.from({ length: 65536 }, (_, i) => i >> 8);

/** Rounded by whole-number arithmetic, halves up. */
function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : Math.floor((2 * numerator + denominator) / (2 * denominator));
}

describe('alpha', () => {
  it('premultiply is the rounded product of every level with every alpha', () => {
    const target = new Uint8Array(65536);
    premultiply(levels, 256, alphas, 256, target, 256, 256, 256);
    expect(target).toEqual(levels.map((level, i) => quotient(level * alphas[i], 255)));
  });

  it('multiply is the same product in place', () => {
    const target = levels.slice();
    multiply(target, 256, alphas, 256, 256, 256);
    expect(target).toEqual(levels.map((level, i) => quotient(level * alphas[i], 255)));
  });

  it('unpremultiply is the rounded quotient, at most 255, and 0 where nothing shows', () => {
    const target = new Uint8Array(65536);
    unpremultiply(levels, 256, alphas, 256, target, 256, 256, 256);
    expect(target).toEqual(
      levels.map((level, i) => Math.min(255, quotient(level * 255, alphas[i]))),
    );
  });

  it('unpremultiply brings back what premultiply left, within half a step of the alpha', () => {
    const premultiplied = new Uint8Array(65536);
    const target = new Uint8Array(65536);
    premultiply(levels, 256, alphas, 256, premultiplied, 256, 256, 256);
    unpremultiply(premultiplied, 256, alphas, 256, target, 256, 256, 256);
    const wrong = levels.findIndex(
      (level, i) => alphas[i] > 0 && Math.abs(target[i] - level) > 127.5 / alphas[i] + 0.5,
    );
    expect(wrong).toBe(-1);
    expect(target.subarray(65536 - 256)).toEqual(levels.subarray(0, 256));
  });
});
