import {
  createArena,
  createBudget,
  type Frame,
  GENEROUS_LIMITS,
  type Raster,
} from '@safelight/core';
import { photoLike, psnr, rgbRaster } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { testCodec } from '../../test/codec-suite.ts';
import { decodeWith, outcomeOf, predictedBytes, toRgba, warmUp } from '../../test/decoding.ts';
import { nodeWasmLoader } from '../wasm/node-loader.ts';
import { createWebpCodec } from './codec.ts';
import { printChunk, printRiff } from './riff.ts';

async function photograph(width: number, height: number, options = {}): Promise<Buffer> {
  const { rgb } = photoLike(width, height);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .webp(options)
    .toBuffer();
}

async function withAlpha(width: number, height: number, options = {}): Promise<Buffer> {
  return sharp(rgbaOf(transparent(width, height)), { raw: { width, height, channels: 4 } })
    .webp(options)
    .toBuffer();
}

/** A photograph whose alpha grows from left to right. */
function transparent(width: number, height: number): Raster {
  const raster = rgbRaster(photoLike(width, height));
  const data = Uint8Array.from({ length: width * height }, (_, i) => (255 * (i % width)) / width);
  const extent = { left: 0, top: 0, width, height };
  return { ...raster, alpha: { data, width, height, stride: width, extent } };
}

function rgbaOf(raster: Raster): Uint8Array {
  return toRgba(raster);
}

const lossy = await photograph(23, 17);
const lossless = await photograph(23, 17, { lossless: true });
const lossyAlpha = await withAlpha(23, 17);
const losslessAlpha = await withAlpha(23, 17, { lossless: true });
const turned = await sharp(lossy).withMetadata({ orientation: 6 }).webp().toBuffer();
const codec = await warmUp(createWebpCodec({ loadWasm: nodeWasmLoader, simd: true }), lossy);

testCodec(codec, [
  { name: 'a lossy photograph', bytes: lossy, width: 23, height: 17, model: 'rgb' },
  { name: 'a lossless one', bytes: lossless, width: 23, height: 17, model: 'rgb' },
  { name: 'alpha', bytes: lossyAlpha, width: 23, height: 17, model: 'rgb', hasAlpha: true },
  {
    name: 'exact alpha',
    bytes: losslessAlpha,
    width: 23,
    height: 17,
    model: 'rgb',
    hasAlpha: true,
  },
  { name: 'metadata', bytes: turned, width: 23, height: 17, model: 'rgb', orientation: 6 },
]);

describe('the pixels of a WebP', () => {
  it.each([
    ['lossy', lossy],
    ['lossless', lossless],
    ['with alpha', lossyAlpha],
    ['lossless with alpha', losslessAlpha],
  ])('are those of another build of the same library: %s', async (_, bytes) => {
    const expected = await sharp(bytes).ensureAlpha().raw().toBuffer();
    const { raster } = decodeWith(codec, bytes);
    const ours = toRgba(raster);
    const seen = (rgba: Uint8Array) => rgba.filter((_sample, at) => expected[at | 3] !== 0);
    expect(Buffer.from(seen(ours)).equals(Buffer.from(seen(expected)))).toBe(true);
  });

  it('leave no trace in the globals', () => {
    expect(Reflect.has(globalThis, 'ImageData')).toBe(false);
  });
});

const settings = { qualityPercent: 75, progressive: false };

function contextFor(bytes: number) {
  const arena = createArena();
  arena.reserve(bytes);
  return { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };
}

async function encode(raster: Raster, qualityPercent = 75, from = codec): Promise<Uint8Array> {
  const written = await from.encode?.(raster, { ...settings, qualityPercent }, contextFor(0));
  if (written === undefined) throw new Error('expected an encoder');
  return written;
}

