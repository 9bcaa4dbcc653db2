import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Metadata,
  type Plane,
  type Raster,
} from '@safelight/core';
import { checkerboard, photoLike, type Picture } from '@safelight/testkit';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeWith, toRgba } from '../../test/decoding.ts';
import { createPlanarPngCodec } from './codec.ts';
import type { PngEffort } from './encode.ts';
import { typescriptPngKernels } from './kernels.ts';
import { nodeDeflater } from '../deflate/node-deflater.ts';

const codec = createPlanarPngCodec({ deflater: nodeDeflater });
const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
const settings = { qualityPercent: 75, progressive: false };
const PALETTE = Uint8Array.of(0, 0, 0, 255);

function encode(raster: Raster, effort?: PngEffort): Uint8Array {
  const by =
    effort === undefined ? codec : createPlanarPngCodec({ deflater: nodeDeflater, effort });
  return by.encode?.(raster, settings, context) as Uint8Array;
}

function rasterOf({ width, height, rgb }: Picture, metadata: Metadata = {}): Raster {
  const planes = [0, 1, 2].map((c) =>
    planeOf(
      rgb.filter((_, i) => i % 3 === c),
      width,
      height,
    ),
  );
  return { width, height, model: 'rgb', planes, metadata };
}

function planeOf(data: Uint8Array, width: number, height: number): Plane {
  return { data, width, height, stride: width, extent: { left: 0, top: 0, width, height } };
}

/** Types of the chunks in the order of the file. */
function chunkTypes(bytes: Uint8Array): string[] {
  return [...chunksOf(bytes).keys()];
}

function chunksOf(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = Buffer.from(bytes);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at < view.length; at += 12 + view.readUInt32BE(at)) {
    const payload = view.subarray(at + 8, at + 8 + view.readUInt32BE(at));
    chunks.set(view.toString('latin1', at + 4, at + 8), payload);
  }
  return chunks;
}

describe('a written PNG', () => {
  it.each([
    ['rgb', false, 2],
    ['rgb', true, 6],
    ['gray', false, 0],
    ['gray', true, 4],
  ] as const)('is read by libpng: %s, alpha %s', async (model, hasAlpha, colorType) => {
    const full = rasterOf(photoLike(61, 43));
    const raster: Raster = {
      ...full,
      model,
      planes: model === 'gray' ? full.planes.slice(0, 1) : full.planes,
      ...(hasAlpha && { alpha: full.planes[2] }),
    };
    for (const effort of ['fast', 'small'] as const) {
      const written = encode(raster, effort);
      expect([written[24], written[25]]).toEqual([8, colorType]);
      const seen = await sharp(written).toColourspace('srgb').ensureAlpha().raw().toBuffer();
      expect(seen.equals(Buffer.from(toRgba(raster)))).toBe(true);
    }
  });

  it('is smaller than that of libvips at the same level', async () => {
    const picture = photoLike(360, 270);
    const { width, height, rgb } = picture;
    const theirs = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png({ compressionLevel: 6 })
      .toBuffer();
    const fast = encode(rasterOf(picture)).length;
    expect(fast).toBeLessThan(theirs.length);
    expect(encode(rasterOf(picture), 'small').length).toBeLessThanOrEqual(fast);
  });

  it('holds profile and density in front of its pixels', async () => {
    const profiled = await sharp({
      create: { width: 1, height: 1, channels: 3, background: 'red' },
    })
      .withIccProfile('p3')
      .png()
      .toBuffer();
    const { icc } = decodeWith(codec, profiled).raster.metadata;
    expect(icc?.length).toBeGreaterThan(132);
    const metadata = { ...(icc && { icc }), palette: PALETTE, density: { unit: 1, x: 72, y: 300 } };
    const raster = rasterOf(checkerboard(8, 8), metadata as Metadata);
    const written = encode(raster);
    expect(chunkTypes(written)).toEqual(['IHDR', 'iCCP', 'pHYs', 'PLTE', 'IDAT', 'IEND']);
    const { metadata: again } = decodeWith(codec, written).raster;
    expect(again).toMatchObject({ icc, density: { unit: 1, x: 72, y: 300 } });
    expect((await sharp(written).metadata()).icc).toEqual(Buffer.from(icc ?? []));
    // A colour profile does not fit grey planes.
    const grey: Raster = { ...raster, model: 'gray', planes: raster.planes.slice(0, 1) };
    const types = chunkTypes(encode({ ...grey, metadata: icc === undefined ? {} : { icc } }));
    expect(types).toEqual(['IHDR', 'IDAT', 'IEND']);
  });

  it.each([
    [{ unit: 1, x: 300, y: 300 }, [11_811, 11_811, 1]],
    [{ unit: 2, x: 100, y: 50 }, [10_000, 5_000, 1]],
    [{ unit: 0, x: 4, y: 3 }, [4, 3, 0]],
  ] as const)('writes density %o per metre', (density, expected) => {
    const payload = chunksOf(encode(rasterOf(checkerboard(2, 2), { density }))).get('pHYs');
    const view = Buffer.from(payload ?? []);
    expect([view.readUInt32BE(0), view.readUInt32BE(4), view[8]]).toEqual(expected);
  });

  it('asserts what is the engine to convert', () => {
    const raster = rasterOf(checkerboard(2, 2));
    expect(() => encode({ ...raster, model: 'ycbcr' })).toThrow('PNG is written as grey or RGB');
    const half = { ...raster, planes: [planeOf(new Uint8Array(1), 1, 1)] };
    expect(() => encode(half)).toThrow('one sample a pixel');
  });
});

