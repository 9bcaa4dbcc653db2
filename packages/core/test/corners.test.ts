/**
 * Rounded corners: how much they take away, and what stands in their place.
 * @module
 */

import { flat, planeSamples, rgbRaster, ycbcrRaster } from '@safelight/testkit';
import { expect, it } from 'vitest';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { rotate } from '../src/actions/rotate.ts';
import { renderRaster } from './rendering.ts';

const [W, H] = [101, 61];

it.each([
  [1, 1],
  [12, 12],
  [30, 30],
  [4096, 30.5],
])(
  'a radius of %d takes four quarter discs of %d off, alike on all corners',
  async (wanted, radius) => {
    const base = rgbRaster(flat(W, H, [10, 20, 30]));
    const { raster } = await renderRaster(base, [crop({ cornerRadius: wanted })]);
    const alpha = planeSamples(raster.alpha!);
    const area = alpha.reduce((sum, level) => sum + level / 255, 0);
    expect(Math.abs(area - (W * H - (4 - Math.PI) * radius * radius))).toBeLessThan(
      0.02 * radius + 1,
    );
    expect(alpha.toReversed()).toEqual(alpha);
    expect(alpha[30 * W + 50]).toBe(255);
    expect(raster.planes.map(({ data }) => data[0])).toEqual([10, 20, 30]);
  },
);

it('leaves white where the output has no alpha, half-sized chroma included', async () => {
  const base = ycbcrRaster(flat(W, H, [0, 0, 255]), 2, 2);
  const { raster } = await renderRaster(base, [crop({ cornerRadius: 12 })], 'jpeg');
  const [luma, cb, cr] = raster.planes;
  expect([luma!.data[0], cb!.data[0], cr!.data[0]]).toEqual([255, 128, 128]);
  expect([luma!.data[W * H - 1], cb!.data.at(-1)]).toEqual([255, 128]);
  expect([luma!.data[30 * W + 50], cb!.data[15 * cb!.width + 25]]).toEqual([29, 255]);
  expect(raster.alpha).toBeUndefined();
});

it('stays transparent through later steps when the format comes last', async () => {
  const base = ycbcrRaster(flat(W, H, [0, 0, 255]), 2, 2);
  const chain = [crop({ cornerRadius: 20 }), rotate({ angleDeg: 90 }), format({ format: 'png' })];
  const { raster } = await renderRaster(base, chain, 'jpeg');
  expect([raster.width, raster.height, raster.alpha!.data[0]]).toEqual([H, W, 0]);
});
