/**
 * Reducing a picture while it is decoded: rows are read into a band of each plane, and both passes run on
 * as many target rows as the band is enough for. Neither the source nor what lies between the passes is
 * ever there as a whole. The bytes are those of `resamplePlane` and `reducePixels`.
 * @module
 */

import { arenaBytes } from './arena.ts';
import { assert } from './errors.ts';
import { lanczosSpan, lanczosTaps } from './filter-table.ts';
import type { FilterTable } from './kernels/kernels.ts';
import { type RunContext, withScratch } from './operation.ts';
import { type PlaneMap, shiftOf } from './plane-resampling.ts';
import type { Plane, Raster } from './raster.ts';
import type { RowLayout, RowsShape } from './row-source.ts';

/**
 * What is read at once: it should still be in a second-level cache when it is filtered, and calls cost too.
 * Renders by turns with whole planes, Node 20, two shared x64 cores, medians of ratios: JPEG of 6 and 24
 * megapixels to 720 and 1,024 pixels 1.01 and 0.99, RGBA of 3 megapixels to 720 0.99, with 96 KiB 1.03.
 * That is noise, so no picture is too small for bands; where planes take memory that is dropped after a
 * render, as those of 100 megapixels to 4,000 do, it is 0.36.
 */
const READ_BYTES = 256 * 1024;
/** Kernels take target rows two and four at a time: other numbers of them are dearer. */
const ROW_GROUP = 4;

/** Sizes of the work on one plane, in bytes and rows. */
interface BandLayout {
  /** Bytes a pixel. */
  readonly step: number;
  readonly rowBytes: number;
  /** First source column that is read, and how many. */
  readonly first: number;
  readonly columns: number;
  /** Source rows that the band holds. */
  readonly bandRows: number;
  /** Target rows that are made at once, at most. */
  readonly batchRows: number;
}

/** Steps that are read at once. */
function stepsAtOnce({ planes, steps }: RowsShape): number {
  const stepBytes = planes.reduce((sum, { rowBytes, stepRows }) => sum + rowBytes * stepRows, 0);
  return Math.min(steps, Math.ceil(READ_BYTES / stepBytes));
}

function layoutOf(map: PlaneMap, rows: RowLayout, readRows: number, step: number): BandLayout {
  const shift = shiftOf(map.x);
  const { first, end } =
    shift === undefined ? lanczosSpan(map.x) : { first: shift, end: shift + map.x.targetSize };
  // Less than a group of target rows may wait for its last source row.
  const waiting = tapsOf(map) + Math.ceil((ROW_GROUP - 1) * map.y.scale) + 1;
  const batch = ROW_GROUP * Math.ceil(readRows / map.y.scale / ROW_GROUP);
  return {
    step,
    rowBytes: rows.rowBytes,
    first,
    columns: end - first,
    bandRows: waiting + readRows,
    batchRows: Math.min(map.y.targetSize, batch),
  };
}

function tapsOf({ y }: PlaneMap): number {
  return shiftOf(y) === undefined ? lanczosTaps(y) : 1;
}

/** Bytes of a row between the passes, and of what the horizontal pass of pixels needs beside it. */
function betweenBytes({ step, columns, batchRows }: BandLayout, map: PlaneMap): number {
  if (step === 1) return shiftOf(map.x) === undefined ? arenaBytes(columns * batchRows) : 0;
  const across = staysWhole(map, step) ? step * map.x.targetSize : columns;
  return arenaBytes(step * columns * batchRows) + arenaBytes(across * batchRows);
}

/** Whether pixels stay whole in the horizontal pass too: there are kernels for four bytes. */
function staysWhole(map: PlaneMap, step: number): boolean {
  return step === 4 && shiftOf(map.x) === undefined;
}

function layoutsOf(
  maps: readonly PlaneMap[],
  rows: RowsShape,
  step: number,
): readonly BandLayout[] {
  const count = stepsAtOnce(rows);
  return rows.planes.map((plane, i) => layoutOf(maps[i], plane, count * plane.stepRows, step));
}

/** Scratch of `reduceRows`: a band of each plane, and what one of them has between its passes. */
export function rowScratchBytes(maps: readonly PlaneMap[], rows: RowsShape, step = 1): number {
  let bands = 0;
  let between = 0;
  for (const [i, layout] of layoutsOf(maps, rows, step).entries()) {
    bands += arenaBytes(layout.rowBytes * layout.bandRows);
    between = Math.max(between, betweenBytes(layout, maps[i]));
  }
  return bands + between;
}

