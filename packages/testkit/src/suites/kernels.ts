/**
 * What every kernel set must do, as trials: each runs one kernel on random planes. A set is
 * compared with `naiveKernels` within a trial's `levels`, a twin with its original exactly
 * (`levels: 0`).
 * @module
 *
 *     it.each(kernelTrials)('$name', (trial) => {
 *       expect(kernelMismatch({ trial, actual, expected, shape })).toBeUndefined();
 *     });
 */

import { cubicPhases, gaussianWeights, lanczosTable, triangleTable } from '@safelight/core';
import type { AffineMap, Kernels } from '@safelight/core';

import type { Bench, KernelShape, KernelTrial } from './kernel-bench.ts';

/**
 * Shapes that every set runs: from one sample, around the blocks of four and 64, without and with
 * padding.
 */
export const KERNEL_SHAPES: readonly KernelShape[] = [
  { width: 1, height: 1, padding: 0, seed: 1 },
  { width: 2, height: 1, padding: 3, seed: 2 },
  { width: 1, height: 2, padding: 0, seed: 3 },
  { width: 3, height: 5, padding: 1, seed: 4 },
  { width: 4, height: 4, padding: 0, seed: 5 },
  { width: 7, height: 6, padding: 13, seed: 6 },
  { width: 16, height: 3, padding: 16, seed: 7 },
  { width: 33, height: 18, padding: 5, seed: 8 },
  { width: 65, height: 129, padding: 7, seed: 9 },
];

export const kernelTrials: readonly KernelTrial[] = [
  ...(['resizeRows', 'resizePixelRows', 'resizeColumns'] as const).flatMap(resizeTrials),
  ...(['copy', 'rotate180', 'flipHorizontal', 'flipVertical'] as const).map((kernel) =>
    moveTrial(kernel, (width, height) => [width, height]),
  ),
  ...(['rotate90', 'rotate270', 'transpose', 'transverse'] as const).map((kernel) =>
    moveTrial(kernel, (width, height) => [height, width]),
  ),
  moveTrial('halveColumns', (width, height) => [Math.ceil(width / 2), height]),
  moveTrial('halveRows', (width, height) => [width, Math.ceil(height / 2)]),
  moveTrial('halveBoth', (width, height) => [Math.ceil(width / 2), Math.ceil(height / 2)]),
  {
    name: 'fill',
    kernel: 'fill',
    levels: 0,
    run(kernels, bench) {
      const target = bench.plane();
      kernels.fill(target.data, target.stride, bench.width, bench.height, bench.integer(0, 255));
    },
  },
  exactTrial('mapSamples', (kernels, bench) => {
    const { width, height } = bench;
    const target = bench.plane();
    const table = bench.plane(256, 1);
    kernels.mapSamples(target.data, target.stride, width, height, table.data);
  }),
  ...(['blurRows', 'blurColumns'] as const).flatMap(blurTrials),
  ...sharpenTrials(),
  ...(['premultiply', 'unpremultiply', 'inkToLight'] as const).flatMap(productTrials),
  ...pixelTrials(),
  ...blendTrials(),
  ...(['rgbToYcbcr', 'ycbcrToRgb'] as const).map((kernel): KernelTrial => ({
    name: kernel,
    kernel,
    levels: 1,
    run(kernels, bench) {
      const [a, b, c] = [bench.plane(), bench.plane(), bench.plane()];
      const { width, height } = bench;
      kernels[kernel](a.data, a.stride, b.data, b.stride, c.data, c.stride, width, height);
    },
  })),
  ...interleaveTrials(),
  ...warpTrials(),
];

function resizeTrials(kernel: 'resizeRows' | 'resizePixelRows' | 'resizeColumns'): KernelTrial[] {
  return (['lanczos', 'triangle'] as const).map((filter) => ({
    name: `${kernel}, ${filter}`,
    kernel,
    levels: 1,
    run(kernels, bench) {
      const alongRows = kernel !== 'resizeColumns';
      const step = kernel === 'resizePixelRows' ? 4 : 1;
      const sourceSize = alongRows ? bench.width : bench.height;
      const targetSize = bench.integer(1, 2 * sourceSize + 1);
      // A fractional offset on either side, as planes with odd extents have it.
      const offset = bench.integer(-100, 100) / 64;
      const axis = { sourceSize, targetSize, offset, scale: sourceSize / targetSize };
      const table = filter === 'lanczos' ? lanczosTable(axis) : triangleTable(axis);
      const source = bench.plane(step * bench.width);
      const target = alongRows
        ? bench.plane(step * targetSize, bench.height)
        : bench.plane(bench.width, targetSize);
      const lines = alongRows ? bench.height : bench.width;
      kernels[kernel](source.data, source.stride, target.data, target.stride, lines, table);
    },
  }));
}

