/**
 * The kernels that take weights besides planes. Weights lie in JavaScript's own arrays, so each call
 * copies them into the region first; what does not fit there is cut into slices of target samples.
 * @module
 */

import {
  type ConvolveKernel,
  type FilterTable,
  type Kernels,
  typescriptKernels as portable,
} from '@safelight/core';

import { columnPairBytes, placeColumnPairs } from './column-pairs.ts';
import { SLACK_BYTES, TABLE_BEGIN, TABLE_BYTES } from './memory-map.ts';
import type { Twin } from './simd-module.ts';
import { liesIn } from './view-pointers.ts';

const START_BYTES = Int32Array.BYTES_PER_ELEMENT;
const WEIGHT_BYTES = Int16Array.BYTES_PER_ELEMENT;

/** The twin of `resizeRows`; a single target sample of more than a million taps has none. */
export function resizeRowsOver(memory: WebAssembly.Memory, twin: Twin): Kernels['resizeRows'] {
  return (source, sourceStride, target, targetStride, rows, given) => {
    const wide = given.taps <= 4 ? 4 : 8;
    const table = given.taps < wide ? (widenWindows(given, wide) ?? given) : given;
    const sliceSize = slicesOf(table);
    if (sliceSize === 0 || !liesIn(memory, source) || !liesIn(memory, target)) {
      return portable.resizeRows(source, sourceStride, target, targetStride, rows, given);
    }
    const { targetSize, taps } = table;
    for (let first = 0; first < targetSize; first += sliceSize) {
      const size = Math.min(sliceSize, targetSize - first);
      const weights = placeSlice(memory, table, first, size);
      const from = source.byteOffset;
      const to = target.byteOffset + first;
      twin(from, sourceStride, to, targetStride, rows, size, taps, TABLE_BEGIN, weights);
    }
  };
}

/** The same limit; rows with fewer pixels than a widened window have no twin either. */
export function resizePixelRowsOver(
  memory: WebAssembly.Memory,
  twin: Twin,
): Kernels['resizePixelRows'] {
  return (source, sourceStride, target, targetStride, rows, given) => {
    const table = widenWindows(given, PIXEL_BLOCK * Math.ceil(given.taps / PIXEL_BLOCK));
    const sliceSize = table === undefined ? 0 : slicesOf(table);
    if (
      table === undefined ||
      sliceSize === 0 ||
      !liesIn(memory, source) ||
      !liesIn(memory, target)
    ) {
      return portable.resizePixelRows(source, sourceStride, target, targetStride, rows, given);
    }
    const { targetSize, taps } = table;
    const blocks = { ...table, weights: interleaveHalves(table.weights) };
    for (let first = 0; first < targetSize; first += sliceSize) {
      const size = Math.min(sliceSize, targetSize - first);
      const weights = placeSlice(memory, blocks, first, size);
      const from = source.byteOffset;
      const to = target.byteOffset + PIXEL_BYTES * first;
      twin(from, sourceStride, to, targetStride, rows, size, taps, TABLE_BEGIN, weights);
    }
  };
}

const PIXEL_BYTES = 4;
/** Pixels that the twin takes at once, in two halves. */
const PIXEL_BLOCK = 8;

/** Of every eight weights: 0 4 1 5 2 6 3 7, the halves side by side. */
function interleaveHalves(weights: Int16Array): Int16Array {
  const result = new Int16Array(weights.length);
  for (let block = 0; block < weights.length; block += PIXEL_BLOCK) {
    for (let i = 0; i < PIXEL_BLOCK / 2; i++) {
      result[block + 2 * i] = weights[block + i];
      result[block + 2 * i + 1] = weights[block + PIXEL_BLOCK / 2 + i];
    }
  }
  return result;
}

/** Target samples whose starts and weights the region holds. */
function slicesOf({ taps }: FilterTable): number {
  return Math.floor(TABLE_BYTES / (START_BYTES + WEIGHT_BYTES * taps));
}

