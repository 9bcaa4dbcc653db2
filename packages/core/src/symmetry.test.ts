/**
 * The group of eight: composition against what the kernels do to samples.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { typescriptKernels } from './kernels/typescript-kernels.ts';
import type { Orientation } from './raster.ts';
import {
  composeSymmetries,
  invertSymmetry,
  ORIENTATIONS,
  symmetryKernel,
  turnRectangle,
  turnSize,
} from './symmetry.ts';

const size = { width: 3, height: 2 };
const samples = Uint8Array.of(0, 1, 2, 3, 4, 5);

function turn(source: Uint8Array, { width, height }: typeof size, symmetry: Orientation) {
  const target = new Uint8Array(6);
  const stride = turnSize({ width, height }, symmetry).width;
  symmetryKernel(typescriptKernels, symmetry)(source, width, target, stride, width, height);
  return target;
}

describe('symmetries', () => {
  it('compose as the kernels do, one after the other', () => {
    for (const first of ORIENTATIONS) {
      for (const second of ORIENTATIONS) {
        const stepwise = turn(turn(samples, size, first), turnSize(size, first), second);
        const joined = turn(samples, size, composeSymmetries(first, second));
        expect(joined, `${first} then ${second}`).toEqual(stepwise);
      }
    }
  });

  it('are undone by their inverses', () => {
    for (const symmetry of ORIENTATIONS) {
      expect(composeSymmetries(symmetry, invertSymmetry(symmetry))).toBe(1);
    }
  });

  it('move rectangles as they move samples', () => {
    for (const symmetry of ORIENTATIONS) {
      const turned = turn(samples, size, symmetry);
      const { width } = turnSize(size, symmetry);
      samples.forEach((value) => {
        const pixel = { left: value % 3, top: Math.floor(value / 3), width: 1, height: 1 };
        const { left, top } = turnRectangle(pixel, size, symmetry);
        expect(turned[top * width + left]).toBe(value);
      });
    }
  });
});
