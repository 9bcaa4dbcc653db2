import type { Plane } from '@safelight/core';
import { createPngTwins, SIMD_REGION_END } from '@safelight/simd';
import { randomFrom } from '@safelight/testkit';
import { assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PngKernels, typescriptPngKernels } from '../../src/index.ts';

/** Every call must have a twin, unless a test says otherwise. */
const none: PngKernels = {
  name: 'none',
  unfilterPlanes: () => expect.unreachable('left to the TypeScript set'),
  unfilterRows: () => expect.unreachable('left to the TypeScript set'),
  filterPlanes: () => expect.unreachable('left to the TypeScript set'),
  countRuns: () => expect.unreachable('left to the TypeScript set'),
  writeRuns: () => expect.unreachable('left to the TypeScript set'),
  adler32: () => expect.unreachable('left to the TypeScript set'),
};
const PAGE_BYTES = 65_536;
const memory = new WebAssembly.Memory({ initial: SIMD_REGION_END / PAGE_BYTES + 128 });
const twins = createPngTwins(memory, none);

const side = integer({ min: 1, max: 70 });
const channelCount = integer({ min: 1, max: 4 });
/** Which bits of noise are used: small values meet more of the equal cases of a predictor. */
const mask = constantFrom(1, 3, 15, 255);

/** Where nothing may be written: in front of, between and behind planes. */
const GUARD_BYTES = 32;
const GUARD = 0xa5;

/** Planes in the memory with guards around them. */
function allocate(count: number, bytes: number): Uint8Array[] {
  new Uint8Array(memory.buffer, SIMD_REGION_END, (count + 1) * (bytes + GUARD_BYTES)).fill(GUARD);
  return Array.from(
    { length: count },
    (_, i) =>
      new Uint8Array(
        memory.buffer,
        SIMD_REGION_END + GUARD_BYTES + i * (bytes + GUARD_BYTES),
        bytes,
      ),
  );
}

function expectGuards(count: number, bytes: number): void {
  for (let i = 0; i <= count; i++) {
    const at = SIMD_REGION_END + i * (bytes + GUARD_BYTES);
    const guard = new Uint8Array(memory.buffer, at, GUARD_BYTES);
    expect(guard.every((value) => value === GUARD)).toBe(true);
  }
}

function expectSame(got: readonly Uint8Array[], wanted: readonly Uint8Array[]): void {
  expect(got.map((bytes, i) => Buffer.compare(bytes, wanted[i]))).toEqual(wanted.map(() => 0));
}

/** Rows whose filter bytes are filters. */
function rowsOf(rowBytes: number, rows: number, bits: number, random: () => number): Uint8Array {
  return Uint8Array.from({ length: rows * (rowBytes + 1) }, (_, i) =>
    i % (rowBytes + 1) === 0 ? Math.floor(5 * random()) : Math.floor(256 * random()) & bits,
  );
}

/** Noise, and runs of up to 600 bytes in it. */
function fillWithRuns(target: Uint8Array, bits: number, random: () => number): void {
  for (let at = 0; at < target.length; at++) target[at] = Math.floor(256 * random()) & bits;
  for (let at = 0; at < target.length; at += 1 + Math.floor(80 * random())) {
    const run = Math.floor((random() < 0.2 ? 600 : 8) * random());
    target.fill(target[at], at, at + run);
    at += run;
  }
}

