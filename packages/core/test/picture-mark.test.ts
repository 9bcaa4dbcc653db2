/**
 * Pictures as marks on pixels: their colours on every model, their alpha, their own chain, tiles, and
 * what is wrong with them.
 * @module
 */

import {
  encodeRaw,
  flat,
  grayRaster,
  photoLike,
  planeSamples,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import { describe, expect, it } from 'vitest';
import { bright } from '../src/actions/bright.ts';
import { circle } from '../src/actions/circle.ts';
import { crop } from '../src/actions/crop.ts';
import { format } from '../src/actions/format.ts';
import { indexCrop } from '../src/actions/indexcrop.ts';
import { resize } from '../src/actions/resize.ts';
import { rotate } from '../src/actions/rotate.ts';
import { roundedCorners } from '../src/actions/rounded-corners.ts';
import { type MarkStep, watermark, type WatermarkOptions } from '../src/actions/watermark.ts';
import { isImageError } from '../src/errors.ts';
import type { Plane, Raster } from '../src/raster.ts';
import { renderRaster } from './rendering.ts';

const [W, H] = [64, 48];
const NORTHWEST = { gravity: 'northwest', distanceX: 0, distanceY: 0 } as const;

/** A picture with a ramp of alpha from left to right. */
function withAlpha(raster: Raster): Raster {
  const { width, height } = raster;
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.round((255 * (i % width)) / (width - 1)),
  );
  const extent = { left: 0, top: 0, width, height };
  return { ...raster, alpha: { data, width, height, stride: width, extent } };
}

const photo = photoLike(20, 14);
const marks = {
  photo: encodeRaw(rgbRaster(photo), 'png'),
  alpha: encodeRaw(withAlpha(rgbRaster(photo)), 'png'),
  gray: encodeRaw(grayRaster(photo), 'png'),
  jpeg: encodeRaw(ycbcrRaster(photo, 2, 2), 'jpeg'),
  turned: encodeRaw(rgbRaster(photo), 'png', { orientation: 6 }),
  red: encodeRaw(rgbRaster(flat(9, 7, [255, 0, 0])), 'png'),
};

type Mark = Omit<WatermarkOptions, 'picture'> & {
  readonly key: keyof typeof marks;
  readonly chain?: readonly MarkStep[];
};

const markOf = ({ key, chain, ...more }: Mark) =>
  watermark({ picture: { key, ...(chain && { chain }) }, ...more });

const draw = async (base: Raster, mark: Mark, source: 'png' | 'jpeg' = 'png') =>
  (await renderRaster(base, [markOf(mark)], source, { marks })).raster;

const at = (plane: Plane | undefined, x: number, y: number): number =>
  plane?.data[y * plane.stride + x] ?? -1;

