/**
 * The loops over whole pictures that decide how fast PNG is beside inflating, as one set, so that a twin
 * in WebAssembly can take their place. The plain TypeScript here is the specification.
 * @module
 */

import type { Plane } from '@safelight/core';
import { type RunKernels, typescriptRunKernels } from '../deflate/run-kernels.ts';
import { filterRow, sumResiduals } from './filter.ts';
import { unfilterRow } from './unfilter.ts';

export interface PngKernels extends RunKernels {
  readonly name: string;
  /**
   * Undoes the filters of `height` rows, each a filter byte and `width` interleaved pixels of 8-bit
   * samples, one a plane; the planes' stride is `width`. Returns the rows done: fewer than `height`
   * when the next one has an unknown filter.
   */
  unfilterPlanes(
    scanlines: Uint8Array,
    planes: readonly Uint8Array[],
    width: number,
    height: number,
  ): number;
  /**
   * As `unfilterPlanes` in place: `rows` rows of `rowBytes` after their filter byte, the first of them
   * at `1 + rowBytes`, behind a row of zeros; `pixelBytes` is 3 or 4, and 8 bytes follow the last row.
   */
  unfilterRows(pixels: Uint8Array, rowBytes: number, pixelBytes: number, rows: number): number;
  /**
   * The inverse of `unfilterPlanes`. Each row takes the filter that leaves the least sum of absolute residuals at every
   * `sampleStep`-th pixel, the first of equals.
   */
  filterPlanes(
    planes: readonly Plane[],
    width: number,
    height: number,
    scanlines: Uint8Array,
    sampleStep: number,
  ): void;
}

export const typescriptPngKernels: PngKernels = {
  name: 'typescript',
  ...typescriptRunKernels,
  unfilterPlanes,
  unfilterRows,
  filterPlanes,
};

function unfilterRows(
  pixels: Uint8Array,
  rowBytes: number,
  pixelBytes: number,
  rows: number,
): number {
  const stride = 1 + rowBytes;
  const count = rowBytes / pixelBytes;
  for (let y = 0; y < rows; y++) {
    const filterAt = (y + 1) * stride;
    for (let i = 1; i <= pixelBytes; i++) {
      const at = filterAt + i;
      const prior = at - stride;
      const filter = pixels[filterAt];
      if (
        !unfilterRow(filter, pixels, at, pixelBytes, pixels, prior, pixels, at, pixelBytes, count)
      ) {
        return y;
      }
    }
  }
  return rows;
}

function unfilterPlanes(
  scanlines: Uint8Array,
  planes: readonly Uint8Array[],
  width: number,
  height: number,
): number {
  const channels = planes.length;
  const zeros = new Uint8Array(width);
  let at = 0;
  for (let y = 0; y < height; y++) {
    const filter = scanlines[at++];
    for (let c = 0; c < channels; c++) {
      const plane = planes[c];
      const prior = y === 0 ? zeros : plane;
      const priorAt = y === 0 ? 0 : (y - 1) * width;
      const to = y * width;
      const isKnown = unfilterRow(
        filter,
        scanlines,
        at + c,
        channels,
        prior,
        priorAt,
        plane,
        to,
        1,
        width,
      );
      if (!isKnown) return y;
    }
    at += channels * width;
  }
  return height;
}

function filterPlanes(
  planes: readonly Plane[],
  width: number,
  height: number,
  scanlines: Uint8Array,
  sampleStep: number,
): void {
  const channels = planes.length;
  const zeros = new Uint8Array(width);
  const sums = new Int32Array(5);
  let at = 0;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (const { data, stride } of planes) {
      const prior = y === 0 ? zeros : data;
      const priorAt = y === 0 ? 0 : (y - 1) * stride;
      sumResiduals(data, y * stride, prior, priorAt, width, sampleStep, sums);
    }
    let filter = 0;
    for (let i = 1; i < sums.length; i++) if (sums[i] < sums[filter]) filter = i;
    scanlines[at++] = filter;
    for (let c = 0; c < channels; c++) {
      const { data, stride } = planes[c];
      const prior = y === 0 ? zeros : data;
      const priorAt = y === 0 ? 0 : (y - 1) * stride;
      filterRow(filter, data, y * stride, prior, priorAt, scanlines, at + c, channels, width);
    }
    at += channels * width;
  }
}
