/**
 * Every twin gives the bytes of the TypeScript kernel: random planes, sizes from 1 on, odd strides, no
 * alignment, guard bytes around every row, and tables up to the bounds that the contract allows.
 * @module
 */

import {
  catmullRomTable,
  type FilterTable,
  type Kernels,
  lanczosTable,
  triangleTable,
  typescriptKernels,
  WEIGHT_ONE,
} from '@safelight/core';
import { createSimdKernels, SIMD_REGION_END } from '@safelight/simd';
import {
  Bench,
  kernelMismatch,
  type KernelShape,
  type KernelTrial,
  kernelTrials,
} from '@safelight/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const memory = new WebAssembly.Memory({ initial: (SIMD_REGION_END + (4 << 20)) / 65536 });
const simd = createSimdKernels(memory);

/** Beyond one strip of 64 columns, a tile of 16 rows and a block of 64. */
const shapes: fc.Arbitrary<KernelShape> = fc.record({
  width: fc.integer({ min: 1, max: 150 }),
  height: fc.integer({ min: 1, max: 90 }),
  padding: fc.integer({ min: 0, max: 40 }),
  seed: fc.nat(),
});

describe('twins and originals', () => {
  it.each(kernelTrials.map((trial) => ({ name: trial.name, trial })))(
    'agree byte for byte: $name',
    ({ trial }) => {
      fc.assert(
        fc.property(shapes, (shape) => {
          expectSameBytes(trial, shape);
        }),
        { numRuns: 25 },
      );
    },
  );

  it.each(['resizeRows', 'resizePixelRows', 'resizeColumns'] as const)(
    'agree byte for byte: %s by any ratio, offset and filter',
    (kernel) => {
      const axes = fc.record({
        sourceSize: fc.integer({ min: 1, max: 200 }),
        targetSize: fc.integer({ min: 1, max: 200 }),
        offset: fc.double({ min: -3, max: 3, noNaN: true }),
        stretch: fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      });
      const makers = fc.constantFrom(lanczosTable, triangleTable, catmullRomTable);
      fc.assert(
        fc.property(axes, makers, shapes, (axis, makeTable, shape) => {
          const scale = (axis.sourceSize / axis.targetSize) * axis.stretch;
          const table = makeTable({ ...axis, scale });
          expectSameBytes(
            resizeTrial(kernel, () => ({ table, ...axis })),
            shape,
          );
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(['resizeRows', 'resizePixelRows', 'resizeColumns'] as const)(
    'agree byte for byte: %s by weights at their bounds, in any order of starts',
    (kernel) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 40 }), shapes, (taps, shape) => {
          expectSameBytes(
            resizeTrial(kernel, (bench) => wildTable(bench, taps)),
            shape,
          );
        }),
        { numRuns: 150 },
      );
    },
  );

  it.each(['blurRows', 'blurColumns'] as const)(
    'agree byte for byte: %s by weights at their bounds, with windows wider than the plane',
    (kernel) => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 60 }), shapes, (radius, shape) => {
          const trial: KernelTrial = {
            name: kernel,
            kernel,
            levels: 0,
            run(kernels, bench) {
              const [s, t] = [bench.plane(), bench.plane()];
              const weights = wildWeights(bench, 2 * radius + 1);
              const blur = kernels[kernel];
              blur(s.data, s.stride, t.data, t.stride, bench.width, bench.height, weights);
            },
          };
          expectSameBytes(trial, shape);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each(['unpremultiply', 'overValue'] as const)(
    'agree on every pair of bytes: %s, which divides by floats',
    (kernel) => {
      const values = kernel === 'overValue' ? [0, 1, 77, 128, 254, 255] : [0];
      for (const value of values) {
        const [x, y] = [allPairs((index) => index & 255), allPairs((index) => index >> 8)];
        const planes = [x, y, allPairs((index) => (index * 7 + (index >> 8)) & 255)];
        const run = (kernels: Kernels, [a, b, c]: readonly Uint8Array[]): void => {
          if (kernel === 'overValue') {
            kernels.overValue(c!, 256, a!, 256, b!, 256, 256, 256, value);
          } else {
            kernels.unpremultiply(a!, 256, b!, 256, c!, 256, 256, 256);
          }
        };
        const allocate = allocateIn();
        const own = planes.map((plane) => {
          const view = allocate(plane.length);
          view.set(plane);
          return view;
        });
        run(simd, own);
        run(typescriptKernels, planes);
        expect(Buffer.compare(own[2]!, planes[2]!)).toBe(0);
      }
    },
  );
});

