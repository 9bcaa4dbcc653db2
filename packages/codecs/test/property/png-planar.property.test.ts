import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Metadata,
  type Plane,
  type Raster,
} from '@safelight/core';
import { randomFrom } from '@safelight/testkit';
import {
  type Arbitrary,
  assert,
  boolean,
  constantFrom,
  integer,
  property,
  record,
} from 'fast-check';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPlanarPngCodec, nodeDeflater } from '../../src/index.ts';
import { createPngCodec } from '../../src/png/codec.ts';
import { passesOf, type PngFrame } from '../../src/png/frame.ts';
import { decodeWith, toRgba } from '../decoding.ts';
import { chunk, head, png } from '../png-writer.ts';

const planar = createPlanarPngCodec({ deflater: nodeDeflater });
const small = createPlanarPngCodec({ deflater: nodeDeflater, effort: 'small' });
const pngjs = createPngCodec();

const kind = constantFrom(
  ...([1, 2, 4, 8, 16] as const).map((bitDepth) => ({ colorType: 0, bitDepth }) as const),
  ...([8, 16] as const).flatMap((bitDepth) =>
    ([2, 4, 6] as const).map((colorType) => ({ colorType, bitDepth }) as const),
  ),
  ...([1, 2, 4, 8] as const).map((bitDepth) => ({ colorType: 3, bitDepth }) as const),
);
const side = integer({ min: 1, max: 19 });
const seed = integer();

/** Every content is a picture, as long as the filter bytes are filters. */
function randomFile(frame: PngFrame, isKeyed: boolean, random: () => number): Uint8Array {
  const byte = () => Math.floor(256 * random());
  const rows: number[] = [];
  for (const pass of passesOf(frame)) {
    for (let y = 0; y < pass.rows; y++) {
      rows.push(Math.floor(5 * random()), ...Array.from({ length: pass.rowBytes }, byte));
    }
  }
  const chunks = [
    head({ ...frame, interlace: frame.isInterlaced ? 1 : 0 }),
    ...preamble(frame, isKeyed, byte),
  ];
  return png(...chunks, ...split(deflateSync(Uint8Array.from(rows)), random));
}

/** PLTE of all indices and tRNS of some, or one transparent colour. */
function preamble(
  { colorType, bitDepth }: PngFrame,
  isKeyed: boolean,
  byte: () => number,
): Uint8Array[] {
  const bytesOf = (length: number) => Uint8Array.from({ length }, byte);
  if (colorType === 3) {
    const entries = 1 << bitDepth;
    const colors = chunk('PLTE', bytesOf(3 * entries));
    return isKeyed ? [colors, chunk('tRNS', bytesOf(1 + (byte() % entries)))] : [colors];
  }
  if (!isKeyed || colorType > 2) return [];
  const key = bytesOf(colorType === 0 ? 2 : 6);
  if (bitDepth < 16) {
    // pngjs compares all 16 bits.
    for (let i = 0; i < key.length; i += 2) {
      key[i] = 0;
      key[i + 1] &= (1 << bitDepth) - 1;
    }
  }
  return [chunk('tRNS', key)];
}

/** One or two IDAT chunks. */
function split(stream: Uint8Array, random: () => number): Uint8Array[] {
  const at = Math.floor(2 * random() * stream.length);
  if (at >= stream.length) return [chunk('IDAT', stream)];
  return [chunk('IDAT', stream.subarray(0, at)), chunk('IDAT', stream.subarray(at))];
}

/** What is seen: hidden colours are cleared, as pngjs does with a transparent colour. */
function seen(raster: Raster): Uint8Array {
  const rgba = toRgba(raster);
  for (let at = 0; at < rgba.length; at += 4) if (rgba[at + 3] === 0) rgba.fill(0, at, at + 3);
  return rgba;
}

describe('decoding a PNG of any kind', () => {
  it('gives the pixels that pngjs gives', () => {
    assert(
      property(kind, side, side, boolean(), boolean(), seed, (...picture) => {
        const [{ colorType, bitDepth }, width, height, isInterlaced, isKeyed, number] = picture;
        const frame: PngFrame = { width, height, colorType, bitDepth, isInterlaced };
        const bytes = randomFile(frame, isKeyed, randomFrom(number));
        const ours = decodeWith(planar, bytes).raster;
        const theirs = decodeWith(pngjs, bytes).raster;
        expect(ours.alpha === undefined).toBe(theirs.alpha === undefined);
        expect(Buffer.from(seen(ours)).equals(Buffer.from(seen(theirs)))).toBe(true);
        expect(ours.metadata).toEqual(theirs.metadata);
      }),
      { numRuns: 600 },
    );
  });
});

interface RasterShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly colors: number;
  readonly metadata: Metadata;
  readonly seed: number;
}

const shape: Arbitrary<RasterShape> = record({
  width: integer({ min: 1, max: 70 }),
  height: integer({ min: 1, max: 9 }),
  channels: integer({ min: 1, max: 4 }),
  colors: constantFrom(1, 2, 3, 4, 5, 16, 17, 255, 256, 257, 1e9),
  metadata: constantFrom({}, { palette: Uint8Array.of(0, 0, 0, 255) }),
  seed,
});

/** Rows longer than the picture; at least one pixel that is not opaque when there is alpha. */
function rasterOf({
  width,
  height,
  channels,
  colors,
  metadata,
  seed: number,
}: RasterShape): Raster {
  const random = randomFrom(number);
  const stock = Array.from({ length: Math.min(colors, width * height) }, () =>
    Array.from({ length: channels }, () => Math.floor(256 * random())),
  );
  const extent = { left: 0, top: 0, width, height };
  const stride = width + Math.floor(3 * random());
  const planes = Array.from({ length: channels }, (): Plane => ({
    data: new Uint8Array(stride * height).fill(99),
    width,
    height,
    stride,
    extent,
  }));
  for (let i = 0; i < width * height; i++) {
    const color = stock[i < stock.length ? i : Math.floor(stock.length * random())];
    const at = Math.floor(i / width) * stride + (i % width);
    for (const [c, plane] of planes.entries()) plane.data[at] = color[c];
  }
  const hasAlpha = channels % 2 === 0;
  const alpha = hasAlpha ? planes[channels - 1] : undefined;
  if (alpha !== undefined) alpha.data[0] &= 0xfe;
  return {
    width,
    height,
    model: channels <= 2 ? 'gray' : 'rgb',
    planes: hasAlpha ? planes.slice(0, -1) : planes,
    ...(alpha !== undefined && { alpha }),
    metadata,
  };
}

describe('writing a raster', () => {
  const context = { arena: createArena(), budget: createBudget(1e9), limits: GENEROUS_LIMITS };
  const settings = { qualityPercent: 75, progressive: false };

  it('loses nothing, whoever reads it', () => {
    assert(
      property(shape, constantFrom(planar, small), (values, codec) => {
        const raster = rasterOf(values);
        const written = codec.encode?.(raster, settings, context) as Uint8Array;
        const expected = Buffer.from(toRgba(raster));
        expect(expected.equals(toRgba(decodeWith(planar, written).raster))).toBe(true);
        expect(expected.equals(toRgba(decodeWith(pngjs, written).raster))).toBe(true);
        // Colour type 3 when there was a palette and at most 256 colours are left.
        const distinct = new Set(new Uint32Array(Uint8Array.from(expected).buffer)).size;
        expect(written[25] === 3).toBe(values.metadata.palette !== undefined && distinct <= 256);
      }),
      { numRuns: 400 },
    );
  });
});
