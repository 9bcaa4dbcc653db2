/**
 * The nine examples of the service's usage page, each with what its result must be: size, format, and
 * content compared with a reference that sharp makes of the same pixels.
 * @module
 */

import { psnr } from '@safelight/testkit';
import sharp, { type Sharp } from 'sharp';
import { expect } from 'vitest';

/** Decoded samples, three a pixel. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

export interface UsageExample {
  readonly process: string;
  readonly check: (result: Buffer, source: Buffer) => Promise<void>;
}

/** JPEG at the source's quality over 8-bit rounding: below this the picture is another one. */
const SAME_PICTURE_DB = 30;

export const USAGE_EXAMPLES: readonly UsageExample[] = [
  {
    process: 'image/resize,m_fixed,w_100,h_100',
    check: resembles(100, 100, 'jpeg', (picture) => resized(picture, 100, 100)),
  },
  {
    process: 'image/crop,w_100,h_100,x_100,y_100,r_1',
    check: resembles(100, 100, 'jpeg', (picture) =>
      picture.extract({ left: 100, top: 100, width: 100, height: 100 }),
    ),
  },
  {
    process: 'image/rotate,90',
    check: resembles(1280, 1920, 'jpeg', (picture) => picture.rotate(90)),
  },
  { process: 'image/sharpen,100', check: checkSharpened },
  {
    process: 'image/watermark,text_SGVsbG8g5Zu-54mH5pyN5YqhIQ',
    check: checkWatermarked,
  },
  {
    process: 'image/format,png',
    check: resembles(1920, 1280, 'png', (picture) => picture),
  },
  { process: 'image/info', check: checkInfo },
  {
    process: 'style/example-style',
    check: resembles(100, 67, 'jpeg', (picture) => resized(picture, 100, 67)),
  },
  {
    process: 'image/resize,m_fixed,w_100,h_100/rotate,90',
    check: resembles(100, 100, 'jpeg', (picture) => resized(picture, 100, 100), true),
  },
];

/** A check of size, format and content; the reference is turned after it is made when asked. */
export function resembles(
  width: number,
  height: number,
  format: string,
  makeReference: (source: Sharp) => Sharp,
  isTurned = false,
): UsageExample['check'] {
  return async (result, source) => {
    const metadata = await sharp(result).metadata();
    expect([metadata.width, metadata.height, metadata.format]).toEqual([width, height, format]);
    let reference = await pixelsOf(makeReference(rawPicture(await decode(source))));
    if (isTurned) reference = await pixelsOf(rawPicture(reference).rotate(90));
    expect(decibels(await decode(result), reference)).toBeGreaterThan(SAME_PICTURE_DB);
  };
}

/** Lanczos over all samples: sharp would decode a JPEG smaller first. */
export function resized(picture: Sharp, width: number, height: number): Sharp {
  return picture.resize({ width, height, fit: 'fill', kernel: 'lanczos3' });
}

/** The same picture, with more difference between neighbours. */
async function checkSharpened(result: Buffer, source: Buffer): Promise<void> {
  const [sharpened, original] = [await decode(result), await decode(source)];
  expect([sharpened.width, sharpened.height]).toEqual([original.width, original.height]);
  expect(decibels(sharpened, original)).toBeGreaterThan(18);
  expect(roughness(sharpened)).toBeGreaterThan(roughness(original) * 1.05);
}

/** Marked at the lower right, where the text stands by default, and nowhere else. */
async function checkWatermarked(result: Buffer, source: Buffer): Promise<void> {
  const [marked, original] = [await decode(result), await decode(source)];
  const { width, height } = original;
  expect([marked.width, marked.height]).toEqual([width, height]);
  const top = height / 2;
  expect(decibels(await part(marked, 0, top), await part(original, 0, top))).toBeGreaterThan(35);
  const corner = { left: width - 400, top: height - 70, width: 390, height: 60 };
  const [inside, before] = await Promise.all(
    [marked, original].map((picture) => pixelsOf(rawPicture(picture).extract(corner))),
  );
  expect(decibels(inside as Pixels, before as Pixels)).toBeLessThan(25);
}

async function checkInfo(result: Buffer, source: Buffer): Promise<void> {
  await Promise.resolve();
  expect(JSON.parse(result.toString())).toMatchObject({
    FileSize: { value: String(source.length) },
    Format: { value: 'jpg' },
    ImageHeight: { value: '1280' },
    ImageWidth: { value: '1920' },
  });
}

export async function decode(picture: Buffer): Promise<Pixels> {
  return pixelsOf(sharp(picture));
}

async function pixelsOf(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture.removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function rawPicture({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

function part(picture: Pixels, top: number, bottom: number): Promise<Pixels> {
  const { width } = picture;
  return pixelsOf(rawPicture(picture).extract({ left: 0, top, width, height: bottom - top }));
}

function decibels(first: Pixels, second: Pixels): number {
  expect([first.width, first.height]).toEqual([second.width, second.height]);
  return psnr(first.data, second.data);
}

/** Mean difference between horizontal neighbours. */
function roughness({ data }: Pixels): number {
  let sum = 0;
  for (let i = 3; i < data.length; i++) sum += Math.abs((data[i] ?? 0) - (data[i - 3] ?? 0));
  return sum / data.length;
}
