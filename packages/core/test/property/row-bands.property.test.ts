/**
 * Rows that are read on the way into a reduction and planes that are there lead to the same samples, and
 * the plan knows to the byte what the bands take.
 * @module
 */

import { grayRaster, photoLike, rgbRaster, ycbcrRaster } from '@safelight/testkit';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { crop } from '../../src/actions/crop.ts';
import { format } from '../../src/actions/format.ts';
import { resize } from '../../src/actions/resize.ts';
import { sharpen } from '../../src/actions/sharpen.ts';
import type { Action } from '../../src/action.ts';
import type { Plane, Raster } from '../../src/raster.ts';
import { renderRaster } from '../rendering.ts';

const side = fc.integer({ min: 1, max: 150 });

const resizing: fc.Arbitrary<Action> = fc
  .record({
    mode: fc.constantFrom('fixed' as const, 'fit' as const, 'fill' as const),
    width: side,
    height: side,
    enlarge: fc.boolean(),
  })
  .map(resize);
const cropping: fc.Arbitrary<Action> = fc
  .record({
    width: fc.integer({ min: 1, max: 200 }),
    height: fc.integer({ min: 1, max: 300 }),
    left: fc.nat(60),
    top: fc.nat(120),
  })
  .map(crop);
const actions: fc.Arbitrary<readonly Action[]> = fc.oneof(
  fc.tuple(resizing),
  fc.tuple(cropping, resizing),
  fc.tuple(cropping, cropping, resizing),
  fc.tuple(resizing, fc.constant(sharpen({ amountPercent: 100 }))),
);

const PITCHES = { 444: [1, 1], 420: [2, 2], 422: [2, 1], 440: [1, 2], 411: [4, 1] } as const;

const LARGEST = photoLike(200, 300);
const rgb = rgbRaster(LARGEST);
const gray = grayRaster(LARGEST);
const WHOLE = new Map<string, Raster>([
  ['rgb', rgb],
  ['rgba', { ...rgb, alpha: gray.planes[0]! }],
  ['gray', gray],
  ...Object.entries(PITCHES).map(
    ([kind, [across, down]]) => [kind, ycbcrRaster(LARGEST, across, down)] as const,
  ),
]);

/** The top left part of the largest picture. */
function rasterOf(kind: string, width: number, height: number): Raster {
  const whole = WHOLE.get(kind)!;
  const cut = (plane: Plane): Plane => {
    const across = plane.extent.width / plane.width;
    const down = plane.extent.height / plane.height;
    const [columns, rows] = [Math.ceil(width / across), Math.ceil(height / down)];
    const extent = { left: 0, top: 0, width: columns * across, height: rows * down };
    return { ...plane, width: columns, height: rows, extent };
  };
  const { planes, alpha } = whole;
  return { ...whole, width, height, planes: planes.map(cut), ...(alpha && { alpha: cut(alpha) }) };
}

function samplesOf({ planes, alpha }: Raster): readonly Buffer[] {
  return [...planes, ...(alpha ? [alpha] : [])].map(({ data }) => Buffer.from(data));
}

it('gives the samples of planes, in the memory that was planned', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        width: fc.integer({ min: 1, max: 200 }),
        height: fc.integer({ min: 1, max: 300 }),
        kind: fc.constantFrom('rgb', 'rgba', 'gray', ...Object.keys(PITCHES)),
      }),
      actions,
      fc.integer({ min: 1, max: 40 }),
      fc.boolean(),
      fc.constantFrom('jpeg' as const, 'png' as const),
      async ({ width, height, kind }, steps, rowsAtOnce, isPixels, target) => {
        const raster = rasterOf(kind, width, height);
        // Crops may lie outside of a small picture; such chains are refused either way.
        const chain = [...steps, format({ format: target })];
        const source = kind.startsWith('rgb') ? 'png' : 'jpeg';
        const expected = await renderRaster(raster, chain, source).catch(() => undefined);
        fc.pre(expected !== undefined);
        const extras = { rowsAtOnce, ...(isPixels && { interleaves: 'elsewhere' as const }) };
        const actual = await renderRaster(raster, chain, source, extras);
        expect(samplesOf(actual.raster)).toEqual(samplesOf(expected.raster));
        if (actual.plan.request.rows !== true || (kind === 'rgba' && !isPixels)) return;
        expect(actual.highWaterBytes).toBe(actual.plan.arenaBytes);
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      },
    ),
    { numRuns: 400 },
  );
  for (const kind of ['rgb', 'rgba', 'gray', '444', '420', '422', '440', '411']) {
    expect(seen.get(kind)).toBeGreaterThan(0);
  }
});
