/**
 * N/8 decoding beside a float64 inverse DCT of the lowest N x N coefficients, and sizes and extents.
 * @module
 */
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import { encodeJpeg } from '../../src/encode-jpeg.ts';
import { componentOf, generatePicture, rgbToPlanes } from '../picture.ts';
import { GREY, makeFile, tightSamples, YCC_420 } from './files.ts';

const basis = (size: number, n: number, k: number): number =>
  (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * n + 1) * k * Math.PI) / (2 * size));

/** A plane of whole blocks at `size`/8, through its own rounded coefficients: the slow, obvious way. */
function reduce(plane: Uint8Array, width: number, height: number, size: number): Float64Array {
  const outWidth = (width / 8) * size;
  const out = new Float64Array(outWidth * (height / 8) * size);
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const coefficients: number[][] = [];
      for (let v = 0; v < size; v++) {
        coefficients.push([]);
        for (let u = 0; u < size; u++) {
          let sum = 0;
          for (let y = 0; y < 8; y++) {
            for (let x = 0; x < 8; x++) {
              const sample = plane[(top + y) * width + left + x] - 128;
              sum += sample * basis(8, y, v) * basis(8, x, u);
            }
          }
          coefficients[v].push(Math.round(sum));
        }
      }
      for (let y = 0; y < size; y++) {
        for (let x = 0; x < size; x++) {
          let sum = 128;
          for (let v = 0; v < size; v++) {
            for (let u = 0; u < size; u++) {
              sum += coefficients[v][u] * basis(size, y, v) * basis(size, x, u);
            }
          }
          const at = ((top / 8) * size + y) * outWidth + (left / 8) * size + x;
          out[at] = Math.min(255, Math.max(0, sum));
        }
      }
    }
  }
  return out;
}

describe('a decode at N/8', () => {
  const width = 96;
  const height = 64;
  const [luma] = rgbToPlanes(generatePicture(width, height, 11));
  const files = [false, true].map((progressive) =>
    encodeJpeg({
      width,
      height,
      components: [componentOf(luma, width, height)],
      qualityPercent: 100,
      progressive,
    }),
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is the inverse DCT of the lowest coefficients: %i',
    (scale) => {
      const reference = reduce(luma, width, height, scale);
      for (const file of files) {
        const samples = tightSamples(decodeJpeg(file, { scale }).planes[0]);
        expect(samples).toHaveLength(reference.length);
        let most = 0;
        let total = 0;
        samples.forEach((sample, i) => {
          const difference = Math.abs(sample - reference[i]);
          most = Math.max(most, difference);
          total += difference;
        });
        // Rounding to a sample costs up to 0.5 (0.25 on average), a coefficient rounded otherwise 0.25.
        expect(most).toBeLessThan(1.5);
        expect(total / samples.length).toBeLessThan(0.3);
      }
    },
  );

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('keeps a flat picture as it is: %i', (scale) => {
    for (const value of [0, 1, 100, 128, 254, 255]) {
      const flat = new Uint8Array(64 * 64).fill(value);
      const file = encodeJpeg({
        width: 64,
        height: 64,
        components: [componentOf(flat, 64, 64)],
        qualityPercent: 100,
      });
      const samples = tightSamples(decodeJpeg(file, { scale }).planes[0]);
      expect(samples).toEqual(new Uint8Array(64 * scale * scale).fill(value));
    }
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('says what its samples cover: %i', (scale) => {
    const { planes } = decodeJpeg(makeFile(45, 27, { samplings: YCC_420 }), { scale });
    expect(planes.map((plane) => [plane.width, plane.height])).toEqual([
      [Math.ceil((45 * scale) / 8), Math.ceil((27 * scale) / 8)],
      [Math.ceil((23 * scale) / 8), Math.ceil((14 * scale) / 8)],
      [Math.ceil((23 * scale) / 8), Math.ceil((14 * scale) / 8)],
    ]);
    planes.forEach(({ width: samples, extent }, i) => {
      expect(extent.left).toBe(0);
      expect(extent.width).toBeCloseTo((samples * 8 * (i === 0 ? 1 : 2)) / scale, 9);
    });
  });

  it('is the same for a progressive file as for its baseline twin', () => {
    for (const samplings of [GREY, YCC_420]) {
      const baseline = makeFile(75, 53, { samplings });
      const progressive = makeFile(75, 53, { samplings, progressive: true });
      for (let scale = 1; scale <= 8; scale++) {
        expect(decodeJpeg(progressive, { scale }).planes.map(tightSamples)).toEqual(
          decodeJpeg(baseline, { scale }).planes.map(tightSamples),
        );
      }
    }
  });
});