describe('what is written', () => {
  const opaque = rgbRaster(photoLike(90, 61));

  it('is the picture, better at a higher quality', async () => {
    const [coarse, plain, fine] = await Promise.all([30, 75, 95].map((q) => encode(opaque, q)));
    const decibels = [coarse, plain, fine].map((bytes) =>
      psnr(toRgba(decodeWith(codec, bytes as Uint8Array).raster), toRgba(opaque)),
    ) as [number, number, number];
    expect(decibels[0]).toBeGreaterThan(24);
    expect(decibels[1]).toBeGreaterThan(decibels[0]);
    expect(decibels[2]).toBeGreaterThan(decibels[1]);
  });

  it('is the same with and without SIMD', async () => {
    const plain = createWebpCodec({ loadWasm: nodeWasmLoader });
    expect(await encode(opaque, 75, plain)).toEqual(await encode(opaque));
  });

  it('keeps alpha exactly', async () => {
    const raster = transparent(40, 30);
    const bytes = await encode(raster);
    expect(decodeWith(codec, bytes).raster.alpha?.data).toEqual(raster.alpha?.data);
    expect(await sharp(bytes).metadata()).toMatchObject({ hasAlpha: true, format: 'webp' });
  });

  it('takes grey and a profile that fits', async () => {
    const [plane] = opaque.planes;
    const gray: Raster = { ...opaque, model: 'gray', planes: plane === undefined ? [] : [plane] };
    const { raster } = decodeWith(codec, await encode(gray));
    expect(psnr(raster.planes[0]?.data ?? [], plane?.data ?? [])).toBeGreaterThan(30);
    const icc = await sharp(lossy).withIccProfile('p3').webp().toBuffer();
    const profile = Uint8Array.from(decodeWith(codec, icc).raster.metadata.icc ?? []);
    expect(profile.length).toBeGreaterThan(132);
    const tagged = await encode({ ...opaque, metadata: { icc: profile } });
    expect(decodeWith(codec, tagged).raster.metadata.icc).toEqual(profile);
    expect(codec.readHeader(tagged, GENEROUS_LIMITS).hasIcc).toBe(true);
  });
});

/** Pictures whose lower right part changes; the last has a hole. */
function animationFrames(): Frame[] {
  const base = rgbRaster(photoLike(40, 30));
  return [0, 1, 2, 2].map((step, index) => {
    const planes = base.planes.map((plane) => {
      const data = Uint8Array.from(plane.data);
      for (let y = 13; y < 25; y++) data.fill(80 * step, y * 40 + 21, y * 40 + 33);
      return { ...plane, data };
    });
    const [plane] = planes;
    const alpha = plane && { ...plane, data: new Uint8Array(40 * 30).fill(255) };
    if (index === 2) alpha?.data.fill(0, 14 * 40 + 22, 14 * 40 + 30);
    return { raster: { ...base, planes, ...(alpha && { alpha }) }, durationMs: 40 * (index + 1) };
  });
}

async function writeAnimation(frames: readonly Frame[], plays: number): Promise<Uint8Array> {
  const animation = { width: 40, height: 30, frames: frames.length, plays };
  const writer = codec.createFrameWriter?.(animation, settings, contextFor(0));
  if (writer === undefined) throw new Error('expected a frame writer');
  for (const frame of frames) await writer.addFrame(frame);
  return writer.finish();
}

