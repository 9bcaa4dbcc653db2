/**
 * The square that `circle` cuts: its side and its place, for discs that fit and discs that do not.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { headerOf, planOf } from '../../test/planning.ts';
import { circle } from './circle.ts';

describe('circle', () => {
  it.each([
    [400, 267, 100, { left: 100, top: 34, side: 201 }],
    [400, 267, 1, { left: 199, top: 133, side: 3 }],
    [400, 267, 132, { left: 68, top: 2, side: 265 }],
    [400, 267, 133, { left: 67, top: 0, side: 267 }],
    [400, 267, 134, { left: 67, top: 0, side: 267 }],
    [400, 267, 4096, { left: 67, top: 0, side: 267 }],
    [267, 400, 100, { left: 34, top: 100, side: 201 }],
    [401, 301, 100, { left: 101, top: 51, side: 201 }],
    // An even shorter side: 2 r + 1 does not fit although r is half of it.
    [400, 200, 99, { left: 101, top: 1, side: 199 }],
    [400, 200, 100, { left: 100, top: 0, side: 200 }],
    [400, 200, 101, { left: 101, top: 0, side: 200 }],
    [201, 200, 4096, { left: 1, top: 0, side: 200 }],
    [7, 1, 1, { left: 4, top: 0, side: 1 }],
  ])('of %d x %d with a radius of %d cuts %j', (width, height, radius, { left, top, side }) => {
    const plan = planOf(headerOf(width, height), [circle({ radius })]);
    expect(plan.request.region).toEqual({ left, top, width: side, height: side });
    expect([plan.width, plan.height]).toEqual([side, side]);
  });

  it.each([1, 2, 3, 100, 4096])('keeps a whole square that it rounds: radius %d', (radius) => {
    for (const side of [1, 2, 3, 200, 201]) {
      const plan = planOf(headerOf(side, side), [circle({ radius })]);
      expect(plan.width).toBe(Math.min(side, 2 * radius + 1));
      expect(plan.height).toBe(plan.width);
      expect(plan.operations.at(-1)!.operation.name).toBe('round corners');
    }
  });

  it.each([0, -1, 4097, 1.5, Number.NaN])('refuses a radius of %d', (radius) => {
    expect(() => planOf(headerOf(400, 267), [circle({ radius })])).toThrow(
      expect.objectContaining({
        reason: 'out-of-range',
        fault: expect.objectContaining({ action: 'circle', parameter: 'radius' }),
      }),
    );
  });
});