describe('the SIMD loops of PNG', () => {
  it('unfilter to the bytes of the TypeScript set', () => {
    assert(
      property(side, side, channelCount, mask, integer(), (width, height, channels, bits, seed) => {
        const scanlines = rowsOf(channels * width, height, bits, randomFrom(seed));
        const wanted = Array.from({ length: channels }, () => new Uint8Array(width * height));
        typescriptPngKernels.unfilterPlanes(scanlines, wanted, width, height);
        const planes = allocate(channels, width * height);
        expect(twins.unfilterPlanes(scanlines, planes, width, height)).toBe(height);
        expectSame(planes, wanted);
        expectGuards(channels, width * height);
      }),
      { numRuns: 500 },
    );
  });

  it('unfilter in place to the bytes of the TypeScript set', () => {
    const step = integer({ min: 3, max: 4 });
    assert(
      property(side, side, step, mask, integer(), (width, height, pixelBytes, bits, seed) => {
        const rowBytes = pixelBytes * width;
        const rows = rowsOf(rowBytes, height, bits, randomFrom(seed));
        const bytes = 1 + rowBytes + rows.length + 8;
        const [pixels] = allocate(1, bytes);
        pixels.fill(0);
        pixels.set(rows, 1 + rowBytes);
        const wanted = pixels.slice();
        expect(typescriptPngKernels.unfilterRows(wanted, rowBytes, pixelBytes, height)).toBe(
          height,
        );
        expect(twins.unfilterRows(pixels, rowBytes, pixelBytes, height)).toBe(height);
        expectSame([pixels], [wanted]);
        expectGuards(1, bytes);
        pixels.set(rows, 1 + rowBytes);
        pixels[1 + rowBytes + (1 + rowBytes) * (height - 1)] = 5;
        expect(twins.unfilterRows(pixels, rowBytes, pixelBytes, height)).toBe(height - 1);
      }),
      { numRuns: 300 },
    );
  });

  it('filter to the bytes of the TypeScript set', () => {
    const step = constantFrom(1, 2, 4, 8, 16);
    assert(
      property(side, side, channelCount, mask, step, integer(), (width, height, ...rest) => {
        const [channels, bits, sampleStep, seed] = rest;
        const random = randomFrom(seed);
        const stride = width + Math.floor(3 * random());
        const planes = allocate(channels, stride * height).map((data): Plane => {
          for (let i = 0; i < data.length; i++) data[i] = Math.floor(256 * random()) & bits;
          return { data, width, height, stride, extent: { left: 0, top: 0, width, height } };
        });
        const wanted = new Uint8Array(height * (1 + channels * width));
        typescriptPngKernels.filterPlanes(planes, width, height, wanted, sampleStep);
        const got = new Uint8Array(wanted.length);
        twins.filterPlanes(planes, width, height, got, sampleStep);
        expectSame([got], [wanted]);
        expectGuards(channels, stride * height);
        // Into rows of the memory as well, behind the planes.
        const beside = channels * (stride * height + GUARD_BYTES) + GUARD_BYTES;
        const rows = new Uint8Array(memory.buffer, SIMD_REGION_END + beside, wanted.length);
        twins.filterPlanes(planes, width, height, rows, sampleStep);
        expectSame([rows], [wanted]);
        expectGuards(channels, stride * height);
      }),
      { numRuns: 500 },
    );
  });

  it('count, write and sum runs as the TypeScript set does', () => {
    const length = integer({ min: 0, max: 700 });
    const filledBits = integer({ min: 0, max: 7 });
    assert(
      property(length, mask, filledBits, integer(), (byteLength, bits, filled, seed) => {
        const random = randomFrom(seed);
        const [source] = allocate(1, byteLength);
        fillWithRuns(source, bits, random);
        // What stands in front is no part of a run.
        if (byteLength > 0) new Uint8Array(memory.buffer)[source.byteOffset - 1] = source[0];
        const counts = [new Uint32Array(512).fill(3), new Uint32Array(512).fill(3)];
        typescriptPngKernels.countRuns(source, counts[0]);
        twins.countRuns(source, counts[1]);
        expect(counts[1]).toEqual(counts[0]);
        const codes = Uint32Array.from({ length: 513 }, (_, place) => {
          const codeBits = 1 + Math.floor((place < 256 ? 14 : 20) * random());
          return Math.floor(2 ** codeBits * random()) | (codeBits << 24);
        });
        const files = [0, 1].map(() => new Uint8Array(3 * byteLength + 10).fill(0xff));
        const sizes = [typescriptPngKernels, twins].map(({ writeRuns }, i) =>
          writeRuns(source, codes, files[i], 2, filled),
        );
        expect(sizes[1]).toBe(sizes[0]);
        expectSame([files[1]], [files[0]]);
        expect(twins.adler32(source)).toBe(typescriptPngKernels.adler32(source));
      }),
      { numRuns: 1000 },
    );
  });

  it('sum more bytes than their sums hold at once, and write more than their region holds', () => {
    const [source] = allocate(1, 1_200_000);
    source.fill(255);
    expect(twins.adler32(source)).toBe(typescriptPngKernels.adler32(source));
    const codes = new Uint32Array(513).fill(14 << 24);
    const file = new Uint8Array(10_000);
    expect(() => twins.writeRuns(source, codes, file, 0, 0)).toThrow('TypeScript set');
    const some = createPngTwins(memory, typescriptPngKernels);
    expect(some.writeRuns(source, codes, file, 0, 0)).toBe(14 * (2 + Math.ceil(1_199_999 / 258)));
  });

  it('go on from band to band', () => {
    const random = randomFrom(3);
    // Bands of 128 KiB hold 21 rows of the first, 1 of the second.
    for (const [width, height] of [
      [1500, 70],
      [40_000, 3],
    ] as const) {
      const scanlines = rowsOf(4 * width, height, 255, random);
      const wanted = Array.from({ length: 4 }, () => new Uint8Array(width * height));
      typescriptPngKernels.unfilterPlanes(scanlines, wanted, width, height);
      const data = allocate(4, width * height);
      twins.unfilterPlanes(scanlines, data, width, height);
      expectSame(data, wanted);
      const extent = { left: 0, top: 0, width, height };
      const planes = data.map((plane): Plane => ({
        data: plane,
        width,
        height,
        stride: width,
        extent,
      }));
      const [filtered, got] = [new Uint8Array(scanlines.length), new Uint8Array(scanlines.length)];
      typescriptPngKernels.filterPlanes(planes, width, height, filtered, 4);
      twins.filterPlanes(planes, width, height, got, 4);
      expectSame([got], [filtered]);
    }
  });

  it('stop at the row whose filter is unknown', () => {
    const scanlines = new Uint8Array(60 * 3001);
    for (const row of [0, 1, 43, 44, 59]) {
      const bad = Uint8Array.from(scanlines);
      bad[row * 3001] = 5;
      expect(twins.unfilterPlanes(bad, allocate(3, 60_000), 1000, 60)).toBe(row);
    }
  });

  it('leave what they cannot hold or reach to the TypeScript set', () => {
    const some = createPngTwins(memory, typescriptPngKernels);
    const random = randomFrom(4);
    // Two rows are more than the region.
    const width = 1_100_000;
    const scanlines = rowsOf(width, 2, 255, random);
    const [wanted] = [new Uint8Array(2 * width)];
    typescriptPngKernels.unfilterPlanes(scanlines, [wanted], width, 2);
    const [far] = allocate(1, 2 * width);
    expect(() => twins.unfilterPlanes(scanlines, [far], width, 2)).toThrow('TypeScript set');
    some.unfilterPlanes(scanlines, [far], width, 2);
    expectSame([far], [wanted]);
    // Planes of another memory.
    const small = rowsOf(20, 5, 255, random);
    const [ours, theirs] = [new Uint8Array(100), new Uint8Array(100)];
    typescriptPngKernels.unfilterPlanes(small, [theirs], 20, 5);
    some.unfilterPlanes(small, [ours], 20, 5);
    expectSame([ours], [theirs]);
  });
});
