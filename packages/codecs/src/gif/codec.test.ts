import { GENEROUS_LIMITS } from '@safelight/core';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, toRgba } from '../../test/decoding.ts';
import { control, frame, gif, packCodes, subBlocks } from '../../test/gif-writer.ts';
import { createGifCodec } from './codec.ts';

const codec = createGifCodec();
const RED = [255, 0, 0, 255];
const GREEN = [0, 255, 0, 255];
const BLUE = [0, 0, 255, 255];
const NONE = [0, 0, 0, 0];
const PALETTE = [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9];

async function photograph(width: number, height: number, options = {}): Promise<Buffer> {
  const { rgb } = photoLike(width, height);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .gif(options)
    .toBuffer();
}

const square = { width: 2, height: 2, indices: [0, 1, 2, 0] };
const plain = gif(2, 2, PALETTE, frame(square));
const holed = gif(3, 2, PALETTE, frame({ ...square, left: 1, transparentIndex: 1 }));

testCodec(codec, [
  { name: 'a photograph', bytes: await photograph(23, 17), width: 23, height: 17, model: 'rgb' },
  { name: 'few colours', bytes: plain, width: 2, height: 2, model: 'rgb' },
  { name: 'holes', bytes: holed, width: 3, height: 2, model: 'rgb', hasAlpha: true },
]);

describe('the pixels of a GIF', () => {
  it.each([
    [64, {}],
    [200, { interlace: true, colours: 16 }],
    // More than 4096 codes without a repetition worth one.
    [300, { dither: 1 }],
  ])('are those of another decoder: %i wide, %j', async (width, options) => {
    const bytes = await photograph(width, 90, options);
    const expected = await sharp(bytes).ensureAlpha().raw().toBuffer();
    expect(Buffer.from(toRgba(decodeWith(codec, bytes).raster)).equals(expected)).toBe(true);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('are found at indices of %i bits', async (codeBits) => {
    const count = 2 ** codeBits;
    const palette = Array.from({ length: 3 * count }, (_, i) => (i * 37) & 0xff);
    const indices = Array.from({ length: 4 * count }, (_, i) => (i * 5) % count);
    const picture = { width: count, height: 4, codeBits, indices };
    const { raster } = decodeWith(codec, gif(count, 4, palette, frame(picture)));
    const expected = indices.flatMap((index) =>
      palette.slice(3 * index, 3 * index + 3).concat(255),
    );
    expect([...toRgba(raster)]).toEqual(expected);
  });

  it('are transparent where the first frame leaves the canvas free or says so', () => {
    const { raster } = decodeWith(codec, holed);
    expect([...toRgba(raster)]).toEqual([NONE, RED, NONE, NONE, BLUE, RED].flat());
  });

  it('are transparent where an index has no colour', () => {
    const halfColored = gif(
      3,
      1,
      PALETTE.slice(0, 6),
      frame({ width: 3, height: 1, indices: [1, 2, 3] }),
    );
    expect([...toRgba(decodeWith(codec, halfColored).raster)]).toEqual([GREEN, NONE, NONE].flat());
    const uncolored = gif(1, 1, [], frame({ width: 1, height: 1, indices: [0] }));
    expect([...toRgba(decodeWith(codec, uncolored).raster)]).toEqual(NONE);
  });

  it('are cut where the frame leaves the canvas', () => {
    const bytes = gif(2, 2, PALETTE, frame({ ...square, left: 1, top: 1 }));
    const { raster } = decodeWith(codec, bytes);
    expect([...toRgba(raster)]).toEqual([NONE, NONE, NONE, RED].flat());
  });

  it('have the palette of their frame, which goes with them', () => {
    const palette = [0, 255, 0, 255, 0, 0];
    const bytes = gif(1, 1, PALETTE, frame({ width: 1, height: 1, palette, indices: [0] }));
    const { raster } = decodeWith(codec, bytes);
    expect([...toRgba(raster)]).toEqual(GREEN);
    expect([...(raster.metadata.palette ?? [])]).toEqual([...GREEN, ...RED]);
  });

  it('stand in four passes when interlaced', () => {
    const rows = [0, 8, 4, 2, 6, 1, 3, 5, 7];
    const palette = Array.from({ length: 48 }, (_, i) => Math.floor(i / 3));
    const picture = { width: 1, height: 9, codeBits: 4, indices: rows, isInterlaced: true };
    const { raster } = decodeWith(codec, gif(1, 9, palette, frame(picture)));
    expect([...raster.planes[0].data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('may be more than needed', () => {
    const bytes = gif(1, 1, PALETTE, frame({ width: 1, height: 1, indices: [2, 1, 1] }));
    expect([...toRgba(decodeWith(codec, bytes).raster)]).toEqual(BLUE);
  });
});

describe('the frames of a GIF', () => {
  const animation = gif(2, 2, PALETTE, frame(square), frame(square), frame(square));

  it('are counted', () => {
    expect(codec.readHeader(animation, GENEROUS_LIMITS).frames).toBe(3);
  });

  it('are limited in number and in pixels', () => {
    const few = { ...GENEROUS_LIMITS, maxFrames: 2 };
    expect(outcomeOf(codec, animation, few)).toBe('LimitExceeded/too-many-frames');
    const small = { ...GENEROUS_LIMITS, maxSourcePixels: 11 };
    expect(outcomeOf(codec, animation, small)).toBe('LimitExceeded/too-many-pixels');
    expect(outcomeOf(codec, animation, { ...small, maxSourcePixels: 12 })).toBe('raster');
  });
});

/** A frame of one pixel with these codes of three bits. */
function codes(...list: number[]): number[] {
  return [0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, ...subBlocks(packCodes(list, 3))];
}

describe('what a GIF is refused for', () => {
  it.each([
    ['no frame', gif(1, 1, PALETTE), 'BadImage/damaged'],
    ['no canvas', gif(0, 1, PALETTE, codes(4, 0, 5)), 'BadImage/damaged'],
    ['an unknown block', gif(1, 1, PALETTE, [0x44]), 'BadImage/damaged'],
    [
      'a short control',
      gif(1, 1, PALETTE, [0x21, 0xf9, 1, 0, 0], codes(4, 0, 5)),
      'BadImage/damaged',
    ],
    ['a code before its time', gif(1, 1, PALETTE, codes(4, 6)), 'BadImage/damaged'],
    [
      'a code out of reach',
      gif(2, 2, PALETTE, frame({ ...square, indices: [] })),
      'BadImage/truncated',
    ],
    ['no pixels', gif(1, 1, PALETTE, codes()), 'BadImage/truncated'],
    [
      'indices of 9 bits',
      gif(1, 1, PALETTE, frame({ width: 1, height: 1, codeBits: 9, indices: [0] })),
      'BadImage/damaged',
    ],
    [
      'a frame that takes has too many pixels',
      gif(1, 1, PALETTE, frame({ width: 65_535, height: 65_535, indices: [0] })),
      'LimitExceeded/too-many-pixels',
    ],
  ])('%s', (_name, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });

  it('nothing, when a control stands twice or before no frame', () => {
    const bytes = gif(1, 1, PALETTE, control(1), control(2), codes(4, 0, 5), control(0));
    expect([...toRgba(decodeWith(codec, bytes).raster)]).toEqual(RED);
  });
});