/** A picture of exactly `count` colours, all opaque. */
function manyColors(count: number): Picture {
  const rgb = new Uint8Array(3 * 20 * 20);
  for (let i = 0; i < 400; i++) rgb.set([i % count, ((i % count) >> 8) + 7, 5], 3 * i);
  return { width: 20, height: 20, rgb };
}

describe('rows in an arena', () => {
  const inArena = createPlanarPngCodec({
    deflater: nodeDeflater,
    kernelsFor: () => typescriptPngKernels,
  });

  it.each([
    ['rgb', false],
    ['rgb', true],
    ['gray', true],
  ] as const)('take what the plan says and give it back: %s, alpha %s', (model, hasAlpha) => {
    const full = rasterOf(photoLike(400, 310));
    const raster: Raster = {
      ...full,
      model,
      planes: model === 'gray' ? full.planes.slice(0, 1) : full.planes,
      ...(hasAlpha && { alpha: full.planes[2] }),
    };
    const scratchBytes = inArena.planEncode?.({ ...raster, hasAlpha }, settings).scratchBytes ?? 0;
    const arena = createArena();
    arena.reserve(scratchBytes);
    const written = inArena.encode?.(raster, settings, { ...context, arena });
    expect([arena.highWaterBytes, arena.usedBytes]).toEqual([scratchBytes, 0]);
    expect(written).toEqual(encode(raster));
  });

  it('are none without a set for the arena, nor for a palette', () => {
    expect(codec.planEncode).toBeUndefined();
    const raster = rasterOf(manyColors(17), { palette: PALETTE });
    const written = inArena.encode?.(raster, settings, context);
    expect(written).toEqual(encode(raster));
  });
});

describe('a palette', () => {
  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 2],
    [5, 4],
    [16, 4],
    [17, 8],
    [256, 8],
  ])('of %i colours is kept, with indices of %i bits', (count, bitDepth) => {
    const raster = rasterOf(manyColors(count), { palette: PALETTE });
    const written = encode(raster);
    expect([written[24], written[25]]).toEqual([bitDepth, 3]);
    expect(chunksOf(written).get('PLTE')).toHaveLength(3 * count);
    expect(toRgba(decodeWith(codec, written).raster)).toEqual(toRgba(raster));
  });

  it('is left when there are more colours, or when there was none', () => {
    expect(encode(rasterOf(manyColors(257), { palette: PALETTE }))[25]).toBe(2);
    expect(encode(rasterOf(manyColors(2)))[25]).toBe(2);
  });

  it('begins with what is not opaque, so that tRNS is short', () => {
    const raster: Raster = {
      ...rasterOf(manyColors(4), { palette: PALETTE }),
      alpha: planeOf(
        Uint8Array.from({ length: 400 }, (_, i) => (i % 4 === 2 ? 9 : 255)),
        20,
        20,
      ),
    };
    const chunks = chunksOf(encode(raster));
    expect([...(chunks.get('tRNS') ?? [])]).toEqual([9]);
    expect([...(chunks.get('PLTE') ?? [])].slice(0, 6)).toEqual([2, 7, 5, 0, 7, 5]);
  });
});