function expectSameBytes(trial: KernelTrial, shape: KernelShape): void {
  const mismatch = kernelMismatch({
    trial,
    actual: simd,
    expected: typescriptKernels,
    shape,
    levels: 0,
    allocate: allocateIn(),
  });
  expect(mismatch).toBeUndefined();
}

interface Resize {
  readonly sourceSize: number;
  readonly table: FilterTable;
}

/** The shape's other side counts the lines; the resized one is the table's. */
function resizeTrial(
  kernel: 'resizeRows' | 'resizePixelRows' | 'resizeColumns',
  resizeOf: (bench: Bench) => Resize,
): KernelTrial {
  return {
    name: kernel,
    kernel,
    levels: 0,
    run(kernels, bench) {
      const { sourceSize, table } = resizeOf(bench);
      const alongRows = kernel !== 'resizeColumns';
      const step = kernel === 'resizePixelRows' ? 4 : 1;
      const lines = alongRows ? bench.height : bench.width;
      const planeOf = (size: number) =>
        alongRows ? bench.plane(step * size, lines) : bench.plane(lines, size);
      const [source, target] = [planeOf(sourceSize), planeOf(table.targetSize)];
      kernels[kernel](source.data, source.stride, target.data, target.stride, lines, table);
    },
  };
}

/** Windows anywhere in the source, in any order; some sources hold a single window. */
function wildTable(bench: Bench, taps: number): Resize {
  const sourceSize = taps + bench.integer(0, 30);
  const targetSize = bench.integer(1, 70);
  const starts = Int32Array.from({ length: targetSize }, () => bench.integer(0, sourceSize - taps));
  const weights = new Int16Array(targetSize * taps);
  for (let i = 0; i < targetSize; i++) weights.set(wildWeights(bench, taps), i * taps);
  return { sourceSize, table: { targetSize, taps, starts, weights } };
}

/**
 * Weights that sum to 2^14 with an absolute sum of at most 2^16, and two of them at the ends of 16 bits
 * as far as both bounds allow.
 */
function wildWeights(bench: Bench, taps: number): Int16Array {
  const weights = new Int16Array(taps);
  if (taps === 1) return weights.fill(WEIGHT_ONE);
  const [high, low] = [bench.integer(0, taps - 1), bench.integer(0, taps - 2)];
  weights[high] = 32767;
  weights[low < high ? low : low + 1] = WEIGHT_ONE - 32767;
  // Noise that cancels out: 14 pairs of at most 500 add 14000 to an absolute sum of 49150.
  for (let i = 0; i < 14; i++) {
    const amount = bench.integer(0, 500);
    const [from, to] = [bench.integer(0, taps - 1), bench.integer(0, taps - 1)];
    if (from === high || to === high) continue;
    weights[from]! += amount;
    weights[to]! -= amount;
  }
  return weights;
}

function allPairs(byteOf: (index: number) => number): Uint8Array {
  return Uint8Array.from({ length: 65536 }, (_, index) => byteOf(index));
}

/** A bump allocator above the region. */
function allocateIn(): (byteLength: number) => Uint8Array {
  let at = SIMD_REGION_END;
  return (byteLength) => {
    const view = new Uint8Array(memory.buffer, at, byteLength);
    at += byteLength;
    return view;
  };
}
