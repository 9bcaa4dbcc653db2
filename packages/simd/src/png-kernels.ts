/**
 * Twins of the codecs' PNG loops for planes in one WebAssembly memory. A file's rows, where they lie
 * outside of it, pass through the module's region, as many at a time as the cache holds.
 * @module
 */

import type { Plane } from '@safelight/core';
import { TABLE_BEGIN, TABLE_BYTES } from './memory-map.ts';
import { createRunLoops, type RunLoops } from './run-twins.ts';
import { instantiateSimd, type SimdTwins } from './simd-module.ts';
import { liesIn } from './view-pointers.ts';

/** The shape of the codecs' `PngKernels`, where the contracts stand. */
export interface PngLoops extends RunLoops {
  readonly name: string;
  unfilterPlanes(
    scanlines: Uint8Array,
    planes: readonly Uint8Array[],
    width: number,
    height: number,
  ): number;
  unfilterRows(pixels: Uint8Array, rowBytes: number, pixelBytes: number, rows: number): number;
  filterPlanes(
    planes: readonly Plane[],
    width: number,
    height: number,
    scanlines: Uint8Array,
    sampleStep: number,
  ): void;
}

/** Rows in flight: a part of a second-level cache. */
const BAND_BYTES = 128 * 1024;

/**
 * `original` takes what the twins do not: planes of another memory, rows that the region cannot hold,
 * steps that are no power of two up to 16.
 *
 * @throws WebAssembly.LinkError when the memory is too small
 */
export function createPngTwins(memory: WebAssembly.Memory, original: PngLoops): PngLoops {
  const twins = instantiateSimd(memory);
  const unfilter = createUnfilter(memory, twins);
  const filter = createFilter(memory, twins);
  return {
    name: 'simd',
    ...createRunLoops(memory, twins, original),
    unfilterPlanes(scanlines, planes, width, height) {
      const stride = planes.length * width + 1;
      const hasTwin =
        planes.length <= 4 &&
        bandRowsFor(stride, stride) > 0 &&
        planes.every((plane) => liesIn(memory, plane));
      return (hasTwin ? unfilter : original.unfilterPlanes)(scanlines, planes, width, height);
    },
    unfilterRows(pixels, rowBytes, pixelBytes, rows) {
      if (!liesIn(memory, pixels)) return original.unfilterRows(pixels, rowBytes, pixelBytes, rows);
      return twins.unfilterRows(pixels.byteOffset + 1 + rowBytes, rowBytes, pixelBytes, rows);
    },
    filterPlanes(planes, width, height, scanlines, sampleStep) {
      const hasTwin =
        planes.length <= 4 &&
        bandRowsFor(planes.length * width + 1, scratchBytes(width)) > 0 &&
        SAMPLE_STEPS.has(sampleStep) &&
        planes.every(({ data }) => liesIn(memory, data));
      const run = hasTwin ? filter : original.filterPlanes;
      run(planes, width, height, scanlines, sampleStep);
    },
  };
}

const SAMPLE_STEPS: ReadonlySet<number> = new Set([1, 2, 4, 8, 16]);

/** Rows of `stride` bytes that go through the region beside `otherBytes`; 0 when not one fits. */
function bandRowsFor(stride: number, otherBytes: number): number {
  const room = TABLE_BYTES - otherBytes;
  return Math.floor(Math.min(room, Math.max(BAND_BYTES, stride)) / stride);
}

function createUnfilter(
  memory: WebAssembly.Memory,
  { unfilterRows, deinterleave, copy }: SimdTwins,
): PngLoops['unfilterPlanes'] {
  return (scanlines, planes, width, height) => {
    const channels = planes.length;
    const stride = channels * width + 1;
    const bandRows = bandRowsFor(stride, stride);
    // The last row of the band before stands in front.
    const above = new Uint8Array(memory.buffer, TABLE_BEGIN, stride);
    const band = new Uint8Array(memory.buffer, TABLE_BEGIN + stride, bandRows * stride);
    const source = band.byteOffset + 1;
    above.fill(0);
    for (let top = 0; top < height; top += bandRows) {
      const rows = Math.min(bandRows, height - top);
      band.set(scanlines.subarray(top * stride, (top + rows) * stride));
      const done = unfilterRows(band.byteOffset, stride - 1, channels, rows);
      if (done < rows) return top + done;
      for (const [channel, plane] of planes.entries()) {
        const target = plane.byteOffset + top * width;
        if (channels === 1) copy(source, stride, target, width, width, rows);
        else deinterleave(source, stride, channels, channel, target, width, width, rows);
      }
      above.set(band.subarray((rows - 1) * stride, rows * stride));
    }
    return height;
  };
}

/** Five sums, a row of zeros, a row of residuals. */
const SUM_BYTES = 32;

function scratchBytes(width: number): number {
  return SUM_BYTES + 2 * width;
}

function createFilter(
  memory: WebAssembly.Memory,
  { sumResiduals, filterRow, interleave, copy }: SimdTwins,
): PngLoops['filterPlanes'] {
  return (planes, width, height, scanlines, sampleStep) => {
    const channels = planes.length;
    const stride = channels * width + 1;
    const isDirect = liesIn(memory, scanlines);
    const bandRows = isDirect ? height : bandRowsFor(stride, scratchBytes(width));
    const sums = new Int32Array(memory.buffer, TABLE_BEGIN, 5);
    const zeros = TABLE_BEGIN + SUM_BYTES;
    const residuals = zeros + width;
    const bandAt = isDirect ? scanlines.byteOffset : residuals + width;
    const band = new Uint8Array(memory.buffer, bandAt, bandRows * stride);
    new Uint8Array(memory.buffer, zeros, width).fill(0);
    for (let y = 0; y < height; y++) {
      const row = y % bandRows;
      sums.fill(0);
      for (const plane of planes) {
        const at = plane.data.byteOffset + y * plane.stride;
        sumResiduals(at, y === 0 ? zeros : at - plane.stride, width, sampleStep, TABLE_BEGIN);
      }
      const filter = leastOf(sums);
      const target = bandAt + row * stride + 1;
      band[row * stride] = filter;
      for (const [channel, plane] of planes.entries()) {
        const at = plane.data.byteOffset + y * plane.stride;
        filterRow(filter, at, y === 0 ? zeros : at - plane.stride, residuals, width);
        if (channels === 1) copy(residuals, width, target, width, width, 1);
        else interleave(residuals, width, target, channels * width, channels, channel, width, 1);
      }
      if (!isDirect && (row === bandRows - 1 || y === height - 1)) {
        scanlines.set(band.subarray(0, (row + 1) * stride), (y - row) * stride);
      }
    }
  };
}

function leastOf(sums: Int32Array): number {
  let least = 0;
  for (let i = 1; i < sums.length; i++) if (sums[i] < sums[least]) least = i;
  return least;
}
