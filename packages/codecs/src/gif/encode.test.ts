/**
 * GIF, out: what stays exact, what is left unsaid, and what other readers make of it.
 * @module
 */

import {
  type AnimationSettings,
  createArena,
  createBudget,
  type Frame,
  GENEROUS_LIMITS,
  type Raster,
} from '@safelight/core';
import { flat, photoLike, rgbRaster } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { allFrames, decodeWith, toRgba } from '../../test/decoding.ts';
import { createGifCodec, type GifCodecOptions } from './codec.ts';

const SETTINGS = { qualityPercent: 75, progressive: false };
const CONTEXT = {
  arena: createArena(),
  budget: createBudget(1e9),
  limits: GENEROUS_LIMITS,
};

/** A picture of words: each letter a pixel of its own colour, a blank one of none. */
function drawn(...rows: readonly string[]): Raster {
  const [{ length: width }] = rows;
  const letters = rows.join('');
  const planes = [1, 2, 3].map((factor) => ({
    data: Uint8Array.from(letters, (letter) => (letter.charCodeAt(0) * factor) & 0xff),
    width,
    height: rows.length,
    stride: width,
    extent: { left: 0, top: 0, width, height: rows.length },
  }));
  const alpha = { ...planes[0], data: Uint8Array.from(letters, (c) => (c === ' ' ? 0 : 255)) };
  const raster = { width, height: rows.length, model: 'rgb' as const, planes, metadata: {} };
  return letters.includes(' ') ? { ...raster, alpha } : raster;
}

async function encodeFrames(
  rasters: readonly Raster[],
  more: Partial<AnimationSettings> & GifCodecOptions & { readonly times?: readonly number[] } = {},
): Promise<Uint8Array> {
  const { dithering, times, ...settings } = more;
  const codec = createGifCodec(dithering && { dithering });
  const [{ width, height }] = rasters;
  const animation = { width, height, frames: rasters.length, plays: 0, ...settings };
  const writer = codec.createFrameWriter!(animation, SETTINGS, CONTEXT);
  for (const [index, raster] of rasters.entries()) {
    await writer.addFrame({ raster, durationMs: times?.[index] ?? 40 });
  }
  return writer.finish();
}

function encodeStill(raster: Raster, options: GifCodecOptions = {}): Uint8Array {
  return createGifCodec(options).encode!(raster, SETTINGS, CONTEXT) as Uint8Array;
}

function visible(raster: Raster): Uint8Array {
  const rgba = toRgba(raster);
  for (let at = 0; at < rgba.length; at += 4) if (rgba[at + 3] === 0) rgba.fill(0, at, at + 3);
  return rgba;
}

async function framesOf(bytes: Uint8Array): Promise<readonly Frame[]> {
  return allFrames(createGifCodec(), bytes);
}

const FILMS: Readonly<Record<string, readonly Raster[]>> = {
  'a letter that changes': [drawn('abc', 'def'), drawn('abc', 'dxf'), drawn('abc', 'dyf')],
  'no change at all': [drawn('ab'), drawn('ab'), drawn('ab')],
  'a thing that moves over a hole': [
    drawn('a    '),
    drawn('  a  '),
    drawn('    a'),
    drawn('     '),
  ],
  'a thing that flashes': [drawn('abcd'), drawn('axyd'), drawn('abcd'), drawn('axyd')],
  'a hole that opens and closes': [drawn('abcde'), drawn('ab de'), drawn('abcde'), drawn('  c  ')],
  'everything anew': [drawn('abc'), drawn('xyz'), drawn('   '), drawn('def')],
  'a hole from the first to the last': [drawn(' ab'), drawn(' ac'), drawn(' dc')],
};

describe('an animation of few colours', () => {
  it.each(Object.entries(FILMS))('is the same when it is read: %s', async (_name, rasters) => {
    const bytes = await encodeFrames(rasters, { plays: 4 });
    const frames = await framesOf(bytes);
    expect(frames.map(({ raster }) => visible(raster))).toEqual(rasters.map(visible));
    expect(createGifCodec().readHeader(bytes, GENEROUS_LIMITS).animation?.plays).toBe(4);
  });

  it.each(Object.entries(FILMS))('is the same to libvips: %s', async (_name, rasters) => {
    const bytes = await encodeFrames(rasters);
    const rgba = await sharp(bytes, { animated: true }).ensureAlpha().raw().toBuffer();
    expect(new Uint8Array(rgba)).toEqual(Uint8Array.from(rasters.flatMap((r) => [...visible(r)])));
  });

  it('keeps times and loops', async () => {
    const times = [0, 10, 70, 655_350];
    const rasters = ['a', 'b', 'c', 'd'].map((letter) => drawn(letter));
    for (const plays of [0, 1, 2, 65_536]) {
      const bytes = await encodeFrames(rasters, { plays, times });
      expect((await framesOf(bytes)).map(({ durationMs }) => durationMs)).toEqual(times);
      expect(createGifCodec().readHeader(bytes, GENEROUS_LIMITS).animation?.plays).toBe(plays);
    }
  });

  it('rounds times to hundredths of a second, and cuts what two bytes cannot count', async () => {
    const rasters = ['a', 'b', 'c'].map((letter) => drawn(letter));
    const bytes = await encodeFrames(rasters, { times: [14, 15, 700_000] });
    const durations = (await framesOf(bytes)).map(({ durationMs }) => durationMs);
    expect(durations).toEqual([10, 20, 655_350]);
  });

  it('takes no more bytes for what stays', async () => {
    const { planes } = drawn('x'.repeat(64));
    const still = rgbRaster(photoLike(64, 64));
    const moved = { ...still, planes: still.planes.map((p) => ({ ...p, data: p.data.slice() })) };
    moved.planes[0].data.set(planes[0].data.subarray(0, 3), 200);
    const one = await encodeFrames([still]);
    const two = await encodeFrames([still, moved]);
    expect(two.length - one.length).toBeLessThan(100);
  });
});