/** The twin of `resizeColumns`, with as many target rows a call as the region holds. */
export function resizeColumnsOver(
  memory: WebAssembly.Memory,
  twin: Twin,
): Kernels['resizeColumns'] {
  return (source, sourceStride, target, targetStride, width, table) => {
    const { targetSize, taps } = table;
    const fits = columnPairBytes(taps) <= TABLE_BYTES;
    if (!fits || !liesIn(memory, source) || !liesIn(memory, target)) {
      return portable.resizeColumns(source, sourceStride, target, targetStride, width, table);
    }
    const room = new Int16Array(memory.buffer, TABLE_BEGIN, TABLE_BYTES / WEIGHT_BYTES);
    const [from, to] = [source.byteOffset, target.byteOffset];
    for (let first = 0; first < targetSize;) {
      const { count, end } = placeColumnPairs(table, first, room);
      twin(from, sourceStride, to, targetStride, width, count, taps, TABLE_BEGIN);
      first = end;
    }
  };
}

/**
 * The same table with windows of `wide` samples, at least as many as it has: moved left where they would
 * leave the samples that the table reads, and with weights of 0 beside the given ones. Nothing when the
 * table reads fewer samples.
 */
function widenWindows(table: FilterTable, wide: number): FilterTable | undefined {
  const { targetSize, taps, starts, weights } = table;
  if (taps === wide) return table;
  let end = 0;
  for (let i = 0; i < targetSize; i++) end = Math.max(end, starts[i] + taps);
  if (end < wide) return undefined;
  const wideStarts = new Int32Array(targetSize);
  const wideWeights = new Int16Array(targetSize * wide);
  for (let i = 0; i < targetSize; i++) {
    const start = Math.min(starts[i], end - wide);
    wideStarts[i] = start;
    const to = i * wide + starts[i] - start;
    for (let j = 0; j < taps; j++) wideWeights[to + j] = weights[i * taps + j];
  }
  return { targetSize, taps: wide, starts: wideStarts, weights: wideWeights };
}

/** Starts first, then weights; returns where the weights begin. */
function placeSlice(
  memory: WebAssembly.Memory,
  table: FilterTable,
  first: number,
  size: number,
): number {
  const { taps, starts, weights } = table;
  new Int32Array(memory.buffer, TABLE_BEGIN, size).set(starts.subarray(first, first + size));
  const at = TABLE_BEGIN + size * START_BYTES;
  placeWeights(memory, at, weights.subarray(first * taps, (first + size) * taps));
  return at;
}

function placeWeights(memory: WebAssembly.Memory, at: number, weights: Int16Array): void {
  new Int16Array(memory.buffer, at, weights.length).set(weights);
}

export function blurColumnsOver(memory: WebAssembly.Memory, twin: Twin): ConvolveKernel {
  return (source, sourceStride, target, targetStride, width, height, weights) => {
    const fits = weights.length * WEIGHT_BYTES <= TABLE_BYTES;
    if (!fits || !liesIn(memory, source) || !liesIn(memory, target)) {
      const original = portable.blurColumns;
      return original(source, sourceStride, target, targetStride, width, height, weights);
    }
    placeWeights(memory, TABLE_BEGIN, weights);
    const [from, to] = [source.byteOffset, target.byteOffset];
    const taps = weights.length;
    return twin(from, sourceStride, to, targetStride, width, height, TABLE_BEGIN, taps);
  };
}

/** The padded row lies behind the weights, so rows of almost two million samples have a twin. */
export function blurRowsOver(memory: WebAssembly.Memory, twin: Twin): ConvolveKernel {
  return (source, sourceStride, target, targetStride, width, height, weights) => {
    const taps = weights.length;
    const row = TABLE_BEGIN + taps * WEIGHT_BYTES;
    // The last sixteen outputs may begin at the last sample, and each tap reads sixteen.
    const bytes = taps * WEIGHT_BYTES + width + taps + 2 * SLACK_BYTES;
    if (bytes > TABLE_BYTES || !liesIn(memory, source) || !liesIn(memory, target)) {
      const original = portable.blurRows;
      return original(source, sourceStride, target, targetStride, width, height, weights);
    }
    placeWeights(memory, TABLE_BEGIN, weights);
    const [from, to] = [source.byteOffset, target.byteOffset];
    return twin(from, sourceStride, to, targetStride, width, height, TABLE_BEGIN, taps, row);
  };
}
