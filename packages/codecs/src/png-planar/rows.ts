/**
 * Pixels of plain RGB and RGBA that are unfiltered when they are asked for, a few rows at a time: the
 * inflated bytes lie outside of the arena, which then needs no second copy of the picture. A row can only
 * be unfiltered once the one above it is, so rows above a crop are worked on too.
 * @module
 */

import {
  type Arena,
  arenaBytes,
  assert,
  type DecodeShape,
  type Plane,
  type RowSource,
  type RowsShape,
  strideOf,
} from '@safelight/core';
import type { PngKernels } from './kernels.ts';

/** Of a picture in pixels; `step` is 3 or 4 bytes. */
export interface PixelRows {
  readonly width: number;
  readonly height: number;
  readonly step: number;
}

/** Rows in flight: a part of a second-level cache, beside the band that they are copied to. */
const BAND_BYTES = 64 * 1024;

function bandRows({ width, height, step }: PixelRows): number {
  return Math.min(height, Math.ceil(BAND_BYTES / (1 + step * width)));
}

/** The row above, rows with their filter bytes, and what is read beyond them. */
function bandBytes(picture: PixelRows): number {
  return (1 + picture.step * picture.width) * (1 + bandRows(picture)) + 8;
}

export function planRows(picture: PixelRows): Omit<DecodeShape, 'planes' | 'scratchBytes'> {
  return {
    planeBytes: arenaBytes(bandBytes(picture)),
    step: picture.step,
    rows: rowsShapeOf(picture),
  };
}

function rowsShapeOf({ width, height, step }: PixelRows): RowsShape {
  return { planes: [{ rowBytes: strideOf(step * width), stepRows: 1 }], steps: height };
}

/** The rows of `scanlines`, whose filters must be known ones: see `findUnknownFilter`. */
export function openRows(
  scanlines: Uint8Array,
  picture: PixelRows,
  arena: Arena,
  kernels: PngKernels,
): RowSource {
  const rowBytes = picture.step * picture.width;
  const stride = 1 + rowBytes;
  const targetStride = strideOf(rowBytes);
  const most = bandRows(picture);
  const band = arena.allocate(bandBytes(picture));
  band.fill(0, 0, stride);
  let done = 0;
  const unfilter = (rows: number): void => {
    band.set(scanlines.subarray(done * stride, (done + rows) * stride), stride);
    const known = kernels.unfilterRows(band, rowBytes, picture.step, rows);
    assert(known === rows, 'all filters are known');
    done += rows;
  };
  return {
    ...rowsShapeOf(picture),
    read(steps, [target]) {
      for (let row = 0; row < steps;) {
        const rows = Math.min(most, steps - row);
        unfilter(rows);
        for (let y = 1; y <= rows; y++, row++) {
          target.set(band.subarray(y * stride + 1, (y + 1) * stride), row * targetStride);
        }
        band.copyWithin(0, rows * stride, (rows + 1) * stride);
      }
    },
  };
}

/** The planes of pixels that are still to come. */
export function planesOfRows({ width, height, step }: PixelRows, count: number): readonly Plane[] {
  const extent = { left: 0, top: 0, width, height };
  const stride = strideOf(step * width);
  const plane = { data: NO_SAMPLES, start: 0, width, height, stride, extent, step };
  return Array.from({ length: count }, () => plane);
}

const NO_SAMPLES = new Uint8Array(0);

/** The first filter byte that is none of PNG's. */
export function findUnknownFilter(
  scanlines: Uint8Array,
  { width, height, step }: PixelRows,
): number | undefined {
  const stride = 1 + step * width;
  for (let y = 0; y < height; y++) if (scanlines[y * stride] > 4) return scanlines[y * stride];
  return undefined;
}

/**
 * Whether a pixel of RGBA is not opaque, without undoing a filter: as long as all pixels before are
 * opaque, the next one is when its residual is that of 255 among 255s, and zeros beyond the edges.
 */
export function hasTransparentPixel(
  scanlines: Uint8Array,
  { width, height }: Omit<PixelRows, 'step'>,
): boolean {
  const stride = 1 + 4 * width;
  for (let y = 0, at = 0; y < height; y++, at += stride) {
    const [first, other] = OPAQUE_RESIDUALS[y === 0 ? 'top' : 'below'][scanlines[at]];
    if (scanlines[at + 4] !== first) return true;
    const end = at + stride;
    for (let i = at + 8; i < end; i += 4) if (scanlines[i] !== other) return true;
  }
  return false;
}

/** Of opaque alpha by filter: in the first column, and in all others (PNG, 9.2). */
const OPAQUE_RESIDUALS = {
  // None, sub, up, average, Paeth. Half of 255 is 127.
  top: [
    [255, 255],
    [255, 0],
    [255, 255],
    [255, 128],
    [255, 0],
  ],
  below: [
    [255, 255],
    [255, 0],
    [0, 0],
    [128, 0],
    [0, 0],
  ],
} as const;
