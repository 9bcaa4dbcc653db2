/**
 * The corpus: every JPEG of it is decoded as libjpeg-turbo and jpeg-js decode it, or refused with the
 * reason listed here; every malformed one has an answer.
 * @module
 */
import { isImageError, type ImageErrorReason } from '@safelight/core';
import { corpusFolder } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import type { DecodedJpeg } from '../../src/decode/decode-jpeg.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { differenceFromJpegJs, greyBySharp, tightSamples } from './files.ts';

const corpus = corpusFolder();
const title =
  corpus === undefined ? 'the corpus (skipped: SAFELIGHT_CORPUS is not set)' : 'the corpus';

function filesIn(folder: string, pattern: RegExp): string[] {
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, folder))
    .filter((name) => pattern.test(name))
    .map((name) => join(corpus, folder, name));
}

const REFUSED: Readonly<Record<string, ImageErrorReason>> = {
  'jpeg-decoder-jpeg_lossless_sel1.jpg': 'unsupported-kind',
  'jpeg-decoder-jpeg_lossless_sel7.jpg': 'unsupported-kind',
  'libjpeg-turbo-monkey12.jpg': 'unsupported-kind',
  'libjpeg-turbo-testimgari.jpg': 'unsupported-kind',
  'jpeg-decoder-partial_progressive.jpg': 'damaged',
  'jpeg-decoder-progressive-missing-dc.jpg': 'damaged',
};

/** jpeg-js is slow, and knows neither garbage between segments nor four raw components. */
const MAX_PIXELS_FOR_JPEG_JS = 1_000_000;
const NOT_FOR_JPEG_JS = /junk_jpeg|ff00_header|bad-comment-length/;

function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function nameOf(path: string): string {
  return path.split('/').at(-1) as string;
}

function isForJpegJs(path: string): boolean {
  const { width, height, components } = readJpegLayout(readBytes(path));
  const isSmall = width * height <= MAX_PIXELS_FOR_JPEG_JS;
  return isSmall && components.length <= 3 && !NOT_FOR_JPEG_JS.test(path);
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    return decodeJpeg(bytes).complete ? 'planes' : 'a part';
  } catch (error) {
    if (isImageError(error)) return error.reason;
    throw error;
  }
}

/** The greatest and the mean difference of a 4:4:4 YCbCr picture from sharp's RGB. */
async function differenceInRgb(
  bytes: Uint8Array,
  { planes }: DecodedJpeg,
): Promise<[number, number]> {
  const rgb = await sharp(bytes).raw().toBuffer();
  const [y, cb, cr] = planes.map(tightSamples);
  let most = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const blue = cb[i] - 128;
    const red = cr[i] - 128;
    const expected = [
      y[i] + 1.402 * red,
      y[i] - 0.344136 * blue - 0.714136 * red,
      y[i] + 1.772 * blue,
    ];
    expected.forEach((value, channel) => {
      const clamped = Math.min(255, Math.max(0, value));
      const difference = Math.abs(clamped - rgb[3 * i + channel]);
      most = Math.max(most, difference);
      total += difference;
    });
  }
  return [most, total / (3 * y.length)];
}

describe.skipIf(corpus === undefined)(`${title}`, () => {
  const odd = filesIn('jpeg-odd', /\.jpe?g$/);
  const oriented = filesIn('orientation', /\.jpg$/);
  const photos = filesIn('photos', /\.jpe?g$/i);

  it('has files', () => {
    expect(odd.length).toBeGreaterThan(70);
    expect(oriented.length).toBeGreaterThan(20);
    expect(photos.length).toBeGreaterThan(15);
  });

  const stills = [...odd, ...oriented];

  it.each(stills)('%s is decoded, or refused as listed', (path) => {
    expect(outcomeOf(readBytes(path))).toBe(REFUSED[nameOf(path)] ?? 'planes');
  });

  const decodable = stills.filter((path) => REFUSED[nameOf(path)] === undefined);
  const grey = decodable.filter((path) => readJpegLayout(readBytes(path)).components.length === 1);

  it.each(grey)('%s is equal to libjpeg-turbo', async (path) => {
    const bytes = readBytes(path);
    expect(tightSamples(decodeJpeg(bytes).planes[0])).toEqual(await greyBySharp(bytes));
  });

  it.each(decodable.filter(isForJpegJs))('%s is within 1 of jpeg-js', (path) => {
    const bytes = readBytes(path);
    expect(Math.max(...differenceFromJpegJs(bytes, decodeJpeg(bytes)))).toBeLessThanOrEqual(1);
  });

  const plain = photos.filter((path) => {
    const { components } = readJpegLayout(readBytes(path));
    return components.every((one) => one.horizontalSampling * one.verticalSampling === 1);
  });

  it.each(plain)('%s is what libjpeg-turbo shows', { timeout: 120_000 }, async (path) => {
    const bytes = readBytes(path);
    const [most, mean] = await differenceInRgb(bytes, decodeJpeg(bytes));
    // libjpeg-turbo rounds the conversion to colours: half a level at most, a little more for green.
    expect(most).toBeLessThanOrEqual(1.01);
    expect(mean).toBeLessThan(0.3);
  });

  it.each(photos)('%s is planes at 1/8', (path) => {
    const { complete, planes } = decodeJpeg(readBytes(path), { scale: 1 });
    expect(complete).toBe(true);
    expect(planes).toHaveLength(3);
  });

  it('has an answer for every malformed file', { timeout: 120_000 }, () => {
    const files = filesIn('malformed/jpeg', /./);
    const answers = { planes: 0, error: 0 };
    for (const path of files) {
      const bytes = readBytes(path);
      for (const options of [{}, { scale: 1 }, { scale: 4 }, { partial: true }]) {
        try {
          decodeJpeg(bytes, { ...options, maxPixels: 20_000_000 });
          answers.planes++;
        } catch (error) {
          if (!isImageError(error)) throw new Error(`${path}: no ImageError`, { cause: error });
          answers.error++;
        }
      }
    }
    expect(files.length).toBeGreaterThan(150);
    expect(answers.planes + answers.error).toBe(4 * files.length);
    expect(answers.error).toBeGreaterThan(files.length);
  });
});
