/**
 * Encoding in an arena's WebAssembly memory: the bytes of the plain encoder, and exactly the arena
 * bytes that were planned.
 * @module
 */

import {
  arenaBytes,
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Plane,
  type Raster,
} from '@safelight/core';
import { JPEG_ENCODER_REGION_END } from '@safelight/jpeg';
import { grayRaster, photoLike, ycbcrRaster } from '@safelight/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJpegCodec } from '../../src/jpeg/codec.ts';

const plain = createJpegCodec();
const inArena = createJpegCodec({ decoder: 'wasm' });
const arena = createArena({ wasm: true, moduleBytes: JPEG_ENCODER_REGION_END });
const context = { arena, budget: createBudget(1e9), limits: GENEROUS_LIMITS };

const raster = fc
  .record({
    width: fc.integer({ min: 1, max: 90 }),
    height: fc.integer({ min: 1, max: 90 }),
    seed: fc.nat(1000),
    pitch: fc.constantFrom([1, 1], [2, 1], [1, 2], [2, 2], [4, 1], undefined),
  })
  .map(({ width, height, seed, pitch }): Raster => {
    const picture = photoLike(width, height, seed);
    return pitch ? ycbcrRaster(picture, pitch[0]!, pitch[1]!) : grayRaster(picture);
  });

const settings = fc.record({
  qualityPercent: fc.integer({ min: 1, max: 100 }),
  progressive: fc.boolean(),
});

it('gives the bytes of the plain encoder, in the arena bytes that were planned', async () => {
  await fc.assert(
    fc.asyncProperty(raster, settings, async (given, wanted) => {
      const shape = { ...given, hasAlpha: false };
      const scratchBytes = inArena.planEncode!(shape, wanted).scratchBytes;
      const planeBytes = given.planes.reduce(
        (sum, { width, height }) => sum + arenaBytes(width * height),
        0,
      );
      arena.reset();
      arena.reserve(planeBytes + scratchBytes);
      const keep = (plane: Plane): Plane => {
        const data = arena.allocate(plane.width * plane.height);
        for (let y = 0; y < plane.height; y++) {
          const from = y * plane.stride;
          data.set(plane.data.subarray(from, from + plane.width), y * plane.width);
        }
        return { ...plane, data, stride: plane.width };
      };
      const placed = { ...given, planes: given.planes.map(keep) };
      const bytes = await inArena.encode!(placed, wanted, context);
      expect(arena.highWaterBytes).toBe(planeBytes + scratchBytes);
      expect(arena.usedBytes).toBe(planeBytes);
      const expected = await plain.encode!(given, wanted, context);
      expect(Buffer.compare(bytes, expected)).toBe(0);
    }),
    { numRuns: 150 },
  );
});

it('takes the plain encoder for planes that lie elsewhere', async () => {
  const given = grayRaster(photoLike(30, 20));
  const wanted = { qualityPercent: 80, progressive: false };
  arena.reset();
  arena.reserve(0);
  const bytes = await inArena.encode!(given, wanted, context);
  expect(arena.highWaterBytes).toBe(0);
  expect(bytes).toEqual(await plain.encode!(given, wanted, context));
});

it('plans nothing where the plain encoder works', () => {
  expect(plain.planEncode).toBeUndefined();
});
