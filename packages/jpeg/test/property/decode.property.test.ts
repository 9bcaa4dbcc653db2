/**
 * Every region is the crop of the whole, wherever planes, strides and coefficients lie.
 * @module
 */
import {
  array,
  assert as check,
  boolean,
  constant,
  double,
  integer,
  oneof,
  property,
  record,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeJpeg } from '../../src/decode/decode-jpeg.ts';
import { createJpegDecoder } from '../../src/decode/decoder.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { REGION_END, REGION_START } from '../../src/decode/memory-map.ts';
import { planJpegDecode } from '../../src/decode/plan.ts';
import { cropOf } from '../decode/areas.ts';
import { makeFile, tightSamples } from '../decode/files.ts';

const factor = integer({ min: 1, max: 4 });
const picture = record({
  width: integer({ min: 1, max: 90 }),
  height: integer({ min: 1, max: 90 }),
  samplings: oneof(
    constant([[1, 1]] as [number, number][]),
    array(tuple(factor, factor), { minLength: 3, maxLength: 3 }),
  ),
  progressive: boolean(),
  restartInterval: integer({ min: 0, max: 5 }),
  scale: integer({ min: 1, max: 8 }),
  upsample: boolean(),
  seed: integer({ min: 1, max: 1000 }),
});

describe('a region', () => {
  it('is the crop of the whole, and covers what was asked for', () => {
    const fraction = double({ min: 0, max: 0.999, noNaN: true });
    check(
      property(picture, fraction, fraction, fraction, fraction, (options, a, b, c, d) => {
        const { width, height, scale, upsample } = options;
        const file = makeFile(width, height, options);
        const left = a * width;
        const top = b * height;
        const region = {
          left,
          top,
          width: 0.01 + c * (width - left),
          height: 0.01 + d * (height - top),
        };
        const whole = decodeJpeg(file, { scale, upsample });
        const part = decodeJpeg(file, { scale, upsample, region });
        part.planes.forEach((plane, i) => {
          const { extent } = plane;
          expect(extent.left).toBeLessThanOrEqual(left);
          expect(extent.top).toBeLessThanOrEqual(top);
          const right = Math.min(width, left + region.width);
          const bottom = Math.min(height, top + region.height);
          expect(extent.left + extent.width).toBeGreaterThanOrEqual(right - 1e-9);
          expect(extent.top + extent.height).toBeGreaterThanOrEqual(bottom - 1e-9);
          expect(tightSamples(plane)).toEqual(cropOf(whole.planes[i], plane));
        });
      }),
      { numRuns: 150 },
    );
  });

  it('above the last row needs no more of a sequential file than its rows', () => {
    const file = makeFile(64, 640, { samplings: [[1, 1]] });
    const region = { left: 0, top: 0, width: 64, height: 32 };
    const [plane] = decodeJpeg(file.subarray(0, file.length >> 1), { region }).planes;
    expect(tightSamples(plane)).toEqual(tightSamples(decodeJpeg(file, { region }).planes[0]));
  });
});

describe('a decoder over a shared memory', () => {
  it('writes its region and the rows of its planes, and nothing else', () => {
    const memory = new WebAssembly.Memory({ initial: 40 });
    const all = new Uint8Array(memory.buffer);
    all.fill(0x5a);
    const decoder = createJpegDecoder(memory);
    expect(createJpegDecoder(memory)).toBe(decoder);
    check(
      property(picture, integer({ min: 0, max: 37 }), (options, gap) => {
        const file = makeFile(options.width, options.height, options);
        const plan = planJpegDecode(readJpegLayout(file), { scale: options.scale });
        all.fill(0x5a, REGION_END);
        let at = REGION_END + gap;
        const take = (length: number): Uint8Array => {
          const view = all.subarray(at, at + length);
          at += length + gap;
          return view;
        };
        const planes = plan.planes.map(({ rowBytes, rows }) => ({
          data: take((rows - 1) * (rowBytes + gap) + rowBytes),
          stride: rowBytes + gap,
        }));
        const coefficients = take(plan.coefficientBytes);
        decoder.decode(file, plan, { planes, coefficients });
        const expected = decodeJpeg(file, { scale: options.scale });
        planes.forEach(({ data, stride }, i) => {
          const { width, height, extent, rowBytes, rows } = plan.planes[i];
          expect(tightSamples({ data, stride, width, height, extent })).toEqual(
            tightSamples(expected.planes[i]),
          );
          for (let y = 0; y < rows; y++) data.fill(0x5a, y * stride, y * stride + rowBytes);
        });
        coefficients.fill(0x5a);
        expect(all.subarray(REGION_END).every((byte) => byte === 0x5a)).toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(all.subarray(0, REGION_START).every((byte) => byte === 0x5a)).toBe(true);
  });

  it('refuses targets that do not fit', () => {
    const memory = new WebAssembly.Memory({ initial: 20 });
    const decoder = createJpegDecoder(memory);
    const file = makeFile(16, 16, { samplings: [[1, 1]] });
    const plan = planJpegDecode(readJpegLayout(file));
    const decode = (data: Uint8Array, stride: number) => () =>
      decoder.decode(file, plan, { planes: [{ data, stride }] });
    expect(decode(new Uint8Array(memory.buffer, REGION_END, 256), 16)()).toBe(true);
    expect(decode(new Uint8Array(memory.buffer, REGION_END, 255), 16)).toThrow(RangeError);
    expect(decode(new Uint8Array(memory.buffer, REGION_END, 256), 15)).toThrow(RangeError);
    expect(decode(new Uint8Array(memory.buffer, REGION_END - 1, 256), 16)).toThrow(RangeError);
    expect(decode(new Uint8Array(256), 16)).toThrow(RangeError);
    expect(() => decoder.decode(file, plan, { planes: [] })).toThrow(RangeError);
    expect(() => createJpegDecoder(new WebAssembly.Memory({ initial: 17 }))).not.toThrow();
    expect(() => createJpegDecoder(new WebAssembly.Memory({ initial: 16 }))).toThrow(RangeError);
  });
});
