/**
 * The plan's memory against the arena's: never below, and not more than a tenth above.
 * @module
 */

import { encodeRaw, grayRaster, photoLike, rgbRaster, ycbcrRaster } from '@safelight/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Action } from '../../src/action.ts';
import { blur } from '../../src/actions/blur.ts';
import { bright } from '../../src/actions/bright.ts';
import { circle } from '../../src/actions/circle.ts';
import { contrast } from '../../src/actions/contrast.ts';
import { crop } from '../../src/actions/crop.ts';
import { flip } from '../../src/actions/flip.ts';
import { format } from '../../src/actions/format.ts';
import { indexCrop } from '../../src/actions/indexcrop.ts';
import { resize, type ResizeMode } from '../../src/actions/resize.ts';
import { rotate } from '../../src/actions/rotate.ts';
import { roundedCorners } from '../../src/actions/rounded-corners.ts';
import { sharpen } from '../../src/actions/sharpen.ts';
import { watermark } from '../../src/actions/watermark.ts';
import { GRAVITIES } from '../../src/gravity.ts';
import type { Raster } from '../../src/raster.ts';
import { renderRaster } from '../rendering.ts';

const color = fc.constantFrom({ red: 255, green: 0, blue: 0 }, { red: 9, green: 9, blue: 9 });
const side = fc.integer({ min: 1, max: 150 });

const action: fc.Arbitrary<Action> = fc.oneof(
  fc
    .record({
      mode: fc.constantFrom<ResizeMode>('fit', 'cover', 'fill', 'pad', 'fixed'),
      width: side,
      height: side,
      enlarge: fc.boolean(),
      background: color,
    })
    .map(resize),
  fc.record({ percent: fc.integer({ min: 20, max: 180 }) }).map(resize),
  fc
    .record({
      gravity: fc.constantFrom(...GRAVITIES),
      width: fc.integer({ min: 0, max: 100 }),
      height: fc.integer({ min: 0, max: 100 }),
    })
    .map(crop),
  fc
    .record({
      stripWidth: side,
      stripHeight: fc.option(side, { nil: undefined }),
      index: fc.nat(3),
    })
    .map(({ stripHeight, ...rest }) =>
      indexCrop(stripHeight === undefined ? rest : { ...rest, stripHeight }),
    ),
  fc.record({ radius: fc.integer({ min: 1, max: 90 }) }).map(circle),
  fc.record({ radius: fc.integer({ min: 1, max: 90 }) }).map(roundedCorners),
  fc.record({ amount: fc.integer({ min: -100, max: 100 }) }).map(bright),
  fc.record({ amountPercent: fc.integer({ min: -100, max: 100 }) }).map(contrast),
  fc.record({ cornerRadius: fc.integer({ min: 1, max: 30 }) }).map(crop),
  fc.record({ angleDeg: fc.integer({ min: 0, max: 360 }) }).map(rotate),
  fc.record({ axis: fc.constantFrom('vertical' as const, 'horizontal' as const) }).map(flip),
  fc
    .record({ radius: fc.integer({ min: 1, max: 8 }), strength: fc.integer({ min: 1, max: 9 }) })
    .map(blur),
  fc.record({ amountPercent: fc.integer({ min: 50, max: 399 }) }).map(sharpen),
  fc
    .record({
      text: fc.record({
        content: fc.constantFrom('a', 'abcdef'),
        color,
        shadowPercent: fc.constantFrom(0, 50),
      }),
      opacityPercent: fc.constantFrom(40, 100),
      gravity: fc.constantFrom(...GRAVITIES),
      tile: fc.boolean(),
    })
    .map(watermark),
  fc
    .record({
      picture: fc.record({
        key: fc.constantFrom('gray', 'color', 'alpha'),
        chain: fc.constantFrom(
          [],
          [resize({ mainPercent: 60 })],
          [resize({ percent: 300 }), rotate({ angleDeg: 30 })],
        ),
      }),
      opacityPercent: fc.constantFrom(40, 100),
      gravity: fc.constantFrom(...GRAVITIES),
      tile: fc.boolean(),
    })
    .map(watermark),
);

interface Source {
  readonly raster: Raster;
  readonly format: 'jpeg' | 'png';
}

const source: fc.Arbitrary<Source> = fc
  .record({
    width: fc.integer({ min: 1, max: 120 }),
    height: fc.integer({ min: 1, max: 120 }),
    kind: fc.constantFrom('rgb', 'rgba', 'gray', '444', '420', '422', '440', '411'),
  })
  .map(({ width, height, kind }) => rasterOf(kind, width, height));

function rasterOf(kind: string, width: number, height: number): Source {
  const picture = photoLike(width, height);
  const rgb = rgbRaster(picture);
  switch (kind) {
    case 'rgb':
      return { raster: rgb, format: 'png' };
    case 'rgba': {
      const [alpha] = grayRaster(photoLike(width, height, 2)).planes;
      return { raster: { ...rgb, alpha: alpha! }, format: 'png' };
    }
    case 'gray':
      return { raster: grayRaster(picture), format: 'jpeg' };
    default: {
      const pitch = { 444: [1, 1], 420: [2, 2], 422: [2, 1], 440: [1, 2], 411: [4, 1] }[kind]!;
      return { raster: ycbcrRaster(picture, pitch[0]!, pitch[1]!), format: 'jpeg' };
    }
  }
}

const MARKS = {
  gray: encodeRaw(rasterOf('gray', 17, 11).raster, 'png'),
  color: encodeRaw(rasterOf('420', 31, 40).raster, 'jpeg'),
  alpha: encodeRaw(rasterOf('rgba', 9, 30).raster, 'png'),
};

/** A picture narrower than one sample of its chroma, once foreseen as if it had two of them. */
const NARROW = rasterOf('411', 1, 88);
const TILED = watermark({ picture: { key: 'gray' }, gravity: 'northwest', tile: true });

it('predicts the peak of every chain: never less, and at most a tenth and 1 KiB more', async () => {
  await fc.assert(
    fc.asyncProperty(
      source,
      fc.array(action, { minLength: 0, maxLength: 5 }),
      fc.record(
        { format: fc.constantFrom('jpeg' as const, 'png' as const), sourceBackground: color },
        { requiredKeys: ['format'] },
      ),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(0, 1, 4, 12),
      fc.constantFrom(
        {},
        { interleaves: 'in the arena' } as const,
        { interleaves: 'elsewhere' } as const,
        { rowsAtOnce: 8 } as const,
        { rowsAtOnce: 1, interleaves: 'elsewhere' } as const,
      ),
      async (given, actions, target, orientation, scratchBytesPerPixel, pixels) => {
        const chain = [...actions, format(target)];
        const extras = {
          orientation: orientation as 1,
          scratchBytesPerPixel,
          marks: MARKS,
          ...pixels,
        };
        const result = await renderRaster(given.raster, chain, given.format, extras);
        const { raster, plan, highWaterBytes } = result;
        expect([raster.width, raster.height]).toEqual([plan.width, plan.height]);
        expect(highWaterBytes).toBeLessThanOrEqual(plan.arenaBytes);
        expect(plan.arenaBytes).toBeLessThanOrEqual(1.1 * highWaterBytes + 1024);
        expect(raster.alpha === undefined || target.format === 'png').toBe(true);
      },
    ),
    { numRuns: 400, examples: [[NARROW, [TILED], { format: 'jpeg' }, 1, 0, {}]] },
  );
});