describe('a palette', () => {
  const grid = (count: number, from = 0): Raster => {
    const raster = rgbRaster(flat(16, 17, [0, 0, 0]));
    for (let i = 0; i < 16 * 17; i++) {
      const color = from + (i % count);
      raster.planes[0].data[i] = color & 0xff;
      raster.planes[1].data[i] = (color >> 3) & 0xff;
      raster.planes[2].data[i] = color >> 8;
    }
    return raster;
  };

  it.each([1, 2, 3, 4, 5, 16, 17, 255, 256])('of %i colours is exact', (count) => {
    const raster = grid(count);
    const bytes = encodeStill(raster);
    expect(visible(decodeWith(createGifCodec(), bytes).raster)).toEqual(visible(raster));
    expect(3 << ((bytes[10] & 7) + 1)).toBeLessThanOrEqual(Math.max(6, 6 * count));
  });

  it('of all 256 leaves none for a hole, and frames stay exact all the same', async () => {
    const other = grid(256);
    other.planes[0].data[40] ^= 0xff;
    other.planes[1].data[90] ^= 0xff;
    const rasters = [grid(256), other, grid(256), grid(256, 5)];
    const frames = await framesOf(await encodeFrames(rasters));
    expect(frames.map(({ raster }) => visible(raster))).toEqual(rasters.map(visible));
  });

  it('is shared by frames as long as their colours fit', async () => {
    const shared = await encodeFrames([grid(60), grid(60, 60), grid(60, 120)]);
    const apart = await encodeFrames([grid(200), grid(200, 200), grid(200, 400)]);
    const localPalettes = (bytes: Uint8Array): number => {
      // Descriptors of images stand behind an empty sub-block.
      let count = 0;
      for (let at = 800; at < bytes.length - 10; at++) {
        const isImage = bytes[at] === 0x2c && bytes[at - 1] === 0 && bytes[at - 8] === 0x21;
        if (isImage && (bytes[at + 9] & 0x80) !== 0) count++;
      }
      return count;
    };
    expect([localPalettes(shared), localPalettes(apart)]).toEqual([0, 2]);
  });
});

describe('a picture of many colours', () => {
  const photograph = rgbRaster(photoLike(120, 90));

  it.each(['none', 'ordered', 'diffused'] as const)(
    'is dithered as wanted, always the same: %s',
    async (dithering) => {
      const bytes = encodeStill(photograph, { dithering });
      expect(encodeStill(photograph, { dithering })).toEqual(bytes);
      const rgba = await sharp(bytes).ensureAlpha().raw().toBuffer();
      expect(visible(decodeWith(createGifCodec(), bytes).raster)).toEqual(new Uint8Array(rgba));
    },
  );

  it('is transparent where it is less than half opaque', () => {
    const levels = [0, 127, 128, 255];
    const alpha = {
      ...photograph.planes[0],
      data: photograph.planes[0].data.map((_, i) => levels[i % 4]),
    };
    const bytes = encodeStill({ ...photograph, alpha });
    const { raster } = decodeWith(createGifCodec(), bytes);
    expect([...raster.alpha!.data.subarray(0, 8)]).toEqual([0, 0, 255, 255, 0, 0, 255, 255]);
  });

  it('may be one pixel, or one row', () => {
    for (const [width, height] of [
      [1, 1],
      [700, 1],
      [1, 700],
    ]) {
      const raster = rgbRaster(photoLike(width, height));
      const { header } = decodeWith(createGifCodec(), encodeStill(raster));
      expect([header.width, header.height]).toEqual([width, height]);
    }
  });
});

describe('what a writer takes', () => {
  it('is foreseen, and none of it in the arena', async () => {
    const codec = createGifCodec();
    const raster = rgbRaster(photoLike(200, 150));
    const size = { width: 200, height: 150 };
    const shape = { ...size, model: 'rgb', planes: raster.planes, hasAlpha: false } as const;
    const animation = { ...size, frames: 3, plays: 0 };
    const plan = codec.planFrames!(shape, animation, SETTINGS);
    expect(plan.scratchBytes).toBe(0);
    const file = await encodeFrames([raster, raster, raster]);
    expect(plan.heapBytes).toBeGreaterThan(2 * file.length + 12 * 200 * 150);
  });
});
