/**
 * Profiles and code points in the containers of WebP and AVIF: what they say becomes sRGB as by lcms.
 * @module
 */

import {
  makeMatrixProfile,
  meanDeltaE,
  photoLike,
  rgbRaster,
  SRGB_CURVE,
} from '@safelight/testkit';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';
import { levelsOf, taggedPng } from './tagged.ts';

const safelight = await createSafelight();
const { width, height, rgb } = photoLike(160, 120, 7);
const raw = { width, height, channels: 3 as const };
const P3 = makeMatrixProfile('p3', SRGB_CURVE, 4);
const photo = sharp(Buffer.from(rgb), { raw });

const WRITERS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'lossy WebP': (image) => image.webp({ quality: 95 }),
  'lossless WebP': (image) => image.webp({ lossless: true }),
  AVIF: (image) => image.avif({ quality: 95, chromaSubsampling: '4:4:4', effort: 2 }),
};

async function ours(source: Uint8Array): Promise<Uint8Array> {
  const { bytes } = await safelight.render(source, 'image/format,png');
  expect((await sharp(bytes).metadata()).hasProfile ?? false).toBe(false);
  return levelsOf(bytes);
}

/** The photograph as our encoder writes it, code points and all. */
async function coded(): Promise<Buffer> {
  const png = await photo.clone().png().toBuffer();
  return Buffer.from((await safelight.render(png, 'image/format,avif')).bytes);
}

/** With other code points, in each place that has some. */
function withCodes(avif: Buffer, primaries: number, transfer: number): Buffer {
  const changed = Buffer.from(avif);
  let count = 0;
  for (let at = changed.indexOf('colrnclx'); at >= 0; at = changed.indexOf('colrnclx', at + 8)) {
    changed.writeUInt16BE(primaries, at + 8);
    changed.writeUInt16BE(transfer, at + 10);
    count++;
  }
  expect(count).toBeGreaterThan(0);
  return changed;
}

describe('a wide profile', () => {
  it.each(Object.entries(WRITERS))('in %s becomes sRGB as by lcms', async (_name, write) => {
    const source = await write(photo.clone().withIccProfile('p3')).toBuffer();
    expect((await sharp(source).metadata()).hasProfile).toBe(true);
    const theirs = await levelsOf(source);
    // Without the profile it would be another picture.
    const stored = await sharp(source, { ignoreIcc: true }).raw().toBuffer();
    expect(meanDeltaE(stored, theirs)).toBeGreaterThan(2);
    expect(meanDeltaE(await ours(source), theirs)).toBeLessThan(0.7);
  });
});

describe('colours of an AVIF by numbers', () => {
  it('are converted as those of a profile that says the same', async () => {
    const avif = await coded();
    const stored = await levelsOf(avif);
    const source = await taggedPng(rgbRaster({ width, height, rgb: stored }), P3);
    const theirs = await levelsOf(source);
    expect(meanDeltaE(stored, theirs)).toBeGreaterThan(2);
    expect(meanDeltaE(await ours(withCodes(avif, 12, 13)), theirs)).toBeLessThan(0.7);
    // A camera's curve stands for sRGB's.
    expect(meanDeltaE(await ours(withCodes(avif, 12, 1)), theirs)).toBeLessThan(0.7);
  });

  it.each([
    [1, 13],
    [1, 1],
    [1, 6],
    [2, 2],
    [12, 16],
    [9, 18],
  ])('are taken for sRGB: primaries %i, curve %i', async (primaries, transfer) => {
    const avif = await coded();
    const plain = await ours(withCodes(avif, 2, 2));
    expect(Buffer.compare(await ours(withCodes(avif, primaries, transfer)), plain)).toBe(0);
  });
});
