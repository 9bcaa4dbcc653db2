import { createArena, createBudget, GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { photoLike, rgbRaster } from '@safelight/testkit';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { describe, expect, it } from 'vitest';
import { bmp, type BmpParts } from '../../test/bmp-writer.ts';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, toRgba } from '../../test/decoding.ts';
import { createBmpCodec } from './codec.ts';

const codec = createBmpCodec();
const opaque: Raster = rgbRaster(photoLike(13, 7));
const translucent: Raster = { ...opaque, alpha: opaque.planes[1] };

function encode(raster: Raster): Uint8Array {
  const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
  const written = codec.encode?.(raster, { qualityPercent: 75, progressive: false }, context);
  if (!(written instanceof Uint8Array)) throw new Error('expected bytes at once');
  return written;
}

/** Blue, green, red, and a byte that is not used. */
const FOUR = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 10, 20, 30, 0];
/** The other decoder wants all 256 colours of a header of 12 bytes. */
const THREE_BYTES = [0, 0, 255, 0, 255, 0, 255, 0, 0, 10, 20, 30, ...Array<number>(756).fill(0)];
const SIZE = { width: 5, height: 2 };

const KINDS: readonly (readonly [name: string, parts: BmpParts])[] = [
  [
    '1 bit',
    { ...SIZE, bitCount: 1, palette: FOUR, colorsUsed: 2, pixels: [0x58, 0, 0, 0, 0xa8, 0, 0, 0] },
  ],
  ['2 bits', { ...SIZE, bitCount: 2, palette: FOUR, pixels: [0x1b, 0x40, 0, 0, 0xe4, 0x80, 0, 0] }],
  [
    '4 bits, top down',
    {
      width: 5,
      height: -2,
      bitCount: 4,
      palette: FOUR,
      colorsUsed: 4,
      pixels: [1, 0x23, 0, 0, 0x32, 0x10, 0x10, 0],
    },
  ],
  [
    '8 bits of OS/2',
    {
      ...SIZE,
      bitCount: 8,
      headerBytes: 12,
      palette: THREE_BYTES,
      pixels: [0, 1, 2, 3, 0, 0, 0, 0, 3, 2, 1, 0, 1, 0, 0, 0],
    },
  ],
  ['16 bits', { width: 2, height: 1, bitCount: 16, pixels: [0x1f, 0x7c, 0xe0, 0x03] }],
  [
    '16 bits with masks',
    {
      width: 2,
      height: 1,
      bitCount: 16,
      compression: 3,
      masks: [0xf800, 0x7e0, 0x1f],
      pixels: [0x1f, 0xf8, 0xe0, 0x07],
    },
  ],
  ['32 bits', { width: 1, height: 1, bitCount: 32, pixels: [1, 2, 3, 77] }],
];

const RUNS: readonly (readonly [name: string, parts: BmpParts])[] = [
  [
    'runs of 8 bits',
    {
      ...SIZE,
      bitCount: 8,
      compression: 1,
      palette: FOUR,
      colorsUsed: 4,
      pixels: [2, 1, 0, 3, 0, 1, 2, 0, 0, 0, 5, 3, 0, 1],
    },
  ],
  [
    'runs of 4 bits',
    {
      ...SIZE,
      bitCount: 4,
      compression: 2,
      palette: FOUR,
      colorsUsed: 4,
      pixels: [5, 0x12, 0, 0, 0, 5, 1, 0x23, 0x10, 0, 0, 1],
    },
  ],
  [
    'runs that leave pixels out',
    {
      ...SIZE,
      bitCount: 8,
      compression: 1,
      palette: FOUR,
      colorsUsed: 4,
      pixels: [1, 3, 0, 2, 2, 1, 2, 1, 0, 1],
    },
  ],
];

testCodec(codec, [
  { name: '24 bits', bytes: encode(opaque), width: 13, height: 7, model: 'rgb' },
  { name: 'alpha', bytes: encode(translucent), width: 13, height: 7, model: 'rgb', hasAlpha: true },
  { name: '1 bit', bytes: bmp(KINDS[0][1]), ...SIZE, model: 'rgb' },
  { name: 'runs', bytes: bmp(RUNS[0][1]), ...SIZE, model: 'rgb', hasAlpha: true },
]);

async function canvasPixels(bytes: Uint8Array): Promise<Uint8Array> {
  const picture = await loadImage(Buffer.from(bytes));
  const canvas = createCanvas(picture.width, picture.height).getContext('2d');
  canvas.drawImage(picture, 0, 0);
  return new Uint8Array(canvas.getImageData(0, 0, picture.width, picture.height).data);
}

