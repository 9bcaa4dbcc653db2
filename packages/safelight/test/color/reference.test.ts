import { createJpegCodec, createPlanarPngCodec, nodeDeflater } from '@safelight/codecs';
import { type Codec, createArena, createBudget, GENEROUS_LIMITS, type Raster } from '@safelight/core';
import {
  gammaTag,
  grayRaster,
  makeGrayProfile,
  makeMatrixProfile,
  makeProfile,
  meanDeltaE,
  parametricTag,
  photoLike,
  rgbRaster,
  sampledTag,
  SRGB_CURVE,
  stagesTag,
  tableTag,
  xyzTag,
  ycbcrRaster,
} from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';

const limits = GENEROUS_LIMITS;
const png = createPlanarPngCodec({ deflater: nodeDeflater });
const jpeg = createJpegCodec();
const picture = photoLike(160, 120, 7);

async function withProfile(codec: Codec, raster: Raster, icc: Uint8Array): Promise<Uint8Array> {
  const context = { arena: createArena(), budget: createBudget(limits.maxMemoryBytes), limits };
  const settings = { qualityPercent: 95, progressive: false };
  const bytes = await codec.encode?.({ ...raster, metadata: { icc } }, settings, context);
  if (bytes === undefined) throw new Error('expected an encoder');
  return bytes;
}

async function levelsOf(bytes: Uint8Array): Promise<Uint8Array> {
  return sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer();
}

const CASES = {
  'Display P3, parametric': makeMatrixProfile('p3', SRGB_CURVE, 4),
  'Display P3, sampled': makeMatrixProfile('p3', sampledTag(1024, (v) => v ** 2.2)),
  'Adobe RGB': makeMatrixProfile('adobe-rgb', gammaTag(563 / 256)),
  ProPhoto: makeMatrixProfile('prophoto', parametricTag(3, [1.8, 1, 0, 1 / 16, 0.031248]), 4),
};

describe('oracle', () => {
  it.each(Object.entries(CASES))('matches %s', async (name, icc) => {
    const safelight = await createSafelight();
    for (const [codec, raster] of [
      [png, rgbRaster(picture)],
      [jpeg, ycbcrRaster(picture, 2, 2)],
    ] as const) {
      const source = await withProfile(codec, raster, icc);
      const plain = await withProfile(codec, raster, new Uint8Array(0));
      const { bytes } = await safelight.render(source, 'image/format,png');
      const ours = await levelsOf(bytes);
      const theirs = await levelsOf(source);
      const small = await safelight.render(source, 'image/resize,w_64/format,png');
      const smallTheirs = await sharp(source).resize(64).toColourspace('srgb').raw().toBuffer();
      console.log(name, codec.format, meanDeltaE(ours, theirs), 'unconverted', meanDeltaE(await levelsOf(plain), theirs),
       'small', meanDeltaE(await levelsOf(small.bytes), smallTheirs));
    }
  });
  it('cmyk', async () => {
    const safelight = await createSafelight();
    const source = await sharp(Buffer.from(picture.rgb), { raw: { width: 160, height: 120, channels: 3 } })
      .toColourspace('cmyk').withIccProfile('cmyk').tiff({ compression: 'lzw' }).toBuffer();
    console.log(await sharp(source).metadata());
    for (let i = 0; i < 3; i++) {
      const start = performance.now();
      const { bytes } = await safelight.render(source, 'image/format,png');
      console.log('ms', performance.now() - start);
      console.log('cmyk', meanDeltaE(await levelsOf(bytes), await levelsOf(source)));
    }
  });
});
