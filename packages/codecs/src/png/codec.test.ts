import { createArena, createBudget, GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { photoLike } from '@safelight/testkit';
import { deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, toRgba } from '../../test/decoding.ts';
import { chunk, data, head, png } from '../../test/png-writer.ts';
import { withinTime } from '../../test/watchdog.ts';
import { createPngCodec } from './codec.ts';

const codec = createPngCodec();
const WIDTH = 23;
const HEIGHT = 17;
const size = { width: WIDTH, height: HEIGHT };
const { rgb } = photoLike(WIDTH, HEIGHT);

function source(): Sharp {
  return sharp(rgb, { raw: { ...size, channels: 3 } });
}

const colour = await source().png().toBuffer();
const translucent = await source().ensureAlpha(0.4).png().toBuffer();
const opaque = await source().ensureAlpha(1).png().toBuffer();
const palette = await source().png({ palette: true, colours: 16 }).toBuffer();
const interlaced = await source().png({ progressive: true }).toBuffer();
const deep = await source().toColourspace('rgb16').png().toBuffer();
const grey = await source().toColourspace('b-w').png().toBuffer();

const bits = Array.from({ length: HEIGHT }, (_, y) => [0, 0x5a ^ y, 0x0f, 0xa0 + y]).flat();
const bilevel = png(head({ ...size, bitDepth: 1 }), data(bits));

testCodec(codec, [
  { name: 'RGB', bytes: colour, ...size, model: 'rgb' },
  { name: 'RGB and alpha', bytes: translucent, ...size, model: 'rgb', hasAlpha: true },
  { name: 'alpha that is opaque', bytes: opaque, ...size, model: 'rgb', hasAlpha: true },
  { name: 'a palette', bytes: palette, ...size, model: 'rgb' },
  { name: 'interlaced rows', bytes: interlaced, ...size, model: 'rgb' },
  { name: '16 bits', bytes: deep, ...size, model: 'rgb' },
  { name: 'grey', bytes: grey, ...size, model: 'gray' },
  { name: 'one bit', bytes: bilevel, ...size, model: 'gray' },
]);

describe('the pixels of a PNG', () => {
  it.each([
    ['RGB', colour],
    ['RGB and alpha', translucent],
    ['a palette', palette],
    ['interlaced rows', interlaced],
    ['grey', grey],
    ['one bit', bilevel],
  ])('are those of libpng: %s', async (_name, bytes) => {
    const expected = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    expect(Buffer.from(toRgba(decodeWith(codec, bytes).raster)).equals(expected)).toBe(true);
  });

  it('come without alpha when every pixel is opaque', () => {
    expect(decodeWith(codec, opaque).raster.alpha).toBeUndefined();
    expect(decodeWith(codec, translucent).raster.alpha?.data[0]).toBe(102);
  });

  it('are rounded from 16 bits to 8, not cut', () => {
    const rows = [0, 0x00, 0x80, 0x00, 0x81, 0x7f, 0x7f, 0xff, 0xff];
    const bytes = png(head({ width: 4, height: 1, bitDepth: 16 }), data(rows));
    // 0x0080 / 257 = 0.498, 0x0081 / 257 = 0.502, 0x7f7f / 257 = 127.
    expect([...decodeWith(codec, bytes).raster.planes[0].data]).toEqual([0, 1, 127, 255]);
  });

  it('take their transparency from tRNS', () => {
    const [one, two] = [
      chunk('PLTE', Uint8Array.of(1, 2, 3, 4, 5, 6)),
      chunk('tRNS', Uint8Array.of(77)),
    ];
    const bytes = png(head({ width: 2, height: 1, colorType: 3 }), one, two, data([0, 0, 1]));
    const { header, raster } = decodeWith(codec, bytes);
    expect(header.hasAlpha).toBe(true);
    expect([...toRgba(raster)]).toEqual([1, 2, 3, 77, 4, 5, 6, 255]);
    expect([...(raster.metadata.palette ?? [])]).toEqual([1, 2, 3, 77, 4, 5, 6, 255]);
    const key = chunk('tRNS', Uint8Array.of(0, 9));
    const keyed = png(head({ width: 2, height: 1 }), key, data([0, 9, 8]));
    expect([...(decodeWith(codec, keyed).raster.alpha?.data ?? [])]).toEqual([0, 255]);
  });
});

describe('what a PNG tells beside its pixels', () => {
  it('is density, orientation and profile', async () => {
    const bytes = await source()
      .withIccProfile('p3')
      .withMetadata({ density: 144, orientation: 8 })
      .png()
      .toBuffer();
    const { header, raster } = decodeWith(codec, bytes);
    expect(header).toMatchObject({
      orientation: 8,
      hasIcc: true,
      density: { unit: 1, x: 144, y: 144 },
    });
    expect(raster.metadata.icc?.subarray(36, 40)).toEqual(Buffer.from('acsp'));
  });

  it('is no profile when that inflates to more than any profile has', () => {
    const bomb = Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(32 * 1024 * 1024))]);
    const bytes = png(head({ width: 1, height: 1 }), chunk('iCCP', bomb), data([0, 5]));
    const { header, raster } = decodeWith(codec, bytes);
    expect(header.hasIcc).toBe(true);
    expect(raster.metadata.icc).toBeUndefined();
    expect(raster.planes[0].data[0]).toBe(5);
  });
});

