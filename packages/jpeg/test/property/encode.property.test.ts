/**
 * What holds for every picture: coefficients near the float64 transform, a file that reads back as
 * what was written, and no influence of anything but the samples.
 * @module
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantizeFrame } from '../../src/coefficient-plane.ts';
import { encodeJpeg } from '../../src/encode-jpeg.ts';
import { forwardDct } from '../../src/forward-dct.ts';
import type { JpegComponent } from '../../src/options.ts';
import { createDivisors, quantizationTables, quantizeBlock } from '../../src/quantization.ts';
import { ZIGZAG } from '../../src/zigzag.ts';
import { ownBlocks, readJpeg } from '../jpeg-reader.ts';
import { naiveForwardDct } from '../naive-dct.ts';
import { picture, quality } from './pictures.ts';

const samples = fc.uint8Array({ minLength: 64, maxLength: 64 });
/** Only black and white: the blocks with the greatest coefficients. */
const extremes = fc
  .array(fc.constantFrom(0, 255), { minLength: 64, maxLength: 64 })
  .map((values) => Uint8Array.from(values));
const block = fc.oneof(samples, extremes);

describe('a transformed block', () => {
  it('is eight times the float64 transform, within the rounding of two passes', () => {
    fc.assert(
      fc.property(block, (values) => {
        const result = new Int32Array(64);
        forwardDct(values, 0, 8, result);
        const naive = naiveForwardDct(values);
        for (let i = 0; i < 64; i++) expect(Math.abs(result[i] - 8 * naive[i])).toBeLessThan(2);
      }),
    );
  });

  it('is divided exactly, halves away from zero, whatever the divisor', () => {
    fc.assert(
      fc.property(block, quality, (values, qualityPercent) => {
        const table = quantizationTables(qualityPercent).chroma;
        const source = new Int32Array(64);
        const target = new Int16Array(64);
        const masks = new Int32Array(2);
        forwardDct(values, 0, 8, source);
        quantizeBlock(source, createDivisors(table), target, 0, masks, 0);
        const naive = naiveForwardDct(values);
        for (let k = 0; k < 64; k++) {
          const place = ZIGZAG[k];
          const divisor = 8 * table[place];
          const magnitude = Math.floor((Math.abs(source[place]) + divisor / 2) / divisor);
          expect(target[k]).toBe(source[place] < 0 ? 0 - magnitude : magnitude);
          expect(Math.abs(target[k] - naive[place] / table[place])).toBeLessThan(0.75);
          expect((masks[k >> 5] >>> (31 - (k & 31))) & 1).toBe(target[k] === 0 ? 0 : 1);
        }
      }),
    );
  });
});

describe('a file', () => {
  it('reads back as the coefficients that were computed', () => {
    fc.assert(
      fc.property(picture, (options) => {
        const frame = quantizeFrame(options, quantizationTables(options.qualityPercent));
        const jpeg = readJpeg(encodeJpeg(options));
        expect([jpeg.width, jpeg.height]).toEqual([options.width, options.height]);
        jpeg.components.forEach((component, index) => {
          const plane = frame.components[index];
          const [across, down] = ownBlocks(jpeg, component);
          expect([plane.blocksAcross, plane.blocksDown]).toEqual([across, down]);
          for (let y = 0; y < down; y++) {
            const from = 64 * y * plane.paddedAcross;
            const row = component.coefficients.subarray(from, from + 64 * across);
            expect(row).toEqual(plane.coefficients.subarray(from, from + 64 * across));
          }
        });
      }),
    );
  });

  it('depends on the samples alone, not on strides or on bytes between the rows', () => {
    fc.assert(
      fc.property(picture, fc.boolean(), (options, progressive) => {
        const components = options.components.map((component): JpegComponent => {
          const { width, height, stride } = component;
          const data = new Uint8Array(width * height);
          for (let y = 0; y < height; y++) {
            data.set(component.data.subarray(y * stride, y * stride + width), y * width);
          }
          return { ...component, data, stride: width };
        });
        const packed = encodeJpeg({ ...options, components, progressive });
        expect(encodeJpeg({ ...options, progressive })).toEqual(packed);
      }),
    );
  });
});