describe('animations', () => {
  it('come back with their frames, times and plays', async () => {
    const frames = animationFrames();
    const bytes = await writeAnimation(frames, 3);
    const header = codec.readHeader(bytes, GENEROUS_LIMITS);
    expect(header).toMatchObject({ frames: 4, animation: { plays: 3, hasAlpha: true } });
    const context = contextFor(predictedBytes({ ...header, hasAlpha: true }));
    let index = 0;
    for await (const { raster, durationMs } of codec.readFrames?.(bytes, header, context) ?? []) {
      const expected = frames[index] as Frame;
      expect(durationMs).toBe(expected.durationMs);
      expect(
        psnr(raster.planes[0]?.data ?? [], expected.raster.planes[0]?.data ?? []),
      ).toBeGreaterThan(22);
      const hole = raster.alpha?.data.indexOf(0) ?? -1;
      expect(hole).toBe(index === 2 ? 14 * 40 + 22 : -1);
      context.arena.reset();
      index++;
    }
    expect(index).toBe(4);
  });

  it('are read by another decoder as they were meant', async () => {
    const bytes = await writeAnimation(animationFrames(), 0);
    const { pages, delay, loop } = await sharp(bytes).metadata();
    expect({ pages, delay, loop }).toEqual({ pages: 4, delay: [40, 80, 120, 160], loop: 0 });
  });

  it('are limited in number and in pixels', async () => {
    const bytes = await writeAnimation(animationFrames(), 0);
    const few = { ...GENEROUS_LIMITS, maxFrames: 3 };
    expect(outcomeOf(codec, bytes, few)).toBe('LimitExceeded/too-many-frames');
    const small = { ...GENEROUS_LIMITS, maxSourcePixels: 4 * 40 * 30 - 1 };
    expect(outcomeOf(codec, bytes, small)).toBe('LimitExceeded/too-many-pixels');
  });
});

describe('what a WebP is refused for', () => {
  const picture = lossless.subarray(20);
  const canvas = (width: number, height: number, flags = 0) =>
    printChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0));
  const frame = (head: readonly number[], ...chunks: readonly Uint8Array[]) =>
    printChunk('ANMF', Uint8Array.from(head), ...chunks);
  const whole = [0, 0, 0, 0, 0, 0, 22, 0, 0, 16, 0, 0, 0, 0, 0, 0];

  it.each([
    ['no chunk', printRiff([]), 'BadImage/damaged'],
    ['an unknown chunk first', printRiff([printChunk('EXIF')]), 'BadImage/damaged'],
    ['a short canvas', printRiff([printChunk('VP8X')]), 'BadImage/truncated'],
    ['a canvas without a picture', printRiff([canvas(23, 17)]), 'BadImage/damaged'],
    [
      'a picture of another size than its canvas',
      printRiff([canvas(23, 18), printChunk('VP8L', picture)]),
      'BadImage/damaged',
    ],
    ['an animation without frames', printRiff([canvas(23, 17, 2)]), 'BadImage/damaged'],
    ['a short frame', printRiff([canvas(23, 17, 2), frame([])]), 'BadImage/truncated'],
    ['a frame without a picture', printRiff([canvas(23, 17, 2), frame(whole)]), 'BadImage/damaged'],
    [
      'a frame that leaves the canvas',
      printRiff([canvas(23, 17, 2), frame([1, ...whole.slice(1)], printChunk('VP8L', picture))]),
      'BadImage/damaged',
    ],
    [
      'a frame of another size than its picture',
      printRiff([
        canvas(40, 40, 2),
        frame([...whole.slice(0, 6), 21, ...whole.slice(7)], printChunk('VP8L', picture)),
      ]),
      'BadImage/damaged',
    ],
    [
      'a second version',
      printRiff([printChunk('VP8L', Uint8Array.of(0x2f, 0, 0, 0, 0x20))]),
      'BadImage/damaged',
    ],
    [
      'pixels that are missing',
      printRiff([printChunk('VP8L', picture.subarray(0, 6))]),
      'BadImage/damaged',
    ],
  ])('%s', (_, bytes, expected) => {
    expect(outcomeOf(codec, bytes)).toBe(expected);
  });

  it('a codec that cannot be loaded, by its name', async () => {
    const absent = createWebpCodec({ loadWasm: () => Promise.reject(new Error('gone')) });
    const header = absent.readHeader(lossy, GENEROUS_LIMITS);
    const context = contextFor(predictedBytes(header));
    await expect(absent.decode?.(lossy, header, {}, context)).rejects.toMatchObject({
      code: 'UnsupportedFormat',
      reason: 'unsupported-kind',
      publicMessage: 'This image format is not supported: WebP.',
    });
  });
});
