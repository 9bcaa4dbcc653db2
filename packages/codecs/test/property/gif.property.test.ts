/**
 * GIF there and back: codes of any data, and films of any few colours, frame by frame.
 * @module
 */

import {
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Plane,
  type Raster,
} from '@safelight/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGifCodec } from '../../src/gif/codec.ts';
import { expandLzw } from '../../src/gif/lzw.ts';
import { compressLzw, lzwBytes } from '../../src/gif/lzw-writer.ts';
import { createNearestColors } from '../../src/palette/nearest.ts';
import { indexExactly, quantise } from '../../src/palette/quantise.ts';
import { allFrames, toRgba } from '../decoding.ts';

/** The bytes of sub-blocks, joined. */
function joined(blocks: Uint8Array): Uint8Array {
  const bytes: number[] = [];
  let at = 0;
  while (blocks[at] > 0) {
    bytes.push(...blocks.subarray(at + 1, at + 1 + blocks[at]));
    at += 1 + blocks[at];
  }
  expect(at).toBe(blocks.length - 1);
  return Uint8Array.from(bytes);
}

/** Runs of a few lengths, so that codes get long, or noise, so that the table fills. */
function indicesOf(bits: number): fc.Arbitrary<Uint8Array> {
  const index = fc.nat({ max: 2 ** bits - 1 });
  const runs = fc.array(fc.tuple(index, fc.integer({ min: 1, max: 400 })), { minLength: 1 });
  return fc.oneof(
    runs.map((list) =>
      Uint8Array.from(list.flatMap(([value, count]) => Array.from({ length: count }, () => value))),
    ),
    fc.tuple(fc.integer(), fc.integer({ min: 1, max: 12_000 })).map(([seed, length]) => {
      let state = seed;
      return Uint8Array.from({ length }, () => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
        return (state >>> 16) & (2 ** bits - 1);
      });
    }),
  );
}

describe('codes', () => {
  it.each([2, 3, 5, 8])('of %i bits are read as they were written', (bits) => {
    fc.assert(
      fc.property(indicesOf(bits), (indices) => {
        const blocks = compressLzw(indices, bits);
        expect(blocks.length).toBeLessThanOrEqual(lzwBytes(indices.length));
        const target = new Uint8Array(indices.length + 1);
        expect(expandLzw(joined(blocks), bits, target)).toBe(indices.length);
        expect(Buffer.compare(target.subarray(0, indices.length), indices)).toBe(0);
      }),
      { numRuns: 12 },
    );
  });
});

interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Of each frame: numbers of colours, -1 for a hole. */
  readonly frames: readonly (readonly number[])[];
  readonly palette: readonly number[];
}

const drawings: fc.Arbitrary<Drawing> = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 7 }),
    palette: fc.array(fc.nat({ max: 0xff_ffff }), { minLength: 1, maxLength: 40 }),
    count: fc.integer({ min: 2, max: 6 }),
  })
  .chain(({ width, height, palette, count }) => {
    const pixel = fc.integer({ min: -1, max: palette.length - 1 });
    const frame = fc.array(pixel, { minLength: width * height, maxLength: width * height });
    // Frames that keep most of what was before are the rule in animations.
    const changes = fc.array(fc.tuple(fc.nat(), pixel), { maxLength: 4 });
    return fc
      .tuple(frame, fc.array(fc.oneof(frame, changes), { minLength: count, maxLength: count }))
      .map(([first, rest]) => {
        const frames: (readonly number[])[] = [first];
        for (const next of rest) frames.push(applied(frames.at(-1)!, next));
        return { width, height, palette, frames };
      });
  });

function applied(
  before: readonly number[],
  next: readonly (number | readonly number[])[],
): readonly number[] {
  if (next.length > 0 && typeof next[0] === 'number') return next as readonly number[];
  const after = [...before];
  for (const [at, pixel] of next as readonly (readonly [number, number])[]) {
    after[at % after.length] = pixel;
  }
  return after;
}