/** One grey pixel. */
const HEAD = head({ width: 1, height: 1 });
const PIXEL = data([0, 200]);
const PALETTE = chunk('PLTE', Uint8Array.of(1, 2, 3));
const PALETTE_HEAD = head({ width: 1, height: 1, colorType: 3 });

function withWrongCrc(bytes: Uint8Array): Uint8Array {
  const wrong = Uint8Array.from(bytes);
  wrong[wrong.length - 1] ^= 1;
  return wrong;
}

describe('what a PNG is refused for', () => {
  it.each([
    ['no IHDR', png(PIXEL), 'BadImage/damaged'],
    ['two of them', png(HEAD, HEAD, PIXEL), 'BadImage/damaged'],
    ['no IDAT', png(HEAD), 'BadImage/damaged'],
    [
      'a chunk between IDAT chunks',
      png(HEAD, PIXEL, chunk('tEXt'), chunk('IDAT')),
      'BadImage/damaged',
    ],
    ['no palette', png(PALETTE_HEAD, PIXEL), 'BadImage/damaged'],
    ['a palette behind its pixels', png(PALETTE_HEAD, PIXEL, PALETTE), 'BadImage/damaged'],
    ['two palettes', png(PALETTE_HEAD, PALETTE, PALETTE, PIXEL), 'BadImage/damaged'],
    ['an index that has no colour', png(PALETTE_HEAD, PALETTE, data([0, 1])), 'BadImage/damaged'],
    ['a wrong CRC', png(HEAD, withWrongCrc(PIXEL)), 'BadImage/damaged'],
    [
      'an unknown critical chunk',
      png(HEAD, chunk('ABCD'), PIXEL),
      'UnsupportedFormat/unsupported-kind',
    ],
    ['a chunk type that is no word', png(HEAD, chunk('a1b2'), PIXEL), 'BadImage/damaged'],
    ['an unknown filter', png(HEAD, data([5, 200])), 'BadImage/damaged'],
    ['too few pixels', png(HEAD, data([0])), 'BadImage/truncated'],
    ['too many pixels', png(HEAD, data([0, 1, 2])), 'BadImage/damaged'],
    ['no zlib stream', png(HEAD, chunk('IDAT', Uint8Array.of(1, 2, 3))), 'BadImage/damaged'],
    ['no width', png(head({ width: 0, height: 1 }), PIXEL), 'BadImage/damaged'],
    [
      'a bit depth of 3',
      png(head({ width: 1, height: 1, bitDepth: 3 }), PIXEL),
      'BadImage/damaged',
    ],
    [
      'a colour type of 5',
      png(head({ width: 1, height: 1, colorType: 5 }), PIXEL),
      'BadImage/damaged',
    ],
    [
      'interlacing of an unknown kind',
      png(head({ width: 1, height: 1, interlace: 2 }), PIXEL),
      'BadImage/damaged',
    ],
    [
      'a side of 2^31 - 1',
      png(head({ width: 1, height: 2 ** 31 - 1 }), PIXEL),
      'LimitExceeded/side-too-long',
    ],
    [
      '2^32 pixels',
      png(head({ width: 65_535, height: 65_535 }), PIXEL),
      'LimitExceeded/too-many-pixels',
    ],
  ])('%s', (_name, bytes, expected) => {
    expect(withinTime(20_000, () => outcomeOf(codec, bytes))).toBe(expected);
  });

  it('interlaced pixels that inflate to more than they may, before they do', () => {
    const bomb = chunk('IDAT', deflateSync(Buffer.alloc(32 * 1024 * 1024)));
    const bytes = png(head({ width: 8, height: 8, interlace: 1 }), bomb);
    expect(outcomeOf(codec, bytes)).toBe('BadImage/damaged');
  });

  it('more chunks than anybody writes', () => {
    const tiny = chunk('IDAT', Uint8Array.of(0));
    const many = Buffer.concat(Array.from({ length: 131_073 }, () => tiny));
    expect(outcomeOf(codec, png(HEAD, many))).toBe('UnsupportedFormat/unsupported-kind');
    const empty = Buffer.concat(Array.from({ length: 131_073 }, () => chunk('IDAT')));
    expect(outcomeOf(codec, png(HEAD, empty, PIXEL))).toBe('raster');
  });

  it('nothing in a damaged or misplaced ancillary chunk', () => {
    const late = chunk('tRNS', Uint8Array.of(0, 200));
    const bytes = png(HEAD, withWrongCrc(chunk('pHYs', new Uint8Array(9))), PIXEL, late);
    const { header, raster } = decodeWith(codec, bytes);
    expect(header).toMatchObject({ hasAlpha: false });
    expect(header.density).toBeUndefined();
    expect(raster.planes[0].data[0]).toBe(200);
  });
});