/** Lanczos3 from rows that are read on the way to planes; `maps` has one for each plane that is read. */
export function reduceRows(
  source: Raster,
  target: Raster,
  maps: readonly PlaneMap[],
  context: RunContext,
): void {
  const { arena, deadline, kernels } = context;
  const { rows } = source;
  assert(rows, 'rows are reduced where there is a source of them');
  const [{ step = 1 }] = source.planes;
  const count = stepsAtOnce(rows);
  withScratch(arena, () => {
    const bands = layoutsOf(maps, rows, step).map((layout, i) => {
      const data = arena.allocate(layout.rowBytes * layout.bandRows);
      const targets = step === 1 ? [target.planes[i]] : channelsOf(target);
      return new Band(layout, data, { source: source.planes[i], map: maps[i], targets }, context);
    });
    for (let done = 0; done < rows.steps; done += count) {
      deadline?.check();
      const steps = Math.min(count, rows.steps - done);
      const fresh = bands.map((band) => band.makeRoom());
      rows.read(steps, fresh);
      for (const [i, band] of bands.entries()) {
        band.take(steps * rows.planes[i].stepRows, source.alpha !== undefined);
        withScratch(arena, () => band.reduce());
      }
    }
    if (step === 1 || target.alpha === undefined) return;
    const { alpha } = target;
    for (const { data, stride, width, height } of target.planes) {
      kernels.unpremultiply(data, stride, alpha.data, alpha.stride, data, stride, width, height);
    }
  });
}

/** The planes in the order of the samples of a pixel. */
function channelsOf({ planes, alpha }: Raster): readonly Plane[] {
  return alpha === undefined ? planes : [...planes, alpha];
}

/** What a band lies between. */
interface BandEnds {
  readonly source: Plane;
  readonly map: PlaneMap;
  readonly targets: readonly Plane[];
}

/** The rows of one plane that are still needed, and the target rows made of them so far. */
class Band {
  readonly #layout: BandLayout;
  readonly #data: Uint8Array;
  readonly #targets: readonly Plane[];
  readonly #context: RunContext;
  readonly #map: PlaneMap;
  readonly #down: FilterTable;
  /** Nothing when columns are only cut out. */
  readonly #across: FilterTable | undefined;
  /** Where the first needed column begins in a row, in bytes. */
  readonly #left: number;
  /** Rows of the source before the plane's first, which a crop may have left out. */
  readonly #above: number;
  /** The source row that the band begins with, and how many it holds. */
  #top = 0;
  #held = 0;
  /** The next target row. */
  #next = 0;

  constructor(layout: BandLayout, data: Uint8Array, ends: BandEnds, context: RunContext) {
    const { start = 0 } = ends.source;
    const { tables } = context;
    this.#layout = layout;
    this.#data = data;
    this.#targets = ends.targets;
    this.#context = context;
    this.#map = ends.map;
    this.#down = downTable(ends.map, tables);
    this.#across = acrossTable(ends.map, tables);
    this.#left = (start % layout.rowBytes) + layout.step * layout.first;
    this.#above = Math.floor(start / layout.rowBytes);
  }

