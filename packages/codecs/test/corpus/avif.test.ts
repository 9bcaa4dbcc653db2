import { GENEROUS_LIMITS, isImageError, type Raster } from '@safelight/core';
import { corpusFolder, psnr } from '@safelight/testkit';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { load } from 'exifreader';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createAvifCodec, nodeWasmLoader } from '../../src/index.ts';
import { decodeLater, toRgba } from '../decoding.ts';

const corpus = corpusFolder();
const codec = createAvifCodec({ loadWasm: nodeWasmLoader });
const names = corpus === undefined ? [] : readdirSync(join(corpus, 'avif')).toSorted();

/** Made to break decoders: libaom and libvips refuse it, dav1d shows one colour. */
const REFUSED = 'libavif-poc_b_506387278.avif';
/** Neither libvips nor Skia reads it: a tile of colour that serves as alpha, or sound beside it. */
const unreadByOthers = /shared_in_dimg|audio/;
/** 20 megapixels are compared at 200 px, where rendering is tested. */
const large = /immich-10bit/;
/** libvips reads no sequences. */
const unreadByLibvips = /animated/;
/**
 * libheif turns colour alone when the file says nothing of alpha; libavif and we turn both. Skia takes
 * depth for alpha.
 */
const alphaApart = /NOirot|clap_irot_imir|clop_irot|depth/;
/** Sixteen pixels of 4:2:0: interpolated here, repeated there. */
const tiny = /extended_pixi/;

function bytesOf(name: string): Buffer {
  return readFileSync(join(corpus ?? '', 'avif', name));
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

async function bySharp(bytes: Buffer): Promise<Picture> {
  const { data, info } = await sharp(bytes, { failOn: 'none', ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

/** Skia, which has libavif too. */
async function byCanvas(bytes: Buffer): Promise<Picture> {
  const picture = await loadImage(bytes);
  const { width, height } = picture;
  const context = createCanvas(width, height).getContext('2d');
  context.drawImage(picture, 0, 0);
  return { width, height, rgba: new Uint8Array(context.getImageData(0, 0, width, height).data) };
}

/** Colours where both show them, and alpha. */
function decibels(
  raster: Raster,
  { width, height, rgba }: Picture,
): { color: number; alpha: number } {
  expect([raster.width, raster.height]).toEqual([width, height]);
  const ours = toRgba(raster);
  const isColor = (_sample: number, at: number): boolean =>
    (at & 3) !== 3 && (ours[at | 3] ?? 0) > 0 && (rgba[at | 3] ?? 0) > 0;
  const isAlpha = (_sample: number, at: number): boolean => (at & 3) === 3;
  return {
    color: psnr(
      ours.filter(isColor),
      rgba.filter((sample, at) => isColor(sample, at)),
    ),
    alpha: psnr(ours.filter(isAlpha), rgba.filter(isAlpha)),
  };
}

describe.skipIf(corpus === undefined)('AVIF pictures (need SAFELIGHT_CORPUS)', () => {
  it('are all there', () => expect(names).toHaveLength(49));

  const compared = names.filter(
    (name) => name !== REFUSED && !unreadByOthers.test(name) && !large.test(name),
  );

  it('are compared, but for four', () => expect(compared).toHaveLength(45));

  it.each(compared)('are decoded as another codec does: %s', async (name) => {
    const bytes = bytesOf(name);
    const { raster } = await decodeLater(codec, bytes);
    const theirs = await (unreadByLibvips.test(name) ? byCanvas(bytes) : bySharp(bytes));
    const { color, alpha } = decibels(raster, theirs);
    expect(color).toBeGreaterThan(tiny.test(name) ? 19 : 44);
    if (!alphaApart.test(name)) expect(alpha).toBeGreaterThan(45);
  });

  it.each(names.filter((name) => unreadByOthers.test(name)))(
    'are decoded where others give up: %s',
    async (name) => {
      const { header, raster } = await decodeLater(codec, bytesOf(name));
      expect([raster.width, raster.height]).toEqual([header.width, header.height]);
    },
  );

  it('are refused when libaom does not decode them', async () => {
    const refusal = await decodeLater(codec, bytesOf(REFUSED)).catch((error: unknown) => error);
    expect(isImageError(refusal) && [refusal.code, refusal.reason]).toEqual([
      'BadImage',
      'damaged',
    ]);
  });

  it('have the EXIF that another reader finds, and no orientation left to apply', () => {
    const bytes = bytesOf('libavif-paris_icc_exif_xmp.avif');
    const { exif, orientation, hasIcc, bitDepth } = codec.readHeader(bytes, GENEROUS_LIMITS);
    expect(exif?.['Model']).toBe(load(bytes).Model?.description);
    expect([orientation, hasIcc, bitDepth]).toEqual([1, true, 8]);
    const deep = codec.readHeader(bytesOf('libavif-weld_sato_12B_8B_q0.avif'), GENEROUS_LIMITS);
    expect(deep.bitDepth).toBe(12);
  });
});