describe('writing a PNG', () => {
  const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
  const encode = (raster: Raster) =>
    codec.encode?.(raster, { qualityPercent: 75, progressive: false }, context) as Uint8Array;

  it.each([
    ['RGB', colour, 2],
    ['RGB and alpha', translucent, 6],
    ['grey', grey, 0],
  ])('loses nothing: %s', async (_name, bytes, colorType) => {
    const { raster } = decodeWith(codec, bytes);
    const written = encode(raster);
    expect(written[25]).toBe(colorType);
    expect(toRgba(decodeWith(codec, written).raster)).toEqual(toRgba(raster));
    const seen = await sharp(written).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    expect(seen.equals(Buffer.from(toRgba(raster)))).toBe(true);
  });

  it('writes grey with alpha, and rows that are longer than the picture', () => {
    const extent = { left: 0, top: 0, width: 2, height: 2 };
    const plane = (...values: number[]) => ({
      data: Uint8Array.from(values),
      width: 2,
      height: 2,
      stride: 3,
      extent,
    });
    const raster: Raster = {
      width: 2,
      height: 2,
      model: 'gray',
      metadata: {},
      planes: [plane(1, 2, 99, 3, 4, 99)],
      alpha: plane(5, 6, 99, 7, 8, 99),
    };
    const { raster: got } = decodeWith(codec, encode(raster));
    expect([...got.planes[0].data]).toEqual([1, 2, 3, 4]);
    expect([...(got.alpha?.data ?? [])]).toEqual([5, 6, 7, 8]);
  });

  it('carries a fitting profile that others can read', async () => {
    const { raster } = decodeWith(codec, await source().withIccProfile('p3').png().toBuffer());
    const written = encode(raster);
    expect(decodeWith(codec, written).raster.metadata.icc).toEqual(raster.metadata.icc);
    expect((await sharp(written).metadata()).icc?.equals(raster.metadata.icc ?? Buffer.of())).toBe(
      true,
    );
    const greyRaster: Raster = { ...raster, model: 'gray', planes: raster.planes.slice(0, 1) };
    expect(decodeWith(codec, encode(greyRaster)).header.hasIcc).toBe(false);
  });

  it('asserts what is the engine to convert', () => {
    const { raster } = decodeWith(codec, colour);
    expect(() => encode({ ...raster, model: 'ycbcr' })).toThrow('PNG is written as grey or RGB');
  });
});
