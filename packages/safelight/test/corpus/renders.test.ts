import { createCanvas, loadImage } from '@napi-rs/canvas';
import { type ImageFormat, isImageError } from '@safelight/core';
import { corpusFolder, psnr } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';

/**
 * Every valid file of the corpus, 200 pixels wide, beside the picture of another decoder. sharp resizes
 * that one too; a JPEG is compared with libjpeg's of the same quality, since both lose the same then. A
 * WebP keeps alpha, which the other decoders here do not: it is libwebp's of the PNG that was compared.
 */
const corpus = corpusFolder();
const safelight = await createSafelight();

interface Folder {
  readonly name: string;
  readonly files: number;
  /** Messages of refusal, and of how many files. Listed in full where there are few. */
  readonly refused: number;
  /** Who decodes first; the other one where the first shows another picture. */
  readonly decoders: readonly (typeof byCanvas)[];
  /** Files that no decoder at hand shows as they are meant, and why. */
  readonly exceptions: Readonly<Record<string, RegExp>>;
}

const FOLDERS: readonly Folder[] = [
  { name: 'photos', files: 18, refused: 0, decoders: [byCanvas, bySharp], exceptions: {} },
  {
    name: 'jpeg-odd',
    files: 81,
    refused: 6,
    decoders: [byCanvas, bySharp],
    exceptions: {
      'chroma is repeated, not interpolated, in samplings of no camera': /s-very-weird/,
      'of some blocks, each of chroma under four of luma: one level is some dB':
        /size-[789]x[789]\.jpg/,
      'of quality 1, where a level more is another step of 255': /trailing_null|hopper_16bit/,
    },
  },
  {
    name: 'png',
    files: 219,
    refused: 14,
    decoders: [byCanvas, bySharp],
    exceptions: { 'linear light of 16 bits is reduced to 8 before its curve': /keong_macan/ },
  },
  {
    name: 'gif',
    files: 55,
    refused: 3,
    decoders: [bySharp, byCanvas],
    exceptions: {
      'libvips makes the canvas larger for a frame that leaves it': /oversized|oob|out-of-bounds/,
    },
  },
  {
    name: 'bmp',
    files: 72,
    refused: 2,
    decoders: [byCanvas],
    exceptions: {
      'Skia does not take a header of OS/2 whose palette is short': /pal8os2sp/,
      'Skia does not look at these masks of alpha': /rgba32abf|rgba32h56/,
    },
  },
  {
    name: 'tiff',
    files: 143,
    refused: 60,
    decoders: [bySharp],
    exceptions: {
      'libvips reads no such depth': /-(3|5|6|7|10|12|14)b[.-]|12bit|contig-(02|04|10|12|14)/,
      'libvips calls samples alpha that no tag does': /extra_bits/,
      'libvips shows the first plane alone': /minisblack-2c-8b-alpha/,
      'inks without a profile: libvips takes that of a press': /8b-cmyk/,
    },
  },
];

/** Decibels of agreement: 35 is a difference of 4.5 levels on average. */
const MIN_PSNR = 35;

function namesOf(folder: string): string[] {
  return corpus === undefined ? ['(no corpus)'] : readdirSync(join(corpus, folder)).toSorted();
}

function bySharp(bytes: Buffer): Promise<Sharp> {
  return Promise.resolve(sharp(bytes, { failOn: 'none' }).autoOrient());
}

/** Skia, which shows colours and gamma as Chromium does. */
async function byCanvas(bytes: Buffer): Promise<Sharp> {
  const image = await loadImage(bytes);
  const { width, height } = image;
  const context = createCanvas(width, height).getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return sharp(Buffer.from(data.buffer), { raw: { width, height, channels: 4 } });
}

function levelsOf(image: Sharp): Promise<Buffer> {
  const flat = image.flatten({ background: 'white' }).toColourspace('srgb').removeAlpha();
  return flat.raw({ depth: 'uchar' }).toBuffer();
}

const OUTPUTS = ['png', 'jpeg', 'webp'] as const satisfies readonly ImageFormat[];
type OutputFormat = (typeof OUTPUTS)[number];

