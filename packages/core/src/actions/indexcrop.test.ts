/**
 * Which strip of a picture `indexcrop` keeps, and which options it refuses.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { headerOf, planOf } from '../../test/planning.ts';
import { autoOrient } from './auto-orient.ts';
import { indexCrop } from './indexcrop.ts';
import { resize } from './resize.ts';

describe('indexcrop of 400x267', () => {
  it.each([
    [{ stripWidth: 100 }, { left: 0, top: 0, width: 100, height: 267 }],
    [
      { stripWidth: 100, index: 0 },
      { left: 0, top: 0, width: 100, height: 267 },
    ],
    [
      { stripWidth: 100, index: 3 },
      { left: 300, top: 0, width: 100, height: 267 },
    ],
    [
      { stripWidth: 150, index: 2 },
      { left: 300, top: 0, width: 100, height: 267 },
    ],
    [
      { stripWidth: 1, index: 399 },
      { left: 399, top: 0, width: 1, height: 267 },
    ],
    [
      { stripWidth: 399, index: 1 },
      { left: 399, top: 0, width: 1, height: 267 },
    ],
    [
      { stripHeight: 100, index: 1 },
      { left: 0, top: 100, width: 400, height: 100 },
    ],
    [
      { stripHeight: 100, index: 2 },
      { left: 0, top: 200, width: 400, height: 67 },
    ],
    [
      { stripHeight: 266, index: 1 },
      { left: 0, top: 266, width: 400, height: 1 },
    ],
    [
      { stripWidth: 10, stripHeight: 50, index: 1 },
      { left: 0, top: 50, width: 400, height: 50 },
    ],
  ])('by %j is %j', (options, rectangle) => {
    const plan = planOf(headerOf(400, 267), [indexCrop(options)]);
    expect(plan.request.region).toEqual(rectangle);
    expect([plan.width, plan.height]).toEqual([rectangle.width, rectangle.height]);
  });

  it.each([
    { stripWidth: 100, index: 4 },
    { stripWidth: 400 },
    { stripWidth: 401 },
    { stripWidth: 2 ** 31 - 1, index: 2 ** 31 - 1 },
    { stripWidth: 150, index: 3 },
    { stripHeight: 100, index: 3 },
    { stripHeight: 100, index: 10 },
    { stripHeight: 267 },
    { stripHeight: 9_999 },
  ])('by %j is the whole picture', (options) => {
    const plan = planOf(headerOf(400, 267), [indexCrop(options)]);
    expect([plan.width, plan.height]).toEqual([400, 267]);
    expect(plan.operations).toEqual([]);
  });

  it.each([
    [{}, 'missing-argument', 'stripWidth'],
    [{ index: 1 }, 'missing-argument', 'stripWidth'],
    [{ stripWidth: 0 }, 'out-of-range', 'stripWidth'],
    [{ stripWidth: -1 }, 'out-of-range', 'stripWidth'],
    [{ stripWidth: 1.5 }, 'out-of-range', 'stripWidth'],
    [{ stripWidth: 0, stripHeight: 1 }, 'out-of-range', 'stripWidth'],
    [{ stripHeight: 0 }, 'out-of-range', 'stripHeight'],
    [{ stripHeight: Number.NaN }, 'out-of-range', 'stripHeight'],
    [{ stripWidth: 1, index: -1 }, 'out-of-range', 'index'],
    [{ stripWidth: 1, index: 0.5 }, 'out-of-range', 'index'],
  ])('refuses %j as %s of %s', (options, reason, parameter) => {
    const plan = () => planOf(headerOf(400, 267), [indexCrop(options)]);
    expect(plan).toThrow(
      expect.objectContaining({
        code: 'InvalidArgument',
        reason,
        fault: expect.objectContaining({ step: 0, action: 'indexcrop', parameter }),
      }),
    );
  });

  it('counts strips of the picture as it enters', () => {
    const header = headerOf(424, 333, { orientation: 7 });
    const strip = indexCrop({ stripHeight: 300, index: 1 });
    expect(planOf(header, [strip])).toMatchObject({ width: 333, height: 124 });
    const stored = planOf(header, [strip, autoOrient({ enabled: false })]);
    expect(stored).toMatchObject({ width: 424, height: 33 });
    const small = planOf(header, [resize({ width: 100 }), strip]);
    expect(small).toMatchObject({ width: 100, height: 127 });
  });
});
