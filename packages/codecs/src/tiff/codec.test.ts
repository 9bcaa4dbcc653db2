import { createArena, createBudget, GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { photoLike, rgbRaster } from '@safelight/testkit';
import { deflateSync } from 'node:zlib';
import sharp, { type TiffOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, predictedBytes, toRgba } from '../../test/decoding.ts';
import { type TiffField, type TiffParts, tiffPicture } from '../../test/tiff-picture.ts';
import { nodeDeflater } from '../deflate/node-deflater.ts';
import { webDeflater } from '../deflate/web-deflater.ts';
import { createTiffCodec } from './codec.ts';

const codec = createTiffCodec({ deflater: nodeDeflater });
const webCodec = createTiffCodec({ deflater: webDeflater });
const opaque: Raster = rgbRaster(photoLike(23, 17));
const settings = { qualityPercent: 75, progressive: false };

function context() {
  return { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
}

function encode(raster: Raster): Uint8Array {
  const written = codec.encode?.(raster, settings, context());
  if (!(written instanceof Uint8Array)) throw new Error('expected bytes at once');
  return written;
}

/** A picture of one sample, 8 bits and one strip, with fields added or put in place of these. */
function picture(
  width: number,
  height: number,
  fields: readonly TiffField[],
  chunks: TiffParts['chunks'],
  rest: Partial<TiffParts> = {},
): Uint8Array {
  const all = new Map<number, TiffField>(
    (
      [
        [256, 4, [width]],
        [257, 4, [height]],
        [258, 3, [8]],
        [259, 3, [1]],
        [262, 3, [1]],
        ...fields,
      ] as const
    ).map((field) => [field[0], field]),
  );
  return tiffPicture({ fields: [...all.values()], chunks, ...rest });
}

const RGB: readonly TiffField[] = [
  [258, 3, [8, 8, 8]],
  [262, 3, [2]],
  [277, 3, [3]],
];
const INKS: readonly TiffField[] = [
  [258, 3, [8, 8, 8, 8]],
  [262, 3, [5]],
  [277, 3, [4]],
];
const TILES = [324, 325] as const;
const gradient = Array.from({ length: 24 }, (_, i) => 10 * i);
const compressed = picture(
  4,
  6,
  [
    [259, 3, [8]],
    [274, 3, [6]],
    [278, 3, [3]],
  ],
  [
    deflateSync(Uint8Array.from(gradient.slice(0, 12))),
    deflateSync(Uint8Array.from(gradient.slice(12))),
  ],
);

testCodec(codec, [
  { name: 'grey', bytes: picture(4, 6, [], [gradient]), width: 4, height: 6, model: 'gray' },
  { name: 'RGB', bytes: picture(4, 2, RGB, [gradient]), width: 4, height: 2, model: 'rgb' },
  { name: 'inks', bytes: picture(3, 2, INKS, [gradient]), width: 3, height: 2, model: 'cmyk' },
  {
    name: 'deflated strips',
    bytes: compressed,
    width: 4,
    height: 6,
    model: 'gray',
    orientation: 6,
  },
  {
    name: 'grey and alpha',
    bytes: picture(
      4,
      3,
      [
        [258, 3, [8, 8]],
        [277, 3, [2]],
        [338, 3, [2]],
      ],
      [gradient],
    ),
    width: 4,
    height: 3,
    model: 'gray',
    hasAlpha: true,
  },
]);

describe('the pixels of a TIFF', () => {
  const source = sharp(photoLike(150, 70).rgb, { raw: { width: 150, height: 70, channels: 3 } });
  const kinds: readonly (readonly [string, TiffOptions])[] = [
    ['plain', { compression: 'none' }],
    ['PackBits', { compression: 'packbits' }],
    ['LZW', { compression: 'lzw' }],
    ['LZW with differences', { compression: 'lzw', predictor: 'horizontal' }],
    ['deflate', { compression: 'deflate', predictor: 'horizontal' }],
    ['tiles', { compression: 'lzw', tile: true, tileWidth: 64, tileHeight: 32 }],
  ];
  it.each(kinds)('are those of libtiff: %s', async (_name, options) => {
    for (const changed of [
      source,
      source.clone().ensureAlpha(0.4),
      source.clone().toColourspace('b-w'),
    ]) {
      const bytes = await changed
        .clone()
        .tiff({ quality: 100, ...options })
        .toBuffer();
      const expected = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
      expect(Buffer.from(toRgba(decodeWith(codec, bytes).raster)).equals(expected)).toBe(true);
    }
  });

  it('are rounded from 16 bits, in both byte orders', () => {
    const fields: readonly TiffField[] = [[258, 3, [16]]];
    const little = picture(3, 1, fields, [[0, 0, 0x80, 0, 0xff, 0xff]]);
    const big = picture(3, 1, fields, [[0, 0, 0, 0x80, 0xff, 0xff]], { isBigEndian: true });
    for (const bytes of [little, big]) {
      expect([...decodeWith(codec, bytes).raster.planes[0].data]).toEqual([0, 0, 255]);
    }
  });

  it.each([
    [1, [0b0110_0000], [0, 255, 255, 0]],
    [2, [0b0001_1011], [0, 85, 170, 255]],
    [4, [0x0f, 0x5a], [0, 255, 85, 170]],
    [12, [0x00, 0x0f, 0xff, 0x80, 0x00, 0x08], [0, 255, 128, 0]],
  ])('of %i bits are spread over 8', (bits, bytes, expected) => {
    const { raster } = decodeWith(codec, picture(4, 1, [[258, 3, [bits]]], [bytes]));
    expect([...raster.planes[0].data]).toEqual(expected);
  });

  it('are turned round where white is zero, and where bits begin at the low end', () => {
    const white = picture(2, 1, [[262, 3, [0]]], [[0, 200]]);
    expect([...decodeWith(codec, white).raster.planes[0].data]).toEqual([255, 55]);
    const low = picture(
      8,
      1,
      [
        [258, 3, [1]],
        [266, 3, [2]],
      ],
      [[0b0000_0011]],
    );
    const expected = [255, 255, 0, 0, 0, 0, 0, 0];
    expect([...decodeWith(codec, low).raster.planes[0].data]).toEqual(expected);
  });

  it('come from planes, from tiles over the edge, and from a palette', () => {
    const planar = picture(
      2,
      1,
      [...RGB, [284, 3, [2]]],
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    );
    expect([...toRgba(decodeWith(codec, planar).raster)]).toEqual([1, 3, 5, 255, 2, 4, 6, 255]);
    const tiles = picture(
      3,
      1,
      [
        [322, 3, [2]],
        [323, 3, [2]],
      ],
      [
        [1, 2, 9, 9],
        [3, 9, 9, 9],
      ],
      {
        chunkTags: TILES,
      },
    );
    expect([...decodeWith(codec, tiles).raster.planes[0].data]).toEqual([1, 2, 3]);
    const map = [0x1000, 0x2000, 0x3000, 0x4000, 0x5000, 0x6000];
    const indexed = picture(
      2,
      1,
      [
        [258, 3, [1]],
        [262, 3, [3]],
        [320, 3, map],
      ],
      [[0b0100_0000]],
    );
    const { raster } = decodeWith(codec, indexed);
    const colors = [0x10, 0x30, 0x50, 255, 0x20, 0x40, 0x60, 255];
    expect([...toRgba(raster)]).toEqual(colors);
    expect([...(raster.metadata.palette ?? [])]).toEqual(colors);
  });

  it('are divided by an alpha that they were multiplied by', () => {
    const fields: readonly TiffField[] = [
      [258, 3, [8, 8]],
      [277, 3, [2]],
      [338, 3, [1]],
    ];
    const { raster } = decodeWith(codec, picture(3, 1, fields, [[50, 100, 9, 0, 70, 255]]));
    expect([...raster.planes[0].data]).toEqual([128, 0, 70]);
    expect([...(raster.alpha?.data ?? [])]).toEqual([100, 0, 255]);
  });

  it('are inks as they are stored, and come with the density of the file', () => {
    const fields: readonly TiffField[] = [
      ...INKS,
      [282, 5, [300, 1]],
      [283, 5, [300, 1]],
      [296, 3, [2]],
    ];
    const { raster } = decodeWith(codec, picture(1, 1, fields, [[1, 2, 3, 4]]));
    expect(raster.planes.map(({ data }) => data[0])).toEqual([1, 2, 3, 4]);
    expect(raster.metadata.density).toEqual({ unit: 1, x: 300, y: 300 });
  });

  it('are the same by streams of the web', async () => {
    const header = webCodec.readHeader(compressed, GENEROUS_LIMITS);
    const arena = createArena();
    arena.reserve(predictedBytes(header));
    const raster = await webCodec.decode?.(compressed, header, {}, { ...context(), arena });
    expect([...(raster?.planes[0].data ?? [])]).toEqual(gradient);
  });
});

describe('a written TIFF', () => {
  const [first] = opaque.planes;
  const gray: Raster = { ...opaque, model: 'gray', planes: [first] };
  it.each([
    ['RGB', opaque],
    ['RGB and alpha', { ...opaque, alpha: first }],
    ['grey', gray],
    ['grey and alpha', { ...gray, alpha: first }],
  ])('has the pixels of the raster: %s', async (_name, raster: Raster) => {
    const bytes = encode(raster);
    expect([...toRgba(decodeWith(codec, bytes).raster)]).toEqual([...toRgba(raster)]);
    const theirs = await sharp(bytes).toColourspace('srgb').ensureAlpha().raw().toBuffer();
    expect([...theirs]).toEqual([...toRgba(raster)]);
  });

  it('has the density and the profile of the raster', () => {
    const icc = new Uint8Array(201);
    icc.set(new TextEncoder().encode('RGB '), 16);
    const density = { unit: 2, x: 30, y: 20 } as const;
    const { raster } = decodeWith(codec, encode({ ...opaque, metadata: { icc, density } }));
    expect(raster.metadata).toMatchObject({ icc, density, orientation: 1 });
  });
});

describe('what a TIFF is refused for', () => {
  const kind = (...fields: readonly TiffField[]) => picture(2, 1, fields, [[1, 2]]);
  const BIG = Uint8Array.of(0x49, 0x49, 43, 0, 8, 0, 0, 0);
  it.each([
    ['BigTIFF', BIG, /BigTIFF/],
    ['fax', kind([259, 3, [4]]), /fax/],
    ['JPEG', kind([259, 3, [7]]), /JPEG/],
    ['Zstandard', kind([259, 3, [50_000]]), /Zstandard/],
    ['LogLuv', kind([259, 3, [34_676]]), /LogLuv/],
    ['an unknown compression', kind([259, 3, [77]]), /compression 77/],
    ['old-style LZW', picture(2, 1, [[259, 3, [5]]], [[0, 1, 9]]), /old-style LZW/],
    ['floating point', kind([258, 3, [32]], [339, 3, [3]]), /floating-point/],
    ['signed samples', kind([339, 3, [2]]), /signed/],
    ['32 bits', kind([258, 3, [32]]), /32 bits/],
    ['uneven depths', kind([258, 3, [8, 4]], [277, 3, [2]]), /different depths/],
    ['YCbCr', kind([262, 3, [6]]), /YCbCr/],
    ['other inks', kind(...INKS, [332, 3, [2]]), /CMYK/],
    ['a palette of 16 bits', kind([258, 3, [16]], [262, 3, [3]]), /palette of 16 bits/],
    ['a predictor for bits', kind([258, 3, [4]], [317, 3, [2]]), /predictor/],
  ])('%s, by name', (_name, bytes, message) => {
    expect(() => codec.readHeader(bytes, GENEROUS_LIMITS) && decodeWith(codec, bytes)).toThrow(
      expect.objectContaining({
        code: 'UnsupportedFormat',
        reason: 'unsupported-kind',
        message: expect.stringMatching(message) as string,
      }),
    );
  });

  it.each([
    ['no pixels', picture(2, 1, [], []), 'BadImage/damaged'],
    ['too few strips', picture(2, 2, [[278, 3, [1]]], [[1, 2]]), 'BadImage/damaged'],
    ['short strips', picture(2, 2, [], [[1, 2, 3]]), 'BadImage/truncated'],
    [
      'strips that share bytes',
      picture(
        1,
        9,
        [
          [278, 3, [1]],
          [273, 4, Array<number>(9).fill(0)],
          [279, 4, Array<number>(9).fill(40)],
        ],
        [],
      ),
      'BadImage/damaged',
    ],
    [
      'tiles of 2^32 pixels',
      picture(
        1,
        1,
        [
          [322, 4, [65_536]],
          [323, 4, [65_536]],
        ],
        [[1]],
        { chunkTags: TILES },
      ),
      'LimitExceeded/too-many-pixels',
    ],
    ['no samples', kind([277, 3, [0]]), 'BadImage/damaged'],
    ['too few samples', kind([262, 3, [2]]), 'BadImage/damaged'],
    ['a predictor of no kind', kind([317, 3, [9]]), 'BadImage/damaged'],
    ['a short palette', kind([262, 3, [3]], [320, 3, [1, 2, 3]]), 'BadImage/damaged'],
    ['a wrong LZW code', picture(2, 1, [[259, 3, [5]]], [[0x80, 0x7f, 0xff]]), 'BadImage/damaged'],
    [
      'pixels that are a bomb',
      picture(2, 1, [[259, 3, [8]]], [deflateSync(Buffer.alloc(1e6))]),
      'BadImage/damaged',
    ],
  ])('%s', (_name, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });
});
