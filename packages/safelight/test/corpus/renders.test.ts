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

/** Files that no decoder at hand shows as they are meant. */
interface Exception {
  readonly names: RegExp;
  /** How many, without those that are refused. */
  readonly files: number;
  /** Outputs in which they agree with a decoder all the same. @default none */
  readonly agreeIn?: readonly OutputFormat[];
}

interface Folder {
  readonly name: string;
  readonly files: number;
  readonly refused: number;
  /** Who decodes first; the other one where the first shows another picture. */
  readonly decoders: readonly (typeof byCanvas)[];
  /** By their reason. */
  readonly exceptions: Readonly<Record<string, Exception>>;
  /** What no decoder reads, and a file that shows the same. */
  readonly twins?: readonly [names: RegExp, twin: string];
}

const FOLDERS: readonly Folder[] = [
  { name: 'photos', files: 18, refused: 0, decoders: [byCanvas, bySharp], exceptions: {} },
  { name: 'orientation', files: 33, refused: 0, decoders: [byCanvas, bySharp], exceptions: {} },
  {
    name: 'jpeg-odd',
    files: 81,
    refused: 6,
    decoders: [byCanvas, bySharp],
    exceptions: {
      'chroma is repeated, not interpolated, in samplings of no camera': {
        names: /s-very-weird/,
        files: 1,
        agreeIn: ['png'],
      },
      'of some blocks, each of chroma under four of luma: one level is some dB': {
        names: /size-[789]x[789]\.jpg/,
        files: 3,
        agreeIn: ['png'],
      },
      'of quality 1, where a level more is another step of 255': {
        names: /trailing_null|hopper_16bit/,
        files: 2,
        agreeIn: ['png'],
      },
    },
  },
  {
    name: 'png',
    files: 219,
    refused: 14,
    decoders: [byCanvas, bySharp],
    exceptions: {
      'linear light of 16 bits is reduced to 8 before its curve': {
        names: /keong_macan_2020/,
        files: 1,
      },
    },
  },
  {
    name: 'gif',
    files: 55,
    refused: 3,
    decoders: [bySharp, byCanvas],
    exceptions: {
      'libvips makes the canvas larger for a frame that leaves it': {
        names: /oversized|oob|out-of-bounds/,
        files: 3,
      },
    },
  },
  {
    name: 'bmp',
    files: 72,
    refused: 2,
    decoders: [byCanvas],
    exceptions: {
      'Skia does not take a header of OS/2 whose palette is short': {
        names: /pal8os2sp/,
        files: 1,
      },
      'Skia does not look at these masks of alpha': { names: /rgba32abf|rgba32h56/, files: 2 },
    },
  },
  {
    name: 'tiff',
    files: 143,
    refused: 60,
    decoders: [bySharp],
    exceptions: {
      'libvips reads no such depth': {
        names: /-(3|5|6|7|10|12|14)b[.-]|12bit|contig-0[24]/,
        files: 31,
      },
      'libvips calls samples alpha that no tag does': { names: /extra_bits/, files: 2 },
      'libvips shows the first plane alone': { names: /minisblack-2c-8b-alpha/, files: 1 },
      'inks without a profile: libvips takes that of a press': { names: /8b-cmyk/, files: 1 },
    },
    twins: [/flower-rgb-contig-1[024]/, 'libtiffpic-flower-rgb-contig-08.tif'],
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
    const exceptions = Object.entries(folder.exceptions);
    const tally = { refused: 0, compared: 0 };
    const excepted: Record<string, number> = {};

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
      expect([jpeg.width, jpeg.height]).toEqual([png.width, png.height]);
      const [reason, exception] = exceptions.find(([, { names: some }]) => some.test(name)) ?? [];
      const [twins, twin = name] = folder.twins ?? [];
      const shown = twins?.test(name) ? readFileSync(join(corpus ?? '', folder.name, twin)) : bytes;
      const compared = [png, jpeg].filter(
        ({ format }) => exception === undefined || exception.agreeIn?.includes(format),
      );
      const references =
        compared.length === 0
          ? []
          : folder.decoders.map((decode) => referenceBy(decode, shown, png));
      for (const result of compared) {
        const decibels = await bestAgreement(result, references);
        expect(decibels, result.format).toBeGreaterThanOrEqual(MIN_PSNR);
      }
      if (reason === undefined) tally.compared++;
      else excepted[reason] = (excepted[reason] ?? 0) + 1;
    });

    it('and are all there', () => {
      expect(names).toHaveLength(folder.files);
      const expected = exceptions.map(([reason, { files }]) => [reason, files] as const);
      expect(excepted).toEqual(Object.fromEntries(expected));
      const left = expected.reduce((sum, [, files]) => sum - files, folder.files - folder.refused);
      expect(tally).toEqual({ refused: folder.refused, compared: left });
    });
  },
);