describe('the pixels of a BMP', () => {
  it.each([...KINDS, ...RUNS])('are those of another decoder: %s', async (_name, parts) => {
    const bytes = bmp(parts);
    expect([...toRgba(decodeWith(codec, bytes).raster)]).toEqual([...(await canvasPixels(bytes))]);
  });

  it('are what was written, and another decoder agrees', async () => {
    for (const raster of [opaque, translucent]) {
      expect([...toRgba(decodeWith(codec, encode(raster)).raster)]).toEqual([...toRgba(raster)]);
    }
    expect([...(await canvasPixels(encode(opaque)))]).toEqual([...toRgba(opaque)]);
  });

  it('have no alpha where a mask has only zeros', () => {
    const masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000];
    const parts = { width: 1, height: 1, bitCount: 32, headerBytes: 56, compression: 3, masks };
    expect(decodeWith(codec, bmp({ ...parts, pixels: [1, 2, 3, 0] })).raster.alpha).toBeUndefined();
    const { raster } = decodeWith(codec, bmp({ ...parts, pixels: [1, 2, 3, 4] }));
    expect([...toRgba(raster)]).toEqual([3, 2, 1, 4]);
  });

  it('come with the palette, the density and the profile of the file', () => {
    const palette = decodeWith(codec, bmp(KINDS[3][1])).raster.metadata.palette;
    expect([...(palette ?? [])].slice(0, 8)).toEqual([255, 0, 0, 255, 0, 255, 0, 255]);
    const icc = new Uint8Array(200);
    icc.set(new TextEncoder().encode('RGB '), 16);
    const density = { unit: 1, x: 300, y: 150 } as const;
    const { raster } = decodeWith(codec, encode({ ...opaque, metadata: { icc, density } }));
    expect(raster.metadata).toMatchObject({ icc, density });
  });
});

const GRAY = { width: 1, height: 1, bitCount: 8, palette: FOUR, colorsUsed: 4 };

describe('what a BMP is refused for', () => {
  const refusals: readonly (readonly [string, Partial<BmpParts>, string])[] = [
    ['an index without a colour', { pixels: [4, 0, 0, 0] }, 'BadImage/damaged'],
    ['an unknown header', { headerBytes: 41 }, 'BadImage/damaged'],
    ['no width', { width: 0 }, 'BadImage/damaged'],
    ['a negative width', { width: -1 }, 'BadImage/damaged'],
    ['two planes', { planes: 2 }, 'BadImage/damaged'],
    ['3 bits', { bitCount: 3 }, 'BadImage/damaged'],
    ['the lowest height', { height: -0x8000_0000 }, 'LimitExceeded/side-too-long'],
    ['an embedded JPEG', { compression: 4 }, 'UnsupportedFormat/unsupported-kind'],
    ['an embedded PNG', { compression: 5 }, 'UnsupportedFormat/unsupported-kind'],
    ['inks', { compression: 11 }, 'UnsupportedFormat/unsupported-kind'],
    ['Huffman coding', { headerBytes: 64, compression: 3 }, 'UnsupportedFormat/unsupported-kind'],
    ['24-bit runs', { headerBytes: 64, compression: 4 }, 'UnsupportedFormat/unsupported-kind'],
    ['an unknown compression', { compression: 9 }, 'BadImage/damaged'],
    ['runs of the wrong depth', { compression: 2 }, 'BadImage/damaged'],
    ['runs top down', { compression: 1, height: -1 }, 'BadImage/damaged'],
    ['a run over the edge', { compression: 1, pixels: [2, 0, 0, 1] }, 'BadImage/damaged'],
    [
      'a run under the last row',
      { compression: 1, pixels: [0, 0, 1, 0, 0, 1] },
      'BadImage/damaged',
    ],
    ['a move over the edge', { compression: 1, pixels: [0, 2, 2, 0, 0, 1] }, 'BadImage/damaged'],
    ['runs without an end', { compression: 1, pixels: [1, 0] }, 'BadImage/truncated'],
    ['pixels within the header', { pixelsAt: 20 }, 'BadImage/damaged'],
    ['no palette', { pixelsAt: 54 }, 'BadImage/damaged'],
    [
      'a mask in pieces',
      { bitCount: 16, compression: 3, masks: [5, 0, 0], palette: [] },
      'BadImage/damaged',
    ],
  ];
  it.each(refusals)('%s', (_name, parts, expected) => {
    expect(outcomeOf(codec, bmp({ ...GRAY, pixels: [0, 0, 0, 0], ...parts }))).toBe(expected);
  });
});
