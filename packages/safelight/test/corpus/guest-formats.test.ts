/**
 * Pictures of the formats whose pixels third parties decode, rendered as the service does and held
 * against libvips: the same job there, encoded as coarsely, so that only what differs is seen.
 * @module
 */

import { createCanvas, loadImage } from '@napi-rs/canvas';
import { GENEROUS_LIMITS } from '@safelight/core';
import {
  corpusFolder,
  decodeByLibheif,
  programPath,
  psnr,
  type RgbaPixels,
} from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';
import { createChromiumPictures } from './chromium-pictures.ts';

const corpus = corpusFolder();
const safelight = await createSafelight();
const MIN_DECIBELS = 35;
/** Three renders of 20 megapixels and a slow reference, on a busy machine. */
const TIMEOUT_MS = 240_000;
const limits = { ...GENEROUS_LIMITS, timeoutMs: TIMEOUT_MS };
const OUTPUTS = ['jpg', 'png', 'webp'] as const;
type OutputName = (typeof OUTPUTS)[number];

function filesOf(folder: string): string[] {
  if (corpus === undefined) return [];
  return readdirSync(join(corpus, folder))
    .toSorted()
    .map((name) => join(folder, name));
}

function bytesOf(path: string): Buffer {
  return readFileSync(join(corpus ?? '', path));
}

/** The whole picture as another decoder has it, upright. */
type Reference = (bytes: Buffer, ignoreIcc: boolean) => Promise<RgbaPixels>;

const byLibvips: Reference = async (bytes, ignoreIcc) => {
  const { data, info } = await sharp(bytes, { ignoreIcc, failOn: 'none' })
    .rotate()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
};

/** Skia, which applies profiles always. */
const byCanvas: Reference = async (bytes) => {
  const picture = await loadImage(bytes);
  const { width, height } = picture;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data) };
};

/** libheif with the whole file: it applies no profile. */
const byLibheif: Reference = (bytes) => Promise.resolve(decodeByLibheif(bytes));

const chromiumPath = programPath('chromium');
const chromium = chromiumPath === undefined ? undefined : createChromiumPictures(chromiumPath);
afterAll(() => chromium?.close());

const byChromium: Reference = (bytes) => {
  if (chromium === undefined) throw new Error('expected chromium');
  return chromium.decode(bytes, 'image/avif');
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/** As a PNG. */
function shrink({ width, height, rgba }: RgbaPixels, size: Size): Promise<Buffer> {
  return sharp(rgba, { raw: { width, height, channels: 4 } })
    .resize({ width: size.width, height: size.height, fit: 'fill', kernel: 'lanczos3' })
    .png()
    .toBuffer();
}

/** What a browser shows on white: RGB of the first frame. */
async function onWhite(picture: Sharp): Promise<Buffer> {
  return picture.flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer();
}

const ENCODERS: Readonly<Record<OutputName, (picture: Sharp) => Sharp>> = {
  jpg: (picture) => picture.flatten({ background: '#fff' }).jpeg({ quality: 95 }),
  png: (picture) => picture.png(),
  webp: (picture) => picture.webp({ quality: 95 }),
};

/** What another decoder has of a picture, made as small, with its profile applied and without. */
async function smallReferences(
  bytes: Buffer,
  size: Size,
  reference: Reference,
): Promise<readonly Buffer[]> {
  const { icc } = await sharp(bytes)
    .metadata()
    .catch(() => ({ icc: undefined }));
  const smalls: Buffer[] = [];
  for (const ignoreIcc of icc === undefined ? [true] : [true, false]) {
    smalls.push(await shrink(await reference(bytes, ignoreIcc), size));
  }
  return smalls;
}

/**
 * PSNR between our result and the nearest of the references, encoded alike: what becomes of profiles
 * is another test's business.
 */
async function agreement(
  bytes: Uint8Array,
  output: OutputName,
  references: readonly Buffer[],
): Promise<number> {
  const shown = await onWhite(sharp(bytes));
  const decibels = references.map(async (small) =>
    psnr(shown, await onWhite(sharp(await ENCODERS[output](sharp(small)).toBuffer()))),
  );
  return Math.max(...(await Promise.all(decibels)));
}

interface Folder {
  readonly name: string;
  readonly files: number;
  /** By name, what libvips does not read and another one does. */
  readonly byOther?: readonly [names: RegExp, reference: Reference];
  /** By name, what Chromium alone shows as it is meant. */
  readonly byChromium?: RegExp;
  /** By name, each with a reason. */
  readonly incomparable?: RegExp;
}

const FOLDERS: readonly Folder[] = [
  { name: 'webp', files: 38 },
  {
    name: 'avif',
    files: 49,
    byOther: [/animated/, byCanvas],
    // audio, depth: libvips and Skia do not read them, or not rightly. NOirot: libheif turns colour and
    // not alpha. wcg_sdr: linear BT.2020 by numbers, which libvips and Skia show as sRGB.
    byChromium: /audio|depth|NOirot|wcg_sdr/,
    // poc: made to break decoders; libaom refuses it, as libvips does. shared_in_dimg: both others refuse
    // it. clap, clop: libvips turns colour and not alpha, Chromium refuses the one and of the other's
    // 12 x 34 pixels keeps 33 dB. extended_pixi: 16 pixels of 4:2:0, of which libvips repeats chroma;
    // Chromium's 54 dB become 33 in a JPEG.
    incomparable: /poc|shared_in_dimg|clap_irot|clop_irot|extended_pixi/,
  },
  {
    name: 'heic',
    files: 25,
    byOther: [/./, byLibheif],
    // Display P3, which libheif does not convert. Its pixels are compared where it is decoded.
    incomparable: /IMG_2682/,
  },
];

describe.skipIf(corpus === undefined).each(FOLDERS)(
  '$name pictures at 200 px (need SAFELIGHT_CORPUS)',
  (folder) => {
    const files = filesOf(folder.name);

    it('are all there', () => expect(files).toHaveLength(folder.files));

    const othersOf = (path: string): Reference => {
      const [names, other = byLibvips] = folder.byOther ?? [];
      return names?.test(path) ? other : byLibvips;
    };
    const comparable = files.filter((path) => !folder.incomparable?.test(path));
    const isForChromium = (path: string): boolean => folder.byChromium?.test(path) ?? false;

    it.each(comparable.filter((path) => !isForChromium(path)))(
      'agree with another decoder in every output: %s',
      (path) => expectAgreement(path, othersOf(path)),
      TIMEOUT_MS,
    );

    it.skipIf(chromium === undefined).each(comparable.filter(isForChromium))(
      'agree with Chromium in every output (needs chromium): %s',
      (path) => expectAgreement(path, byChromium),
    );
  },
);

async function expectAgreement(path: string, reference: Reference): Promise<void> {
  const bytes = bytesOf(path);
  let references: readonly Buffer[] | undefined;
  for (const output of OUTPUTS) {
    const chain = `image/resize,w_200/quality,Q_95/format,${output}`;
    const ours = await safelight.render(bytes, chain, { limits });
    references ??= await smallReferences(bytes, ours, reference);
    const decibels = await agreement(ours.bytes, output, references);
    expect(decibels, output).toBeGreaterThanOrEqual(MIN_DECIBELS);
  }
}
