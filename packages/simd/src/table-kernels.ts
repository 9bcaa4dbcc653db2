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
    const table = widenWindows(given);
    const { targetSize, taps } = table;
    const sliceSize = Math.floor(TABLE_BYTES / (START_BYTES + WEIGHT_BYTES * taps));
    if (sliceSize === 0 || !liesIn(memory, source) || !liesIn(memory, target)) {
      return portable.resizeRows(source, sourceStride, target, targetStride, rows, given);
    }
    for (let first = 0; first < targetSize; first += sliceSize) {
      const size = Math.min(sliceSize, targetSize - first);
      const weights = placeSlice(memory, table, first, size);
      const from = source.byteOffset;
      const to = target.byteOffset + first;
      twin(from, sourceStride, to, targetStride, rows, size, taps, TABLE_BEGIN, weights);
    }
  };
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
 * The same table with windows of 4 or 8 samples, which the row loops take at once: moved left where they
 * would leave the samples that the table reads, and with weights of 0 beside the given ones. Tables that
 * have such windows already, or read fewer samples, stay as they are.
 */
function widenWindows(table: FilterTable): FilterTable {
  const { targetSize, taps, starts, weights } = table;
  const wide = taps <= 4 ? 4 : 8;
  if (taps >= wide) return table;
  let end = 0;
  for (let i = 0; i < targetSize; i++) end = Math.max(end, starts[i] + taps);
  if (end < wide) return table;
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
