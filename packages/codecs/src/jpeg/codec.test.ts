import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Plane,
  type Raster,
} from '@safelight/core';
import { encodeJpeg as writeJpeg } from '@safelight/jpeg';
import { photoLike } from '@safelight/testkit';
import jpegJs from 'jpeg-js';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, toRgba } from '../../test/decoding.ts';
import { createJpegCodec } from './codec.ts';

const codec = createJpegCodec();
const WIDTH = 27;
const HEIGHT = 19;
const picture = photoLike(WIDTH, HEIGHT);

function source(width = WIDTH, height = HEIGHT): Sharp {
  const { rgb } = width === WIDTH && height === HEIGHT ? picture : photoLike(width, height);
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

const whole = await source().jpeg({ chromaSubsampling: '4:4:4', quality: 88 }).toBuffer();
const subsampled = await source().jpeg({ chromaSubsampling: '4:2:0', quality: 75 }).toBuffer();
const progressive = await source().jpeg({ progressive: true }).withMetadata().toBuffer();
const turned = await source().withExif({}).withMetadata({ orientation: 6 }).jpeg().toBuffer();
const grey = await source().toColourspace('b-w').jpeg({ quality: 60 }).toBuffer();
const inks = await source().toColourspace('cmyk').jpeg().toBuffer();

testCodec(codec, [
  { name: '4:4:4', bytes: whole, width: WIDTH, height: HEIGHT, model: 'ycbcr' },
  { name: '4:2:0', bytes: subsampled, width: WIDTH, height: HEIGHT, model: 'ycbcr' },
  {
    name: 'a progressive picture',
    bytes: progressive,
    width: WIDTH,
    height: HEIGHT,
    model: 'ycbcr',
  },
  {
    name: 'an EXIF orientation',
    bytes: turned,
    width: WIDTH,
    height: HEIGHT,
    model: 'ycbcr',
    orientation: 6,
  },
  { name: 'a grey picture', bytes: grey, width: WIDTH, height: HEIGHT, model: 'gray' },
  { name: 'CMYK', bytes: inks, width: WIDTH, height: HEIGHT, model: 'rgb' },
]);

describe('what a JPEG header tells', () => {
  it('estimates the quality it was written with', () => {
    expect(codec.readHeader(whole, GENEROUS_LIMITS).qualityPercent).toBe(88);
    expect(codec.readHeader(subsampled, GENEROUS_LIMITS).qualityPercent).toBe(75);
    expect(codec.readHeader(grey, GENEROUS_LIMITS).qualityPercent).toBe(60);
  });

  it('counts scans and tells progressive from baseline', () => {
    expect(codec.readHeader(whole, GENEROUS_LIMITS)).toMatchObject({
      progressive: false,
      scans: 1,
    });
    const header = codec.readHeader(progressive, GENEROUS_LIMITS);
    expect(header.progressive).toBe(true);
    expect(header.scans).toBeGreaterThan(3);
    const limits = { ...GENEROUS_LIMITS, maxScans: (header.scans ?? 0) - 1 };
    expect(outcomeOf(codec, progressive, limits)).toBe('LimitExceeded/too-many-scans');
  });

  it('reads density, profile and EXIF, and hands the profile on', async () => {
    const bytes = await source()
      .withIccProfile('p3')
      .withExif({ IFD0: { Software: 'a test' } })
      .withMetadata({ density: 300 })
      .jpeg()
      .toBuffer();
    const { header, raster } = decodeWith(codec, bytes);
    expect(header.density).toEqual({ unit: 1, x: 300, y: 300 });
    expect(header.exif).toMatchObject({ Software: 'a test', XResolution: '300000/1000' });
    expect(header.hasIcc).toBe(true);
    expect(raster.metadata.icc?.subarray(36, 40)).toEqual(new TextEncoder().encode('acsp'));
  });
});

/** The sampling factors that a file is written with, and those its planes come in. */
const SAMPLINGS = [
  { written: '1x1', kept: [1, 1] },
  { written: '2x1', kept: [2, 1] },
  { written: '1x2', kept: [1, 2] },
  { written: '2x2', kept: [2, 2] },
  { written: '4x1', kept: [4, 1] },
  { written: '1x3', kept: [1, 1] },
  { written: '4x2', kept: [1, 1] },
] as const;

describe('the planes of a JPEG', () => {
  it.each(SAMPLINGS)('keep $written as it is stored, or become whole', ({ written, kept }) => {
    const [across, down] = written.split('x').map(Number) as [1 | 2 | 3 | 4, 1 | 2 | 3 | 4];
    const raster = gradient(29, 21, across, down);
    const bytes = writeJpeg({
      width: raster.width,
      height: raster.height,
      qualityPercent: 100,
      components: raster.planes.map(({ data, width, height, stride }, index) => ({
        data,
        width,
        height,
        stride,
        horizontalSampling: index === 0 ? across : 1,
        verticalSampling: index === 0 ? down : 1,
      })),
    });
    const { header, raster: got } = decodeWith(codec, bytes);
    expect(header.sampling?.[0]).toEqual({ horizontal: kept[0], vertical: kept[1] });
    for (const [index, plane] of got.planes.entries()) {
      const isChroma = index > 0;
      expect(plane.width).toBe(isChroma ? Math.ceil(29 / kept[0]) : 29);
      expect(plane.extent.width).toBe(isChroma ? Math.ceil(29 / kept[0]) * kept[0] : 29);
      expect(plane.extent.height).toBe(isChroma ? Math.ceil(21 / kept[1]) * kept[1] : 21);
      const expected = raster.planes[index];
      // A whole plane made of a subsampled one repeats its samples.
      const stepX = isChroma ? across / kept[0] : 1;
      const stepY = isChroma ? down / kept[1] : 1;
      for (let y = 0; y < plane.height; y++) {
        for (let x = 0; x < plane.width; x++) {
          const stored =
            expected.data[Math.floor(y / stepY) * expected.stride + Math.floor(x / stepX)];
          expect(Math.abs(plane.data[y * plane.stride + x] - stored)).toBeLessThanOrEqual(3);
        }
      }
    }
  });

  it('are what libjpeg decodes, within two levels and the rounding of colours', async () => {
    for (const bytes of [whole, progressive, turned, grey]) {
      const { data, info } = await sharp(bytes)
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const { raster } = decodeWith(codec, bytes);
      expect([info.width, info.height]).toEqual([raster.width, raster.height]);
      expect(worstDifference(toRgba(raster), data)).toBeLessThanOrEqual(4);
    }
  });

  it('are RGB where Adobe says that nothing was transformed', () => {
    const bytes = withSegment(withoutJfif(flatJpeg(120, 60, 200)), adobeSegment(0));
    const { header, raster } = decodeWith(codec, bytes);
    expect(header.model).toBe('rgb');
    expect(raster.planes.map(({ data }) => data[0])).toEqual([120, 60, 200]);
    expect(decodeWith(codec, withoutJfif(flatJpeg(120, 60, 200))).raster.model).toBe('ycbcr');
  });

  it('come from CMYK as jpeg-js converts it', () => {
    const { raster } = decodeWith(codec, inks);
    const { data } = jpegJs.decode(inks, { useTArray: true });
    expect(worstDifference(toRgba(raster), data)).toBeLessThanOrEqual(1);
  });
});

describe('what a JPEG is refused for', () => {
  const frameAt = whole.indexOf(Uint8Array.of(0xff, 0xc0));
  const patched = (offset: number, ...values: number[]) => {
    const bytes = Uint8Array.from(whole);
    bytes.set(values, frameAt + offset);
    return bytes;
  };

  it.each([
    ['lossless coding', 0xc3],
    ['hierarchical coding', 0xc5],
    ['arithmetic coding', 0xc9],
    ['arithmetic coding', 0xca],
    ['JPEG-LS coding', 0xf7],
  ])('%s, by name', (name, marker) => {
    expect(() => codec.readHeader(patched(1, marker), GENEROUS_LIMITS)).toThrow(
      expect.objectContaining({
        code: 'UnsupportedFormat',
        reason: 'unsupported-kind',
        message: expect.stringContaining(name),
      }),
    );
  });

  it.each([
    ['12 bits a sample', patched(4, 12), 'UnsupportedFormat/unsupported-kind'],
    ['a height that comes later', patched(5, 0, 0), 'UnsupportedFormat/unsupported-kind'],
    ['no width', patched(7, 0, 0), 'BadImage/damaged'],
    ['two components', patched(9, 2), 'UnsupportedFormat/unsupported-kind'],
    ['a sampling factor of 0', patched(11, 0x01), 'BadImage/damaged'],
    ['a sampling factor of 5', patched(11, 0x51), 'BadImage/damaged'],
    ['two components of one id', patched(13, 1), 'BadImage/damaged'],
    ['a quantisation table that is not there', patched(12, 3), 'BadImage/damaged'],
    ['65,500 x 65,500 pixels', patched(5, 0xff, 0xdc, 0xff, 0xdc), 'LimitExceeded/too-many-pixels'],
    ['a larger picture than its data', patched(5, 0x01, 0x00), 'BadImage/damaged'],
  ])('%s', (_name, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });

  it('a scan that stops at a restart marker', () => {
    const bytes = writeFlat({ restartInterval: 1 });
    expect(outcomeOf(codec, bytes)).toBe('raster');
    const last = bytes.lastIndexOf(0xd2);
    expect(bytes[last - 1]).toBe(0xff);
    const cut = Uint8Array.of(...bytes.subarray(0, last - 1), 0xff, 0xd9);
    expect(outcomeOf(codec, cut)).toBe('BadImage/truncated');
  });

  it('more tables than anybody writes, and fill bytes everywhere', () => {
    const table = [0xff, 0xdd, 0, 4, 0, 0];
    const tables = Array.from({ length: 1_024 }, () => table).flat();
    expect(outcomeOf(codec, withSegment(whole, tables))).toBe('BadImage/damaged');
    const inside = Buffer.concat([
      whole.subarray(0, -20),
      Uint8Array.of(0xff, 0xff, 0),
      whole.subarray(-20),
    ]);
    expect(outcomeOf(codec, inside)).toBe('BadImage/damaged');
  });

  it('nothing in its fill bytes, junk between segments and bytes behind its end', () => {
    const expected = decodeWith(codec, whole).raster.planes.map(({ data }) => data);
    const odd = Buffer.concat([
      Uint8Array.of(0xff, 0xd8, 0x00, 0x11, 0xff, 0xff, 0xff),
      whole.subarray(3, -2),
      Uint8Array.of(0xff, 0xff, 0xff, 0xd9, 0xff, 0xd8, 0x12),
    ]);
    expect(decodeWith(codec, odd).raster.planes.map(({ data }) => data)).toEqual(expected);
  });

  it('an uneven restart interval of a grey picture: that is decoded', () => {
    const data = Uint8Array.from({ length: 40 * 24 }, (_, i) => (i * 7) & 255);
    const plane = { data, width: 40, height: 24, stride: 40 };
    const bytes = writeJpeg({
      width: 40,
      height: 24,
      components: [{ ...plane, horizontalSampling: 1, verticalSampling: 1 }],
      qualityPercent: 100,
      restartInterval: 4,
    });
    const { raster } = decodeWith(codec, bytes);
    const worst = data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - raster.planes[0].data[i])),
      0,
    );
    expect(worst).toBeLessThanOrEqual(3);
  });
});

