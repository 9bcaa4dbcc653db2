/**
 * Text marks on pixels: where they lie, how opaque they are, and that nothing else changes. Letters
 * are solid boxes here, 6 x 10 pixels each.
 * @module
 */

import { flat, grayRaster, planeSamples, rgbRaster, ycbcrRaster } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { resize } from '../src/actions/resize.ts';
import { watermark, type WatermarkOptions } from '../src/actions/watermark.ts';
import type { Plane } from '../src/raster.ts';
import { renderRaster } from './rendering.ts';

const [W, H] = [100, 60];
const white = grayRaster(flat(W, H, [255, 255, 255]));
type Mark = Omit<WatermarkOptions, 'text'> & Partial<WatermarkOptions['text']>;

function markOf({ content, color, shadowPercent, ...more }: Mark) {
  const text = {
    content: content ?? 'ab',
    ...(color && { color }),
    ...(shadowPercent !== undefined && { shadowPercent }),
  };
  return watermark({ text, ...more });
}

async function drawGray(mark: Mark): Promise<Plane> {
  const { raster } = await renderRaster(white, [markOf(mark)]);
  expect(raster.model).toBe('gray');
  return raster.planes[0]!;
}

/** left, top, right, bottom of what is not white. */
function boxOf(plane: Plane): number[] {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  plane.data.forEach((level, i) => {
    if (level === 255) return;
    const [x, y] = [i % plane.width, Math.floor(i / plane.width)];
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + 1);
    bottom = Math.max(bottom, y + 1);
  });
  return [left, top, right, bottom];
}