describe('a picture mark', () => {
  it('covers an opaque picture by its alpha and opacity', async () => {
    const ground = photoLike(W, H);
    const base = rgbRaster(ground);
    const raster = await draw(base, { key: 'alpha', ...NORTHWEST, opacityPercent: 60 });
    for (let y = 0; y < H; y++) {
      for (let x = 0; x < W; x++) {
        for (let channel = 0; channel < 3; channel++) {
          const under = ground.rgb[3 * (y * W + x) + channel] as number;
          const isMarked = x < 20 && y < 14;
          const over = isMarked ? (photo.rgb[3 * (y * 20 + x) + channel] as number) : 0;
          const alpha = isMarked ? (x / 19) * 0.6 : 0;
          const level = at(raster.planes[channel], x, y);
          expect(Math.abs(level - (over * alpha + under * (1 - alpha)))).toBeLessThanOrEqual(1.2);
        }
      }
    }
  });

  it('stays what it is where it is opaque', async () => {
    const raster = await draw(rgbRaster(flat(W, H, [1, 2, 3])), { key: 'photo', ...NORTHWEST });
    for (let i = 0; i < 20 * 14; i++) {
      const [x, y] = [i % 20, Math.floor(i / 20)];
      const got = raster.planes.map((plane) => at(plane, x, y));
      expect(got).toEqual([...photo.rgb.subarray(3 * i, 3 * i + 3)]);
    }
    expect(raster.planes.map((plane) => at(plane, 20, 0))).toEqual([1, 2, 3]);
  });

  it('is laid over what is transparent, and adds to its alpha', async () => {
    const base = { ...rgbRaster(flat(W, H, [0, 0, 255])) };
    const clear = withAlpha(base);
    const alpha = { ...(clear.alpha as Plane), data: new Uint8Array(W * H) };
    const raster = await draw({ ...base, alpha }, { key: 'alpha', ...NORTHWEST });
    for (const x of [1, 5, 10, 19]) {
      expect(at(raster.alpha, x, 3)).toBe(Math.round((255 * x) / 19));
      const i = 3 * (3 * 20 + x);
      expect(raster.planes.map((plane) => at(plane, x, 3))).toEqual([
        ...photo.rgb.subarray(i, i + 3),
      ]);
    }
    expect(at(raster.alpha, 20, 3)).toBe(0);
  });

  it('keeps a gray picture gray only when it is gray itself', async () => {
    const base = grayRaster(flat(W, H, [255, 255, 255]));
    const gray = await draw(base, { key: 'gray', ...NORTHWEST });
    expect(gray.model).toBe('gray');
    expect(at(gray.planes[0], 3, 4)).toBe(planeSamples(grayRaster(photo).planes[0]!)[4 * 20 + 3]);
    const color = await draw(base, { key: 'red', ...NORTHWEST });
    expect(color.planes.map((plane) => at(plane, 3, 4))).toEqual([255, 0, 0]);
    const onColor = await draw(rgbRaster(flat(W, H, [1, 2, 3])), { key: 'gray', ...NORTHWEST });
    expect(new Set(onColor.planes.map((plane) => at(plane, 3, 4))).size).toBe(1);
  });

  it.each([
    ['photo', 0, 0, 100],
    ['photo', 7, 5, 100],
    ['alpha', 7, 5, 70],
    ['jpeg', 3, 8, 100],
    ['gray', 9, 1, 50],
  ] as const)(
    'on 4:2:0 is what the same mark on RGB becomes: %s at %i, %i',
    async (key, distanceX, distanceY, opacityPercent) => {
      const ground = photoLike(63, 47);
      const chain = [
        markOf({ key, gravity: 'northwest', distanceX, distanceY, opacityPercent }),
        format({ format: 'jpeg' }),
      ];
      const subsampled = await renderRaster(ycbcrRaster(ground, 2, 2), chain, 'jpeg', { marks });
      const full = await renderRaster(rgbRaster(ground), chain, 'png', { marks });
      expect(subsampled.raster.model).toBe('ycbcr');
      for (const index of [0, 1, 2]) {
        const one = subsampled.raster.planes[index] as Plane;
        const other = full.raster.planes[index] as Plane;
        expect([one.width, one.height]).toEqual([other.width, other.height]);
        const [a, b] = [planeSamples(one), planeSamples(other)];
        const worst = a.reduce((most, level, i) => Math.max(most, Math.abs(level - b[i]!)), 0);
        expect(worst).toBeLessThanOrEqual(3);
      }
    },
  );

  it('follows the chroma grid across bands and odd crops', async () => {
    const base = ycbcrRaster(flat(40, 400, [0, 0, 255]), 2, 2);
    const tall = [resize({ width: 20, height: 350, mode: 'fixed', enlarge: true })] as const;
    const mark = markOf({ key: 'red', chain: tall, ...NORTHWEST, distanceX: 3, distanceY: 5 });
    const chain = [crop({ left: 1, top: 1 }), mark, format({ format: 'png' })];
    const { raster } = await renderRaster(base, chain, 'jpeg', { marks });
    for (let y = 8; y < 350; y++) {
      const [red, green, blue] = raster.planes.map((plane) => at(plane, 12, y));
      expect(red).toBeGreaterThan(250);
      expect(green).toBeLessThan(4);
      expect(blue).toBeLessThan(4);
    }
    expect(at(raster.planes[2], 12, 360)).toBeGreaterThan(250);
  });

  it('repeats in all directions, over bands too', async () => {
    const base = grayRaster(flat(50, 300, [255, 255, 255]));
    const raster = await draw(base, {
      key: 'gray',
      tile: true,
      tileGapX: 3,
      tileGapY: 2,
      ...NORTHWEST,
      distanceX: 31,
      distanceY: 17,
    });
    const samples = planeSamples(grayRaster(photo).planes[0]!);
    for (let y = 0; y < 300; y++) {
      for (let x = 0; x < 50; x++) {
        const [column, row] = [(x - 31 + 460) % 23, (y - 17 + 1_600) % 16];
        const expected = column < 20 && row < 14 ? samples[row * 20 + column] : 255;
        expect(at(raster.planes[0], x, y)).toBe(expected);
      }
    }
  });

  it('does not show at opacity 0', async () => {
    const base = rgbRaster(flat(W, H, [9, 9, 9]));
    const raster = await draw(base, { key: 'photo', opacityPercent: 0 });
    for (const plane of raster.planes) expect(new Set(plane.data)).toEqual(new Set([9]));
  });

  it('may come several times, and from what another step made', async () => {
    const base = rgbRaster(flat(W, H, [255, 255, 255]));
    const chain = [
      markOf({ key: 'red', ...NORTHWEST }),
      bright({ amount: -100 }),
      markOf({ key: 'red', gravity: 'southeast', distanceX: 0, distanceY: 0 }),
    ];
    const { raster } = await renderRaster(base, chain, 'png', { marks });
    expect([at(raster.planes[0], 0, 0), at(raster.planes[0], W - 1, H - 1)]).toEqual([155, 255]);
  });
});

