import { GENEROUS_LIMITS, type Raster } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import ExifReader from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createJpegCodec, createPngCodec, sniffFormat } from '../../src/index.ts';
import { decodeWith, outcomeOf, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const codecs = { jpeg: createJpegCodec(), png: createPngCodec() };
/** Larger ones are compared at every n-th row only, to keep the test short. */
const ROWS_COMPARED = 200;

function filesOf(folder: string, format: 'jpeg' | 'png'): string[] {
  if (corpus === undefined) return ['(no corpus)'];
  return readdirSync(join(corpus, folder))
    .sort()
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
  // A comment of length 0; libjpeg takes it for 2.
  'wuffs-hippopotamus-bad-comment-length.jpeg': 'BadImage/damaged',
};

/** libvips converts CMYK by a profile of its own, jpeg-js by arithmetic: not comparable. */
const INKS = /cmyk/;
/** Repeated where libjpeg interpolates: luma that is subsampled, chroma that is not alike. */
const UNEVEN = /asymmetric|luma_subsample|s-weird|s-very-weird/;

describe.skipIf(corpus === undefined)('JPEG pictures (needs SAFELIGHT_CORPUS)', () => {
  it('finds them all', () => {
    const count = (folder: string) => filesOf(folder, 'jpeg').length;
    expect([count('jpeg-odd'), count('orientation'), count('photos')]).toEqual([0, 0, 0]);
  });

  it.each(
    ['jpeg-odd', 'orientation', 'photos'].flatMap((folder) =>
      filesOf(folder, 'jpeg').map((name) => [folder, name] as const),
    ),
  )('decodes %s/%s as libjpeg does', async (folder, name) => {
    const bytes = bytesOf(folder, name);
    const refusal = REFUSED[name];
    if (refusal !== undefined) {
      expect(outcomeOf(codecs.jpeg, bytes)).toBe(refusal);
      return;
    }
    const { header, raster } = decodeWith(codecs.jpeg, bytes);
    const oracle = await sharp(bytes).metadata();
    expect(header.orientation).toBe((oracle.orientation ?? 1) || 1);
    expect(header.progressive).toBe(oracle.isProgressive);
    if (INKS.test(name)) return;
    const { worst, mean } = await differenceFromSharp(bytes, raster);
    console.log(name, header.sampling?.[0], worst, mean);
    expect(worst).toBeLessThanOrEqual(UNEVEN.test(name) ? 60 : 4);
    expect(mean).toBeLessThan(1);
  });
});

describe.skipIf(corpus === undefined)('EXIF of photographs (needs SAFELIGHT_CORPUS)', () => {
  it.each(filesOf('photos', 'jpeg'))('agrees with another reader on %s', (name) => {
    const bytes = bytesOf('photos', name);
    const { exif = {} } = codecs.jpeg.readHeader(bytes, GENEROUS_LIMITS);
    const oracle = ExifReader.load(Buffer.from(bytes), { expanded: true }).exif ?? {};
    const names = [
      'Make',
      'Model',
      'Software',
      'DateTime',
      'DateTimeOriginal',
      'LensModel',
    ] as const;
    for (const tag of names) {
      const theirs = oracle[tag]?.description;
      if (theirs !== undefined) expect(exif[tag]?.trim()).toBe(String(theirs).trim());
    }
    const numbers = ['Orientation', 'ColorSpace', 'PixelXDimension', 'ISOSpeedRatings'] as const;
    for (const tag of numbers) {
      const theirs = oracle[tag]?.value;
      if (typeof theirs === 'number') expect(exif[tag]).toBe(String(theirs));
    }
  });
});

describe.skipIf(corpus === undefined)('PNG pictures (needs SAFELIGHT_CORPUS)', () => {
  const names = filesOf('png', 'png');
  const broken = (name: string) => /pngsuite-x/.test(name);

  it('refuses the 14 broken files of PngSuite', () => {
    const files = readdirSync(join(corpus ?? '', 'png')).filter(broken);
    expect(files).toHaveLength(14);
    for (const name of files) {
      expect(outcomeOf(codecs.png, bytesOf('png', name)), name).toBe('BadImage/damaged');
    }
  });

  it('finds all others', () => {
    expect(names.filter((name) => !broken(name))).toHaveLength(205);
    expect(names.filter((name) => /pngsuite/.test(name) && !broken(name))).toHaveLength(156);
  });

  it.each(names.filter((name) => !broken(name)))('decodes %s as libpng does', async (name) => {
    const bytes = bytesOf('png', name);
    const { header, raster } = decodeWith(codecs.png, bytes);
    const { worst } = await differenceFromSharp(bytes, raster);
    // libvips cuts 16 bits to 8, we round.
    expect(worst).toBeLessThanOrEqual(header.bitDepth === 16 ? 1 : 0);
  });
});
