/**
 * The reference is itself judged by what must hold without knowing its weights.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { psnr } from '../psnr.ts';
import { lanczosReference } from './lanczos.ts';

describe('lanczosReference', () => {
  it('is the identity at the same size', () => {
    const plane = Uint8Array.from({ length: 35 }, (_, i) => (i * 97) % 256);
    const same = lanczosReference(plane, 7, 5, 7, 5);
    expect(Math.max(...same.map((value, i) => Math.abs(value - plane[i])))).toBeLessThan(1e-9);
  });

  it('keeps flat planes flat and takes fractions', () => {
    const flat = new Float64Array(12 * 10).fill(77.25);
    for (const [width, height] of [
      [5, 3],
      [30, 17],
    ]) {
      const resized = lanczosReference(flat, 12, 10, width, height);
      expect(resized).toHaveLength(width * height);
      expect(Math.max(...resized.map((value) => Math.abs(value - 77.25)))).toBeLessThan(1e-9);
    }
  });

  it('commutes with mirroring', () => {
    const plane = Uint8Array.from({ length: 20 }, (_, i) => (i * i * 13) % 256);
    const resized = lanczosReference(plane, 20, 1, 7, 1);
    const mirrored = lanczosReference(plane.toReversed(), 20, 1, 7, 1).toReversed();
    expect(psnr(resized, mirrored)).toBeGreaterThan(200);
  });
});

describe('psnr', () => {
  it('is 48.13 dB for one level everywhere, and infinite for nothing', () => {
    expect(psnr([1, 2, 3], [2, 3, 4])).toBeCloseTo(48.13, 2);
    expect(psnr([1, 2], [1, 2])).toBe(Infinity);
  });

  it('refuses pictures of different sizes', () => {
    expect(() => psnr([1], [1, 2])).toThrow('psnr');
  });
});