type MoveName =
  | 'copy'
  | 'rotate90'
  | 'rotate180'
  | 'rotate270'
  | 'flipHorizontal'
  | 'flipVertical'
  | 'transpose'
  | 'transverse'
  | 'halveColumns'
  | 'halveRows'
  | 'halveBoth';

function moveTrial(
  kernel: MoveName,
  targetSize: (width: number, height: number) => [number, number],
): KernelTrial {
  return {
    name: kernel,
    kernel,
    levels: 0,
    run(kernels, bench) {
      const { width, height } = bench;
      const source = bench.plane();
      const target = bench.plane(...targetSize(width, height));
      const move = kernels[kernel];
      move(source.data, source.stride, target.data, target.stride, width, height);
    },
  };
}

function blurTrials(kernel: 'blurRows' | 'blurColumns'): KernelTrial[] {
  const trial = (name: string, weightsOf: (bench: Bench) => Int16Array): KernelTrial => ({
    name: `${kernel}, ${name}`,
    kernel,
    levels: 1,
    run(kernels, bench) {
      const { width, height } = bench;
      const [source, target] = [bench.plane(), bench.plane()];
      const weights = weightsOf(bench);
      const blur = kernels[kernel];
      blur(source.data, source.stride, target.data, target.stride, width, height, weights);
    },
  });
  return [
    trial('gaussian', (bench) =>
      gaussianWeights({ radius: bench.integer(0, 9), sigma: bench.integer(1, 60) / 10 }),
    ),
    // Neither symmetric nor positive: the order of the weights and both clamps show.
    trial('skew', () => Int16Array.of(-900, 19000, 300, -2500, 484)),
  ];
}

function sharpenTrials(): KernelTrial[] {
  return (['apart', 'on the source', 'on the blurred'] as const).map((place) => ({
    name: `sharpen, ${place}`,
    kernel: 'sharpen',
    levels: 0,
    run(kernels, bench) {
      const { width, height } = bench;
      const [a, b, apart] = [bench.plane(), bench.plane(), bench.plane()];
      const t = place === 'apart' ? apart : place === 'on the source' ? a : b;
      const amount = bench.integer(0, 1100);
      kernels.sharpen(a.data, a.stride, b.data, b.stride, t.data, t.stride, width, height, amount);
    },
  }));
}

/** Pixels of four bytes: apart, and in place. */
function pixelTrials(): KernelTrial[] {
  return (['apart', 'in place'] as const).map((place) => ({
    name: `premultiplyPixels, ${place}`,
    kernel: 'premultiplyPixels',
    levels: 0,
    run(kernels, bench) {
      const { width, height } = bench;
      const [s, apart] = [bench.plane(4 * width), bench.plane(4 * width)];
      const t = place === 'apart' ? apart : s;
      kernels.premultiplyPixels(s.data, s.stride, t.data, t.stride, width, height);
    },
  }));
}

function productTrials(kernel: 'premultiply' | 'unpremultiply' | 'inkToLight'): KernelTrial[] {
  return (['apart', 'in place'] as const).map((place) => ({
    name: `${kernel}, ${place}`,
    kernel,
    levels: 0,
    run(kernels, bench) {
      const { width, height } = bench;
      const [a, b, apart] = [bench.plane(), bench.plane(), bench.plane()];
      const t = place === 'apart' ? apart : a;
      kernels[kernel](a.data, a.stride, b.data, b.stride, t.data, t.stride, width, height);
    },
  }));
}

