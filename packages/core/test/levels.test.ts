/**
 * Brightness and contrast on pixels: every level, every kind of picture, and what is transparent.
 * @module
 */

import {
  flat,
  grayRaster,
  paint,
  photoLike,
  planeSamples,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import type { Action, Chain } from '../src/action.ts';
import { bright } from '../src/actions/bright.ts';
import { circle } from '../src/actions/circle.ts';
import { contrast } from '../src/actions/contrast.ts';
import { format } from '../src/actions/format.ts';
import { rotate } from '../src/actions/rotate.ts';
import { roundedCorners } from '../src/actions/rounded-corners.ts';
import type { Raster } from '../src/raster.ts';
import { headerOf, planOf } from './planning.ts';
import { renderRaster } from './rendering.ts';

/** Every level once, in each channel in another order. */
const ramp = paint(256, 1, (x) => [x, 255 - x, (7 * x) & 255]);

const clip = (value: number): number => Math.min(255, Math.max(0, Math.floor(value + 0.5)));

const formulas: readonly (readonly [Action, (level: number) => number])[] = [
  [bright({ amount: -100 }), (level) => level - 100],
  [bright({ amount: -99 }), (level) => level - 99],
  [bright({ amount: -1 }), (level) => level - 1],
  [bright({ amount: 0 }), (level) => level],
  [bright({ amount: 1 }), (level) => level + 1],
  [bright({ amount: 50 }), (level) => level + 50],
  [bright({ amount: 100 }), (level) => level + 100],
  [contrast({ amountPercent: -100 }), (level) => level / 2],
  [contrast({ amountPercent: -50 }), (level) => level * 0.75],
  [contrast({ amountPercent: -1 }), (level) => level * 0.995],
  [contrast({ amountPercent: 0 }), (level) => level],
  [contrast({ amountPercent: 1 }), (level) => level * 1.01],
  [contrast({ amountPercent: 50 }), (level) => level * 1.5],
  [contrast({ amountPercent: 100 }), (level) => level * 2],
];

describe.each(formulas)('%j', (action, formula) => {
  it('maps every level of red, green and blue, and clips', async () => {
    const base = rgbRaster(ramp);
    const { raster } = await renderRaster(base, [action]);
    const expected = base.planes.map(({ data }) => data.map((v) => clip(formula(v))));
    expect(raster.planes.map(planeSamples)).toEqual(expected);
  });

  it('leaves gray gray, and alpha as it is', async () => {
    const gray = grayRaster(paint(256, 1, (x) => [x, x, x]));
    const alpha = { ...gray.planes[0]!, data: gray.planes[0]!.data.toReversed() };
    const { raster } = await renderRaster({ ...gray, alpha }, [action]);
    expect(raster.model).toBe('gray');
    expect([...raster.planes[0]!.data]).toEqual(
      Array.from({ length: 256 }, (_, level) => clip(formula(level))),
    );
    expect(planeSamples(raster.alpha!)).toEqual(planeSamples(alpha));
  });
});

it('are nothing at 0', () => {
  const chain = [bright({ amount: 0 }), contrast({ amountPercent: 0 })];
  expect(planOf(headerOf(400, 267), chain).operations).toEqual([]);
});

it.each([-101, 101, 0.5, Number.NaN])('refuse an amount of %d', (amount) => {
  for (const [action, parameter] of [
    [bright({ amount }), 'amount'],
    [contrast({ amountPercent: amount }), 'amountPercent'],
  ] as const) {
    expect(() => planOf(headerOf(4, 4), [action])).toThrow(
      expect.objectContaining({
        reason: 'out-of-range',
        fault: expect.objectContaining({ action: action.name, parameter }),
      }),
    );
  }
});

describe('a subsampled JPEG', () => {
  it.each([
    [bright({ amount: 100 }), [255, 120, 110]],
    [bright({ amount: -100 }), [150, 0, 0]],
    [contrast({ amountPercent: 100 }), [255, 40, 20]],
  ] as const)('is clipped in RGB, not in luma: %j', async (action, expected) => {
    const red = ycbcrRaster(flat(9, 7, [250, 20, 10]), 2, 2);
    const { raster } = await renderRaster(red, [action, format({ format: 'png' })], 'jpeg');
    expect(raster.model).toBe('rgb');
    raster.planes.forEach(({ data }, index) => {
      for (const level of data) expect(Math.abs(level - expected[index]!)).toBeLessThanOrEqual(2);
    });
  });

  it('comes out as one', async () => {
    const source = ycbcrRaster(photoLike(31, 23), 2, 2);
    const { raster, plan } = await renderRaster(source, [bright({ amount: 20 })], 'jpeg');
    expect(raster.model).toBe('ycbcr');
    expect(raster.planes.map(({ width, height }) => [width, height])).toEqual([
      [31, 23],
      [16, 12],
      [16, 12],
    ]);
    expect(plan.steps.map(({ operation }) => operation.name)).toEqual([
      'upsample chroma',
      'ycbcr to rgb',
      'bright',
      'rgb to ycbcr',
      'subsample chroma',
    ]);
  });
});

describe('what a JPEG shows white because it is transparent', () => {
  const dark = bright({ amount: -100 });
  const blue = ycbcrRaster(flat(40, 30, [0, 0, 255]), 2, 2);
  const rgb = rgbRaster(flat(40, 30, [0, 0, 255]));
  const clear: Raster = { ...rgb, alpha: { ...rgb.planes[0]!, data: new Uint8Array(1200) } };
  const toJpeg = format({ format: 'jpeg' });

  it.each<[string, Raster, 'jpeg' | 'png', Chain]>([
    ['outside a circle', blue, 'jpeg', [circle({ radius: 15 }), dark]],
    ['in rounded corners', blue, 'jpeg', [roundedCorners({ radius: 15 }), dark]],
    ['beside a turned picture', blue, 'jpeg', [rotate({ angleDeg: 30 }), dark]],
    ['of two steps', blue, 'jpeg', [dark, circle({ radius: 15 }), contrast({ amountPercent: -9 })]],
    ['in the source', clear, 'png', [dark, toJpeg]],
  ])('stays white %s', async (_name, source, kind, chain) => {
    const { raster } = await renderRaster(source, chain, kind);
    expect(raster.alpha).toBeUndefined();
    expect(raster.model).toBe('ycbcr');
    expect(raster.planes.map(({ data }) => data[0])).toEqual([255, 128, 128]);
  });

  it('is darkened when it became white by an earlier render', async () => {
    const white = rgbRaster(flat(4, 4, [255, 255, 255]));
    const { raster } = await renderRaster(white, [dark]);
    expect(raster.planes[0]!.data[0]).toBe(155);
  });
});
