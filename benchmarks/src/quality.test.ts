/**
 * References against small pictures that can be worked out by hand.
 * @module
 */

import sharp from 'sharp';
import { expect, it } from 'vitest';
import type { Job, Operation } from './job.ts';
import { compare, type Luma, readLuma, referenceOf } from './quality.ts';

function luma(width: number, samples: readonly number[]): Luma {
  return { width, height: samples.length / width, samples: Float64Array.from(samples) };
}

function jobOf(operation: Operation): Job {
  return { input: 'file', operation, output: { format: 'png', qualityPercent: 80 } };
}

const SIX = luma(3, [1, 2, 3, 4, 5, 6]);

it('turns a quarter clockwise', () => {
  expect(referenceOf(SIX, jobOf({ kind: 'rotate90' }))).toEqual(luma(2, [4, 1, 5, 2, 6, 3]));
});

it('cuts a rectangle out', () => {
  const crop: Operation = { kind: 'crop', left: 1, top: 0, size: { width: 2, height: 2 } };
  expect(referenceOf(SIX, jobOf(crop))).toEqual(luma(2, [2, 3, 5, 6]));
});

it('leaves what is only encoded again as it is', () => {
  expect(referenceOf(SIX, jobOf({ kind: 'recode' }))).toEqual(SIX);
});

it('keeps flat pictures flat, resized or sharpened', () => {
  const flat = luma(
    8,
    Array.from({ length: 64 }, () => 77),
  );
  const operations: Operation[] = [
    { kind: 'resize', size: { width: 3, height: 2 } },
    { kind: 'sharpen', amountPercent: 100 },
  ];
  for (const operation of operations) {
    for (const sample of referenceOf(flat, jobOf(operation)).samples)
      expect(sample).toBeCloseTo(77, 9);
  }
});

it('sharpens an edge on both sides, within the levels of a picture', () => {
  const edge = luma(
    8,
    Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 20 : 200)),
  );
  const { samples } = referenceOf(edge, jobOf({ kind: 'sharpen', amountPercent: 100 }));
  expect(samples[3]).toBe(0);
  expect(samples[4]).toBeGreaterThan(230);
  expect(samples[0]).toBeCloseTo(20, 9);
});

it('weighs luma by alpha', async () => {
  const rgba = Uint8Array.of(100, 100, 100, 255, 100, 100, 100, 51);
  const png = await sharp(rgba, { raw: { width: 2, height: 1, channels: 4 } })
    .png()
    .toBuffer();
  expect(await readLuma(png)).toEqual(await readLuma(rgba, { width: 2, height: 1 }));
  expect([...(await readLuma(png)).samples].map(Math.round)).toEqual([100, 20]);
});

it('scores equal pictures as equal, others by their difference', () => {
  const gray = luma(
    16,
    Array.from({ length: 256 }, (_, i) => i / 2),
  );
  expect(compare(gray, gray)).toEqual({ psnrDb: Infinity, ssim: 1 });
  const brighter = { ...gray, samples: gray.samples.map((sample) => sample + 1) };
  expect(compare(gray, brighter).psnrDb).toBeCloseTo(48.13, 2);
});

it('gives no score to a result of the wrong size', () => {
  expect(() => compare(SIX, luma(2, [1, 2, 3, 4]))).toThrow('expected 3x2, got 2x2');
});
