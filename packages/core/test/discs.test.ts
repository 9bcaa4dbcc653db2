/**
 * Discs and rounded corners against their definition, pixel by pixel in float64.
 * @module
 */

import { flat, photoLike, planeSamples, rgbRaster, ycbcrRaster } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { circle } from '../src/actions/circle.ts';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { roundedCorners } from '../src/actions/rounded-corners.ts';
import { renderRaster } from './rendering.ts';

/** How much of a disc of `radius` around (middle, middle) a pixel shows, by its centre's distance. */
function discLevel(x: number, y: number, middle: number, radius: number): number {
  const distance = Math.hypot(x + 0.5 - middle, y + 0.5 - middle);
  return Math.round(255 * Math.min(1, Math.max(0, radius - distance + 0.5)));
}

describe('circle', () => {
  it.each([
    [61, 41, 1],
    [61, 41, 7],
    [61, 41, 20],
    [61, 41, 4096],
    [60, 40, 19],
    [60, 40, 20],
    [60, 40, 21],
    [3, 9, 5],
    [2, 2, 1],
    [1, 1, 1],
  ])('of %d x %d with a radius of %d is the disc in its square', async (width, height, radius) => {
    const base = rgbRaster(photoLike(width, height));
    const { raster } = await renderRaster(base, [circle({ radius })]);
    const side = raster.width;
    const expected = Array.from({ length: side * side }, (_, i) =>
      discLevel(i % side, Math.floor(i / side), side / 2, side / 2),
    );
    expect([...planeSamples(raster.alpha!)]).toEqual(expected);
  });

  it('shows the middle of the picture, sample for sample', async () => {
    const base = rgbRaster(photoLike(61, 41));
    const { raster } = await renderRaster(base, [circle({ radius: 10 })]);
    const cut = await renderRaster(base, [crop({ left: 21, top: 11, width: 21, height: 21 })]);
    expect(raster.planes.map(planeSamples)).toEqual(cut.raster.planes.map(planeSamples));
  });

  it('is white outside where the output has no alpha', async () => {
    const base = ycbcrRaster(flat(61, 41, [0, 0, 255]), 2, 2);
    const { raster } = await renderRaster(base, [circle({ radius: 20 })], 'jpeg');
    const [luma, cb, cr] = raster.planes;
    expect(raster.alpha).toBeUndefined();
    expect([luma!.width, cb!.width, cr!.width]).toEqual([41, 21, 21]);
    for (let i = 0; i < luma!.data.length; i++) {
      const share = discLevel(i % 41, Math.floor(i / 41), 20.5, 20.5) / 255;
      expect(Math.abs(luma!.data[i]! - (255 + (29 - 255) * share))).toBeLessThanOrEqual(1);
    }
    expect([cb!.data[0], cr!.data[0], cb!.data.at(-1)]).toEqual([128, 128, 128]);
    expect([cb!.data[10 * 21 + 10], cr!.data[10 * 21 + 10]]).toEqual([255, 107]);
  });

  it('stays transparent outside when the format comes later', async () => {
    const base = ycbcrRaster(flat(61, 41, [0, 0, 255]), 2, 2);
    const chain = [circle({ radius: 10 }), format({ format: 'png' })];
    const { raster } = await renderRaster(base, chain, 'jpeg');
    expect([raster.model, raster.alpha!.data[0], raster.alpha!.data[220]]).toEqual(['rgb', 0, 255]);
  });

  it('keeps the transparency that the picture had', async () => {
    const base = rgbRaster(flat(21, 21, [9, 9, 9]));
    const half = { ...base.planes[0]!, data: new Uint8Array(441).fill(128) };
    const { raster } = await renderRaster({ ...base, alpha: half }, [circle({ radius: 10 })]);
    expect([raster.alpha!.data[0], raster.alpha!.data[220]]).toEqual([0, 128]);
  });
});

describe('rounded-corners', () => {
  it.each([1, 5, 20, 21, 4096])('with a radius of %d is what r of crop is', async (radius) => {
    const base = rgbRaster(photoLike(61, 41));
    const rounded = await renderRaster(base, [roundedCorners({ radius })]);
    const cropped = await renderRaster(base, [crop({ cornerRadius: radius })]);
    expect(planeSamples(rounded.raster.alpha!)).toEqual(planeSamples(cropped.raster.alpha!));
    expect(rounded.raster.planes.map(planeSamples)).toEqual(base.planes.map(planeSamples));
  });

  it.each([
    [1, 1],
    [9, 9],
    [20, 20],
    [21, 20.5],
    [4096, 20.5],
  ])('with a radius of %d has quarter discs of %d', async (wanted, radius) => {
    const base = rgbRaster(photoLike(61, 41));
    const { raster } = await renderRaster(base, [roundedCorners({ radius: wanted })]);
    const expected = Array.from({ length: 61 * 41 }, (_, i) => {
      const [column, row] = [i % 61, Math.floor(i / 61)];
      const [x, y] = [Math.min(column, 60 - column), Math.min(row, 40 - row)];
      return x + 0.5 >= radius || y + 0.5 >= radius ? 255 : discLevel(x, y, radius, radius);
    });
    expect([...planeSamples(raster.alpha!)]).toEqual(expected);
  });
});
