/**
 * The first frame of a GIF, drawn on its canvas. What the frame does not cover is transparent, as
 * browsers show it; the background colour of the file is ignored, as they do.
 * @module
 */

import type { CodecContext, Raster } from '@safelight/core';
import { allocatePlanes, type PlaneSet } from '../planes.ts';
import { checkDecoderBytes, damaged, truncated } from '../refusal.ts';
import { expandLzw } from './lzw.ts';
import { type GifFrame, type GifStructure, joinSubBlocks, readGifStructure } from './structure.ts';

/** Tables of the decoder. */
const FIXED_BYTES = 128 * 1024;

/** Decodes the first frame into planes of `context.arena`. */
export function decodeGif(bytes: Uint8Array, context: CodecContext): Raster {
  const structure = readGifStructure(bytes, context.limits);
  checkDecoderBytes('gif', gifDecoderBytes(structure, bytes.length), context.limits);
  const { width, height, first } = structure;
  const shape = { width, height, model: 'rgb', hasAlpha: mayBeTransparent(structure) } as const;
  const planes = allocatePlanes(shape, context.arena);
  for (const plane of planes.colors) plane.fill(0);
  planes.alpha?.fill(0);
  const indices = new Uint8Array(first.width * first.height);
  const found = expandLzw(joinSubBlocks(bytes, first), first.codeBits, indices);
  if (found < indices.length) {
    throw truncated('gif', `expected ${indices.length} pixels in a frame, got ${found}`);
  }
  drawFrame(indices, structure, planes);
  return planes.finish({ orientation: 1, palette: paletteOf(first) });
}

/** Whether the first frame has a transparent colour or leaves part of the canvas free. */
export function mayBeTransparent({ width, height, first }: GifStructure): boolean {
  const { left, top } = first;
  const isCovered = left === 0 && top === 0 && first.width >= width && first.height >= height;
  return !isCovered || first.transparentIndex >= 0;
}

/** Peak beside the planes: the file, its pixels joined, one byte a pixel of the frame. */
export function gifDecoderBytes({ first }: GifStructure, fileBytes: number): number {
  return fileBytes + first.dataBytes + first.width * first.height + FIXED_BYTES;
}

/** RGBA quadruples; the transparent entry is the only one that is not opaque. */
function paletteOf({ palette, transparentIndex }: GifFrame): Uint8Array {
  const result = new Uint8Array((palette.length / 3) * 4);
  for (let i = 0; i < palette.length / 3; i++) {
    result.set(palette.subarray(3 * i, 3 * i + 3), 4 * i);
    result[4 * i + 3] = i === transparentIndex ? 0 : 255;
  }
  return result;
}

/** Where the rows of an interlaced frame lie (GIF89a, appendix E): first row and step of a pass. */
const PASSES: readonly (readonly [first: number, step: number])[] = [
  [0, 8],
  [4, 8],
  [2, 4],
  [1, 2],
];

/** Rows of the frame in the order in which they are stored. */
function* rowsOf({ height, isInterlaced }: GifFrame): Generator<number> {
  for (const [first, step] of isInterlaced ? PASSES : ([[0, 1]] as const)) {
    for (let y = first; y < height; y += step) yield y;
  }
}

/** What lies outside the canvas is left out. */
function drawFrame(indices: Uint8Array, structure: GifStructure, planes: PlaneSet): void {
  const { first: frame, width, height } = structure;
  const { palette, transparentIndex, left } = frame;
  const [red, green, blue] = planes.colors;
  const { alpha } = planes;
  const columns = Math.max(0, Math.min(frame.width, width - left));
  let stored = 0;
  for (const row of rowsOf(frame)) {
    const from = stored++ * frame.width;
    const y = frame.top + row;
    if (y >= height) continue;
    for (let x = 0, to = y * width + left; x < columns; x++, to++) {
      const index = indices[from + x];
      if (index === transparentIndex) continue;
      const entry = 3 * index;
      if (entry >= palette.length) throw noColor(index, palette);
      red[to] = palette[entry];
      green[to] = palette[entry + 1];
      blue[to] = palette[entry + 2];
      if (alpha !== undefined) alpha[to] = 255;
    }
  }
}

function noColor(index: number, palette: Uint8Array): Error {
  return damaged('gif', `expected an index below ${palette.length / 3}, got ${index}`);
}
