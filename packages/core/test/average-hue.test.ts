/**
 * The average colour, against the documented rule in float64: mean hue, then the mean of the pixels
 * near it.
 * @module
 */

import {
  createRawCodec,
  encodeRaw,
  flat,
  grayRaster,
  paint,
  photoLike,
  type Picture,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { averageHue } from '../src/actions/average-hue.ts';
import { resize } from '../src/actions/resize.ts';
import { createEngine } from '../src/engine.ts';
import { typescriptKernels } from '../src/kernels/typescript-kernels.ts';
import { OSS_LIMITS } from '../src/limits.ts';
import { planChain } from '../src/plan.ts';
import type { Color, Orientation, Raster } from '../src/raster.ts';
import { headerOf, PLANNING } from './planning.ts';

const codecs = [createRawCodec({ format: 'jpeg' }), createRawCodec({ format: 'png' })];
const engine = createEngine({ codecs, kernels: typescriptKernels, limits: OSS_LIMITS });

async function hueOf(raster: Raster, orientation: Orientation = 1): Promise<Color> {
  const source = encodeRaw(raster, raster.model === 'ycbcr' ? 'jpeg' : 'png', { orientation });
  const rendered = await engine.render(source, [averageHue()]);
  const { width, height } = raster;
  expect(rendered).toMatchObject({ format: 'json', mediaType: 'application/json', width, height });
  return JSON.parse(new TextDecoder().decode(rendered.bytes)) as Color;
}

function hsvHue(r: number, g: number, b: number): number {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  if (most === least) return 0;
  let sixths = 4 + (r - g) / (most - least);
  if (g === most) sixths = 2 + (b - r) / (most - least);
  if (r === most) sixths = (g - b) / (most - least);
  return 60 * (sixths < 0 ? sixths + 6 : sixths);
}

function expectedHue({ width, height, rgb }: Picture): Color {
  const hues = Float64Array.from({ length: width * height }, (_, i) =>
    hsvHue(rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!),
  );
  const mean = hues.reduce((sum, hue) => sum + hue, 0) / hues.length;
  const sums: [number, number, number] = [0, 0, 0];
  let count = 0;
  hues.forEach((hue, i) => {
    if (Math.abs(hue - mean) > 46) return;
    for (let channel = 0; channel < 3; channel++) sums[channel]! += rgb[3 * i + channel]!;
    count++;
  });
  const [red, green, blue] = sums.map((sum) => Math.floor(sum / count)) as typeof sums;
  return { red, green, blue };
}

describe('average-hue', () => {
  it.each([
    [0, 0, 0],
    [255, 255, 255],
    [92, 120, 59],
    [255, 0, 1],
    [0, 0, 255],
    [10, 200, 200],
  ])('of one colour (%d, %d, %d) is that colour', async (red, green, blue) => {
    expect(await hueOf(rgbRaster(flat(7, 5, [red, green, blue])))).toEqual({ red, green, blue });
  });

  it.each([1, 2, 3])('of photograph %d is what the rule says', async (seed) => {
    const picture = photoLike(60, 40, seed);
    expect(await hueOf(rgbRaster(picture))).toEqual(expectedHue(picture));
  });

  it('leaves out pixels whose hue is far from the mean', async () => {
    // Nine greens and a blue: the mean hue is 132 degrees, the blue's 240.
    const picture = paint(10, 1, (x) => (x < 9 ? [0, 200, 0] : [0, 0, 200]));
    expect(await hueOf(rgbRaster(picture))).toEqual({ red: 0, green: 200, blue: 0 });
  });

  it('counts all pixels when none is near the mean, and rounds down', async () => {
    const picture = paint(2, 1, (x) => (x === 0 ? [255, 0, 0] : [0, 255, 255]));
    expect(await hueOf(rgbRaster(picture))).toEqual({ red: 127, green: 127, blue: 127 });
  });

  it('of a gray picture is its mean', async () => {
    const picture = paint(2, 1, (x) => [10 + 5 * x, 10 + 5 * x, 10 + 5 * x]);
    expect(await hueOf(grayRaster(picture))).toEqual({ red: 12, green: 12, blue: 12 });
  });

  it('of a subsampled JPEG is that of its RGB', async () => {
    const color = await hueOf(ycbcrRaster(flat(9, 7, [92, 120, 59]), 2, 2));
    expect(Math.abs(color.red - 92)).toBeLessThanOrEqual(1);
    expect(Math.abs(color.green - 120)).toBeLessThanOrEqual(1);
    expect(Math.abs(color.blue - 59)).toBeLessThanOrEqual(1);
  });

  it('sees white where the picture is transparent', async () => {
    const base = rgbRaster(flat(4, 4, [0, 200, 0]));
    const clear = { ...base.planes[0]!, data: new Uint8Array(16) };
    expect(await hueOf({ ...base, alpha: clear })).toEqual({ red: 255, green: 255, blue: 255 });
  });

  it('asks nothing of the orientation', async () => {
    const picture = photoLike(31, 17);
    expect(await hueOf(rgbRaster(picture), 6)).toEqual(expectedHue(picture));
    const header = headerOf(5_000, 10, { orientation: 6 });
    expect(planChain(header, [averageHue()], PLANNING).kind).toBe('hue');
  });

  it('stands alone', () => {
    for (const chain of [
      [averageHue(), resize({ width: 1 })],
      [resize({ width: 1 }), averageHue()],
    ]) {
      expect(() => planChain(headerOf(5, 5), chain, PLANNING)).toThrow(
        expect.objectContaining({ reason: 'not-combinable' }),
      );
    }
  });

  it('counts every pixel up to four million, and those of a smaller picture above', () => {
    const planOf = (width: number, height: number) => {
      const plan = planChain(headerOf(width, height), [averageHue()], PLANNING);
      if (plan.kind !== 'hue') throw new Error('expected a plan of a hue');
      return plan;
    };
    const exact = planOf(2_000, 2_000);
    expect([exact.operations, exact.request]).toEqual([[], {}]);
    expect(exact.steps.at(-1)!.effect.shape).toMatchObject({ model: 'rgb', width: 2_000 });
    const reduced = planOf(8_000, 6_000);
    const { width, height } = reduced.steps.at(-1)!.effect.shape;
    expect(width * height).toBeLessThanOrEqual(4_000_000);
    expect(width * height).toBeGreaterThan(3_990_000);
    expect(reduced.request.scale).toBeLessThan(8);
  });

  it('is the same within a level for a large picture and its pixels counted one by one', async () => {
    const picture = paint(2_400, 1_800, (x, y) => [60 + x / 40, 120 + y / 30, 40 + (x & 7)]);
    const [actual, exact] = [await hueOf(rgbRaster(picture)), expectedHue(picture)];
    expect(Math.abs(actual.red - exact.red)).toBeLessThanOrEqual(1);
    expect(Math.abs(actual.green - exact.green)).toBeLessThanOrEqual(1);
    expect(Math.abs(actual.blue - exact.blue)).toBeLessThanOrEqual(1);
  });
});
