/**
 * Where marks lie, to the pixel: every gravity, with distances from none to beyond the picture, for
 * texts, pictures and both. Expected boxes are computed from the language's own words here.
 * @module
 */

import { encodeRaw, flat, grayRaster } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { resize } from '../src/actions/resize.ts';
import { watermark, type WatermarkOptions } from '../src/actions/watermark.ts';
import { GRAVITIES, type Gravity } from '../src/gravity.ts';
import type { Plane } from '../src/raster.ts';
import type { TextRasterizer } from '../src/text/rasterizer.ts';
import { BOX_TEXT, renderRaster } from './rendering.ts';

const [W, H] = [101, 60];
const white = grayRaster(flat(W, H, [255, 255, 255]));
const logo = encodeRaw(grayRaster(flat(15, 10, [0, 0, 0])), 'png');
const low = encodeRaw(grayRaster(flat(15, 9, [0, 0, 0])), 'png');
const marks = { logo, low };

async function boxOf(options: WatermarkOptions): Promise<number[] | undefined> {
  const { raster } = await renderRaster(white, [watermark(options)], 'png', { marks });
  return inkBox(raster.planes[0] as Plane);
}

/** left, top, right, bottom of what is not white. */
function inkBox({ data, width }: Plane): number[] | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  data.forEach((level, i) => {
    if (level === 255) return;
    const [x, y] = [i % width, Math.floor(i / width)];
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
  });
  return right < 0 ? undefined : [left, top, right, bottom];
}

/** One axis by the words: from its side, or the middle, halves up, and a shift of the middle row. */
function startOf(side: number, length: number, word: 'first' | 'middle' | 'last', away: number) {
  if (word === 'first') return away;
  if (word === 'last') return side - length - away;
  return Math.floor((side - length) / 2 + 0.5);
}

function expectedBox(
  gravity: Gravity,
  size: readonly [number, number],
  away: number,
  down: number,
) {
  const [width, height] = size;
  const column = gravity.endsWith('west') ? 'first' : gravity.endsWith('east') ? 'last' : 'middle';
  const row = gravity.startsWith('north')
    ? 'first'
    : gravity.startsWith('south')
      ? 'last'
      : 'middle';
  const left = startOf(W, width, column, away);
  const top = startOf(H, height, row, away) + (row === 'middle' ? down : 0);
  const box = [Math.max(0, left), Math.max(0, top), left + width, top + height];
  const cut = [box[0], box[1], Math.min(W, box[2] as number), Math.min(H, box[3] as number)];
  const [a, b, c, d] = cut as [number, number, number, number];
  return a < c && b < d ? cut : undefined;
}

const AWAY = [0, 1, 10, 50, 59, 60, 97, 100, 101, 102, 4_096];

describe.each(GRAVITIES)('at %s', (gravity) => {
  it.each(AWAY)('a mark lies %i pixels from its sides', async (away) => {
    const place = { gravity, distanceX: away, distanceY: away };
    expect(await boxOf({ text: { content: 'abc' }, ...place })).toEqual(
      expectedBox(gravity, [18, 10], away, 0),
    );
    expect(await boxOf({ picture: { key: 'logo' }, ...place })).toEqual(
      expectedBox(gravity, [15, 10], away, 0),
    );
    const both = { text: { content: 'abc' }, picture: { key: 'logo' }, interval: 4 };
    expect(await boxOf({ ...both, align: 'top', ...place })).toEqual(
      expectedBox(gravity, [37, 10], away, 0),
    );
  });

  it.each([-1_000, -30, -1, 1, 29, 1_000])(
    'the middle row alone is shifted by %i',
    async (down) => {
      const place = { gravity, distanceX: 3, distanceY: 3, middleOffset: down };
      expect(await boxOf({ picture: { key: 'logo' }, ...place })).toEqual(
        expectedBox(gravity, [15, 10], 3, down),
      );
    },
  );
});

