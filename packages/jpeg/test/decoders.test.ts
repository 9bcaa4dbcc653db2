/**
 * Decoders of others read our files as the picture that went in: jpeg-js (which repeats chroma, so
 * luma is compared) and libjpeg through sharp, both against a float64 decoding of the same file.
 * @module
 */
import { decode } from 'jpeg-js';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeJpeg } from '../src/encode-jpeg.ts';
import type { JpegEncodeOptions } from '../src/options.ts';
import { readJpeg } from './jpeg-reader.ts';
import { naiveDecode } from './naive-dct.ts';
import { componentOf, componentsOf, generatePicture, rgbToPlanes } from './picture.ts';

const SAMPLINGS = {
  '4:4:4': [1, 1],
  '4:2:0': [2, 2],
  '4:2:2': [2, 1],
  '4:4:0': [1, 2],
  '4:1:1': [4, 1],
  '4:1:0': [4, 2],
  '3 x 1': [3, 1],
  '4 x 4': [4, 4],
} as const;
type Sampling = keyof typeof SAMPLINGS | 'grey';
const ALL_SAMPLINGS = ['grey', ...Object.keys(SAMPLINGS)] as Sampling[];

/** Greatest difference of two integer transforms from the float64 one, after rounding. */
const DECODER_TOLERANCE = 2;

function optionsOf(
  width: number,
  height: number,
  sampling: Sampling,
  more: Partial<JpegEncodeOptions> = {},
): JpegEncodeOptions {
  const picture = generatePicture(width, height, 7 * width + height);
  const components =
    sampling === 'grey'
      ? [componentOf(rgbToPlanes(picture)[0], width, height)]
      : componentsOf(picture, SAMPLINGS[sampling]);
  return { width, height, components, qualityPercent: 75, ...more };
}

/** The luma of a file as float64 decoding has it, without padding. */
function decodeLuma(baseline: Uint8Array): Uint8Array {
  const jpeg = readJpeg(baseline);
  const { data, width } = naiveDecode(jpeg, jpeg.components[0]);
  const luma = new Uint8Array(jpeg.width * jpeg.height);
  for (let y = 0; y < jpeg.height; y++) {
    luma.set(data.subarray(y * width, y * width + jpeg.width), y * jpeg.width);
  }
  return luma;
}

/** jpeg-js keeps Y, Cb and Cr as they are when told not to transform; grey comes three times. */
function decodeLumaByJpegJs(bytes: Uint8Array): Uint8Array {
  const { data } = decode(bytes, { useTArray: true, formatAsRGBA: false, colorTransform: false });
  return data.filter((_, index) => index % 3 === 0);
}

/** The pixels by libjpeg: a sample each for grey, else interleaved RGB. Any warning fails. */
async function decodeBySharp(bytes: Uint8Array): Promise<Uint8Array> {
  const data = await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
  const grey = readJpeg(bytes).components.length === 1;
  // Grey comes out as three equal channels.
  return new Uint8Array(grey ? data.filter((_, index) => index % 3 === 0) : data);
}

function greatestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let greatest = 0;
  for (let i = 0; i < a.length; i++) greatest = Math.max(greatest, Math.abs(a[i] - b[i]));
  return greatest;
}

/** The greatest luma difference, leaving out pixels where a colour was clipped at either end. */
function greatestLumaDifference(luma: Uint8Array, rgb: Uint8Array): number {
  let greatest = 0;
  for (let i = 0; i < luma.length; i++) {
    const [r, g, b] = rgb.subarray(3 * i, 3 * i + 3);
    if (Math.min(r, g, b) === 0 || Math.max(r, g, b) === 255) continue;
    greatest = Math.max(greatest, Math.abs(luma[i] - (0.299 * r + 0.587 * g + 0.114 * b)));
  }
  return greatest;
}

/** Encodes baseline and progressive, decodes both by all, and tells who sees another picture. */
async function findDisagreements(options: JpegEncodeOptions): Promise<string[]> {
  const baseline = encodeJpeg({ ...options, progressive: false });
  const progressive = encodeJpeg({ ...options, progressive: true });
  const luma = decodeLuma(baseline);
  const byLibjpeg = await decodeBySharp(baseline);
  const grey = options.components.length === 1;
  const differences = {
    'jpeg-js, baseline': greatestDifference(decodeLumaByJpegJs(baseline), luma),
    'jpeg-js, progressive': greatestDifference(decodeLumaByJpegJs(progressive), luma),
    'sharp, baseline': grey
      ? greatestDifference(byLibjpeg, luma)
      : greatestLumaDifference(luma, byLibjpeg),
  };
  const found = Object.entries(differences)
    .filter(([, difference]) => difference > DECODER_TOLERANCE)
    .map(([name, difference]) => `${name}: ${difference} at ${options.width}x${options.height}`);
  const again = await decodeBySharp(progressive);
  if (Buffer.compare(again, byLibjpeg) !== 0) found.push('sharp, progressive unlike baseline');
  return found;
}

describe.each(ALL_SAMPLINGS)('a picture in %s', (sampling) => {
  it.each([1, 10, 50, 75, 90, 100])('is decoded alike at quality %i', async (qualityPercent) => {
    const options = optionsOf(70, 53, sampling, { qualityPercent });
    expect(await findDisagreements(options)).toEqual([]);
  });

  it('is decoded alike at sizes from 1 x 1 to 40 x 40', async () => {
    for (let width = 1; width <= 40; width += 3) {
      for (let height = 1 + (width % 2); height <= 40; height += 7) {
        const options = optionsOf(width, height, sampling);
        expect(await findDisagreements(options)).toEqual([]);
      }
    }
  });

  it.each([1, 2, 3, 7, 100])('is decoded alike with restarts every %i MCUs', async (interval) => {
    const options = optionsOf(75, 61, sampling, { restartInterval: interval });
    expect(await findDisagreements(options)).toEqual([]);
    const { restartInterval: _, ...plain } = options;
    const restarted = readJpeg(encodeJpeg(options));
    expect(restarted.restartInterval).toBe(interval);
    readJpeg(encodeJpeg(plain)).components.forEach(({ coefficients }, index) => {
      expect(restarted.components[index].coefficients).toEqual(coefficients);
    });
  });
});

describe('the picture that comes back', () => {
  it.each(['grey', '4:4:4'] as const)('is close to the one that went in (%s)', async (sampling) => {
    const picture = generatePicture(120, 90, 11);
    const components =
      sampling === 'grey'
        ? [componentOf(rgbToPlanes(picture)[0], 120, 90)]
        : componentsOf(picture, [1, 1]);
    const bytes = encodeJpeg({ width: 120, height: 90, components, qualityPercent: 100 });
    const data = await decodeBySharp(bytes);
    const source = sampling === 'grey' ? components[0].data : picture.data;
    // At quality 100 all divisors are 1: what is left is rounding, of three planes in colour.
    expect(greatestDifference(data, source)).toBeLessThanOrEqual(sampling === 'grey' ? 2 : 5);
  });

  it('keeps a flat colour exactly flat', async () => {
    const planes = [180, 90, 140].map((level) => new Uint8Array(50 * 40).fill(level));
    const components = planes.map((plane) => componentOf(plane, 50, 40));
    const bytes = encodeJpeg({ width: 50, height: 40, components, qualityPercent: 90 });
    const data = await decodeBySharp(bytes);
    expect(new Set(data.filter((_, index) => index % 3 === 0)).size).toBe(1);
    expect(new Set(data.filter((_, index) => index % 3 === 1)).size).toBe(1);
    expect(new Set(data.filter((_, index) => index % 3 === 2)).size).toBe(1);
  });
});
