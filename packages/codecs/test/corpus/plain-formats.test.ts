import { type Codec, isImageError, type Raster } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createBmpCodec, createGifCodec, createTiffCodec, nodeDeflater } from '../../src/index.ts';
import { decodeWith, outcomeOf, toRgba } from '../decoding.ts';

const corpus = corpusFolder();

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

function namesOf(folder: string): string[] {
  return corpus === undefined ? ['(no corpus)'] : readdirSync(join(corpus, folder)).toSorted();
}

function bytesOf(folder: string, name: string): Buffer {
  return readFileSync(join(corpus ?? '', folder, name));
}

async function bySharp(bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharp(bytes, { failOn: 'none', ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/** Skia, for libvips reads no BMP. */
async function byCanvas(bytes: Buffer): Promise<Picture> {
  const { width, height, ...image } = await loadImage(bytes).then((picture) => ({
    picture,
    width: picture.width,
    height: picture.height,
  }));
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(image.picture, 0, 0);
  return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data) };
}

/** Greatest differences of colour, where either shows any, and of alpha. */
function differences(raster: Raster, theirs: Picture): { color: number; alpha: number } {
  expect([raster.width, raster.height]).toEqual([theirs.width, theirs.height]);
  const ours = toRgba(raster);
  const worst = { color: 0, alpha: 0 };
  for (let at = 0; at < ours.length; at++) {
    const difference = Math.abs(ours[at] - theirs.rgba[at]);
    if ((at & 3) === 3) worst.alpha = Math.max(worst.alpha, difference);
    else if (ours[at | 3] > 0 || theirs.rgba[at | 3] > 0) {
      worst.color = Math.max(worst.color, difference);
    }
  }
  return worst;
}

function refusalsOf(codec: Codec, names: readonly string[]): Record<string, string> {
  const refusals: Record<string, string> = {};
  for (const name of names) {
    try {
      decodeWith(codec, bytesOf(codec.format, name));
    } catch (error) {
      if (!isImageError(error)) throw error;
      refusals[name] = error.message;
    }
  }
  return refusals;
}

describe.skipIf(corpus === undefined)('BMP pictures (need SAFELIGHT_CORPUS)', () => {
  const codec = createBmpCodec();
  const names = namesOf('bmp');
  const refused: Readonly<Record<string, string>> = {
    'bmpsuite-rgb24jpeg.bmp': 'bmp: an embedded JPEG',
    'bmpsuite-rgb24png.bmp': 'bmp: an embedded PNG',
  };
  /** Skia does not take a header of OS/2 whose palette is short. */
  const unread = /pal8os2sp/;
  /** Skia does not look at alpha masks in 56 bytes, nor at those of ALPHABITFIELDS. */
  const opaqueInSkia = /rgba32abf|rgba32h56/;

  it('are all there, and all but two are read', () => {
    expect(names).toHaveLength(72);
    expect(refusalsOf(codec, names)).toEqual(refused);
  });

  it.each(names.filter((name) => !(name in refused) && !unread.test(name)))(
    'are decoded as Skia does: %s',
    async (name) => {
      const bytes = bytesOf('bmp', name);
      const worst = differences(decodeWith(codec, bytes).raster, await byCanvas(bytes));
      // Samples of 11 bits are rounded here.
      expect(worst.color).toBeLessThanOrEqual(/111110/.test(name) ? 1 : 0);
      expect(worst.alpha).toBe(opaqueInSkia.test(name) ? 255 : 0);
    },
  );
});

describe.skipIf(corpus === undefined)('GIF pictures (need SAFELIGHT_CORPUS)', () => {
  const codec = createGifCodec();
  const names = namesOf('gif');
  const refused: Readonly<Record<string, string>> = {
    'wuffs-no-frames.gif': 'gif: expected at least one frame, got none',
    'wuffs-pixel-data-none.gif': 'gif: expected 4 pixels in a frame, got 0',
    'wuffs-pixel-data-not-enough.gif': 'gif: expected 4 pixels in a frame, got 1',
  };
  /** libvips makes the canvas larger when a frame leaves it; the file's own size is kept here. */
  const enlarged = /oversized|oob|out-of-bounds/;
  /** libvips paints the background where the frame leaves the canvas free; browsers do not. */
  const backgrounds =
    /border_touching|background-color|metadata|multiple-loop|small-frame|zero-width/;

  it('are all there, and all with pixels are read', () => {
    expect(names).toHaveLength(55);
    expect(refusalsOf(codec, names)).toEqual(refused);
  });

  it.each(names.filter((name) => !(name in refused) && !enlarged.test(name)))(
    'are decoded as libvips does: %s',
    async (name) => {
      const bytes = bytesOf('gif', name);
      const { header, raster } = decodeWith(codec, bytes);
      const { pages = 1 } = await sharp(bytes, { failOn: 'none' }).metadata();
      expect(header.frames).toBe(pages);
      const worst = differences(raster, await bySharp(bytes));
      expect(worst).toEqual({ color: 0, alpha: backgrounds.test(name) ? 255 : 0 });
    },
  );
});

/** What TIFF is refused for, and how many files are. */
const TIFF_REFUSALS: Readonly<Record<string, number>> = {
  'tiff: BigTIFF': 6,
  'tiff: JPEG in TIFF (old style)': 2,
  'tiff: JPEG in TIFF': 3,
  'tiff: LogLuv coding': 1,
  'tiff: YCbCr': 1,
  'tiff: Zstandard coding': 1,
  'tiff: a predictor with samples of 12 bits': 1,
  'tiff: expected a side of at most 65535 pixels, got 65537': 1,
  'tiff: fax coding (group 3)': 4,
  'tiff: fax coding (group 4)': 1,
  'tiff: floating-point samples': 17,
  'tiff: old-style LZW': 1,
  'tiff: samples of 24 bits': 5,
  'tiff: samples of 32 bits': 3,
  'tiff: samples of 64 bits': 2,
  'tiff: signed samples': 11,
};

describe.skipIf(corpus === undefined)('TIFF pictures (need SAFELIGHT_CORPUS)', () => {
  const codec = createTiffCodec({ deflater: nodeDeflater });
  const names = namesOf('tiff');
  /** Depths that libvips does not read. */
  const unread = /-(3|5|6|7|10|12|14)b[.-]|12bit|contig-(02|04|10|12|14)/;
  /** Inks are compared as stored; of grey with alpha in planes of their own libvips shows one. */
  const incomparable = /cmyk|minisblack-2c/;
  /** Samples that no tag calls alpha: libvips does. */
  const unnamed = /extra_bits/;
  /** Associated alpha near zero: 16 bits are divided in 16 there, in 8 here. */
  const coarse = /4c-16b-rgba/;

  it('are all there, and those that are not read are refused by name', () => {
    expect(names).toHaveLength(143);
    const counts: Record<string, number> = {};
    for (const message of Object.values(refusalsOf(codec, names))) {
      counts[message] = (counts[message] ?? 0) + 1;
    }
    expect(counts).toEqual(TIFF_REFUSALS);
  });

  const read =
    corpus === undefined
      ? names
      : names.filter((name) => outcomeOf(codec, bytesOf('tiff', name)) === 'raster');

  it.each(read.filter((name) => ![unread, incomparable, coarse].some((kind) => kind.test(name))))(
    'are decoded as libtiff does: %s',
    async (name) => {
      const bytes = bytesOf('tiff', name);
      const { header, raster } = decodeWith(codec, bytes);
      const worst = differences(raster, await bySharp(bytes));
      // libvips cuts 16 bits to 8, we round; it also rounds down what alpha divides.
      const tolerance = header.bitDepth === 16 || raster.alpha !== undefined ? 1 : 0;
      expect(worst.color).toBeLessThanOrEqual(tolerance);
      if (!unnamed.test(name)) expect(worst.alpha).toBe(0);
    },
  );

  /** Shown levels count up from 0 in the order of the file; planes apart begin a hundred later each. */
  const counting = read.filter((name) => unread.test(name) && name.includes('-seq-'));

  it('count up in depths that libvips does not read, twenty-one files', () => {
    for (const name of counting) {
      const [, depth] = /-(\d+)b-/.exec(name) ?? [];
      const most = 2 ** Number(depth) - 1;
      const { planes } = decodeWith(codec, bytesOf('tiff', name)).raster;
      const isPlanar = name.includes('planar');
      const countOf = (pixel: number, plane: number): number =>
        isPlanar ? 100 * plane + pixel : pixel * planes.length + plane;
      const expected = planes.map((_plane, plane) =>
        Array.from({ length: 256 }, (_, pixel) =>
          Math.round((255 * (countOf(pixel, plane) % (most + 1))) / most),
        ),
      );
      const levels = planes.map(({ data }) => Array.from(data.subarray(0, 256)));
      expect([name, levels]).toEqual([name, expected]);
    }
    expect(counting).toHaveLength(21);
  });

  it('keep the inks of a file, 8 bits and 16 alike', () => {
    const [deep, plain] = ['16b-cmyk-c6e52592', '8b-cmyk-352ac1da'].map(
      (kind) => decodeWith(codec, bytesOf('tiff', `image-tiff-seq-4c-${kind}.tiff`)).raster,
    );
    const inks = Array.from({ length: 4 }, (_, ink) => ink);
    expect(plain.planes.map(({ data }) => data[0])).toEqual(inks);
    expect(plain.planes.map(({ data }) => data[1])).toEqual(inks.map((ink) => ink + 4));
    expect(deep.model).toBe('cmyk');
  });
});
