/**
 * Weights: known rows, exact sums, windows inside the source, and quality against a float64
 * Lanczos.
 * @module
 */

import { lanczosReference, photoLike, psnr } from '@safelight/testkit';
import { describe, expect, it } from 'vitest';

import {
  type Axis,
  catmullRomTable,
  cubicPhases,
  gaussianWeights,
  lanczosTable,
  triangleTable,
  WEIGHT_ONE,
} from './filter-table.ts';
import type { FilterTable } from './kernels/kernels.ts';
import { typescriptKernels } from './kernels/typescript-kernels.ts';

function axisOf(sourceSize: number, targetSize: number): Axis {
  return { sourceSize, targetSize, offset: 0, scale: sourceSize / targetSize };
}

function rowsOf(table: FilterTable): number[][] {
  return Array.from({ length: table.targetSize }, (_, j) => [
    ...table.weights.subarray(j * table.taps, (j + 1) * table.taps),
  ]);
}

function sumOf(row: ArrayLike<number>): number {
  return Array.from(row).reduce((total, weight) => total + weight, 0);
}

function sinc(t: number): number {
  return t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t);
}

/** Lanczos3 about sample 30,000, 60,000 times as wide. */
function stretched(i: number): number {
  const t = (i + 0.5 - 30_000) / 60_000;
  return sinc(t) * sinc(t / 3);
}

describe('triangleTable', () => {
  it('doubles with three quarters and one quarter, and repeats at the ends', () => {
    const table = triangleTable(axisOf(3, 6));
    expect([...table.starts]).toEqual([0, 0, 0, 1, 1, 1]);
    expect(rowsOf(table)).toEqual([
      [16384, 0],
      [12288, 4096],
      [4096, 12288],
      [12288, 4096],
      [4096, 12288],
      [0, 16384],
    ]);
  });
});

describe('lanczosTable', () => {
  it('is the identity at scale 1', () => {
    const table = lanczosTable(axisOf(9, 9));
    for (const [j, row] of rowsOf(table).entries()) {
      expect(row[j - table.starts[j]]).toBe(WEIGHT_ONE);
      expect(row.filter((weight) => weight !== 0)).toHaveLength(1);
    }
  });

  it('mirrors: the last row is the first one backwards', () => {
    for (const [source, target] of [
      [100, 33],
      [40, 90],
    ]) {
      const table = lanczosTable(axisOf(source, target));
      // Windows start at different zeros, so rows are compared over the whole source.
      const rows = rowsOf(table).map((row, j) => {
        const whole = Array.from({ length: source }, () => 0);
        whole.splice(table.starts[j], row.length, ...row);
        return whole;
      });
      expect(rows.toReversed()).toEqual(rows.map((row) => row.toReversed()));
    }
  });

  it('keeps any run of a very long row within a unit of the exact weights', () => {
    const [row] = rowsOf(
      lanczosTable({ sourceSize: 60_000, targetSize: 1, offset: 0, scale: 60_000 }),
    );
    let run = 0;
    let exact = 0;
    const total = sumOf(row.map((_, i) => stretched(i)));
    let worst = 0;
    for (let i = 0; i < row.length; i++) {
      run += row[i];
      exact += (stretched(i) / total) * WEIGHT_ONE;
      worst = Math.max(worst, Math.abs(run - exact));
    }
    expect(worst).toBeLessThan(1);
  });

  it('repeats the edge for target samples that lie beyond the source', () => {
    const table = lanczosTable({ sourceSize: 8, targetSize: 4, offset: -40, scale: 1 });
    const rows = rowsOf(table);
    expect([...table.starts]).toEqual([0, 0, 0, 0]);
    expect(rows[1]).toEqual(rows[0]);
    expect(sumOf(rows[0])).toBe(WEIGHT_ONE);
  });

  it('is a bug to ask for nothing', () => {
    expect(() => lanczosTable(axisOf(0, 1))).toThrow('axis');
    expect(() => lanczosTable({ ...axisOf(4, 4), scale: -1 })).toThrow('axis');
    expect(() => lanczosTable({ ...axisOf(4, 4), offset: Number.NaN })).toThrow('axis');
  });

  it.each([
    [160, 120, 53, 40],
    [160, 120, 200, 150],
    [160, 120, 159, 7],
  ])('makes pictures like float64 does: %i x %i to %i x %i', (width, height, toWidth, toHeight) => {
    const plane = photoLike(width, height).rgb.filter((_, i) => i % 3 === 1);
    const narrow = new Uint8Array(toWidth * height);
    const small = new Uint8Array(toWidth * toHeight);
    const { resizeColumns, resizeRows } = typescriptKernels;
    resizeRows(plane, width, narrow, toWidth, height, lanczosTable(axisOf(width, toWidth)));
    resizeColumns(narrow, toWidth, small, toWidth, toWidth, lanczosTable(axisOf(height, toHeight)));
    const reference = lanczosReference(plane, width, height, toWidth, toHeight);
    const clamped = reference.map((value) => Math.min(255, Math.max(0, value)));
    // Two roundings of 1/12 level^2 each: 10 log10(255^2 / (1/6)) = 55.9 dB, clamping between
    // aside.
    expect(psnr(small, clamped)).toBeGreaterThan(54);
  });
});

describe('catmullRomTable', () => {
  it('has its four weights half way', () => {
    const table = catmullRomTable({ sourceSize: 8, targetSize: 1, offset: 3.5, scale: 1 });
    expect(rowsOf(table)).toEqual([[-1024, 9216, 9216, -1024]]);
  });
});

describe('cubicPhases', () => {
  it('has the sample itself at phase 0 and mirrors about one half', () => {
    const phases = cubicPhases();
    expect(phases).toHaveLength(1024);
    expect([...phases.subarray(0, 4)]).toEqual([0, WEIGHT_ONE, 0, 0]);
    for (let phase = 0; phase < 256; phase++) {
      const row = phases.subarray(phase * 4, phase * 4 + 4);
      expect(sumOf(row)).toBe(WEIGHT_ONE);
      // What the kernel's bounds rest on.
      expect(sumOf(row.map(Math.abs))).toBeLessThanOrEqual(1.25 * WEIGHT_ONE);
      if (phase === 0 || phase === 128) continue;
      const mirror = phases.subarray((256 - phase) * 4, (256 - phase) * 4 + 4);
      expect([...mirror]).toEqual([...row].toReversed());
    }
  });
});

describe('gaussianWeights', () => {
  it('weighs by exp(-d^2 / sigma^2), without the factor 2', () => {
    const weights = gaussianWeights({ radius: 1, sigma: 1 });
    // 1 / (1 + 2 / e) = 0.57612
    expect([...weights]).toEqual([3472, 9440, 3472]);
  });

  it('is the sample itself at radius 0 and for a tiny sigma', () => {
    expect([...gaussianWeights({ radius: 0, sigma: 5 })]).toEqual([WEIGHT_ONE]);
    expect([...gaussianWeights({ radius: 1, sigma: 0.01 })]).toEqual([0, WEIGHT_ONE, 0]);
  });

  it('is symmetric and exact at the greatest blur', () => {
    const weights = gaussianWeights({ radius: 50, sigma: 50 });
    expect(sumOf(weights)).toBe(WEIGHT_ONE);
    expect([...weights]).toEqual([...weights].toReversed());
  });

  it('is a bug to ask for half a sample or no width', () => {
    expect(() => gaussianWeights({ radius: 1.5, sigma: 1 })).toThrow('radius');
    expect(() => gaussianWeights({ radius: 1, sigma: 0 })).toThrow('sigma');
  });
});
