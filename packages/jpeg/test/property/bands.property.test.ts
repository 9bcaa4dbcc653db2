/**
 * Pictures that are read row of MCUs by row of MCUs: the samples, and the errors, of the whole decode.
 * @module
 */
import { ImageError } from '@safelight/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createJpegDecoder } from '../../src/decode/decoder.ts';
import type { JpegPlaneTarget } from '../../src/decode/decoder.ts';
import { readJpegLayout } from '../../src/decode/layout.ts';
import { REGION_END } from '../../src/decode/memory-map.ts';
import { planJpegBands, planJpegDecode } from '../../src/decode/plan.ts';
import type { JpegDecodePlan } from '../../src/decode/plan.ts';
import { concat, makeFile, makeScanPerComponent, segmentsOf } from '../decode/files.ts';

const factor = fc.integer({ min: 1, max: 4 });
const fraction = fc.double({ min: 0, max: 0.999, noNaN: true });
const picture = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 140 }),
  samplings: fc.oneof(
    fc.tuple(fc.tuple(factor, factor)),
    fc.tuple(
      fc.constantFrom<[number, number]>([1, 1], [2, 1], [2, 2], [1, 2], [4, 1]),
      fc.constant<[number, number]>([1, 1]),
      fc.constant<[number, number]>([1, 1]),
    ),
    fc
      .array(fc.tuple(factor, factor), { minLength: 3, maxLength: 3 })
      // More blocks in an MCU are for a scan each (T.81, B.2.3).
      .filter((all) => all.reduce((sum, [across, down]) => sum + across * down, 0) <= 10),
  ),
  restartInterval: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 1, max: 1000 }),
});

const memory = new WebAssembly.Memory({ initial: 40 });
const decoder = createJpegDecoder(memory);

/** Room in the memory for `rows` of each plane, with `gap` bytes between rows and planes. */
function place(plan: JpegDecodePlan, rows: readonly number[], gap: number): JpegPlaneTarget[] {
  let at = REGION_END + gap;
  return plan.planes.map(({ rowBytes }, i) => {
    const stride = rowBytes + gap;
    const data = new Uint8Array(memory.buffer, at, rows[i] * stride);
    at += data.length + gap;
    return { data, stride };
  });
}

/** All planes by bands of `count` rows of MCUs. */
function readBands(
  file: Uint8Array,
  plan: JpegDecodePlan,
  count: number,
  gap: number,
): Uint8Array[] {
  const bands = planJpegBands(plan);
  const targets = place(
    plan,
    bands.rows.map((rows) => rows * count),
    gap,
  );
  const planes = plan.planes.map(({ rowBytes, rows }) => new Uint8Array(rowBytes * rows));
  const reader = decoder.openBands(file, plan);
  for (let done = 0; done < bands.count; done += count) {
    const step = Math.min(count, bands.count - done);
    reader.read(step, targets);
    plan.planes.forEach(({ rowBytes, rows }, i) => {
      const from = done * bands.rows[i];
      const end = Math.min(rows, from + step * bands.rows[i]);
      for (let y = from; y < end; y++) {
        const at = (y - from) * targets[i].stride;
        planes[i].set(targets[i].data.subarray(at, at + rowBytes), y * rowBytes);
      }
    });
  }
  return planes;
}

function readWhole(file: Uint8Array, plan: JpegDecodePlan): Uint8Array[] {
  const planes = place(
    plan,
    plan.planes.map(({ rows }) => rows),
    0,
  );
  decoder.decode(file, plan, { planes });
  return planes.map(({ data }) => data.slice());
}

function outcomeOf<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    return String(error);
  }
}

describe('a decode in bands', () => {
  it('gives the rows of the whole one at every scale, in every region', () => {
    fc.assert(
      fc.property(
        picture,
        fc.integer({ min: 1, max: 8 }),
        fc.option(fc.tuple(fraction, fraction, fraction, fraction), { nil: undefined }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(9),
        (options, scale, part, count, gap) => {
          const { width, height } = options;
          const file = makeFile(width, height, options);
          const region = part && {
            left: part[0] * width,
            top: part[1] * height,
            width: 0.01 + part[2] * (width - part[0] * width),
            height: 0.01 + part[3] * (height - part[1] * height),
          };
          const plan = planJpegDecode(readJpegLayout(file), { scale, ...(region && { region }) });
          expect(readBands(file, plan, count, gap)).toEqual(readWhole(file, plan));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fails as the whole one does where bytes are missing or changed', () => {
    let failed = 0;
    fc.assert(
      fc.property(
        picture,
        fc.integer({ min: 1, max: 8 }),
        fraction,
        fc.integer({ min: -1, max: 255 }),
        (options, scale, part, byte) => {
          const file = makeFile(options.width, options.height, options);
          const plan = planJpegDecode(readJpegLayout(file), { scale });
          const scan = file.lastIndexOf(0xda);
          const at = scan + 12 + Math.floor(part * (file.length - scan - 12));
          const bad = byte < 0 || at >= file.length ? file.subarray(0, at) : file.slice();
          if (byte >= 0 && at < file.length) bad[at] = byte;
          const expected = outcomeOf(() => readWhole(bad, plan));
          expect(outcomeOf(() => readBands(bad, plan, 2, 0))).toEqual(expected);
          if (typeof expected === 'string') failed++;
        },
      ),
      { numRuns: 300 },
    );
    expect(failed).toBeGreaterThan(30);
  });

  it('never writes a second time: what follows the scan is the end, with or without bands', () => {
    const file = makeFile(20, 20, { samplings: [[1, 1]] });
    const segments = segmentsOf(file);
    const again = segments.filter(({ code }) => code === 0xda);
    const twice = concat(
      [...segments.slice(0, -1), ...again, segments.at(-1)!].map((s) => s.bytes),
    );
    const plan = planJpegDecode(readJpegLayout(twice));
    for (const read of [() => readWhole(twice, plan), () => readBands(twice, plan, 2, 0)]) {
      expect(read).toThrow('expected the end of the image, got a scan');
    }
  });

  it('is refused for several scans, progressive pictures, bad counts and small targets', () => {
    const several = makeScanPerComponent(20, 20);
    const open = (file: Uint8Array) =>
      decoder.openBands(file, planJpegDecode(readJpegLayout(file)));
    expect(() => open(several)).toThrow(ImageError);
    const samplings = [[1, 1]] as const;
    expect(() => open(makeFile(20, 20, { samplings, progressive: true }))).toThrow(RangeError);
    const file = makeFile(20, 20, { samplings });
    const reader = open(file);
    const data = new Uint8Array(memory.buffer, REGION_END, 24 * 24);
    for (const count of [0, 4, 1.5]) {
      expect(() => reader.read(count, [{ data, stride: 24 }])).toThrow(RangeError);
    }
    expect(() => reader.read(1, [{ data: data.subarray(0, 191), stride: 24 }])).toThrow(RangeError);
    reader.read(1, [{ data, stride: 24 }]);
    open(file);
    expect(() => reader.read(1, [{ data, stride: 24 }])).toThrow(RangeError);
  });
});
