/**
 * Pixels as decoders find them, 3 or 4 bytes each, and how they are reduced: first the columns, which
 * need no planes, so that only the rows that are left are taken apart. The bytes are those of planes
 * that are taken apart first, premultiplied and resampled.
 * @module
 *
 * Measured on 6 megapixels of RGBA to 720 x 588 (`pnpm bench -- P7`): half the time of planes.
 * Samples may lie outside of the arena, such as in the file: they are copied in a band at a time.
 */

import { arenaBytes } from './arena.ts';
import { lanczosSpan, lanczosTaps } from './filter-table.ts';
import type { FilterTable } from './kernels/kernels.ts';
import {
  allocatePlane,
  type Effect,
  type Operation,
  planeAt,
  type RunContext,
  withScratch,
} from './operation.ts';
import { type PlaneMap, shiftOf } from './plane-resampling.ts';
import type { Plane, Raster } from './raster.ts';
import { strideOf } from './row-stride.ts';
import {
  fullShape,
  planarShape,
  planeBytes,
  rasterBytes,
  type RasterShape,
  sampleCount,
} from './shape.ts';

/** Takes pixels apart. */
export function createPlanes(): Operation {
  return {
    name: 'planes',
    takesInterleaved: () => true,
    effect: planesEffect,
    run(raster, context) {
      const alpha = raster.alpha && takeChannel(raster.alpha, context);
      const planes = raster.planes.map((plane) => takeChannel(plane, context));
      return { ...raster, planes, ...(alpha && { alpha }) };
    },
  };
}

function planesEffect(shape: RasterShape): Effect {
  const planar = planarShape(shape);
  return {
    shape: planar,
    memory: 'rewrite',
    addedBytes: rasterBytes(planar),
    scratchBytes: 0,
    costPixels: sampleCount(shape),
  };
}

function takeChannel(plane: Plane, { arena, kernels }: RunContext): Plane {
  const { data, width, height, stride, step = 1 } = plane;
  const target = allocatePlane(arena, fullShape(width, height));
  kernels.deinterleave(data, stride, step, 0, target.data, target.stride, width, height);
  return target;
}

/** Sizes of the work between source and target, in pixels, rows and bytes. */
interface Layout {
  /** Bytes a pixel. */
  readonly step: number;
  /** First source column that is read, and how many. */
  readonly first: number;
  readonly columns: number;
  /** Rows after the vertical pass. */
  readonly rows: number;
  /** Columns and source rows that are in flight at once, and the bytes from row to row of them. */
  readonly bandColumns: number;
  readonly bandRows: number;
  readonly bandStride: number;
}

/**
 * Whole rows are copied by one call, parts of rows by one each. That is worth more than a band that fits in
 * a small second-level cache: 6 megapixels of RGBA to 720 take 11.8 ms, and 14 with half of this.
 */
const BAND_BYTES = 768 * 1024;
/** Windows of neighbouring rows overlap: what two bands share is moved, half of a band here. */
const WINDOWS_PER_BAND = 2;
/** Narrower ones cost more in calls than they save in cache. */
const MIN_BAND_COLUMNS = 64;

function layoutOf(map: PlaneMap, step: number): Layout {
  const shift = shiftOf(map.x);
  const { first, end } =
    shift === undefined ? lanczosSpan(map.x) : { first: shift, end: shift + map.x.targetSize };
  const columns = end - first;
  const taps = lanczosTaps(map.y);
  const fitting = Math.floor(BAND_BYTES / (step * taps * WINDOWS_PER_BAND));
  const bands = Math.ceil(columns / Math.max(MIN_BAND_COLUMNS, fitting));
  const bandColumns = Math.ceil(columns / bands);
  const bandRows = Math.max(taps, Math.floor(BAND_BYTES / (step * bandColumns)));
  return {
    step,
    first,
    columns,
    rows: map.y.targetSize,
    bandColumns,
    bandRows: Math.min(bandRows, map.y.sourceSize),
    bandStride: strideOf(step * bandColumns),
  };
}

/**
 * Scratch of `reducePixels`: the rows that are left and, beside them, first a band, then what the
 * horizontal pass needs.
 */
export function pixelScratchBytes(map: PlaneMap, step: number): number {
  const { columns, rows, bandRows, bandStride } = layoutOf(map, step);
  const across = staysWhole(map, step) ? step * map.x.targetSize : columns;
  return (
    arenaBytes(step * columns * rows) +
    Math.max(arenaBytes(bandStride * bandRows), arenaBytes(across * rows))
  );
}

/** Whether pixels stay whole in the horizontal pass too: there are kernels for four bytes. */
function staysWhole(map: PlaneMap, step: number): boolean {
  return step === 4 && shiftOf(map.x) === undefined;
}

/** Lanczos3 from interleaved pixels to planes; `map` filters along columns. */
export function reducePixels(
  source: Raster,
  target: Raster,
  map: PlaneMap,
  context: RunContext,
): void {
  const { arena } = context;
  const { step = 1 } = planeAt(source, 0);
  const layout = layoutOf(map, step);
  withScratch(arena, () => {
    const reduced = arena.allocate(step * layout.columns * layout.rows);
    withScratch(arena, () => reduceColumns(source, reduced, layout, map, context));
    if (staysWhole(map, step)) reduceWhole(reduced, target, layout, map, context);
    else reduceChannels(reduced, target, layout, map, context);
    if (target.alpha === undefined) return;
    for (const plane of target.planes) unpremultiply(plane, target.alpha, context);
  });
}

