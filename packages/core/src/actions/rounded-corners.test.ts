/**
 * `rounded-corners` in sizes: none changes, and the radius has a range.
 * @module
 */

import { expect, it } from 'vitest';
import { headerOf, planOf } from '../../test/planning.ts';
import { roundedCorners } from './rounded-corners.ts';

it.each([1, 30, 133, 134, 4096])('leaves the size with a radius of %d', (radius) => {
  const plan = planOf(headerOf(400, 267), [roundedCorners({ radius })]);
  expect([plan.width, plan.height]).toEqual([400, 267]);
  expect(plan.operations).toHaveLength(1);
});

it.each([0, -1, 4097, 1.5])('refuses a radius of %d', (radius) => {
  expect(() => planOf(headerOf(400, 267), [roundedCorners({ radius })])).toThrow(
    expect.objectContaining({
      reason: 'out-of-range',
      fault: expect.objectContaining({ action: 'rounded-corners', parameter: 'radius' }),
    }),
  );
});
