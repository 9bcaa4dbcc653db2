import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  OSS_LIMITS,
  type Raster,
} from '@safelight/core';
import { photoLike, psnr, rgbRaster } from '@safelight/testkit';
import sharp, { type AvifOptions as SharpAvif } from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, toRgba, warmUp } from '../../test/decoding.ts';
import {
  fullBox,
  gridData,
  sizeProperty,
  uint16,
  uint32,
  type WrittenHeif,
  writeHeif,
} from '../../test/heif-writer.ts';
import { printBox } from '../isobmff/boxes.ts';
import { type HeifTile, readHeif } from '../isobmff/picture.ts';
import { nodeWasmLoader } from '../wasm/node-loader.ts';
import { createAvifCodec } from './codec.ts';

const WIDTH = 24;
const HEIGHT = 16;
const rgb = photoLike(WIDTH, HEIGHT);
const alphaSamples = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => 10 * (i % WIDTH));

function withAlpha(raster: Raster): Raster {
  const extent = { left: 0, top: 0, width: WIDTH, height: HEIGHT };
  return {
    ...raster,
    alpha: { data: alphaSamples, width: WIDTH, height: HEIGHT, stride: WIDTH, extent },
  };
}

function bySharp(raster: Raster, options: SharpAvif = {}): Promise<Buffer> {
  const image = sharp(toRgba(raster), { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });
  return (raster.alpha === undefined ? image.removeAlpha() : image).avif(options).toBuffer();
}

const plain = await bySharp(rgbRaster(rgb), { quality: 90, chromaSubsampling: '4:4:4' });
const transparent = await bySharp(withAlpha(rgbRaster(rgb)), { lossless: true });
const codec = await warmUp(createAvifCodec({ loadWasm: nodeWasmLoader }), plain);
const size = { width: WIDTH, height: HEIGHT, model: 'rgb' } as const;

testCodec(codec, [
  { name: 'a photograph', bytes: plain, ...size },
  { name: 'alpha', bytes: transparent, ...size, hasAlpha: true },
]);

function tilesOf(bytes: Uint8Array): { readonly color: HeifTile; readonly alpha?: HeifTile } {
  const dialect = { format: 'avif', item: 'av01', config: 'av1C' } as const;
  const { color, alpha } = readHeif(bytes, GENEROUS_LIMITS, dialect);
  const [first] = color.tiles as [HeifTile];
  return { color: first, ...(alpha && { alpha: alpha.tiles[0] as HeifTile }) };
}

