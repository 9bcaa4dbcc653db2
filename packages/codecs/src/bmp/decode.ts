/**
 * BMP pixels to planes. Rows stand bottom up unless the height was negative; alpha counts only where
 * the file has a mask for it and at least one pixel is not wholly transparent.
 * @module
 */

import type { CodecContext, Raster } from '@safelight/core';
import { allocatePlanes, type PlaneSet } from '../planes.ts';
import { checkDecoderBytes, damaged } from '../refusal.ts';
import { paintRuns, UNPAINTED } from './runs.ts';
import { type BmpStructure, readBmpStructure, trailingZeros } from './structure.ts';

/** Tables and a row's worth of views. */
const FIXED_BYTES = 256 * 1024;

/** Decodes the picture into planes of `context.arena`. */
export function decodeBmp(bytes: Uint8Array, context: CodecContext): Raster {
  const structure = readBmpStructure(bytes, context.limits);
  checkDecoderBytes('bmp', bmpDecoderBytes(structure, bytes.length), context.limits);
  const { width, height, density, palette, icc, packing, bitCount } = structure;
  const shape = { width, height, model: 'rgb', hasAlpha: mayBeTransparent(structure) } as const;
  const planes = allocatePlanes(shape, context.arena);
  if (packing !== 'rows') expandRuns(bytes, structure, planes);
  else if (palette !== undefined) expandIndices(bytes, structure, palette, planes);
  else if (bitCount === 24) expandTriples(bytes, structure, planes);
  else expandMasked(bytes, structure, planes);
  return planes.finish({
    orientation: 1,
    ...(density !== undefined && { density }),
    ...(palette !== undefined && { palette }),
    ...(icc !== undefined && { icc }),
  });
}

/** Whether a pixel may be transparent: an alpha mask, or runs, which can leave pixels out. */
export function mayBeTransparent({ masks, packing }: BmpStructure): boolean {
  return packing !== 'rows' || (masks !== undefined && masks[3] !== 0);
}

/** Peak beside the planes: the file, and two bytes a pixel for runs. */
export function bmpDecoderBytes(structure: BmpStructure, fileBytes: number): number {
  const indexBytes = structure.packing === 'rows' ? 0 : 2 * structure.width * structure.height;
  return fileBytes + indexBytes + FIXED_BYTES;
}

/** Row of the file that holds row `y` of the picture. */
function storedRow({ height, isTopDown }: BmpStructure, y: number): number {
  return isTopDown ? y : height - 1 - y;
}

function expandRuns(bytes: Uint8Array, structure: BmpStructure, planes: PlaneSet): void {
  const { width, height, packing, pixelsAt } = structure;
  const palette = structure.palette ?? new Uint8Array(0);
  const [red, green, blue] = planes.colors;
  const { alpha } = planes;
  const indices = new Uint16Array(width * height).fill(UNPAINTED);
  paintRuns(bytes, pixelsAt, { width, height, bits: packing === 'rle8' ? 8 : 4 }, indices);
  for (let y = 0; y < height; y++) {
    const from = storedRow(structure, y) * width;
    for (let x = 0, to = y * width; x < width; x++, to++) {
      const index = indices[from + x];
      const isPainted = index !== UNPAINTED;
      const entry = isPainted ? 4 * index : 0;
      if (entry >= palette.length) throw noColor(index, palette);
      red[to] = isPainted ? palette[entry] : 0;
      green[to] = isPainted ? palette[entry + 1] : 0;
      blue[to] = isPainted ? palette[entry + 2] : 0;
      if (alpha !== undefined) alpha[to] = isPainted ? 255 : 0;
    }
  }
}

function expandIndices(
  bytes: Uint8Array,
  structure: BmpStructure,
  palette: Uint8Array,
  planes: PlaneSet,
): void {
  const { width, height, bitCount, pixelsAt, rowBytes } = structure;
  const [red, green, blue] = planes.colors;
  const mask = (1 << bitCount) - 1;
  for (let y = 0; y < height; y++) {
    const from = pixelsAt + storedRow(structure, y) * rowBytes;
    for (let x = 0, bit = 0, to = y * width; x < width; x++, to++, bit += bitCount) {
      const index = (bytes[from + (bit >> 3)] >> (8 - bitCount - (bit & 7))) & mask;
      const entry = 4 * index;
      if (entry >= palette.length) throw noColor(index, palette);
      red[to] = palette[entry];
      green[to] = palette[entry + 1];
      blue[to] = palette[entry + 2];
    }
  }
}

function noColor(index: number, palette: Uint8Array): Error {
  return damaged('bmp', `expected an index below ${palette.length / 4}, got ${index}`);
}

function expandTriples(bytes: Uint8Array, structure: BmpStructure, planes: PlaneSet): void {
  const { width, height, pixelsAt, rowBytes } = structure;
  const [red, green, blue] = planes.colors;
  for (let y = 0; y < height; y++) {
    let from = pixelsAt + storedRow(structure, y) * rowBytes;
    for (let x = 0, to = y * width; x < width; x++, to++, from += 3) {
      blue[to] = bytes[from];
      green[to] = bytes[from + 1];
      red[to] = bytes[from + 2];
    }
  }
}

function expandMasked(bytes: Uint8Array, structure: BmpStructure, planes: PlaneSet): void {
  const masks = structure.masks ?? [0, 0, 0, 0];
  for (const [index, plane] of planes.colors.entries()) {
    expandChannel(bytes, structure, masks[index], plane);
  }
  if (planes.alpha === undefined) return;
  expandChannel(bytes, structure, masks[3], planes.alpha);
  // Writers that know no alpha leave zeros where a later header has a mask.
  if (planes.alpha.every((value) => value === 0)) planes.alpha.fill(255);
}

/** Bits of a channel that count; the rest is below half a level of 8 bits. */
const MAX_CHANNEL_BITS = 12;

function expandChannel(
  bytes: Uint8Array,
  structure: BmpStructure,
  mask: number,
  plane: Uint8Array,
): void {
  if (mask === 0) {
    plane.fill(0);
    return;
  }
  const { width, height, bitCount, pixelsAt, rowBytes } = structure;
  const zeros = trailingZeros(mask);
  const bits = 32 - Math.clz32(mask) - zeros;
  const keptBits = Math.min(bits, MAX_CHANNEL_BITS);
  const shift = zeros + bits - keptBits;
  const most = 2 ** keptBits - 1;
  const levels = Uint8Array.from({ length: most + 1 }, (_, v) => Math.round((v * 255) / most));
  const isWide = bitCount === 32;
  const step = isWide ? 4 : 2;
  for (let y = 0; y < height; y++) {
    let from = pixelsAt + storedRow(structure, y) * rowBytes;
    for (let x = 0, to = y * width; x < width; x++, to++, from += step) {
      const low = bytes[from] | (bytes[from + 1] << 8);
      const pixel = isWide ? low | (bytes[from + 2] << 16) | (bytes[from + 3] << 24) : low;
      plane[to] = levels[((pixel & mask) >>> shift) & most];
    }
  }
}