describe('a text beside a picture', () => {
  /** Ink of letters and picture apart: letters are gray here. */
  async function places(options: Omit<WatermarkOptions, 'text' | 'picture'>) {
    const color = { red: 90, green: 90, blue: 90 };
    const text = { content: 'ab', color };
    const picture = { key: 'low' };
    const mark = watermark({ text, picture, gravity: 'northwest', ...options });
    const { raster } = await renderRaster(white, [mark], 'png', { marks });
    const plane = raster.planes[0] as Plane;
    const only = (level: number) =>
      inkBox({ ...plane, data: plane.data.map((value) => (value === level ? 0 : 255)) });
    return { text: only(90), picture: only(0) };
  }

  it.each([
    [{}, [25, 10, 37, 20], [10, 11, 25, 20]],
    [{ first: 'text' }, [10, 10, 22, 20], [22, 11, 37, 20]],
    [{ interval: 7 }, [32, 10, 44, 20], [10, 11, 25, 20]],
    [{ align: 'top' }, [25, 10, 37, 20], [10, 10, 25, 19]],
    [{ align: 'middle' }, [25, 10, 37, 20], [10, 11, 25, 20]],
    [{ first: 'text', interval: 3, distanceX: 0 }, [0, 10, 12, 20], [15, 11, 30, 20]],
  ] as const)('stands as %j says', async (options, text, picture) => {
    expect(await places(options)).toEqual({ text, picture });
  });

  it('is aligned when the picture is the higher one', async () => {
    const chain = [resize({ width: 15, height: 30, mode: 'fixed', enlarge: true })];
    const tops = [];
    for (const align of ['top', 'middle', 'bottom'] as const) {
      const text = { content: 'ab' };
      const picture = { key: 'logo', chain };
      const mark = watermark({ text, picture, align, gravity: 'northwest' });
      const { raster } = await renderRaster(white, [mark], 'png', { marks });
      const plane = raster.planes[0] as Plane;
      tops.push(
        Array.from({ length: H }, (_, y) => plane.data[y * W + 30]).findIndex((v) => v === 0),
      );
    }
    expect(tops).toEqual([10, 20, 30]);
  });
});

describe('a mark larger than the picture', () => {
  it('shows its beginning', async () => {
    const chain = [resize({ percent: 1_000 })];
    for (const gravity of GRAVITIES) {
      const box = await boxOf({ picture: { key: 'logo', chain }, gravity, distanceX: 5 });
      const isWest = gravity.endsWith('west');
      expect(box?.[0]).toBe(isWest ? 5 : 0);
      expect(box?.[2]).toBe(W);
    }
  });

  it('asks for no more letters than the picture has pixels', async () => {
    const asked: number[] = [];
    const huge: TextRasterizer = {
      ...BOX_TEXT,
      measure: () => ({ width: 46_000, height: 46_000 }),
      rasterize({ window }) {
        const { width = 0, height = 0 } = window ?? {};
        asked.push(width * height);
        return { coverage: new Uint8Array(width * height).fill(255), width, height };
      },
    };
    for (const gravity of GRAVITIES) {
      for (const tile of [false, true]) {
        asked.length = 0;
        const text = { content: 'x', shadowPercent: 50 };
        const mark = watermark({ text, gravity, tile, tileGapX: 7 });
        await renderRaster(white, [mark], 'png', { text: huge });
        expect(asked.length).toBeLessThanOrEqual(4);
        expect(asked.reduce((sum, pixels) => sum + pixels, 0)).toBeLessThanOrEqual(
          (W + 2) * (H + 2),
        );
      }
    }
  });

  it('shows of a tile what lies there in the whole', async () => {
    // Columns and rows can be told apart, so that a part from the wrong place would show.
    const levelAt = (x: number, y: number) => 1 + ((x * 7 + y * 13) % 254);
    const ramp: TextRasterizer = {
      ...BOX_TEXT,
      measure: () => ({ width: 90, height: 250 }),
      rasterize({ window = { left: 0, top: 0, width: 90, height: 250 } }) {
        const { left, top, width, height } = window;
        const coverage = Uint8Array.from({ length: width * height }, (_, i) =>
          levelAt(left + (i % width), top + Math.floor(i / width)),
        );
        return { coverage, width, height };
      },
    };
    const tall = grayRaster(flat(W, 300, [255, 255, 255]));
    const place = { gravity: 'northwest', distanceX: 40, distanceY: 100 } as const;
    const mark = watermark({ text: { content: 'x' }, tile: true, tileGapX: 3, ...place });
    const { raster } = await renderRaster(tall, [mark], 'png', { text: ramp });
    const { data } = raster.planes[0] as Plane;
    for (let y = 0; y < 300; y++) {
      for (let x = 0; x < W; x++) {
        const column = (x - 40 + 930) % 93;
        const row = (y - 100 + 2_500) % 250;
        const level = column < 90 ? 255 - levelAt(column, row) : 255;
        expect(data[y * W + x]).toBe(level);
      }
    }
  });
});