describe('the chain of a picture mark', () => {
  const sizeOn = async (chain: readonly MarkStep[], key: keyof typeof marks = 'photo') => {
    const base = rgbRaster(flat(200, 100, [255, 255, 255]));
    const { plan } = await renderRaster(base, [markOf({ key, chain })], 'png', { marks });
    return plan.marks.map(({ mark }) => [mark.width, mark.height]);
  };

  it.each([
    [[], [20, 14]],
    [[resize({ width: 10 })], [10, 7]],
    [[resize({ width: 40 })], [20, 14]],
    [[resize({ mainPercent: 10 })], [14, 10]],
    [[resize({ mainPercent: 50 })], [71, 50]],
    [[resize({ mainPercent: 100 })], [143, 100]],
    [[resize({ mainPercent: 1 })], [1, 1]],
    [[resize({ mainPercent: 50, width: 10 })], [10, 7]],
    [[crop({ width: 5, height: 6, gravity: 'southeast' })], [5, 6]],
    [[indexCrop({ stripWidth: 8, index: 2 })], [4, 14]],
    [[roundedCorners({ radius: 4 })], [20, 14]],
    [[rotate({ angleDeg: 90 })], [14, 20]],
    [[rotate({ angleDeg: 45 })], [24, 24]],
    [
      [resize({ mainPercent: 50 }), crop({ width: 9 }), rotate({ angleDeg: 90 })],
      [50, 9],
    ],
  ] as const)('%j makes it %j', async (chain, size) => {
    expect(await sizeOn(chain)).toEqual([size]);
  });

  it('is for the picture as it stands upright', async () => {
    expect(await sizeOn([], 'turned')).toEqual([[14, 20]]);
    const raster = await draw(rgbRaster(flat(W, H, [255, 255, 255])), {
      key: 'turned',
      ...NORTHWEST,
    });
    // Orientation 6 is turned clockwise: the lower left corner comes to the upper left.
    const first = 3 * (13 * 20);
    expect(raster.planes.map((plane) => at(plane, 0, 0))).toEqual([
      ...photo.rgb.subarray(first, first + 3),
    ]);
  });

  it('measures P by the picture as it is at that step', async () => {
    const base = rgbRaster(flat(200, 200, [255, 255, 255]));
    const mark = markOf({ key: 'photo', chain: [resize({ mainPercent: 10 })] });
    const chain = [mark, resize({ width: 100 }), mark];
    const { plan } = await renderRaster(base, chain, 'png', { marks });
    expect(plan.marks.map(({ mark: { width } }) => width)).toEqual([20, 10]);
  });

  it('leaves rounded corners transparent, on JPEG too', async () => {
    const base = ycbcrRaster(flat(W, H, [0, 255, 0]), 2, 2);
    const mark = markOf({ key: 'red', chain: [roundedCorners({ radius: 3 })], ...NORTHWEST });
    const png = format({ format: 'png' });
    const { raster } = await renderRaster(base, [mark, png], 'jpeg', { marks });
    // Its chroma is that of four pixels, most of which the mark covers.
    expect(at(raster.planes[1], 0, 0)).toBeGreaterThan(140);
    expect(at(raster.planes[0], 4, 3)).toBeGreaterThan(250);
  });

  it('is rendered once for two marks that are alike', async () => {
    const base = rgbRaster(flat(W, H, [255, 255, 255]));
    const chain = [markOf({ key: 'red' }), markOf({ key: 'red', gravity: 'north' })];
    const { plan } = await renderRaster(base, chain, 'png', { marks });
    expect(plan.marks).toHaveLength(1);
  });
});

