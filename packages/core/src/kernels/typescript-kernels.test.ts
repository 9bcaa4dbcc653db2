/**
 * The TypeScript set through the shared kernel suite.
 * @module
 */

import { KERNEL_SHAPES, kernelMismatch, kernelTrials, naiveKernels } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';

import { typescriptKernels } from './typescript-kernels.ts';

describe('the plain TypeScript kernels', () => {
  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    '$name agrees with its float64 twin',
    ({ trial }) => {
      for (const shape of KERNEL_SHAPES) {
        const expected = naiveKernels;
        const comparison = { trial, actual: typescriptKernels, expected, shape };
        expect(kernelMismatch(comparison)).toBeUndefined();
      }
    },
  );

  it('are all on trial', () => {
    const names = Object.keys(typescriptKernels).filter((name) => name !== 'name');
    expect(new Set(kernelTrials.map((trial) => trial.kernel))).toEqual(new Set(names));
    expect(names).toHaveLength(35);
  });

  it('would be caught writing beside their rows', () => {
    const trial = kernelTrials.find(({ kernel }) => kernel === 'copy')!;
    const actual = {
      ...typescriptKernels,
      copy: (...plane: Parameters<typeof typescriptKernels.copy>) => {
        typescriptKernels.copy(...plane);
        const [, , target, , width] = plane;
        target[width] ^= 1;
      },
    };
    const shape = { width: 5, height: 2, padding: 2, seed: 1 };
    expect(kernelMismatch({ trial, actual, expected: naiveKernels, shape })).toMatch(
      'guard byte 5',
    );
  });
});
