/**
 * Interleaved pixels and planes lead to the same samples, whatever the chain does with them and
 * wherever they lie; and the plan knows what either takes.
 * @module
 */

import { grayRaster, photoLike, rgbRaster } from '@safelight/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crop } from '../../src/actions/crop.ts';
import { flip } from '../../src/actions/flip.ts';
import { format } from '../../src/actions/format.ts';
import { resize } from '../../src/actions/resize.ts';
import { rotate } from '../../src/actions/rotate.ts';
import type { Action } from '../../src/action.ts';
import type { Raster } from '../../src/raster.ts';
import { renderRaster } from '../rendering.ts';

const side = fc.integer({ min: 1, max: 90 });

const resizing: fc.Arbitrary<Action> = fc
  .record({ width: side, height: side, enlarge: fc.boolean() })
  .map((size) => resize({ mode: 'fixed', ...size }));
const cropping: fc.Arbitrary<Action> = fc
  .record({ width: side, height: fc.integer({ min: 1, max: 400 }), left: fc.nat(20) })
  .map(crop);
const moving = fc.constantFrom<Action>(rotate({ angleDeg: 90 }), flip({ axis: 'vertical' }));
const actions: fc.Arbitrary<readonly Action[]> = fc.oneof(
  fc.tuple(resizing),
  fc.tuple(cropping, resizing),
  fc.tuple(resizing, cropping, moving),
  fc.tuple(moving, resizing),
);

function rasterOf(width: number, height: number, hasAlpha: boolean): Raster {
  const rgb = rgbRaster(photoLike(width, height));
  const [alpha] = grayRaster(photoLike(width, height, 2)).planes;
  return hasAlpha ? { ...rgb, alpha: alpha! } : rgb;
}

function samplesOf({ planes, alpha }: Raster): readonly Buffer[] {
  return [...planes, ...(alpha ? [alpha] : [])].map(({ data }) => Buffer.from(data));
}

it('gives the same samples from pixels as from planes', async () => {
  let interleaved = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        // Windows of hundreds of rows leave bands of 64 columns.
        width: fc.integer({ min: 1, max: 200 }),
        height: fc.integer({ min: 1, max: 500 }),
        hasAlpha: fc.boolean(),
      }),
      actions,
      fc.constantFrom('in the arena' as const, 'elsewhere' as const),
      fc.constantFrom('jpeg' as const, 'png' as const),
      async ({ width, height, hasAlpha }, steps, interleaves, target) => {
        const raster = rasterOf(width, height, hasAlpha);
        // Crops may lie outside of a small picture; such chains are refused either way.
        const chain = [...steps, format({ format: target })];
        const expected = await renderRaster(raster, chain).catch(() => undefined);
        fc.pre(expected !== undefined);
        const actual = await renderRaster(raster, chain, 'png', { interleaves });
        expect(samplesOf(actual.raster)).toEqual(samplesOf(expected.raster));
        expect(actual.highWaterBytes).toBeLessThanOrEqual(actual.plan.arenaBytes);
        if (actual.plan.request.interleaved) interleaved++;
      },
    ),
    { numRuns: 80 },
  );
  expect(interleaved).toBeGreaterThan(8);
});
