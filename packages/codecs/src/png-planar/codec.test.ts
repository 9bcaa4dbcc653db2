import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  isImageError,
  type Limits,
} from '@safelight/core';
import { photoLike } from '@safelight/testkit';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, predictedBytes, toRgba } from '../../test/decoding.ts';
import { chunk, data, head, png } from '../../test/png-writer.ts';
import { createPlanarPngCodec } from './codec.ts';
import { nodeDeflater } from '../deflate/node-deflater.ts';
import { webDeflater } from '../deflate/web-deflater.ts';

const codec = createPlanarPngCodec({ deflater: nodeDeflater });
const webCodec = createPlanarPngCodec({ deflater: webDeflater });
const WIDTH = 23;
const HEIGHT = 17;
const size = { width: WIDTH, height: HEIGHT };
const { rgb } = photoLike(WIDTH, HEIGHT);

function source(): Sharp {
  return sharp(rgb, { raw: { ...size, channels: 3 } });
}

const colour = await source().png({ adaptiveFiltering: true }).toBuffer();
const translucent = await source()
  .ensureAlpha(0.4)
  .withIccProfile('p3')
  .png({ adaptiveFiltering: true })
  .toBuffer();
const opaque = await source().ensureAlpha(1).png().toBuffer();
const palette = await source().png({ palette: true, colours: 16 }).toBuffer();
const interlaced = await source().png({ progressive: true }).toBuffer();
const deep = await source().toColourspace('rgb16').png().toBuffer();
const grey = await source().toColourspace('b-w').png().toBuffer();
const bits = Array.from({ length: HEIGHT }, (_, y) => [0, 0x5a ^ y, 0x0f, 0xa0 + y]).flat();
const bilevel = png(head({ ...size, bitDepth: 1 }), data(bits));
const keyed = png(
  head({ width: 2, height: 2, colorType: 2 }),
  chunk('tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3)),
  data([0, 1, 2, 3, 1, 2, 4, 2, 0, 0, 0, 9, 9, 9]),
);

testCodec(codec, [
  { name: 'RGB', bytes: colour, ...size, model: 'rgb' },
  { name: 'RGB, alpha and a profile', bytes: translucent, ...size, model: 'rgb', hasAlpha: true },
  { name: 'alpha that is opaque', bytes: opaque, ...size, model: 'rgb', hasAlpha: true },
  { name: 'a palette', bytes: palette, ...size, model: 'rgb' },
  { name: 'interlaced rows', bytes: interlaced, ...size, model: 'rgb' },
  { name: '16 bits', bytes: deep, ...size, model: 'rgb' },
  { name: 'grey', bytes: grey, ...size, model: 'gray' },
  { name: 'one bit', bytes: bilevel, ...size, model: 'gray' },
  {
    name: 'one transparent colour',
    bytes: keyed,
    width: 2,
    height: 2,
    model: 'rgb',
    hasAlpha: true,
  },
]);

describe('the pixels of a PNG', () => {
  it.each([
    ['RGB', colour],
    ['RGB, alpha and a profile', translucent],
    ['a palette', palette],
    ['interlaced rows', interlaced],
    ['grey', grey],
    ['one bit', bilevel],
    ['one transparent colour', keyed],
  ])('are those of libpng: %s', async (_name, bytes) => {
    const expected = await sharp(bytes, { ignoreIcc: true })
      .toColourspace('srgb')
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect(Buffer.from(toRgba(decodeWith(codec, bytes).raster)).equals(expected)).toBe(true);
  });

  it('come without alpha when every pixel is opaque, and give its room back', () => {
    const { raster } = decodeWith(codec, opaque);
    expect(raster.alpha).toBeUndefined();
    const header = codec.readHeader(opaque, GENEROUS_LIMITS);
    const arena = createArena();
    arena.reserve(predictedBytes(header));
    const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    void codec.decode?.(opaque, header, {}, context);
    expect(arena.highWaterBytes).toBe(predictedBytes(header));
    expect(arena.usedBytes).toBe(3 * Math.ceil((WIDTH * HEIGHT) / 16) * 16);
  });

  it('are rounded from 16 bits to 8, not cut', () => {
    const values = Array.from({ length: 65_536 }, (_, v) => [v >> 8, v & 0xff]).flat();
    const rows = Array.from({ length: 16 }, (_, y) => [
      0,
      ...values.slice(8192 * y, 8192 * (y + 1)),
    ]);
    const bytes = png(head({ width: 4096, height: 16, bitDepth: 16 }), data(rows.flat()));
    const expected = Uint8Array.from({ length: 65_536 }, (_, v) => Math.round((v * 255) / 65_535));
    expect(Buffer.from(expected).equals(decodeWith(codec, bytes).raster.planes[0].data)).toBe(true);
  });

  it('keep their colour where they are transparent', () => {
    const { raster } = decodeWith(codec, keyed);
    expect(raster.planes.map((plane) => plane.data[0])).toEqual([1, 2, 3]);
    expect([...(raster.alpha?.data ?? [])]).toEqual([0, 255, 0, 255]);
  });

  it('match a transparent grey by the bits that the depth has', () => {
    const key = chunk('tRNS', Uint8Array.of(0xff, 0xf1));
    const bytes = png(head({ width: 4, height: 1, bitDepth: 2 }), key, data([0, 0b00_01_10_11]));
    const { raster } = decodeWith(codec, bytes);
    expect([...raster.planes[0].data]).toEqual([0, 85, 170, 255]);
    expect([...(raster.alpha?.data ?? [])]).toEqual([255, 0, 255, 255]);
  });
});

describe('the walk over the chunks', () => {
  it('is done once for a header and its pixels, anew for other bytes or limits', () => {
    let checked = 0;
    const crc32 = (bytes: Uint8Array) => {
      checked++;
      return nodeDeflater.crc32(bytes);
    };
    const counting = createPlanarPngCodec({ deflater: { ...nodeDeflater, crc32 } });
    const header = counting.readHeader(colour, GENEROUS_LIMITS);
    const chunks = checked;
    expect(chunks).toBeGreaterThanOrEqual(3);
    const decodedAfter = (bytes: Uint8Array, limits: Limits) => {
      const arena = createArena();
      arena.reserve(predictedBytes(header));
      checked = 0;
      void counting.decode?.(bytes, header, {}, { arena, budget: createBudget(1e9), limits });
      return checked;
    };
    expect(decodedAfter(colour, GENEROUS_LIMITS)).toBe(0);
    expect(decodedAfter(Uint8Array.from(colour), GENEROUS_LIMITS)).toBe(chunks);
    expect(decodedAfter(colour, { ...GENEROUS_LIMITS })).toBe(chunks);
  });
});

/** One grey pixel. */
const HEAD = head({ width: 1, height: 1 });
const PIXEL = data([0, 200]);
const LUT = chunk('PLTE', Uint8Array.of(1, 2, 3));
const LUT_HEAD = head({ width: 1, height: 1, colorType: 3 });
const BOMB = deflateSync(Buffer.alloc(32 * 1024 * 1024));

const REFUSALS: readonly (readonly [string, Uint8Array, string])[] = [
  ['an index that has no colour', png(LUT_HEAD, LUT, data([0, 1])), 'BadImage/damaged'],
  ['an unknown filter', png(HEAD, data([5, 200])), 'BadImage/damaged'],
  [
    'an unknown filter of an interlaced row',
    png(head({ width: 1, height: 1, interlace: 1 }), data([9, 1])),
    'BadImage/damaged',
  ],
  ['too few pixels', png(HEAD, data([0])), 'BadImage/truncated'],
  ['too many pixels', png(HEAD, data([0, 1, 2])), 'BadImage/damaged'],
  ['nothing compressed', png(HEAD, chunk('IDAT')), 'BadImage/truncated'],
  [
    'pixels that are a bomb',
    png(head({ width: 8, height: 8, interlace: 1 }), chunk('IDAT', BOMB)),
    'BadImage/damaged',
  ],
  [
    'a compressed stream that is cut',
    png(HEAD, chunk('IDAT', deflateSync(Uint8Array.of(0, 200)).subarray(0, 5))),
    'BadImage/truncated',
  ],
];

describe('what a PNG is refused for', () => {
  it.each(REFUSALS)('%s', (_name, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });

  it.each(REFUSALS)('%s, by streams of the web too', async (_name, bytes) => {
    const header = webCodec.readHeader(bytes, GENEROUS_LIMITS);
    const arena = createArena();
    arena.reserve(predictedBytes(header));
    const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    const outcome = await Promise.resolve(webCodec.decode?.(bytes, header, {}, context)).catch(
      (error: unknown) => error,
    );
    expect(isImageError(outcome) && outcome.code).toBe('BadImage');
  });

  it('no profile, when that inflates to more than any profile has', () => {
    const bomb = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), BOMB]));
    const { header, raster } = decodeWith(codec, png(HEAD, bomb, PIXEL));
    expect(header.hasIcc).toBe(true);
    expect(raster.metadata.icc).toBeUndefined();
    expect(raster.planes[0].data[0]).toBe(200);
  });
});