/** Vertical pass of whole pixels, a band at a time; what has alpha is premultiplied on the way. */
function reduceColumns(
  source: Raster,
  reduced: Uint8Array,
  layout: Layout,
  map: PlaneMap,
  { arena, kernels, tables }: RunContext,
): void {
  const { step, first, columns, rows, bandColumns, bandRows, bandStride } = layout;
  const { data, stride } = planeAt(source, 0);
  const table = tables.lanczos(map.y);
  const band = arena.allocate(bandStride * bandRows);
  const isInArena = data.buffer === band.buffer;
  if (source.alpha === undefined && isInArena) {
    const from = data.subarray(step * first);
    kernels.resizeColumns(from, stride, reduced, step * columns, step * columns, table);
    return;
  }
  const isTransparent = source.alpha !== undefined;
  for (let left = 0; left < columns; left += bandColumns) {
    const width = Math.min(bandColumns, columns - left);
    const bytes = step * width;
    let held: RowRange = { first: 0, end: 0 };
    for (let top = 0; top < rows;) {
      const part = cutTable(table, top, bandRows);
      const known = keepRows(band, bandStride, held, part);
      const from = data.subarray((part.first + known) * stride + step * (first + left));
      const fresh = band.subarray(known * bandStride);
      const count = part.end - part.first - known;
      if (!isInArena) copyRows(from, stride, fresh, bandStride, bytes, count);
      if (isTransparent) {
        const [pixels, pixelStride] = isInArena ? [from, stride] : [fresh, bandStride];
        kernels.premultiplyPixels(pixels, pixelStride, fresh, bandStride, width, count);
      }
      const to = reduced.subarray(step * (top * columns + left));
      kernels.resizeColumns(band, bandStride, to, step * columns, bytes, part.table);
      held = part;
      top += part.table.targetSize;
    }
  }
}

/** Source rows, from `first` up to, and without, `end`. */
interface RowRange {
  readonly first: number;
  readonly end: number;
}

/** Moves the rows that the next band shares with the last one to its beginning; returns how many. */
function keepRows(band: Uint8Array, stride: number, held: RowRange, next: RowRange): number {
  const shared = Math.max(0, Math.min(held.end, next.end) - next.first);
  const start = (next.first - held.first) * stride;
  if (shared > 0) band.copyWithin(0, start, start + shared * stride);
  return shared;
}

/** Rows of `table` from `top` on whose windows fit in `bandRows` source rows, counted from `first`. */
function cutTable(table: FilterTable, top: number, bandRows: number) {
  const { taps, starts, weights, targetSize } = table;
  const first = starts[top];
  let end = top + 1;
  while (end < targetSize && starts[end] + taps - first <= bandRows) end++;
  const part: FilterTable = {
    targetSize: end - top,
    taps,
    starts: starts.subarray(top, end).map((start) => start - first),
    weights: weights.subarray(top * taps, end * taps),
  };
  return { table: part, first, end: starts[end - 1] + taps };
}

/** Kernels take views of their own memory; copying rows in is what reaches others. */
function copyRows(
  source: Uint8Array,
  stride: number,
  target: Uint8Array,
  targetStride: number,
  rowBytes: number,
  rows: number,
): void {
  if (stride === rowBytes && targetStride === rowBytes) {
    target.set(source.subarray(0, rows * rowBytes));
    return;
  }
  for (let y = 0; y < rows; y++) {
    target.set(source.subarray(y * stride, y * stride + rowBytes), y * targetStride);
  }
}

/** Horizontal pass of whole pixels, which are taken apart last: then there are fewest. */
function reduceWhole(
  pixels: Uint8Array,
  target: Raster,
  { step, columns, rows }: Layout,
  map: PlaneMap,
  { arena, kernels, tables }: RunContext,
): void {
  const stride = step * map.x.targetSize;
  withScratch(arena, () => {
    const row = arena.allocate(stride * rows);
    kernels.resizePixelRows(pixels, step * columns, row, stride, rows, tableFrom(map, tables));
    for (const [channel, { data, ...plane }] of channelsOf(target).entries()) {
      const { width, height } = plane;
      kernels.deinterleave(row, stride, step, channel, data, plane.stride, width, height);
    }
  });
}

/** The planes in the order of the samples of a pixel. */
function channelsOf({ planes, alpha }: Raster): readonly Plane[] {
  return alpha === undefined ? planes : [...planes, alpha];
}

/** The horizontal table for pixels that begin at the first column that is read, not at the picture's. */
function tableFrom(map: PlaneMap, tables: RunContext['tables']): FilterTable {
  const table = tables.lanczos(map.x);
  const { first } = lanczosSpan(map.x);
  return first === 0 ? table : { ...table, starts: table.starts.map((start) => start - first) };
}

/** Horizontal pass of each channel for itself, if there is one. */
function reduceChannels(
  pixels: Uint8Array,
  target: Raster,
  { step, columns }: Layout,
  map: PlaneMap,
  { arena, kernels, tables }: RunContext,
): void {
  const from = step * columns;
  for (const [channel, { data, stride, width, height }] of channelsOf(target).entries()) {
    if (shiftOf(map.x) !== undefined) {
      kernels.deinterleave(pixels, from, step, channel, data, stride, width, height);
      continue;
    }
    withScratch(arena, () => {
      const plane = arena.allocate(planeBytes({ width: columns, height }));
      kernels.deinterleave(pixels, from, step, channel, plane, columns, columns, height);
      kernels.resizeRows(plane, columns, data, stride, height, tableFrom(map, tables));
    });
  }
}

function unpremultiply(plane: Plane, alpha: Plane, { kernels }: RunContext): void {
  const { data, stride, width, height } = plane;
  kernels.unpremultiply(data, stride, alpha.data, alpha.stride, data, stride, width, height);
}