function rasterOf({ width, height, palette }: Drawing, pixels: readonly number[]): Raster {
  const plane = (of: (pixel: number) => number): Plane => ({
    data: Uint8Array.from(pixels, of),
    width,
    height,
    stride: width,
    extent: { left: 0, top: 0, width, height },
  });
  const planes = [0, 8, 16].map((shift) =>
    plane((pixel) => (pixel < 0 ? 0 : (palette[pixel] >> shift) & 0xff)),
  );
  const alpha = plane((pixel) => (pixel < 0 ? 0 : 255));
  return { width, height, model: 'rgb', planes, alpha, metadata: {} };
}

describe('films of few colours', () => {
  it('are read as they were written, frame by frame', async () => {
    const context = {
      arena: createArena(),
      budget: createBudget(1e9),
      limits: GENEROUS_LIMITS,
    };
    const codec = createGifCodec();
    const settings = { qualityPercent: 75, progressive: false };
    await fc.assert(
      fc.asyncProperty(drawings, async (drawing) => {
        const rasters = drawing.frames.map((pixels) => rasterOf(drawing, pixels));
        const { width, height } = drawing;
        const animation = { width, height, frames: rasters.length, plays: 0 };
        const writer = codec.createFrameWriter!(animation, settings, context);
        for (const raster of rasters) await writer.addFrame({ raster, durationMs: 10 });
        const frames = await allFrames(codec, await writer.finish());
        expect(frames.map(({ raster }) => toRgba(raster))).toEqual(rasters.map(toRgba));
      }),
      { numRuns: 80 },
    );
  });
});

const colors = fc.array(fc.nat({ max: 0xff_ffff }), { minLength: 1, maxLength: 256 });
const packed = (list: readonly number[]): Uint32Array =>
  Uint32Array.from(list, (color) => (0xff00_0000 | color) >>> 0);

describe('palettes', () => {
  it('give the nearest colour, as a plain search does', () => {
    fc.assert(
      fc.property(colors, fc.array(fc.nat({ max: 0xff_ffff })), (list, asked) => {
        const palette = Uint8Array.from(list.flatMap((c) => [c & 255, (c >> 8) & 255, c >> 16]));
        const nearest = createNearestColors(palette);
        const distance = (index: number, color: number): number =>
          [0, 8, 16].reduce((sum, shift, channel) => {
            const difference = palette[3 * index + channel] - ((color >> shift) & 255);
            return sum + difference * difference;
          }, 0);
        for (const color of asked) {
          const found = nearest.find(color & 255, (color >> 8) & 255, color >> 16);
          const least = Math.min(...list.map((_, index) => distance(index, color)));
          expect(distance(found, color)).toBe(least);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are exact or none', () => {
    fc.assert(
      fc.property(colors, fc.integer({ min: 1, max: 256 }), (list, most) => {
        const pixels = packed([...list, ...list]);
        const indexed = indexExactly(pixels, most);
        const distinct = new Set(list).size;
        if (distinct > most) expect(indexed).toBeUndefined();
        else {
          const palette = indexed!.palette;
          expect(palette).toHaveLength(3 * distinct);
          const back = [...indexed!.indices].map(
            (i) => palette[3 * i] | (palette[3 * i + 1] << 8) | (palette[3 * i + 2] << 16),
          );
          expect(back).toEqual([...list, ...list]);
        }
      }),
    );
  });

  it('never have more colours than asked for, and a hole stays one', () => {
    const dithering = fc.constantFrom('none' as const, 'ordered' as const, 'diffused' as const);
    fc.assert(
      fc.property(colors, fc.integer({ min: 1, max: 20 }), dithering, (list, most, kind) => {
        const pixels = packed(list);
        pixels[0] = 0;
        const options = { most, width: pixels.length, dithering: kind };
        const { palette, indices } = quantise(pixels, options);
        expect(palette.length).toBeLessThanOrEqual(3 * most);
        const count = palette.length / 3;
        expect(indices[0]).toBe(count);
        expect(indices.subarray(1).every((index) => index < count)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