describe('writing a JPEG', () => {
  const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
  const encode = (raster: Raster, isProgressive = false) =>
    codec.encode?.(
      raster,
      { qualityPercent: 95, progressive: isProgressive },
      context,
    ) as Uint8Array;

  it.each(SAMPLINGS.slice(0, 5))('gives back planes of $written', ({ kept }) => {
    for (const isProgressive of [false, true]) {
      const raster = gradient(31, 18, kept[0], kept[1]);
      const { header, raster: got } = decodeWith(codec, encode(raster, isProgressive));
      expect(header.progressive).toBe(isProgressive);
      expect(header.qualityPercent).toBe(95);
      expect(got.planes.map(({ extent }) => extent)).toEqual(
        raster.planes.map(({ extent }) => extent),
      );
      for (const [index, plane] of got.planes.entries()) {
        expect(worstDifference(plane.data, raster.planes[index].data)).toBeLessThanOrEqual(6);
      }
    }
  });

  it('keeps density and a fitting profile, and drops one of another colour space', async () => {
    const { raster } = decodeWith(
      codec,
      await source().withIccProfile('p3').withMetadata({ density: 200 }).jpeg().toBuffer(),
    );
    const again = decodeWith(codec, encode(raster));
    expect(again.header.density).toEqual({ unit: 1, x: 200, y: 200 });
    expect(again.raster.metadata.icc).toEqual(raster.metadata.icc);
    const greyRaster: Raster = { ...raster, model: 'gray', planes: raster.planes.slice(0, 1) };
    expect(decodeWith(codec, encode(greyRaster)).header.hasIcc).toBe(false);
  });

  it('asserts what is the engine to convert', () => {
    const raster = gradient(8, 8, 1, 1);
    expect(() => encode({ ...raster, model: 'rgb' })).toThrow('JPEG is written as grey or YCbCr');
    const moved = { ...raster.planes[1], extent: { left: 1, top: 0, width: 8, height: 8 } };
    const planes = [raster.planes[0], moved, raster.planes[2]];
    expect(() => encode({ ...raster, planes })).toThrow('planes begin at the corner');
  });
});