function contextFor(bytes: number) {
  const arena = createArena();
  arena.reserve(bytes);
  return { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
}

async function encode(raster: Raster, qualityPercent = 75): Promise<Uint8Array> {
  const settings = { qualityPercent, progressive: false };
  const written = await codec.encode?.(raster, settings, contextFor(0));
  if (written === undefined) throw new Error('expected an encoder');
  return written;
}

describe('the pixels of an AVIF', () => {
  it.each([
    ['without alpha', plain],
    ['with alpha', transparent],
  ])('are those of another build of the same codec: %s', async (_, bytes) => {
    const expected = await sharp(bytes).ensureAlpha().raw().toBuffer();
    const ours = toRgba(decodeWith(codec, bytes).raster);
    const seen = (rgba: Uint8Array) => rgba.filter((_sample, at) => expected[at | 3] !== 0);
    expect(psnr(seen(ours), seen(expected))).toBeGreaterThan(50);
  });
});

describe('what is written', () => {
  const photograph = rgbRaster(photoLike(120, 80));

  it('is the picture, better at a higher quality', async () => {
    const decibels: number[] = [];
    for (const quality of [20, 75, 100]) {
      const bytes = await encode(photograph, quality);
      expect((await sharp(bytes).metadata()).compression).toBe('av1');
      decibels.push(psnr(toRgba(decodeWith(codec, bytes).raster), toRgba(photograph)));
    }
    expect(decibels).toEqual(decibels.toSorted((a, b) => a - b));
    expect(decibels[1]).toBeGreaterThan(27);
  });

  it('keeps alpha', async () => {
    const { raster } = decodeWith(codec, await encode(withAlpha(rgbRaster(rgb))));
    expect(psnr(raster.alpha?.data ?? [], alphaSamples)).toBeGreaterThan(30);
  });

  it('takes grey', async () => {
    const planes = photograph.planes.slice(0, 1);
    const { raster } = decodeWith(codec, await encode({ ...photograph, model: 'gray', planes }));
    expect(psnr(raster.planes[0]?.data ?? [], planes[0]?.data ?? [])).toBeGreaterThan(27);
  });
});

const { color } = tilesOf(plain);
const colorAlpha = tilesOf(transparent);
const ALPHA = fullBox(
  'auxC',
  0,
  new TextEncoder().encode('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'),
);

/** One picture with more properties on it. */
function still(...more: readonly Uint8Array[]): WrittenHeif {
  return {
    items: [{ type: 'av01', data: color.data, properties: [1, -2, ...more.map((_, i) => i + 3)] }],
    properties: [sizeProperty(WIDTH, HEIGHT), printBox('av1C', color.config), ...more],
  };
}

/** Four tiles, two by two, cut to `width` x `height`. */
function grid(width: number, height: number, to: readonly number[] = [2, 3, 4, 5]): WrittenHeif {
  const tile = { type: 'av01', data: color.data, properties: [1, -2] };
  return {
    items: [
      { type: 'grid', data: gridData(2, 2, width, height), properties: [3] },
      tile,
      tile,
      tile,
      tile,
    ],
    properties: [
      sizeProperty(WIDTH, HEIGHT),
      printBox('av1C', color.config),
      sizeProperty(width, height),
    ],
    references: [['dimg', 1, to]],
  };
}

function redOf(file: WrittenHeif): Uint8Array {
  return decodeWith(codec, writeHeif(file)).raster.planes[0]?.data ?? new Uint8Array(0);
}

describe('the container of an AVIF', () => {
  const red = decodeWith(codec, plain).raster.planes[0]?.data as Uint8Array;
  const redAt = (x: number, y: number) => red[y * WIDTH + x];

  it('may keep its data inside', () => {
    expect(redOf({ ...still(), isInside: true })).toEqual(red);
  });

  it('turns and mirrors', () => {
    const turned = redOf(still(printBox('irot', Uint8Array.of(1))));
    // A quarter against the clock: what was the right column is the top row.
    expect([turned[0], turned[HEIGHT - 1]]).toEqual([
      redAt(WIDTH - 1, 0),
      redAt(WIDTH - 1, HEIGHT - 1),
    ]);
    const mirrored = redOf(still(printBox('imir', Uint8Array.of(1))));
    expect(mirrored[0]).toBe(redAt(WIDTH - 1, 0));
    const header = codec.readHeader(
      writeHeif(still(printBox('irot', Uint8Array.of(1)))),
      GENEROUS_LIMITS,
    );
    expect([header.width, header.height, header.orientation]).toEqual([HEIGHT, WIDTH, 1]);
  });

  it('joins tiles, and cuts what reaches over', () => {
    const [width, height] = [2 * WIDTH - 3, 2 * HEIGHT - 5];
    const joined = redOf(grid(width, height));
    expect(joined).toHaveLength(width * height);
    expect(joined[WIDTH]).toBe(redAt(0, 0));
    expect(joined[HEIGHT * width + 5]).toBe(redAt(5, 0));
    expect(joined.at(-1)).toBe(redAt(WIDTH - 4, HEIGHT - 6));
  });

  it('has alpha of its own, for the picture or for each tile', () => {
    const alphaTile = colorAlpha.alpha as HeifTile;
    const alphaItem = { type: 'av01', data: alphaTile.data, properties: [1, -2, 3] };
    const properties = [sizeProperty(WIDTH, HEIGHT), printBox('av1C', alphaTile.config), ALPHA];
    const own = [...properties, printBox('av1C', colorAlpha.color.config)];
    const item = { type: 'av01', data: colorAlpha.color.data, properties: [1, -4] };
    const whole: WrittenHeif = {
      items: [item, alphaItem],
      properties: own,
      references: [['auxl', 2, [1]]],
    };
    const expected = decodeWith(codec, transparent).raster.alpha?.data;
    expect(decodeWith(codec, writeHeif(whole)).raster.alpha?.data).toEqual(expected);
    const tiled: WrittenHeif = {
      items: [
        { type: 'grid', data: gridData(1, 1, WIDTH, HEIGHT), properties: [1] },
        item,
        alphaItem,
      ],
      properties: own,
      references: [
        ['dimg', 1, [2]],
        ['auxl', 3, [2]],
      ],
    };
    expect(decodeWith(codec, writeHeif(tiled)).raster.alpha?.data).toEqual(expected);
    const multiplied = {
      ...whole,
      references: [...(whole.references ?? []), ['prem', 1, [2]] as const],
    };
    const [stored, divided] = [whole, multiplied].map(redOf) as [Uint8Array, Uint8Array];
    const at = 12;
    const alpha = expected?.[at] as number;
    expect(divided[at]).toBe(Math.min(255, Math.round((255 * (stored[at] as number)) / alpha)));
  });

  it.each([
    [
      'no size',
      { ...still(), properties: [printBox('free'), printBox('av1C', color.config)] },
      'BadImage/damaged',
    ],
    [
      'no configuration',
      { ...still(), properties: [sizeProperty(WIDTH, HEIGHT), printBox('free')] },
      'UnsupportedFormat/unsupported-kind',
    ],
    [
      'a configuration that is cut',
      {
        ...still(),
        properties: [sizeProperty(WIDTH, HEIGHT), printBox('av1C', color.config.subarray(0, 2))],
      },
      'BadImage/damaged',
    ],
    [
      'a property that is not there',
      { ...still(), properties: [sizeProperty(WIDTH, HEIGHT)] },
      'BadImage/damaged',
    ],
    [
      'a size of nothing',
      { ...still(), properties: [sizeProperty(0, 1), printBox('av1C', color.config)] },
      'BadImage/damaged',
    ],
    [
      'another size than it has',
      { ...still(), properties: [sizeProperty(WIDTH, HEIGHT + 1), printBox('av1C', color.config)] },
      'BadImage/damaged',
    ],
    [
      'another kind of picture',
      { ...still(), items: [{ type: 'hvc1', data: color.data, properties: [1, -2] }] },
      'UnsupportedFormat/unsupported-kind',
    ],
    [
      'no data',
      { ...still(), items: [{ type: 'av01', data: new Uint8Array(0), properties: [1, -2] }] },
      'BadImage/damaged',
    ],
    ['too few tiles', grid(2 * WIDTH, 2 * HEIGHT, [2, 3, 4]), 'BadImage/damaged'],
    ['tiles that are not there', grid(2 * WIDTH, 2 * HEIGHT, [2, 3, 4, 99]), 'BadImage/damaged'],
    ['tiles that are too small', grid(2 * WIDTH + 1, 2 * HEIGHT), 'BadImage/damaged'],
    ['a grid of grids', grid(WIDTH, HEIGHT, [1, 1, 1, 1]), 'UnsupportedFormat/unsupported-kind'],
    [
      'too many properties',
      still(...Array.from({ length: 4096 }, () => printBox('free'))),
      'BadImage/damaged',
    ],
  ] as const)('is refused for %s', (_, file, expected) => {
    const many = file.properties.length > 100 ? { ...file, items: still().items } : file;
    expect(outcomeOf(codec, writeHeif(many))).toBe(expected);
  });

  it('is refused for more entries than it may have', () => {
    const bomb = fullBox(
      'iref',
      0,
      ...Array.from({ length: 40 }, (_, n) =>
        printBox('dimg', uint16(n + 1, 2000), new Uint8Array(4000)),
      ),
    );
    expect(outcomeOf(codec, writeHeif({ ...still(), extra: [bomb] }))).toBe('BadImage/damaged');
    const lie = printBox('iprp', fullBox('ipma', 0, uint32(0xffff_ffff)));
    expect(outcomeOf(codec, writeHeif({ ...still(), extra: [lie] }))).toBe('BadImage/damaged');
  });

  it('is refused when it has no still picture', () => {
    const sequence = Buffer.concat([
      printBox('ftyp', new TextEncoder().encode('avis\0\0\0\0avis')),
      printBox('moov', new Uint8Array(8)),
    ]);
    expect(outcomeOf(codec, sequence)).toBe('UnsupportedFormat/unsupported-kind');
  });

  it('is limited to the sides of the service', () => {
    const wide = {
      ...still(),
      properties: [sizeProperty(10_001, 2), printBox('av1C', color.config)],
    };
    expect(outcomeOf(codec, writeHeif(wide), OSS_LIMITS)).toBe('LimitExceeded/side-too-long');
    expect(outcomeOf(codec, writeHeif(wide))).toBe('BadImage/damaged');
  });
});
