import { createJpegCodec } from '@safelight/codecs';
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
  ycbcrRaster,
} from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createSafelight } from '../../src/index.ts';
import { encodeTagged, levelsOf, taggedPng } from './tagged.ts';

const jpeg = createJpegCodec();
const picture = photoLike(160, 120, 7);
const engines = {
  auto: await createSafelight(),
  portable: await createSafelight({ kernels: 'portable' }),
};

/** Ours and the reference, at full size or `width`; both kernel sets must agree to the bit. */
async function compare(source: Uint8Array, width?: number): Promise<number> {
  const chain = `image/${width === undefined ? '' : `resize,w_${width}/`}format,png`;
  const { bytes } = await engines.auto.render(source, chain);
  expect((await sharp(bytes).metadata()).hasProfile ?? false).toBe(false);
  const ours = await levelsOf(bytes);
  if (!isJpeg(source)) {
    const other = await engines.portable.render(source, chain);
    expect(Buffer.from(await levelsOf(other.bytes)).equals(ours)).toBe(true);
  }
  return meanDeltaE(ours, await levelsOf(source, width));
}

function isJpeg([first]: Uint8Array): boolean {
  return first === 0xff;
}

/** In Adobe's way: inks are stored upside down. */
const pressJpeg = await makePressJpeg();

async function makePressJpeg() {
  const raw = { width: picture.width, height: picture.height, channels: 3 as const };
  const inks = sharp(Buffer.from(picture.rgb), { raw })
    .toColourspace('cmyk')
    .withIccProfile('cmyk');
  const bytes = await inks.jpeg({ quality: 95 }).toBuffer();
  return { bytes, model: engines.auto.engine.readHeader(bytes).model };
}

/** Lab of an sRGB-like device, encoded 0...1 as version 4 does. */
function labOf(device: readonly number[]): readonly number[] {
  const [r, g, b] = device.map((value) => value ** 2.2);
  const x = 0.436 * r + 0.385 * g + 0.143 * b;
  const y = 0.222 * r + 0.717 * g + 0.061 * b;
  const z = 0.014 * r + 0.097 * g + 0.714 * b;
  const [fx, fy, fz] = [x / 0.9642, y, z / 0.8249].map((v) =>
    v > 0.008_856 ? Math.cbrt(v) : 7.787 * v + 16 / 116,
  );
  return [(116 * fy - 16) / 100, (500 * (fx - fy) + 128) / 255, (200 * (fy - fz) + 128) / 255];
}

/** As version 2 has it in 16 bits. */
function oldLabOf(device: readonly number[]): readonly number[] {
  return labOf(device).map((value) => (value * 65_280) / 65_535);
}

/** A device whose red and blue are changed for one another. */
function crossed([r, g, b]: readonly number[]): readonly number[] {
  return [b, g, r];
}

const RGB_PROFILES: Readonly<Record<string, Uint8Array>> = {
  'Display P3, version 4': makeMatrixProfile('p3', SRGB_CURVE, 4),
  'Display P3, a sampled curve': makeMatrixProfile(
    'p3',
    sampledTag(1024, (v) => v ** 2.2),
  ),
  'Adobe RGB': makeMatrixProfile('adobe-rgb', gammaTag(563 / 256)),
  ProPhoto: makeMatrixProfile('prophoto', parametricTag(3, [1.8, 1, 0, 1 / 16, 0.031_248]), 4),
  'sRGB primaries, gamma 1.4': makeMatrixProfile('srgb', parametricTag(0, [1.4]), 4),
  'a table of 8 bits': makeProfile({
    connection: 'Lab ',
    tags: { A2B0: tableTag('mft1', 3, 17, (device) => labOf(crossed(device))) },
  }),
  'a table of 16 bits': makeProfile({
    connection: 'Lab ',
    tags: { A2B0: tableTag('mft2', 3, 17, (device) => oldLabOf(crossed(device))) },
  }),
  'stages of version 4': makeProfile({
    connection: 'Lab ',
    version: 4,
    tags: { A2B0: stagesTag(3, 17, (device) => labOf(crossed(device))) },
  }),
};

