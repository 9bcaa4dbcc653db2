/**
 * The twins through the shared kernel suite, byte for byte with the TypeScript set, on views of one
 * WebAssembly memory; and the calls that have no twin.
 * @module
 */

import { type FilterTable, type Kernels, lanczosTable, typescriptKernels } from '@safelight/core';
import { KERNEL_SHAPES, kernelMismatch, kernelTrials, randomFrom } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';

import { createSimdKernels, SIMD_REGION_BEGIN, SIMD_REGION_END } from './index.ts';

const MEBIBYTE = 1 << 20;
const memory = new WebAssembly.Memory({ initial: (SIMD_REGION_END + 8 * MEBIBYTE) / 65536 });
const simd = createSimdKernels(memory);

describe('the SIMD kernels', () => {
  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    '$name gives the bytes of the TypeScript set',
    ({ trial }) => {
      for (const shape of KERNEL_SHAPES) {
        const allocate = allocateIn(memory);
        const expected = typescriptKernels;
        const comparison = { trial, actual: simd, expected, shape, levels: 0, allocate };
        expect(kernelMismatch(comparison)).toBeUndefined();
      }
    },
  );

  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    '$name takes views of another buffer',
    ({ trial }) => {
      const shape = { width: 21, height: 18, padding: 3, seed: 11 };
      const comparison = { trial, actual: simd, expected: typescriptKernels, shape, levels: 0 };
      expect(kernelMismatch(comparison)).toBeUndefined();
    },
  );

  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    '$name touches nothing behind a plane that ends where the memory ends',
    ({ trial }) => {
      for (const shape of KERNEL_SHAPES) {
        for (let index = 0; index < MOST_PLANES; index++) {
          const allocate = allocateIn(memory);
          const [actual, expected] = [withPlaneAtTheEnd(index), typescriptKernels];
          const comparison = { trial, actual, expected, shape, levels: 0, allocate };
          expect(kernelMismatch(comparison)).toBeUndefined();
        }
      }
    },
  );

  it('have the names of the TypeScript set', () => {
    expect(Object.keys(simd).toSorted()).toEqual(Object.keys(typescriptKernels).toSorted());
    expect(simd.name).toBe('simd');
  });

  it('cut tables that are larger than the region', () => {
    // 1.5 million weights are 3 MiB.
    const table = lanczosTable({ sourceSize: 3000, targetSize: 500, offset: 0, scale: 500 });
    expect(table.weights.byteLength).toBeGreaterThan(SIMD_REGION_END - SIMD_REGION_BEGIN);
    expectSameResize('resizeRows', table, 5);
    expectSameResize('resizePixelRows', table, 3);
    expectSameResize('resizeColumns', table, 19);
  });

  it.each([
    ['resizeRows', 1_100_000],
    ['resizePixelRows', 1_100_000],
    ['resizeColumns', 300_000],
  ] as const)(
    'leave a single window beyond the region to the TypeScript set: %s',
    (kernel, taps) => {
      const weights = new Int16Array(taps);
      weights[3] = 9000;
      weights[taps - 1] = (1 << 14) - 9000;
      const table = { targetSize: 1, taps, starts: Int32Array.of(0), weights };
      expectSameResize(kernel, table, 1);
    },
  );

  it('leave blurred rows beyond the region to the TypeScript set', () => {
    const width = 2 * MEBIBYTE;
    const allocate = allocateIn(memory);
    const source = noise(allocate(width), 4);
    const target = allocate(width);
    const weights = Int16Array.of(4000, 8384, 4000);
    simd.blurRows(source, width, target, width, width, 1, weights);
    const wanted = new Uint8Array(width);
    typescriptKernels.blurRows(source, width, wanted, width, width, 1, weights);
    expect(Buffer.compare(target, wanted)).toBe(0);
  });

  it('sharpen by amounts beyond 16 bits, and by the greatest within', () => {
    for (const amount of [32767, 32768, 4_000_000]) {
      const allocate = allocateIn(memory);
      const [source, blurred] = [noise(allocate(100), 5), noise(allocate(100), 6)];
      const target = allocate(100);
      const wanted = new Uint8Array(100);
      simd.sharpen(source, 100, blurred, 100, target, 100, 100, 1, amount);
      typescriptKernels.sharpen(source, 100, blurred, 100, wanted, 100, 100, 1, amount);
      expect(target).toEqual(wanted);
    }
  });

  it('move samples of five channels', () => {
    const allocate = allocateIn(memory);
    const source = noise(allocate(500), 7);
    const target = allocate(100);
    simd.deinterleave(source, 500, 5, 3, target, 100, 100, 1);
    expect([...target]).toEqual([...source].filter((_, index) => index % 5 === 3));
    simd.interleave(target, 100, source, 500, 5, 0, 100, 1);
    expect([...source].filter((_, index) => index % 5 === 0)).toEqual([...target]);
  });

  it('give the bytes of the TypeScript set after the memory has grown', () => {
    const own = new WebAssembly.Memory({ initial: SIMD_REGION_END / 65536 });
    const kernels = createSimdKernels(own);
    own.grow(1);
    const target = new Uint8Array(own.buffer, SIMD_REGION_END + 50, 40);
    const source = noise(new Uint8Array(own.buffer, SIMD_REGION_END + 7, 40), 8);
    kernels.rotate180(source, 40, target, 40, 40, 1);
    expect([...target]).toEqual([...source].toReversed());
  });

  it('work on the last bytes of the memory', () => {
    const end = memory.buffer.byteLength;
    for (const [width, targetSize] of [
      [5, 9],
      [9, 20],
      [33, 7],
    ] as const) {
      const axis = { sourceSize: width, targetSize, offset: 0, scale: width / targetSize };
      const table = lanczosTable(axis);
      const source = noise(new Uint8Array(memory.buffer, end - width, width), width);
      const target = new Uint8Array(memory.buffer, SIMD_REGION_END, targetSize);
      const wanted = new Uint8Array(targetSize);
      simd.resizeRows(source, width, target, targetSize, 1, table);
      typescriptKernels.resizeRows(source, width, wanted, targetSize, 1, table);
      expect(target).toEqual(wanted);
      simd.flipHorizontal(target.subarray(0, 1), 1, source.subarray(width - 1), 1, 1, 1);
      expect(source[width - 1]).toBe(wanted[0]);
      const pixels = noise(new Uint8Array(memory.buffer, end - 4 * width, 4 * width), width);
      const row = new Uint8Array(memory.buffer, SIMD_REGION_END, 4 * targetSize);
      const wantedRow = new Uint8Array(4 * targetSize);
      simd.resizePixelRows(pixels, 4 * width, row, 4 * targetSize, 1, table);
      typescriptKernels.resizePixelRows(pixels, 4 * width, wantedRow, 4 * targetSize, 1, table);
      expect(row).toEqual(wantedRow);
    }
  });

  it('refuse a memory that does not hold their region', () => {
    const small = new WebAssembly.Memory({ initial: SIMD_REGION_END / 65536 - 1 });
    expect(() => createSimdKernels(small)).toThrow(WebAssembly.LinkError);
  });
});