describe('streams of the web', () => {
  it.each([
    ['RGB', colour],
    ['RGB, alpha and a profile', translucent],
    ['a palette', palette],
    ['interlaced rows', interlaced],
  ])('give the same raster: %s', async (_name, bytes) => {
    const header = webCodec.readHeader(bytes, GENEROUS_LIMITS);
    const arena = createArena();
    arena.reserve(predictedBytes(header));
    const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    const raster = await webCodec.decode?.(bytes, header, {}, context);
    const expected = decodeWith(codec, bytes).raster;
    expect(raster?.planes).toEqual(expected.planes);
    expect(raster?.alpha).toEqual(expected.alpha);
    expect(Buffer.from(raster?.metadata.icc ?? [])).toEqual(
      Buffer.from(expected.metadata.icc ?? []),
    );
  });

  it('write files with the same pixels and profile', async () => {
    const { raster } = decodeWith(codec, translucent);
    const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
    const settings = { qualityPercent: 75, progressive: false };
    const written = (await webCodec.encode?.(raster, settings, context)) ?? new Uint8Array(0);
    const { raster: again } = decodeWith(codec, written);
    expect(toRgba(again)).toEqual(toRgba(raster));
    expect(again.metadata.icc).toEqual(raster.metadata.icc);
  });
});