describe('colours of a profile become sRGB as by lcms', () => {
  it.each(Object.entries(RGB_PROFILES))('%s', async (_, icc) => {
    const source = await taggedPng(rgbRaster(picture), icc);
    const plain = await taggedPng(rgbRaster(picture), new Uint8Array(0));
    // Without the profile it would be another picture.
    expect(meanDeltaE(await levelsOf(plain), await levelsOf(source))).toBeGreaterThan(2);
    expect(await compare(source)).toBeLessThan(0.5);
    expect(await compare(source, 48)).toBeLessThan(0.6);
  });

  it.each(Object.entries(RGB_PROFILES).slice(0, 4))('%s, of subsampled YCbCr', async (_, icc) => {
    const source = await encodeTagged(jpeg, ycbcrRaster(picture, 2, 2), icc);
    expect(await compare(source)).toBeLessThan(0.3);
    // The decoder has reduced the picture by then: so has libjpeg there.
    expect(await compare(source, 48)).toBeLessThan(1);
  });

  it('grey by its curve', async () => {
    for (const curve of [gammaTag(1.4), sampledTag(256, (v) => v ** 3)]) {
      const source = await taggedPng(grayRaster(picture), makeGrayProfile(curve));
      expect(await compare(source)).toBeLessThan(0.3);
      const { bytes } = await engines.auto.render(source, 'image/format,png');
      expect((await sharp(bytes).metadata()).channels).toBe(1);
    }
  });

  it('inks by the profile of a press', async () => {
    const pixels = { raw: { width: picture.width, height: picture.height, channels: 3 as const } };
    const inks = sharp(Buffer.from(picture.rgb), pixels)
      .toColourspace('cmyk')
      .withIccProfile('cmyk');
    const source = await inks.tiff({ compression: 'lzw' }).toBuffer();
    expect((await sharp(source).metadata()).space).toBe('cmyk');
    expect(await compare(source)).toBeLessThan(0.5);
    expect(await compare(source, 48)).toBeLessThan(0.7);
  });

  it.skipIf(pressJpeg.model !== 'cmyk')(
    'inks of a JPEG by the profile of a press (needs a decoder that delivers inks)',
    async () => {
      expect(await compare(pressJpeg.bytes)).toBeLessThan(0.5);
      expect(await compare(pressJpeg.bytes, 48)).toBeLessThan(2);
    },
  );

  it('16 bits, with a profile and without', async () => {
    const samples = Uint16Array.from(picture.rgb, (v, i) => Math.max(0, v * 257 - (i % 97)));
    const raw = { width: picture.width, height: picture.height, channels: 3 as const };
    const deep = sharp(samples, { raw }).toColourspace('rgb16');
    for (const profile of [undefined, 'p3']) {
      const image = profile === undefined ? deep : deep.clone().withIccProfile(profile);
      for (const source of [
        await image.clone().png().toBuffer(),
        await image.clone().tiff({ compression: 'deflate' }).toBuffer(),
      ]) {
        const { depth, icc = new Uint8Array(0) } = await sharp(source).metadata();
        expect(depth).toBe('ushort');
        // sharp works on 16 bits in P3 and leaves them there: lcms is shown the same in 8 bits.
        const stored = sharp(source, { ignoreIcc: true }).toColourspace('rgb16');
        const words = await stored.raw({ depth: 'ushort' }).toBuffer();
        const levels = new Uint16Array(words.buffer, words.byteOffset, words.length / 2);
        const rgb = Uint8Array.from(levels, (value) => Math.round((value * 255) / 65_535));
        const shallow = await taggedPng(rgbRaster({ ...picture, rgb }), icc);
        const { bytes } = await engines.auto.render(source, 'image/format,png');
        const difference = meanDeltaE(await levelsOf(bytes), await levelsOf(shallow));
        expect(difference).toBeLessThan(0.05);
      }
    }
  });
});