/** Of one kernel: target, alpha, source and coverage of `overPlane`. */
const MOST_PLANES = 4;

/** The twins, each with one plane of its call on the last bytes of the memory: reading on is a trap. */
function withPlaneAtTheEnd(index: number): Kernels {
  const moving = Object.entries(simd).map(([name, kernel]: [string, unknown]) => {
    if (typeof kernel !== 'function') return [name, kernel];
    const run = (...values: readonly unknown[]): void => {
      const plane = values.filter((value) => value instanceof Uint8Array)[index];
      if (plane === undefined) return void kernel(...values);
      const end = memory.buffer.byteLength;
      const moved = new Uint8Array(memory.buffer, end - plane.length, plane.length);
      moved.set(plane);
      kernel(...values.map((value) => (value === plane ? moved : value)));
      plane.set(moved);
    };
    return [name, run];
  });
  return Object.fromEntries(moving) as Kernels;
}

type ResizeName = 'resizeRows' | 'resizePixelRows' | 'resizeColumns';

function expectSameResize(kernel: ResizeName, table: FilterTable, lines: number): void {
  const allocate = allocateIn(memory);
  const sourceSize = Math.max(...table.starts) + table.taps;
  const step = kernel === 'resizePixelRows' ? 4 : 1;
  const source = noise(allocate(step * sourceSize * lines), 9);
  const sourceStride = kernel === 'resizeColumns' ? lines : step * sourceSize;
  const targetStride = kernel === 'resizeColumns' ? lines : step * table.targetSize;
  const run = (kernels: Kernels, target: Uint8Array): Uint8Array => {
    kernels[kernel](source, sourceStride, target, targetStride, lines, table);
    return target;
  };
  const wanted = run(typescriptKernels, new Uint8Array(step * table.targetSize * lines));
  expect(Buffer.compare(run(simd, allocate(wanted.length)), wanted)).toBe(0);
}

/** A bump allocator above the region. */
function allocateIn(shared: WebAssembly.Memory): (byteLength: number) => Uint8Array {
  let at = SIMD_REGION_END;
  return (byteLength) => {
    const view = new Uint8Array(shared.buffer, at, byteLength);
    at += byteLength;
    return view;
  };
}

function noise(bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomFrom(seed);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Math.floor(random() * 256);
  return bytes;
}