  /** Gives up rows that are not needed any more; returns where the next ones go. */
  makeRoom(): Uint8Array {
    const { rowBytes } = this.#layout;
    const { starts, targetSize } = this.#down;
    const end = this.#top + this.#held;
    const needed = this.#next < targetSize ? this.#above + starts[this.#next] : end;
    const dropped = Math.min(this.#held, Math.max(0, needed - this.#top));
    if (dropped > 0) {
      this.#data.copyWithin(0, dropped * rowBytes, this.#held * rowBytes);
      this.#top += dropped;
      this.#held -= dropped;
    }
    return this.#data.subarray(this.#held * rowBytes);
  }

  /** `rows` more have come. */
  take(rows: number, isTransparent: boolean): void {
    if (isTransparent) {
      const { rowBytes, columns } = this.#layout;
      const fresh = this.#data.subarray(this.#held * rowBytes + this.#left);
      this.#context.kernels.premultiplyPixels(fresh, rowBytes, fresh, rowBytes, columns, rows);
    }
    this.#held += rows;
  }

  /** Makes the target rows that the band is enough for. */
  reduce(): void {
    const { arena } = this.#context;
    const { step, columns, batchRows } = this.#layout;
    const between = arena.allocate(
      step === 1 && this.#across === undefined ? 0 : step * columns * batchRows,
    );
    for (;;) {
      const count = this.#readyRows();
      if (count === 0) return;
      this.#reduceRows(count, between);
      this.#next += count;
    }
  }

  #readyRows(): number {
    const { starts, taps, targetSize } = this.#down;
    const { batchRows } = this.#layout;
    const end = this.#top + this.#held - this.#above;
    const most = Math.min(targetSize, this.#next + batchRows);
    let row = this.#next;
    while (row < most && starts[row] + taps <= end) row++;
    const count = row - this.#next;
    return row === targetSize ? count : count - (count % ROW_GROUP);
  }

  #reduceRows(count: number, between: Uint8Array): void {
    const { kernels } = this.#context;
    const { step, rowBytes, columns } = this.#layout;
    const top = this.#top - this.#above;
    const part = cutTable(this.#down, this.#next, count, top);
    const from = this.#data.subarray(this.#left);
    const width = step * columns;
    if (step > 1) {
      kernels.resizeColumns(from, rowBytes, between, width, width, part);
      this.#reducePixels(count, between);
      return;
    }
    const [{ data, stride }] = this.#targets;
    const to = data.subarray(this.#next * stride);
    if (this.#across === undefined) {
      kernels.resizeColumns(from, rowBytes, to, stride, width, part);
    } else {
      kernels.resizeColumns(from, rowBytes, between, width, width, part);
      kernels.resizeRows(between, width, to, stride, count, this.#across);
    }
  }

  /** Horizontal pass of pixels, as in `interleaved.ts`: whole where there are kernels for it. */
  #reducePixels(count: number, pixels: Uint8Array): void {
    const { arena, kernels } = this.#context;
    const { step, columns, batchRows } = this.#layout;
    const across = this.#across;
    const whole = staysWhole(this.#map, step);
    const { targetSize } = this.#map.x;
    withScratch(arena, () => {
      const row = arena.allocate((whole ? step * targetSize : columns) * batchRows);
      if (whole && across) {
        kernels.resizePixelRows(pixels, step * columns, row, step * targetSize, count, across);
      }
      for (const [channel, { data, stride, width }] of this.#targets.entries()) {
        const to = data.subarray(this.#next * stride);
        if (whole) {
          kernels.deinterleave(row, step * targetSize, step, channel, to, stride, width, count);
        } else if (across === undefined) {
          kernels.deinterleave(pixels, step * columns, step, channel, to, stride, width, count);
        } else {
          kernels.deinterleave(pixels, step * columns, step, channel, row, columns, columns, count);
          kernels.resizeRows(row, columns, to, stride, count, across);
        }
      }
    });
  }
}

/** The vertical table; where rows are only cut out, one that takes each as it is: v * 2^14 >> 14. */
function downTable({ y }: PlaneMap, tables: RunContext['tables']): FilterTable {
  const shift = shiftOf(y);
  if (shift === undefined) return tables.lanczos(y);
  const { targetSize } = y;
  return {
    targetSize,
    taps: 1,
    starts: Int32Array.from({ length: targetSize }, (_, row) => row + shift),
    weights: new Int16Array(targetSize).fill(1 << 14),
  };
}

/** The horizontal table, of rows that begin at the first column that is read, not at the picture's. */
function acrossTable({ x }: PlaneMap, tables: RunContext['tables']): FilterTable | undefined {
  if (shiftOf(x) !== undefined) return undefined;
  const table = tables.lanczos(x);
  const { first } = lanczosSpan(x);
  return first === 0 ? table : { ...table, starts: table.starts.map((start) => start - first) };
}

/** `count` target rows from `first` on, of a source that begins with row `top`. */
function cutTable(table: FilterTable, first: number, count: number, top: number): FilterTable {
  const { taps, starts, weights } = table;
  return {
    targetSize: count,
    taps,
    starts: starts.subarray(first, first + count).map((start) => start - top),
    weights: weights.subarray(first * taps, (first + count) * taps),
  };
}
