/**
 * Pictures of the formats whose pixels third parties decode, rendered as the service does and held
 * against libvips: the same job there, encoded as coarsely, so that only what differs is seen.
 * @module
 */

import { corpusFolder, psnr } from '@safelight/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';

const corpus = corpusFolder();
const safelight = await createSafelight();
const MIN_DECIBELS = 35;
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

/** What a browser shows on white: RGB of the first frame. */
async function onWhite(picture: Sharp): Promise<Buffer> {
  return picture.flatten({ background: '#fff' }).toColourspace('srgb').raw().toBuffer();
}

const ENCODERS: Readonly<Record<OutputName, (picture: Sharp) => Sharp>> = {
  jpg: (picture) => picture.flatten({ background: '#fff' }).jpeg({ quality: 95 }),
  png: (picture) => picture.png(),
  webp: (picture) => picture.webp({ quality: 95 }),
};

/**
 * PSNR between our result and libvips's, with the profile applied by it and without: whichever is
 * nearer, since what becomes of profiles is another test's business.
 */
async function agreement(bytes: Buffer, output: OutputName): Promise<number> {
  const ours = await safelight.render(bytes, `image/resize,w_200/quality,Q_95/format,${output}`);
  const { width, height } = ours;
  const shown = await onWhite(sharp(ours.bytes));
  expect(shown).toHaveLength(3 * width * height);
  const decibels = [true, false].map(async (ignoreIcc) => {
    const upright = await sharp(bytes, { ignoreIcc, failOn: 'none' }).rotate().png().toBuffer();
    const small = sharp(upright).resize({ width, height, fit: 'fill', kernel: 'lanczos3' });
    return psnr(shown, await onWhite(sharp(await ENCODERS[output](small).toBuffer())));
  });
  return Math.max(...(await Promise.all(decibels)));
}

describe.skipIf(corpus === undefined)('WebP pictures at 200 px (need SAFELIGHT_CORPUS)', () => {
  const files = filesOf('webp');

  it('are all there', () => expect(files).toHaveLength(38));

  it.each(files)('agree with libvips in every output: %s', async (path) => {
    const bytes = bytesOf(path);
    for (const output of OUTPUTS) {
      expect(await agreement(bytes, output), output).toBeGreaterThanOrEqual(MIN_DECIBELS);
    }
  });
});
