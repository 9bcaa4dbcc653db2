/**
 * The corpus: every JPEG of it is decoded as libjpeg-turbo and jpeg-js decode it, or refused with the
 * reason listed here; every malformed one has an answer.
 * @module
 */
import { isImageError, type ImageErrorReason } from '@safelight/core';
import { corpusFolder, psnr, randomFrom } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { boxReduced, cropOf } from './areas.ts';
import { differenceFromJpegJs, tightSamples } from './files.ts';
import { samplesBySharp, shownSamples } from './shown.ts';

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

/** jpeg-js knows neither garbage between segments nor four raw components. */
const NOT_FOR_JPEG_JS: readonly (readonly [names: RegExp, files: number])[] = [
  [/junk_jpeg|ff00_header|bad-comment-length/, 3],
  [/cmyk/, 4],
];

/** Files of one picture with the same coefficients, coded in different ways. */
const TWINS = [
  ['testdata-flower.png.im_q85_420.jpg', 'testdata-flower.png.im_q85_420_progr.jpg'],
  ['wuffs-peacock.s2x2-420.jpeg', 'wuffs-peacock.progressive.jpeg'],
  [
    'testdata-flower_small.q85_420_non_interleaved.jpg',
    'testdata-flower_small.q85_420_partially_interleaved.jpg',
  ],
  [
    'testdata-flower_small.q85_444_non_interleaved.jpg',
    'testdata-flower_small.q85_444_partially_interleaved.jpg',
  ],
] as const;

/**
 * The least luma PSNR, in dB, of a decode at N/8 beside the box-reduced whole, over the corpus: as
 * measured, rounded down. At 1/8 a block's mean is what the box gives; between, the transform keeps
 * edges that the box blurs.
 */
const LEAST_PSNR: Readonly<Record<number, number>> = {
  1: 36.6,
  2: 34.2,
  3: 32.4,
  4: 33.3,
  5: 32.4,
  6: 32.2,
  7: 32.6,
};
/** Progressive files that end, well-formed, before their last scans. */
const UNFINISHED = /peacock\.progressive\.scan00\d/;

/** The part of a large file that is reduced, in pixels from its corner. */
const REDUCED_SIDE = 512;

function readBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}

function nameOf(path: string): string {
  return path.split('/').at(-1) as string;
}

function isForJpegJs(path: string): boolean {
  return !NOT_FOR_JPEG_JS.some(([names]) => names.test(nameOf(path)));
}

function outcomeOf(bytes: Uint8Array): string {
  try {
    return decodeJpeg(bytes).complete ? 'planes' : 'a part';
  } catch (error) {
    if (isImageError(error)) return error.reason;
    throw error;
  }
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

  it('refuses only what is listed', () => {
    expect(stills.filter((path) => nameOf(path) in REFUSED)).toHaveLength(6);
  });

  const decodable = [...stills, ...photos].filter((path) => REFUSED[nameOf(path)] === undefined);

  it.each(decodable)('%s is what libjpeg-turbo shows', { timeout: 120_000 }, async (path) => {
    const bytes = readBytes(path);
    const { model, samples } = shownSamples(decodeJpeg(bytes, { upsample: true }));
    // Not a level apart, in any sampling: transform, triangles and colours have libjpeg's roundings.
    expect(samples.equals(await samplesBySharp(bytes, model))).toBe(true);
  });

  const forJpegJs = decodable.filter(isForJpegJs);

  it.each(forJpegJs)('%s is within 1 of jpeg-js', { timeout: 120_000 }, (path) => {
    const bytes = readBytes(path);
    expect(Math.max(...differenceFromJpegJs(bytes, decodeJpeg(bytes)))).toBeLessThanOrEqual(1);
  });

  it('leaves nothing out but what is listed', () => {
    expect([stills.length, photos.length, decodable.length]).toEqual([107, 16, 117]);
    const counts = NOT_FOR_JPEG_JS.map(
      ([names]) => decodable.filter((path) => names.test(nameOf(path))).length,
    );
    expect(counts).toEqual(NOT_FOR_JPEG_JS.map(([, files]) => files));
    expect(forJpegJs).toHaveLength(110);
  });

  it.each(decodable)('%s has regions that are crops of the whole', (path) => {
    const bytes = readBytes(path);
    const { width, height } = readJpegLayout(bytes);
    const random = randomFrom(width * height);
    for (let i = 0; i < 3; i++) {
      const options = { scale: 1 + Math.floor(8 * random()), upsample: i === 1 };
      const left = random() * width;
      const top = random() * height;
      const region = { left, top, width: random() * 400 + 0.01, height: random() * 400 + 0.01 };
      const whole = decodeJpeg(bytes, options);
      decodeJpeg(bytes, { ...options, region }).planes.forEach((plane, index) => {
        const crop = cropOf(whole.planes[index], plane);
        expect(Buffer.compare(tightSamples(plane), crop)).toBe(0);
      });
    }
  });

  it('is near the box-reduced whole at N/8', { timeout: 120_000 }, () => {
    const least: Record<number, number> = {};
    for (const path of decodable) {
      const bytes = readBytes(path);
      const { width, height } = readJpegLayout(bytes);
      if (Math.min(width, height) < 64) continue;
      const region = { left: 0, top: 0, width: REDUCED_SIDE, height: REDUCED_SIDE };
      const [whole] = decodeJpeg(bytes, { region }).planes;
      for (let scale = 1; scale < 8; scale++) {
        const [plane] = decodeJpeg(bytes, { region, scale }).planes;
        const db = psnr(tightSamples(plane), boxReduced(whole, plane));
        least[scale] = Math.min(least[scale] ?? Infinity, db);
      }
    }
    for (let scale = 1; scale < 8; scale++) {
      expect(least[scale]).toBeGreaterThan(LEAST_PSNR[scale]);
    }
  });

  it.each(TWINS)('%s decodes like %s', (one, other) => {
    const [first, second] = [one, other].map((name) =>
      readBytes(odd.find((path) => nameOf(path) === name) as string),
    );
    for (let scale = 1; scale <= 8; scale++) {
      const planes = decodeJpeg(first, { scale }).planes.map(tightSamples);
      decodeJpeg(second, { scale }).planes.forEach((plane, i) => {
        expect(Buffer.compare(tightSamples(plane), planes[i])).toBe(0);
      });
    }
  });

  it.each(photos)('%s is planes at 1/8', (path) => {
    const { complete, planes } = decodeJpeg(readBytes(path), { scale: 1 });
    expect(complete).toBe(true);
    expect(planes).toHaveLength(3);
  });

  it('shows what decodes of the malformed files as libjpeg-turbo does', async () => {
    const counts = { equal: 0, smoothed: 0 };
    for (const path of filesIn('malformed/jpeg', /./)) {
      const bytes = readBytes(path);
      if (outcomeOf(bytes) !== 'planes') continue;
      const { model, samples } = shownSamples(decodeJpeg(bytes, { upsample: true }));
      const isEqual = samples.equals(await samplesBySharp(bytes, model));
      // Where scans are missing, libjpeg guesses at coefficients that have not come.
      expect([nameOf(path), isEqual]).toEqual([nameOf(path), !UNFINISHED.test(path)]);
      counts[isEqual ? 'equal' : 'smoothed']++;
    }
    expect(counts).toEqual({ equal: 10, smoothed: 9 });
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
