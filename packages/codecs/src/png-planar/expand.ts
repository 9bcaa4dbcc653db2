/**
 * From unfiltered rows of any kind to samples of 8 bits in planes: bits and palette indices by one
 * table a plane, 16 bits by rounding, one transparent colour by comparing. Everything but rows of
 * plain 8-bit samples, which never come here.
 * @module
 *
 * All loops write sample x at `target[to + x * step]`, since interlaced rows lie spread out.
 */

import { damaged } from '../refusal.ts';
import { pixelBits } from '../png/frame.ts';
import { paletteWithAlpha } from '../png/metadata.ts';
import type { PngStructure } from '../png/structure.ts';

/** Writes the row at `at` of the scanlines to the planes. */
export type RowExpander = (
  scanlines: Uint8Array,
  at: number,
  to: number,
  step: number,
  count: number,
) => void;

/** `planes` as the model has them, with alpha last when the picture may be transparent. */
export function createRowExpander(
  structure: PngStructure,
  planes: readonly Uint8Array[],
): RowExpander {
  const { frame, transparency } = structure;
  const { bitDepth, colorType } = frame;
  if (colorType === 3) return paletteExpander(structure, planes);
  if (colorType === 0 && bitDepth <= 8) {
    return tableExpander(grayTables(bitDepth, transparency), planes, bitDepth);
  }
  const sampleBytes = bitDepth / 8;
  const pixelBytes = pixelBits(frame) / 8;
  const key = transparency === undefined ? undefined : keyBytes(transparency, sampleBytes);
  // With a key, alpha is no channel of the file.
  const channels = pixelBytes / sampleBytes;
  return (scanlines, at, to, step, count) => {
    for (let c = 0; c < channels; c++) {
      if (bitDepth === 16) narrow(scanlines, at + 2 * c, pixelBytes, planes[c], to, step, count);
      else spread(scanlines, at + c, pixelBytes, planes[c], to, step, count);
    }
    if (key !== undefined) compare(scanlines, at, key, planes[channels], to, step, count);
  };
}

function paletteExpander(structure: PngStructure, planes: readonly Uint8Array[]): RowExpander {
  const { frame, palette = new Uint8Array(0), transparency } = structure;
  const { bitDepth } = frame;
  const colors = paletteWithAlpha(palette, transparency);
  const entries = colors.length / 4;
  const tables = [0, 1, 2, 3].map((channel) =>
    Uint8Array.from({ length: 1 << bitDepth }, (_, i) => colors[4 * i + channel]),
  );
  const expand = tableExpander(tables, planes, bitDepth);
  if (entries >= 1 << bitDepth) return expand;
  return (scanlines, at, to, step, count) => {
    const index = largestIndex(scanlines, at, bitDepth, count);
    if (index >= entries) throw damaged('png', `index ${index} of a palette of ${entries} colours`);
    expand(scanlines, at, to, step, count);
  };
}

/** One table a plane; a last one, for alpha, goes unused when there is no such plane. */
function tableExpander(
  tables: readonly Uint8Array[],
  planes: readonly Uint8Array[],
  bitDepth: number,
): RowExpander {
  return (scanlines, at, to, step, count) => {
    for (let c = 0; c < planes.length; c++) {
      if (bitDepth === 8) lookUpBytes(scanlines, at, tables[c], planes[c], to, step, count);
      else lookUpBits(scanlines, at, bitDepth, tables[c], planes[c], to, step, count);
    }
  };
}

/** Grey, and alpha: 0 for the one transparent grey. */
function grayTables(bitDepth: number, transparency: Uint8Array | undefined): Uint8Array[] {
  const most = (1 << bitDepth) - 1;
  // PNG, 11.3.2.1: only the low bits of the 16 count. 255 divides by 1, 3, 15 and 255.
  const key = transparency === undefined ? -1 : transparency[1] & most;
  return [
    Uint8Array.from({ length: most + 1 }, (_, value) => (value * 255) / most),
    Uint8Array.from({ length: most + 1 }, (_, value) => (value === key ? 0 : 255)),
  ];
}

/** The transparent colour as a pixel of the file. */
function keyBytes(transparency: Uint8Array, sampleBytes: number): Uint8Array {
  return sampleBytes === 2 ? transparency : transparency.filter((_, index) => index % 2 === 1);
}

function lookUpBytes(
  source: Uint8Array,
  at: number,
  table: Uint8Array,
  target: Uint8Array,
  to: number,
  step: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) {
    target[to] = table[source[at + x]];
    to += step;
  }
}

/** Fields of 1, 2 or 4 bits, the leftmost pixel in the highest ones (PNG, 7.2). */
function lookUpBits(
  source: Uint8Array,
  at: number,
  bitDepth: number,
  table: Uint8Array,
  target: Uint8Array,
  to: number,
  step: number,
  count: number,
): void {
  const mask = (1 << bitDepth) - 1;
  let bit = 0;
  for (let x = 0; x < count; x++) {
    target[to] = table[(source[at + (bit >> 3)] >> (8 - bitDepth - (bit & 7))) & mask];
    bit += bitDepth;
    to += step;
  }
}

function largestIndex(source: Uint8Array, at: number, bitDepth: number, count: number): number {
  const mask = (1 << bitDepth) - 1;
  let largest = 0;
  for (let x = 0, bit = 0; x < count; x++, bit += bitDepth) {
    const index = (source[at + (bit >> 3)] >> (8 - bitDepth - (bit & 7))) & mask;
    if (index > largest) largest = index;
  }
  return largest;
}

/** 16 bits to 8: round(v * 255 / 65535). 32,895 makes the shift round right for every v. */
function narrow(
  source: Uint8Array,
  at: number,
  pixelBytes: number,
  target: Uint8Array,
  to: number,
  step: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) {
    target[to] = (((source[at] << 8) | source[at + 1]) * 255 + 32_895) >>> 16;
    at += pixelBytes;
    to += step;
  }
}

function spread(
  source: Uint8Array,
  at: number,
  pixelBytes: number,
  target: Uint8Array,
  to: number,
  step: number,
  count: number,
): void {
  for (let x = 0; x < count; x++) {
    target[to] = source[at];
    at += pixelBytes;
    to += step;
  }
}

/** 0 where all bytes of a pixel are the key's, else 255. */
function compare(
  source: Uint8Array,
  at: number,
  key: Uint8Array,
  target: Uint8Array,
  to: number,
  step: number,
  count: number,
): void {
  const pixelBytes = key.length;
  for (let x = 0; x < count; x++) {
    let difference = 0;
    for (let i = 0; i < pixelBytes; i++) difference |= source[at + i] ^ key[i];
    target[to] = difference === 0 ? 0 : 255;
    at += pixelBytes;
    to += step;
  }
}