describe('a text mark', () => {
  it.each([
    [{}, [78, 40, 90, 50]],
    [{ gravity: 'northwest' }, [10, 10, 22, 20]],
    [{ gravity: 'north', distanceX: 33, distanceY: 0 }, [44, 0, 56, 10]],
    [{ gravity: 'center', middleOffset: -5 }, [44, 20, 56, 30]],
    [{ gravity: 'west', distanceX: 1, distanceY: 30 }, [1, 25, 13, 35]],
    [{ gravity: 'southeast', distanceX: 0, distanceY: 0, shadowPercent: 50 }, [88, 50, 100, 60]],
    [{ gravity: 'northwest', shadowPercent: 50 }, [10, 10, 24, 22]],
    [{ content: 'a'.repeat(30), distanceX: 4 }, [0, 40, 100, 50]],
    [{ gravity: 'east', distanceX: 95 }, [0, 25, 5, 35]],
    [{ gravity: 'west', distanceX: 95 }, [95, 25, 100, 35]],
  ] as const)('with %j covers %j', async (mark, expected) => {
    expect(boxOf(await drawGray(mark))).toEqual(expected);
  });

  it('leaves the picture alone when it lies outside', async () => {
    const plane = await drawGray({ gravity: 'east', distanceX: 4096 });
    expect(new Set(plane.data)).toEqual(new Set([255]));
  });

  it('has the opacity it is given, and none at 0', async () => {
    expect((await drawGray({ gravity: 'northwest', opacityPercent: 40 })).data[10 * W + 10]).toBe(
      255 - Math.round(0.4 * 255),
    );
    expect(boxOf(await drawGray({ opacityPercent: 0 }))[2]).toBe(-1);
  });

  it('casts a shadow that does not shine through its letters', async () => {
    const gray = { red: 200, green: 200, blue: 200 };
    const mark = { gravity: 'northwest', color: gray, shadowPercent: 50 } as const;
    const opaque = await drawGray(mark);
    expect(opaque.data[15 * W + 15]).toBe(200);
    expect(opaque.data[15 * W + 23]).toBe(127);
    const half = await drawGray({ ...mark, opacityPercent: 50 });
    expect(half.data[15 * W + 15]).toBe(227);
    expect(half.data[15 * W + 23]).toBe(191);
  });

  it('is tiled in all directions from its own place', async () => {
    const mark = { gravity: 'northwest', tile: true, tileGapX: 8, tileGapY: 5 } as const;
    const { data } = await drawGray({ ...mark, distanceX: 3, distanceY: 2 });
    data.forEach((level, i) => {
      const [x, y] = [i % W, Math.floor(i / W)];
      const isInk = (x - 3 + 200) % 20 < 12 && (y - 2 + 150) % 15 < 10;
      expect(level).toBe(isInk ? 0 : 255);
    });
  });

  it('keeps a gray picture gray only when it is gray itself', async () => {
    const color = { red: 250, green: 10, blue: 20 };
    const png = (await renderRaster(white, [markOf({ color })])).raster;
    expect(png.model).toBe('rgb');
    expect(png.planes.map(({ data }) => data[45 * W + 80])).toEqual([250, 10, 20]);
    expect(png.planes.map(({ data }) => data[0])).toEqual([255, 255, 255]);
    const jpeg = (await renderRaster(white, [markOf({ color }), format({ format: 'jpeg' })]))
      .raster;
    expect(jpeg.model).toBe('ycbcr');
    expect(jpeg.planes[1]!.width).toBe(W / 2);
  });

  it('mixes subsampled chroma by how much of each sample it covers', async () => {
    const base = ycbcrRaster(flat(W, H, [0, 0, 255]), 2, 2);
    const mark = markOf({ gravity: 'northwest', distanceX: 11, distanceY: 13 });
    const { raster } = await renderRaster(base, [mark], 'jpeg');
    const [luma, cb] = raster.planes;
    expect(boxOfChange(luma!, 29)).toEqual([11, 13, 23, 23]);
    const at = (x: number, y: number) => cb!.data[y * cb!.width + x];
    // Blue is Cb 255, black 128: a quarter, a half and all of a sample's four pixels.
    expect([at(5, 6), at(6, 6), at(6, 7), at(4, 7)]).toEqual([223, 191, 128, 255]);
  });

  it('follows an odd crop without being shifted', async () => {
    const base = ycbcrRaster(flat(W, H, [0, 0, 255]), 2, 2);
    const mark = markOf({ gravity: 'northwest', distanceX: 11, distanceY: 13 });
    const chain = [crop({ left: 1, top: 1 }), mark, format({ format: 'png' })];
    const { raster } = await renderRaster(base, chain, 'jpeg');
    const [red, , blue] = raster.planes;
    expect(boxOfChange(blue!, 254, 60)).toEqual([11, 13, 23, 23]);
    expect(red!.data[0]).toBeLessThan(3);
  });

  it('covers what is transparent', async () => {
    const base = rgbRaster(flat(W, H, [0, 255, 0]));
    const alpha = { ...base.planes[0]!, data: new Uint8Array(W * H) };
    const { raster } = await renderRaster({ ...base, alpha }, [markOf({ opacityPercent: 40 })]);
    const i = 45 * W + 80;
    expect(raster.planes.map(({ data }) => data[i])).toEqual([0, 0, 0]);
    expect([raster.alpha!.data[i], raster.alpha!.data[0]]).toEqual([102, 0]);
  });

  it('is placed on what the earlier steps made', async () => {
    const chain = [resize({ width: 50 }), markOf({ content: 'a' })];
    const { raster } = await renderRaster(white, chain);
    expect(boxOf(raster.planes[0]!)).toEqual([34, 10, 40, 20]);
  });
});

describe('pad', () => {
  it.each(['png', 'jpeg'] as const)('centres the picture on its canvas (%s)', async (target) => {
    const base = ycbcrRaster(flat(40, 21, [0, 0, 0]), 2, 2);
    const options = { mode: 'pad', width: 31, height: 31 } as const;
    const chain = [resize(options), format({ format: target })];
    const { raster } = await renderRaster(base, chain, 'jpeg');
    const top = planeSamples(raster.planes[0]!);
    expect([raster.width, raster.height]).toEqual([31, 31]);
    const rows = Array.from({ length: 31 }, (_, y) => top[y * 31 + 15]!);
    // 31 x 16 in the middle: floor((31 - 16) / 2) = 7 white rows above and 8 below.
    expect(rows.findIndex((level) => level < 128)).toBe(7);
    expect(rows.findLastIndex((level) => level < 128)).toBe(22);
    expect(new Set(rows)).toEqual(new Set([0, 255]));
  });
});

/** As `boxOf`, for what differs from `level` by more than `tolerance`. */
function boxOfChange(plane: Plane, level: number, tolerance = 0): number[] {
  const data = planeSamples(plane).map((v) => (Math.abs(v - level) > tolerance ? 0 : 255));
  return boxOf({ ...plane, data, stride: plane.width });
}