/** Kernels that change their first plane by the others; all rounding is exact. */
function blendTrials(): KernelTrial[] {
  return [
    exactTrial('multiply', (kernels, bench) => {
      const [t, c] = [bench.plane(), bench.plane()];
      kernels.multiply(t.data, t.stride, c.data, c.stride, bench.width, bench.height);
    }),
    exactTrial('overAlpha', (kernels, bench) => {
      const [a, c] = [bench.plane(), bench.plane()];
      kernels.overAlpha(a.data, a.stride, c.data, c.stride, bench.width, bench.height);
    }),
    exactTrial('blendValue', (kernels, bench) => {
      const { width, height } = bench;
      const [t, c, value] = [bench.plane(), bench.plane(), bench.integer(0, 255)];
      kernels.blendValue(t.data, t.stride, c.data, c.stride, width, height, value);
    }),
    exactTrial('blendPlane', (kernels, bench) => {
      const { width, height } = bench;
      const [t, s, c] = [bench.plane(), bench.plane(), bench.plane()];
      kernels.blendPlane(t.data, t.stride, s.data, s.stride, c.data, c.stride, width, height);
    }),
    exactTrial('overValue', (kernels, bench) => {
      const { width, height } = bench;
      const [t, a, c, value] = [bench.plane(), bench.plane(), bench.plane(), bench.integer(0, 255)];
      kernels.overValue(t.data, t.stride, a.data, a.stride, c.data, c.stride, width, height, value);
    }),
    exactTrial('overPlane', (kernels, bench) => {
      const [t, a, s, c] = [bench.plane(), bench.plane(), bench.plane(), bench.plane()];
      kernels.overPlane(
        t.data,
        t.stride,
        a.data,
        a.stride,
        s.data,
        s.stride,
        c.data,
        c.stride,
        bench.width,
        bench.height,
      );
    }),
  ];
}

function exactTrial(
  kernel: KernelTrial['kernel'],
  run: (kernels: Kernels, bench: Bench) => void,
): KernelTrial {
  return { name: kernel, kernel, levels: 0, run };
}

function interleaveTrials(): KernelTrial[] {
  return [1, 2, 3, 4].flatMap((channels): KernelTrial[] => [
    {
      name: `deinterleave, ${channels} channels`,
      kernel: 'deinterleave',
      levels: 0,
      run(kernels, bench) {
        const { width, height } = bench;
        const s = bench.plane(width * channels);
        const t = bench.plane();
        const channel = bench.integer(0, channels - 1);
        kernels.deinterleave(s.data, s.stride, channels, channel, t.data, t.stride, width, height);
      },
    },
    {
      name: `interleave, ${channels} channels`,
      kernel: 'interleave',
      levels: 0,
      run(kernels, bench) {
        const { width, height } = bench;
        const s = bench.plane();
        const t = bench.plane(width * channels);
        const channel = bench.integer(0, channels - 1);
        kernels.interleave(s.data, s.stride, t.data, t.stride, channels, channel, width, height);
      },
    },
  ]);
}

function warpTrials(): KernelTrial[] {
  const phases = cubicPhases();
  return [
    {
      name: 'warp',
      kernel: 'warp',
      levels: 1,
      run(kernels, bench) {
        const s = bench.plane();
        const t = bench.plane(
          bench.integer(1, bench.width + 9),
          bench.integer(1, bench.height + 9),
        );
        const map = turnAbout(s.width, s.height, t.width, t.height, bench);
        kernels.warp(
          s.data,
          s.stride,
          s.width,
          s.height,
          t.data,
          t.stride,
          t.width,
          t.height,
          map,
          phases,
        );
      },
    },
    {
      name: 'warpCoverage',
      kernel: 'warpCoverage',
      levels: 1,
      run(kernels, bench) {
        const { width, height } = bench;
        const t = bench.plane(bench.integer(1, width + 9), bench.integer(1, height + 9));
        const map = turnAbout(width, height, t.width, t.height, bench);
        kernels.warpCoverage(width, height, t.data, t.stride, t.width, t.height, map);
      },
    },
  ];
}

/** A turn by any angle that maps the target's middle near the source's; fractions are kept. */
function turnAbout(
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
  bench: Bench,
): AffineMap {
  const angle = (bench.integer(0, 3599) * Math.PI) / 1800;
  const cos = Math.round(Math.cos(angle) * 65536);
  const sin = Math.round(Math.sin(angle) * 65536);
  const middleX = Math.round((sourceWidth - 1) * 32768) + bench.integer(-65536, 65536);
  const middleY = Math.round((sourceHeight - 1) * 32768) + bench.integer(-65536, 65536);
  return {
    x0: Math.round(middleX - ((width - 1) * cos + (height - 1) * sin) / 2),
    y0: Math.round(middleY - ((height - 1) * cos - (width - 1) * sin) / 2),
    xx: cos,
    xy: sin,
    yx: -sin,
    yy: cos,
  };
}
