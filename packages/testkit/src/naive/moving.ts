/**
 * The slow twins of the kernels that only move samples: each is its contract's formula. Kernels
 * must agree exactly.
 * @module
 */

import type { Kernels, MoveKernel } from '@safelight/core';

import { everySample } from './samples.ts';

/** A move from where sample (x, y) lands. */
function move(
  landing: (x: number, y: number, width: number, height: number) => [number, number],
): MoveKernel {
  return (source, sourceStride, target, targetStride, width, height) => {
    everySample(width, height, (x, y) => {
      const [toX, toY] = landing(x, y, width, height);
      target[toY * targetStride + toX] = source[y * sourceStride + x];
    });
  };
}

export const copy: MoveKernel = move((x, y) => [x, y]);
export const rotate90: MoveKernel = move((x, y, _width, height) => [height - 1 - y, x]);
export const rotate180: MoveKernel = move((x, y, width, height) => [width - 1 - x, height - 1 - y]);
export const rotate270: MoveKernel = move((x, y, width) => [y, width - 1 - x]);
export const flipHorizontal: MoveKernel = move((x, y, width) => [width - 1 - x, y]);
export const flipVertical: MoveKernel = move((x, y, _width, height) => [x, height - 1 - y]);
export const transpose: MoveKernel = move((x, y) => [y, x]);
export const transverse: MoveKernel = move((x, y, width, height) => [
  height - 1 - y,
  width - 1 - x,
]);

export const fill: Kernels['fill'] = (target, stride, width, height, value) => {
  everySample(width, height, (x, y) => {
    target[y * stride + x] = value;
  });
};

export const mapSamples: Kernels['mapSamples'] = (target, stride, width, height, table) => {
  everySample(width, height, (x, y) => {
    target[y * stride + x] = table[target[y * stride + x]];
  });
};

export const deinterleave: Kernels['deinterleave'] = (
  source,
  sourceStride,
  channels,
  channel,
  target,
  targetStride,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    target[y * targetStride + x] = source[y * sourceStride + x * channels + channel];
  });
};

export const interleave: Kernels['interleave'] = (
  source,
  sourceStride,
  target,
  targetStride,
  channels,
  channel,
  width,
  height,
) => {
  everySample(width, height, (x, y) => {
    target[y * targetStride + x * channels + channel] = source[y * sourceStride + x];
  });
};
