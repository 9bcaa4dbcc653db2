/**
 * What shows through a transparent source in a result without alpha, where a dialect has another
 * colour there than white. What steps leave empty stays white.
 * @module
 */

import { flat, grayRaster, photoLike, planeSamples, rgbRaster } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import type { Action, Chain } from '../src/action.ts';
import { blur } from '../src/actions/blur.ts';
import { bright } from '../src/actions/bright.ts';
import { circle } from '../src/actions/circle.ts';
import { contrast } from '../src/actions/contrast.ts';
import { crop } from '../src/actions/crop.ts';
import { flip } from '../src/actions/flip.ts';
import { format } from '../src/actions/format.ts';
import { resize } from '../src/actions/resize.ts';
import { rotate } from '../src/actions/rotate.ts';
import { roundedCorners } from '../src/actions/rounded-corners.ts';
import { BLACK, type Color, type Plane, type Raster } from '../src/raster.ts';
import { headerOf, planOf } from './planning.ts';
import { renderRaster } from './rendering.ts';

const [W, H] = [40, 30];
const RED: Color = { red: 255, green: 0, blue: 0 };

const onto = (sourceBackground: Color): Action => format({ format: 'jpeg', sourceBackground });

/** A blue picture; `level` says how opaque its left half is, the right half is opaque. */
function halfClear(level: number, model: 'rgb' | 'gray' = 'rgb'): Raster {
  const blue = flat(W, H, [0, 0, 255]);
  const opaque = model === 'rgb' ? rgbRaster(blue) : grayRaster(blue);
  const data = Uint8Array.from({ length: W * H }, (_, i) => (i % W < W / 2 ? level : 255));
  return { ...opaque, alpha: { ...opaque.planes[0]!, data } };
}

/** Luma and chroma of the pixel, of a result that is a JPEG. */
async function pixelOf(source: Raster, chain: Chain, x: number, y: number): Promise<number[]> {
  const { raster, plan, highWaterBytes } = await renderRaster(source, chain, 'png');
  expect(raster.alpha).toBeUndefined();
  expect(highWaterBytes).toBeLessThanOrEqual(plan.arenaBytes);
  return raster.planes.map(({ data, stride, width }: Plane) => {
    const pitch = Math.round(raster.width / width);
    return data[Math.floor(y / pitch) * stride + Math.floor(x / pitch)]!;
  });
}