describe('what is wrong with a mark', () => {
  const base = rgbRaster(flat(8, 8, [0, 0, 0]));
  const files = {
    ...marks,
    gif: encodeRaw(rgbRaster(photo), 'gif'),
    junk: new TextEncoder().encode('no picture at all'),
    cut: encodeRaw(rgbRaster(photo), 'png').subarray(0, 30),
    one: marks.red,
    two: marks.red,
    three: marks.red,
    four: marks.red,
  };

  async function reasonOf(chain: ReturnType<typeof watermark>[]): Promise<unknown[]> {
    try {
      await renderRaster(base, chain, 'png', { marks: files });
    } catch (error) {
      if (!isImageError(error)) throw error;
      return [error.reason, error.fault?.step, error.fault?.parameter];
    }
    return [];
  }

  const keyed = (key: string, chain?: readonly MarkStep[]) =>
    watermark({ picture: { key, ...(chain && { chain }) } });

  it.each([
    ['nosuch', 'missing-mark'],
    ['gif', 'mark-format'],
    ['junk', 'mark-format'],
    ['cut', 'mark-format'],
  ])('%s is refused as %s', async (key, reason) => {
    expect(await reasonOf([keyed('red'), keyed(key)])).toEqual([reason, 1, 'picture']);
  });

  it('is more than three different pictures, and no more marks of the same', async () => {
    const four = ['one', 'two', 'three', 'four'].map((key) => keyed(key));
    expect(await reasonOf(four)).toEqual(['too-many-marks', 3, 'picture']);
    expect(await reasonOf([...four.slice(0, 3), keyed('one'), keyed('two')])).toEqual([]);
  });

  it('is a step that may not be nested, and a size outside a mark', async () => {
    const nested = keyed('red', [circle({ radius: 3 }) as never]);
    expect(await reasonOf([nested])).toEqual(['not-nestable', 0, 'picture']);
    await expect(renderRaster(base, [resize({ mainPercent: 9 })])).rejects.toMatchObject({
      reason: 'unknown-key',
    });
    expect(await reasonOf([watermark({})])).toEqual(['missing-argument', 0, 'text']);
  });

  it('is a position outside, which is the mark\u2019s and no step\u2019s of the picture', async () => {
    expect(await reasonOf([keyed('red', [crop({ left: 900 })])])).toEqual([
      'position-outside',
      undefined,
      'left',
    ]);
  });
});