interface Result {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array;
  readonly format: OutputFormat;
  /** Of the encoder: nobody's where nothing is lost. */
  readonly qualityPercent: number;
}

async function render(bytes: Buffer, format: OutputFormat): Promise<Result> {
  const chain = await safelight.parse(`image/resize,w_200/format,${format}/quality,Q_95`);
  const plan = await safelight.engine.plan(bytes, chain);
  if (plan.kind !== 'picture') throw new Error('expected a picture');
  const { qualityPercent } = plan.output.settings;
  return { ...(await safelight.render(bytes, chain)), format, qualityPercent };
}

/** Another decoder's picture, resized, as levels. Made when it is wanted, and once. */
type Reference = () => Promise<Buffer>;

function referenceBy(
  decode: (bytes: Buffer) => Promise<Sharp>,
  bytes: Buffer,
  { width, height }: Result,
): Reference {
  let levels: Promise<Buffer> | undefined;
  return () =>
    (levels ??= decode(bytes).then((image) =>
      levelsOf(image.resize(width, height, { fit: 'fill', kernel: 'lanczos3' })),
    ));
}

async function agreement(result: Result, reference: Reference): Promise<number> {
  const { width, height, format, qualityPercent: quality } = result;
  const raw = sharp(await reference(), { raw: { width, height, channels: 3 } });
  const theirs = await (format === 'jpeg' ? raw.jpeg({ quality }) : raw.png()).toBuffer();
  return psnr(await levelsOf(sharp(result.bytes)), await levelsOf(sharp(theirs)));
}

/** Of the first frame, where there are more. */
async function agreementOfWebp(webp: Result, png: Result): Promise<number> {
  const theirs = await sharp(png.bytes).webp({ quality: webp.qualityPercent }).toBuffer();
  return psnr(await levelsOf(sharp(webp.bytes)), await levelsOf(sharp(theirs)));
}

/** That of the decoder which agrees most; nothing where none reads the file. */
async function bestAgreement(result: Result, references: readonly Reference[]): Promise<number> {
  let best = 0;
  for (const reference of references) {
    best = Math.max(best, await agreement(result, reference).catch(() => 0));
    if (best >= MIN_PSNR) break;
  }
  return best;
}

describe.skipIf(corpus === undefined).each(FOLDERS)(
  'pictures of $name as other decoders show them (need SAFELIGHT_CORPUS)',
  (folder) => {
    const names = namesOf(folder.name);
    const exceptions = Object.values(folder.exceptions);
    const tally = { refused: 0, excepted: 0, compared: 0 };

    it.each(names)('%s', async (name) => {
      const bytes = readFileSync(join(corpus ?? '', folder.name, name));
      const results: Result[] = [];
      try {
        for (const format of OUTPUTS) results.push(await render(bytes, format));
      } catch (error) {
        if (!isImageError(error)) throw error;
        expect(['BadImage', 'UnsupportedFormat', 'LimitExceeded']).toContain(error.code);
        tally.refused++;
        return;
      }
      const [png, jpeg, webp] = results as [Result, Result, Result];
      expect(png.width).toBeLessThanOrEqual(200);
      expect(await agreementOfWebp(webp, png), 'webp').toBeGreaterThanOrEqual(MIN_PSNR);
      if (exceptions.some((kind) => kind.test(name))) {
        tally.excepted++;
        return;
      }
      expect([jpeg.width, jpeg.height]).toEqual([png.width, png.height]);
      const references = folder.decoders.map((decode) => referenceBy(decode, bytes, png));
      for (const result of [png, jpeg]) {
        const decibels = await bestAgreement(result, references);
        expect(decibels, result.format).toBeGreaterThanOrEqual(MIN_PSNR);
      }
      tally.compared++;
    });

    it('and are all there', () => {
      expect(names).toHaveLength(folder.files);
      expect(tally.refused).toBe(folder.refused);
      expect(tally.compared + tally.excepted + tally.refused).toBe(folder.files);
      expect(tally.excepted).toBeLessThan(folder.files / 3);
    });
  },
);
