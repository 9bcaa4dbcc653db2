/**
 * What must hold for every picture: turns come back, crops add up, flat stays flat, opaque opaque.
 * Renders are chained by hand where `simplify` would make the property trivial.
 * @module
 */

import {
  flat,
  grayRaster,
  photoLike,
  planeSamples,
  rgbRaster,
  ycbcrRaster,
} from '@safelight/testkit';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/action.ts';
import { blur } from '../../src/actions/blur.ts';
import { bright } from '../../src/actions/bright.ts';
import { circle } from '../../src/actions/circle.ts';
import { contrast } from '../../src/actions/contrast.ts';
import { crop } from '../../src/actions/crop.ts';
import { flip } from '../../src/actions/flip.ts';
import { format } from '../../src/actions/format.ts';
import { indexCrop } from '../../src/actions/indexcrop.ts';
import { resize } from '../../src/actions/resize.ts';
import { rotate } from '../../src/actions/rotate.ts';
import { roundedCorners } from '../../src/actions/rounded-corners.ts';
import { sharpen } from '../../src/actions/sharpen.ts';
import { watermark } from '../../src/actions/watermark.ts';
import type { Orientation, Raster } from '../../src/raster.ts';
import { invertSymmetry, ORIENTATIONS } from '../../src/symmetry.ts';
import { renderRaster } from '../rendering.ts';

const size = fc.record({
  width: fc.integer({ min: 1, max: 60 }),
  height: fc.integer({ min: 1, max: 60 }),
});

async function renderAll(raster: Raster, ...chains: Action[][]): Promise<Raster> {
  let current = raster;
  for (const chain of chains) current = (await renderRaster(current, chain)).raster;
  return current;
}

function samplesOf(raster: Raster): readonly number[][] {
  return raster.planes.map((plane) => [...planeSamples(plane)]);
}

describe('turns', () => {
  it('four quarters, two halves, two mirrors and 90 with 270 are the picture itself', async () => {
    const quarter = [rotate({ angleDeg: 90 })];
    const pairs = [
      [quarter, quarter, quarter, quarter],
      [[rotate({ angleDeg: 180 })], [rotate({ angleDeg: 180 })]],
      [quarter, [rotate({ angleDeg: 270 })]],
      ...(['vertical', 'horizontal', 'both'] as const).map((axis) => [
        [flip({ axis })],
        [flip({ axis })],
      ]),
    ];
    await fc.assert(
      fc.asyncProperty(size, fc.constantFrom(...pairs), async ({ width, height }, chains) => {
        const raster = rgbRaster(photoLike(width, height));
        const result = await renderAll(raster, ...chains);
        expect([result.width, result.height]).toEqual([width, height]);
        expect(samplesOf(result)).toEqual(samplesOf(raster));
      }),
      { numRuns: 60 },
    );
  });

  it('one rotate after another equals their joined turn', async () => {
    const raster = rgbRaster(photoLike(31, 20));
    const steps = [
      rotate({ angleDeg: 90 }),
      flip({ axis: 'horizontal' }),
      rotate({ angleDeg: 180 }),
    ];
    const joined = await renderAll(raster, steps);
    const single = await renderAll(raster, ...steps.map((step) => [step]));
    expect(samplesOf(joined)).toEqual(samplesOf(single));
  });

  it('makes all eight stored orientations of a picture the same picture', async () => {
    const upright = rgbRaster(photoLike(23, 14));
    const undone: Record<Orientation, Action[]> = {
      1: [],
      2: [flip({ axis: 'horizontal' })],
      3: [rotate({ angleDeg: 180 })],
      4: [flip({ axis: 'vertical' })],
      5: [rotate({ angleDeg: 90 }), flip({ axis: 'horizontal' })],
      6: [rotate({ angleDeg: 90 })],
      7: [rotate({ angleDeg: 90 }), flip({ axis: 'vertical' })],
      8: [rotate({ angleDeg: 270 })],
    };
    for (const orientation of ORIENTATIONS) {
      const stored = await renderAll(upright, undone[invertSymmetry(orientation)]);
      const { raster } = await renderRaster(stored, [], 'png', { orientation });
      expect(samplesOf(raster), `orientation ${orientation}`).toEqual(samplesOf(upright));
      expect(raster.metadata.orientation).toBe(1);
    }
  });
});

describe('crops', () => {
  it('of crops are one crop', async () => {
    const part = fc.record({
      left: fc.nat(30),
      top: fc.nat(30),
      width: fc.nat(30),
      height: fc.nat(30),
    });
    await fc.assert(
      fc.asyncProperty(part, part, async (one, two) => {
        const raster = rgbRaster(photoLike(80, 70));
        const left = (one.width || 50) > two.left;
        const top = (one.height || 40) > two.top;
        fc.pre(left && top);
        const chain = [crop(one), crop(two)];
        const joined = await renderAll(raster, chain);
        const single = await renderAll(raster, [crop(one)], [crop(two)]);
        expect(samplesOf(joined)).toEqual(samplesOf(single));
      }),
      { numRuns: 60 },
    );
  });

  it('before a resize cut it off from what lies outside', async () => {
    const raster = rgbRaster(photoLike(80, 70));
    const cut = crop({ left: 11, top: 7, width: 41, height: 33 });
    const small = resize({ mode: 'fixed', width: 13, height: 9 });
    const joined = await renderAll(raster, [cut, small]);
    const single = await renderAll(raster, [cut], [small]);
    expect(samplesOf(joined)).toEqual(samplesOf(single));
  });

  it('after a resize are folded into it without a trace', async () => {
    const raster = rgbRaster(photoLike(80, 70));
    const small = resize({ mode: 'fixed', width: 40, height: 30 });
    const cut = crop({ left: 11, top: 7, width: 20, height: 13 });
    const joined = await renderAll(raster, [small, cut]);
    const single = await renderAll(raster, [small], [cut]);
    expect(samplesOf(joined)).toEqual(samplesOf(single));
    const filled = await renderAll(raster, [resize({ mode: 'fill', width: 40, height: 20 })]);
    const covered = await renderAll(
      raster,
      [resize({ mode: 'cover', width: 40, height: 20 })],
      [crop({ top: 7, height: 20 })],
    );
    expect(samplesOf(filled)).toEqual(samplesOf(covered));
  });
});

