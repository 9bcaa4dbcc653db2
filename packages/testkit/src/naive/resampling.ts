/**
 * The slow float64 twins of the kernels that weigh neighbours: resizing, blurring, halving,
 * warping. They take the integer weights as they are: judging the weights is `lanczos.ts`'s part.
 * @module
 */

import type { AffineMap, ConvolveKernel, Kernels, MoveKernel } from '@safelight/core';

import { clampIndex, everySample, toLevel } from './samples.ts';

const ONE = 1 << 14;

export const resizeRows: Kernels['resizeRows'] = (
  source,
  sourceStride,
  target,
  targetStride,
  rows,
  table,
) => {
  everySample(table.targetSize, rows, (x, y) => {
    let sum = 0;
    for (let i = 0; i < table.taps; i++) {
      const sample = source[y * sourceStride + table.starts[x] + i];
      sum += (sample * table.weights[x * table.taps + i]) / ONE;
    }
    target[y * targetStride + x] = toLevel(sum);
  });
};

export const resizePixelRows: Kernels['resizePixelRows'] = (
  source,
  sourceStride,
  target,
  targetStride,
  rows,
  table,
) => {
  everySample(4 * table.targetSize, rows, (at, y) => {
    const x = Math.floor(at / 4);
    let sum = 0;
    for (let i = 0; i < table.taps; i++) {
      const sample = source[y * sourceStride + 4 * (table.starts[x] + i) + (at % 4)];
      sum += (sample * table.weights[x * table.taps + i]) / ONE;
    }
    target[y * targetStride + at] = toLevel(sum);
  });
};

export const resizeColumns: Kernels['resizeColumns'] = (
  source,
  sourceStride,
  target,
  targetStride,
  width,
  table,
) => {
  everySample(width, table.targetSize, (x, y) => {
    let sum = 0;
    for (let i = 0; i < table.taps; i++) {
      const sample = source[(table.starts[y] + i) * sourceStride + x];
      sum += (sample * table.weights[y * table.taps + i]) / ONE;
    }
    target[y * targetStride + x] = toLevel(sum);
  });
};

export const blurRows: ConvolveKernel = (
  source,
  sourceStride,
  target,
  targetStride,
  width,
  height,
  weights,
) => {
  const radius = (weights.length - 1) / 2;
  everySample(width, height, (x, y) => {
    let sum = 0;
    weights.forEach((weight, i) => {
      sum += (source[y * sourceStride + clampIndex(x + i - radius, width)] * weight) / ONE;
    });
    target[y * targetStride + x] = toLevel(sum);
  });
};

export const blurColumns: ConvolveKernel = (
  source,
  sourceStride,
  target,
  targetStride,
  width,
  height,
  weights,
) => {
  const radius = (weights.length - 1) / 2;
  everySample(width, height, (x, y) => {
    let sum = 0;
    weights.forEach((weight, i) => {
      sum += (source[clampIndex(y + i - radius, height) * sourceStride + x] * weight) / ONE;
    });
    target[y * targetStride + x] = toLevel(sum);
  });
};

export const halveColumns: MoveKernel = (...plane) => {
  halve(plane, 2, 1, (x) => (x % 2 === 0 ? 0 : 1 / 2));
};

export const halveRows: MoveKernel = (...plane) => {
  halve(plane, 1, 2, () => 1 / 2);
};

export const halveBoth: MoveKernel = (...plane) => {
  halve(plane, 2, 2, (x) => (x % 2 === 0 ? 1 / 4 : 2 / 4));
};

/** Floors of means of `columns` x `rows` samples plus the contract's bias. */
function halve(
  [source, sourceStride, target, targetStride, width, height]: Parameters<MoveKernel>,
  columns: number,
  rows: number,
  bias: (x: number) => number,
): void {
  everySample(Math.ceil(width / columns), Math.ceil(height / rows), (x, y) => {
    let sum = 0;
    everySample(columns, rows, (dx, dy) => {
      const fromX = clampIndex(x * columns + dx, width);
      const fromY = clampIndex(y * rows + dy, height);
      sum += source[fromY * sourceStride + fromX];
    });
    target[y * targetStride + x] = Math.floor(sum / (columns * rows) + bias(x));
  });
}

export const warp: Kernels['warp'] = (
  source,
  sourceStride,
  sourceWidth,
  sourceHeight,
  target,
  targetStride,
  width,
  height,
  map,
  phases,
) => {
  everySample(width, height, (x, y) => {
    const [left, top] = positionOf(map, x, y);
    // Positions count in 1/256 sample; the phase is what lies beyond the whole sample.
    const px = Math.round(left * 256);
    const py = Math.round(top * 256);
    let sum = 0;
    everySample(4, 4, (i, j) => {
      const fromX = clampIndex(Math.floor(px / 256) + i - 1, sourceWidth);
      const fromY = clampIndex(Math.floor(py / 256) + j - 1, sourceHeight);
      const weightX = phases[(px - Math.floor(px / 256) * 256) * 4 + i] / ONE;
      const weightY = phases[(py - Math.floor(py / 256) * 256) * 4 + j] / ONE;
      sum += source[fromY * sourceStride + fromX] * weightX * weightY;
    });
    target[y * targetStride + x] = toLevel(sum);
  });
};

export const warpCoverage: Kernels['warpCoverage'] = (
  sourceWidth,
  sourceHeight,
  target,
  targetStride,
  width,
  height,
  map,
) => {
  everySample(width, height, (x, y) => {
    const [left, top] = positionOf(map, x, y);
    // The source begins half a sample before the centre of its first sample.
    const distances = [left + 0.5, sourceWidth - 0.5 - left, top + 0.5, sourceHeight - 0.5 - top];
    const covered = distances.reduce(
      (product, distance) => product * Math.min(1, Math.max(0, distance + 0.5)),
      1,
    );
    target[y * targetStride + x] = toLevel(255 * covered);
  });
};

function positionOf(map: AffineMap, x: number, y: number): [number, number] {
  return [(map.x0 + x * map.xx + y * map.xy) / 65536, (map.y0 + x * map.yx + y * map.yy) / 65536];
}
