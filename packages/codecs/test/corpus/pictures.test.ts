import { GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { load } from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createJpegCodec, sniffFormat } from '../../src/index.ts';
import { createPngCodec } from '../../src/png/codec.ts';
import { decodeWith, outcomeOf, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const codecs = { jpeg: createJpegCodec(), png: createPngCodec() };
/** Larger ones are compared at every n-th row only, to keep the test short. */
const ROWS_COMPARED = 200;

function filesOf(folder: string, format: 'jpeg' | 'png'): string[] {
  if (corpus === undefined) return ['(no corpus)'];
  return readdirSync(join(corpus, folder))
    .toSorted()
    .filter((name) => sniffFormat(bytesOf(folder, name)) === format);
}

function bytesOf(folder: string, name: string): Uint8Array {
  return readFileSync(join(corpus ?? '', folder, name));
}

interface Difference {
  readonly worst: number;
  readonly mean: number;
}

/** Against libvips without its colour management; where both are transparent, colour is no matter. */
async function differenceFromSharp(bytes: Uint8Array, raster: Raster): Promise<Difference> {
  const { data, info } = await sharp(bytes, { failOn: 'none', ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  expect([info.width, info.height, info.channels]).toEqual([raster.width, raster.height, 4]);
  const rowStep = Math.ceil(raster.height / ROWS_COMPARED);
  let worst = 0;
  let sum = 0;
  let count = 0;
  for (let y = 0; y < raster.height; y += rowStep) {
    const ours = rowOf(raster, y);
    const theirs = data.subarray(4 * y * raster.width, 4 * (y + 1) * raster.width);
    for (let at = 0; at < ours.length; at++) {
      const isHidden = ours[at | 3] === 0 && theirs[at | 3] === 0;
      const difference = isHidden ? 0 : Math.abs(ours[at] - theirs[at]);
      worst = Math.max(worst, difference);
      sum += difference;
      count++;
    }
  }
  return { worst, mean: sum / count };
}

/** RGBA of one row: the raster is narrowed to it, as a view. */
function rowOf(raster: Raster, y: number): Uint8Array {
  const move = <T extends Raster['planes'][number]>(plane: T): T => ({
    ...plane,
    extent: { ...plane.extent, top: plane.extent.top - y },
    ...(plane.extent.height === plane.height && {
      data: plane.data.subarray(y * plane.stride),
      height: plane.height - y,
      extent: { ...plane.extent, height: plane.height - y },
    }),
  });
  return toRgba({
    ...raster,
    height: 1,
    planes: raster.planes.map(move),
    ...(raster.alpha !== undefined && { alpha: move(raster.alpha) }),
  });
}

/** What is refused, and why. */
const REFUSED: Readonly<Record<string, string>> = {
  'jpeg-decoder-jpeg_lossless_sel1.jpg': 'UnsupportedFormat/unsupported-kind',
  'jpeg-decoder-jpeg_lossless_sel7.jpg': 'UnsupportedFormat/unsupported-kind',
  'libjpeg-turbo-monkey12.jpg': 'UnsupportedFormat/unsupported-kind',
  'libjpeg-turbo-testimgari.jpg': 'UnsupportedFormat/unsupported-kind',
  // libjpeg warns of a premature end of data and shows what it has.
  'jpeg-decoder-partial_progressive.jpg': 'BadImage/damaged',
};

/** libvips converts CMYK by a profile of its own, jpeg-js by arithmetic: not comparable. */
const INKS = /cmyk/;
/** Repeated where libjpeg interpolates: luma that is subsampled, chroma that is not alike. */
const UNEVEN = /asymmetric|luma_subsample|s-weird|s-very-weird/;

describe.skipIf(corpus === undefined)('JPEG pictures (needs SAFELIGHT_CORPUS)', () => {
  const files = ['jpeg-odd', 'orientation', 'photos'].flatMap((folder) =>
    filesOf(folder, 'jpeg').map((name) => ({ folder, name })),
  );

  it('finds them all', () => {
    expect(files).toHaveLength(81 + 26 + 16);
  });

  it('refuses what nobody here decodes right, and nothing else', () => {
    // All others are decoded below, once, since jpeg-js is slow.
    const outcomes = files
      .filter(({ name }) => name in REFUSED || INKS.test(name))
      .map(({ folder, name }) => [name, outcomeOf(codecs.jpeg, bytesOf(folder, name))] as const);
    expect(outcomes.some(([name]) => INKS.test(name))).toBe(true);
    expect(Object.fromEntries(outcomes.filter(([, outcome]) => outcome !== 'raster'))).toEqual(
      REFUSED,
    );
  });

  it('reads the orientation that libvips reads', async () => {
    for (const { folder, name } of files.filter((file) => !(file.name in REFUSED))) {
      const bytes = bytesOf(folder, name);
      const { orientation = 1 } = await sharp(bytes).metadata();
      const ours = codecs.jpeg.readHeader(bytes, GENEROUS_LIMITS).orientation;
      // libvips passes on numbers that EXIF does not know.
      expect([name, ours]).toEqual([name, orientation >= 1 && orientation <= 8 ? orientation : 1]);
    }
  });

  it.each(files.filter(({ name }) => !(name in REFUSED) && !INKS.test(name)))(
    'decodes $folder/$name as libjpeg does',
    async ({ folder, name }) => {
      const bytes = bytesOf(folder, name);
      const { raster } = decodeWith(codecs.jpeg, bytes);
      const { worst, mean } = await differenceFromSharp(bytes, raster);
      const isUneven = UNEVEN.test(name);
      // Two of the inverse transform, and what they come to in the sum of a colour conversion.
      expect(worst).toBeLessThanOrEqual(isUneven ? 60 : 4);
      expect(mean).toBeLessThan(isUneven ? 3 : 0.5);
    },
  );
});

const TEXTS = ['Make', 'Model', 'Software', 'DateTime', 'DateTimeOriginal', 'LensModel'] as const;
const NUMBERS = ['Orientation', 'ColorSpace', 'PixelXDimension', 'ISOSpeedRatings'] as const;

describe.skipIf(corpus === undefined)('EXIF of photographs (needs SAFELIGHT_CORPUS)', () => {
  it.each(filesOf('photos', 'jpeg'))('agrees with another reader on %s', (name) => {
    const bytes = bytesOf('photos', name);
    const { exif = {} } = codecs.jpeg.readHeader(bytes, GENEROUS_LIMITS);
    const oracle = load(Buffer.from(bytes), { expanded: true }).exif ?? {};
    const theirs = new Map<string, string>();
    for (const tag of TEXTS) {
      const text = oracle[tag]?.description;
      if (text !== undefined) theirs.set(tag, text.trim());
    }
    for (const tag of NUMBERS) {
      const value = oracle[tag]?.value;
      if (typeof value === 'number') theirs.set(tag, String(value));
    }
    const ours = new Map([...theirs.keys()].map((tag) => [tag, exif[tag]?.trim()]));
    expect(ours).toEqual(theirs);
  });
});

/** PngSuite's names of broken files begin with x. */
const BROKEN = /pngsuite-x/;

describe.skipIf(corpus === undefined)('PNG pictures (needs SAFELIGHT_CORPUS)', () => {
  const names = filesOf('png', 'png');

  it('refuses the 14 broken files of PngSuite', () => {
    const files = readdirSync(join(corpus ?? '', 'png')).filter((name) => BROKEN.test(name));
    expect(files).toHaveLength(14);
    const outcomes = files.map((name) => outcomeOf(codecs.png, bytesOf('png', name)));
    expect(new Set(outcomes)).toEqual(new Set(['BadImage/damaged']));
  });

  it('finds all others', () => {
    expect(names.filter((name) => !BROKEN.test(name))).toHaveLength(205);
    expect(names.filter((name) => /pngsuite/.test(name) && !BROKEN.test(name))).toHaveLength(156);
  });

  it.each(names.filter((name) => !BROKEN.test(name)))('decodes %s as libpng does', async (name) => {
    const bytes = bytesOf('png', name);
    const { header, raster } = decodeWith(codecs.png, bytes);
    const { worst } = await differenceFromSharp(bytes, raster);
    // libvips cuts 16 bits to 8, we round.
    expect(worst).toBeLessThanOrEqual(header.bitDepth === 16 ? 1 : 0);
  });
});