const RED = { red: 200, green: 30, blue: 40 };
const mark = watermark({ text: { content: 'ab', color: RED, shadowPercent: 50 } });
const everyAction: readonly (readonly [string, Action, 'keeps' | 'paints'])[] = [
  ['resize', resize({ mode: 'fixed', width: 37, height: 91, enlarge: true }), 'keeps'],
  ['fill', resize({ mode: 'fill', width: 21, height: 9 }), 'keeps'],
  ['pad', resize({ mode: 'pad', width: 31, height: 29, background: RED }), 'keeps'],
  ['crop', crop({ left: 3, top: 1 }), 'keeps'],
  ['corners', crop({ cornerRadius: 9 }), 'paints'],
  ['indexcrop', indexCrop({ stripWidth: 17, index: 1 }), 'keeps'],
  ['circle', circle({ radius: 13 }), 'paints'],
  ['largest circle', circle({ radius: 4096 }), 'paints'],
  ['rounded-corners', roundedCorners({ radius: 30 }), 'paints'],
  ['bright', bright({ amount: 60 }), 'keeps'],
  ['contrast', contrast({ amountPercent: -30 }), 'keeps'],
  ['quarter', rotate({ angleDeg: 270 }), 'keeps'],
  ['turn', rotate({ angleDeg: 33 }), 'paints'],
  ['flip', flip({ axis: 'both' }), 'keeps'],
  ['blur', blur({ radius: 4, strength: 5 }), 'keeps'],
  ['narrow blur', blur({ radius: 3, strength: 1 }), 'keeps'],
  ['sharpen', sharpen({ amountPercent: 399 }), 'keeps'],
  ['watermark', mark, 'keeps'],
];

describe('a flat picture', () => {
  const shapes = [
    ['rgb', rgbRaster(flat(51, 47, [200, 30, 40])), 'png'],
    ['gray', grayRaster(flat(51, 47, [99, 99, 99])), 'png'],
    ['4:4:4', ycbcrRaster(flat(51, 47, [200, 30, 40]), 1, 1), 'jpeg'],
    ['4:2:0', ycbcrRaster(flat(51, 47, [200, 30, 40]), 2, 2), 'jpeg'],
    ['4:1:1', ycbcrRaster(flat(51, 47, [200, 30, 40]), 4, 1), 'jpeg'],
  ] as const;
  const flatteners = everyAction.filter(([name]) => !['watermark', 'pad'].includes(name));
  for (const [model, raster, source] of shapes) {
    it.each(flatteners)(`of ${model} stays flat under %s`, async (_name, action, effect) => {
      for (const target of ['png', 'jpeg'] as const) {
        if (target === 'jpeg' && effect === 'paints') continue;
        const chain = [action, format({ format: target })];
        const result = (await renderRaster(raster, chain, source)).raster;
        const { alpha } = result;
        for (const plane of result.planes) {
          const samples = planeSamples(plane);
          const seen = alpha ? samples.filter((_, i) => alpha.data[i] === 255) : samples;
          expect(seen.length).toBeGreaterThan(0);
          expect(new Set(seen).size).toBe(1);
        }
        expect(result.model).toBe(model === 'gray' ? 'gray' : target === 'png' ? 'rgb' : 'ycbcr');
      }
    });
  }
});

describe('an opaque picture', () => {
  it.each(everyAction)('has no alpha after %s unless it is cut round or askew', async (...row) => {
    const [, action, effect] = row;
    const { raster } = await renderRaster(rgbRaster(photoLike(50, 40)), [action]);
    expect(raster.alpha !== undefined).toBe(effect === 'paints');
  });

  it.each(everyAction)('with an alpha of 255 keeps it under %s', async (_name, action, effect) => {
    const opaque = rgbRaster(photoLike(50, 40));
    const alpha = { ...opaque.planes[0]!, data: new Uint8Array(2000).fill(255) };
    const { raster } = await renderRaster({ ...opaque, alpha }, [action]);
    const levels = new Set(planeSamples(raster.alpha!));
    const plain = await renderRaster(opaque, [action]);
    // What is cut round or askew has an alpha of its own when it had none before.
    const expected = plain.raster.alpha ? planeSamples(plain.raster.alpha) : [255];
    expect(levels).toEqual(new Set(expected));
    expect(levels.has(0)).toBe(effect === 'paints');
    const visible = (rendered: Raster) =>
      samplesOf(rendered).map((samples) => samples.filter((_, i) => raster.alpha!.data[i] === 255));
    expect(visible(raster)).toEqual(visible(plain.raster));
  });
});