/** Slow gradients, so that hardly anything is lost at high quality. */
function gradient(width: number, height: number, across: number, down: number): Raster {
  const plane = (stepX: number, stepY: number, tilt: number): Plane => {
    const columns = Math.ceil(width / stepX);
    const rows = Math.ceil(height / stepY);
    const data = Uint8Array.from({ length: columns * rows }, (_, i) => {
      const x = (i % columns) * stepX;
      return 100 + x * tilt + Math.floor(i / columns) * stepY * 2;
    });
    const extent = { left: 0, top: 0, width: columns * stepX, height: rows * stepY };
    return { data, width: columns, height: rows, stride: columns, extent };
  };
  const planes = [plane(1, 1, 3), plane(across, down, 1), plane(across, down, -1)];
  return { width, height, model: 'ycbcr', planes, metadata: {} };
}

function writeFlat(options: { restartInterval?: number; values?: readonly number[] }): Uint8Array {
  const values = options.values ?? [90, 100, 140];
  return writeJpeg({
    width: 32,
    height: 8,
    qualityPercent: 100,
    restartInterval: options.restartInterval ?? 0,
    components: values.map((value) => ({
      data: new Uint8Array(256).fill(value),
      width: 32,
      height: 8,
      stride: 32,
      horizontalSampling: 1,
      verticalSampling: 1,
    })),
  });
}

function flatJpeg(...values: number[]): Uint8Array {
  return writeFlat({ values });
}

/** The encoder writes JFIF's segment first, 18 bytes with its marker. */
function withoutJfif(bytes: Uint8Array): Uint8Array {
  expect([...bytes.subarray(2, 4)]).toEqual([0xff, 0xe0]);
  return Uint8Array.of(...bytes.subarray(0, 2), ...bytes.subarray(20));
}

function withSegment(bytes: Uint8Array, segment: readonly number[]): Uint8Array {
  return Uint8Array.of(...bytes.subarray(0, 2), ...segment, ...bytes.subarray(2));
}

function adobeSegment(transform: number): number[] {
  return [0xff, 0xee, 0, 14, ...new TextEncoder().encode('Adobe'), 0, 100, 0, 0, 0, 0, transform];
}

function worstDifference(left: Uint8Array, right: Uint8Array): number {
  expect(left.length).toBe(right.length);
  return left.reduce((most, value, i) => Math.max(most, Math.abs(value - right[i])), 0);
}