describe('behind a transparent source', () => {
  it.each<[string, Action, number[]]>([
    ['white, unless something is said', format({ format: 'jpeg' }), [255, 128, 128]],
    ['black', onto(BLACK), [0, 128, 128]],
    ['any colour', onto(RED), [76, 85, 255]],
  ])('is %s', async (_name, last, expected) => {
    expect(await pixelOf(halfClear(0), [last], 2, 2)).toEqual(expected);
    expect(await pixelOf(halfClear(0), [last], W - 2, 2)).toEqual([29, 255, 107]);
  });

  it('shows as far as the source is transparent', async () => {
    const white = rgbRaster(flat(W, H, [255, 255, 255]));
    const alpha = { ...white.planes[0]!, data: new Uint8Array(W * H).fill(64) };
    expect(await pixelOf({ ...white, alpha }, [onto(BLACK)], 5, 5)).toEqual([64, 128, 128]);
  });

  it('gives a gray source colours only where the background has one', async () => {
    expect(await pixelOf(halfClear(0, 'gray'), [onto(RED)], 2, 2)).toEqual([76, 85, 255]);
    expect(await pixelOf(halfClear(0, 'gray'), [onto(BLACK)], 2, 2)).toEqual([0]);
  });

  it.each<[string, Chain]>([
    ['a resize', [resize({ width: 20 })]],
    ['an enlargement', [resize({ percent: 200 })]],
    ['a crop', [crop({ width: 30, height: 20 })]],
    ['a turn', [rotate({ angleDeg: 180 }), flip({ axis: 'horizontal' })]],
    ['a blur', [blur({ radius: 3, strength: 2 })]],
    ['brightening', [bright({ amount: 100 })]],
    ['more contrast', [contrast({ amountPercent: 100 })]],
    ['brightening, and a resize', [bright({ amount: 100 }), resize({ width: 20 })]],
  ])('stays black through %s', async (_name, chain) => {
    expect(await pixelOf(halfClear(0), [...chain, onto(BLACK)], 2, 2)).toEqual([0, 128, 128]);
  });

  it('is the last format’s to say', async () => {
    const chain = [onto(BLACK), format({ format: 'jpeg' })];
    expect(await pixelOf(halfClear(0), chain, 2, 2)).toEqual([255, 128, 128]);
  });

  it('plays no part where the result has alpha', async () => {
    const source = halfClear(0);
    const last = format({ format: 'png', sourceBackground: BLACK });
    const { raster } = await renderRaster(source, [last], 'png');
    expect(planeSamples(raster.alpha!)).toEqual(planeSamples(source.alpha!));
    expect(raster.planes.map(planeSamples)).toEqual(source.planes.map(planeSamples));
  });

  it('is the same for pixels that a decoder leaves interleaved', async () => {
    const rgb = rgbRaster(photoLike(90, 70));
    const [alpha] = grayRaster(photoLike(90, 70, 2)).planes;
    const source = { ...rgb, alpha: alpha! };
    for (const chain of [
      [resize({ width: 20 }), onto(BLACK)],
      [resize({ width: 20 }), bright({ amount: 30 }), onto(RED)],
      [crop({ left: 5, width: 60 }), resize({ width: 20 }), circle({ radius: 5 }), onto(BLACK)],
    ]) {
      const planes = await renderRaster(source, chain, 'png');
      for (const interleaves of ['in the arena', 'elsewhere'] as const) {
        const pixels = await renderRaster(source, chain, 'png', { interleaves });
        expect(pixels.raster.planes.map(planeSamples)).toEqual(
          planes.raster.planes.map(planeSamples),
        );
      }
    }
  });

  it.each([-1, 256, 0.5])('refuses a red of %d', (red) => {
    const chain = [onto({ ...BLACK, red })];
    expect(() => planOf(headerOf(4, 4), chain)).toThrow(
      expect.objectContaining({
        reason: 'out-of-range',
        fault: expect.objectContaining({ action: 'format', parameter: 'sourceBackground.red' }),
      }),
    );
  });
});

describe('what steps leave empty', () => {
  const steps: readonly (readonly [string, Action, [x: number, y: number]])[] = [
    // A clear pixel that the result still shows.
    ['outside a circle', circle({ radius: 12 }), [4, 12]],
    ['outside a circle on the whole canvas', circle({ radius: 12, keepsCanvas: true }), [12, 15]],
    ['in rounded corners', roundedCorners({ radius: 15 }), [3, 15]],
    ['in the corners of a crop', crop({ cornerRadius: 15 }), [3, 15]],
    ['beside a turned picture', rotate({ angleDeg: 30 }), [16, 16]],
  ];

  it.each(steps)('is white %s, beside a black background', async (_name, step, [x, y]) => {
    const chain = [step, onto(BLACK)];
    expect(await pixelOf(halfClear(0), chain, 0, 0)).toEqual([255, 128, 128]);
    expect(await pixelOf(halfClear(0), chain, x, y)).toEqual([0, 128, 128]);
  });

  it.each(steps)('stays white %s when the picture is darkened later', async (_name, step) => {
    const chain = [step, bright({ amount: -100 }), onto(BLACK)];
    expect(await pixelOf(halfClear(0), chain, 0, 0)).toEqual([255, 128, 128]);
    expect(await pixelOf(halfClear(255), chain, 0, 0)).toEqual([255, 128, 128]);
  });

  it('is the colour that a canvas was given', async () => {
    const canvas = resize({ mode: 'pad', width: 40, height: 60, enlarge: true, background: RED });
    expect(await pixelOf(halfClear(0), [canvas, onto(BLACK)], 2, 2)).toEqual([76, 85, 255]);
    expect(await pixelOf(halfClear(0), [canvas, onto(BLACK)], 2, 30)).toEqual([0, 128, 128]);
  });
});
