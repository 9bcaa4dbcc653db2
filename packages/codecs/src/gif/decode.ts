/**
 * The frames of a GIF, each drawn on the canvas that the one before left. What no frame covers is
 * transparent, as browsers show it; the background colour of the file is ignored, as they do.
 * @module
 */

import type { CodecContext, Frame, Raster } from '@safelight/core';
import { allocatePlanes } from '../planes.ts';
import { checkDecoderBytes, truncated } from '../refusal.ts';
import { createCanvas, type GifCanvas, packOpaque, unpackCanvas } from './canvas.ts';
import { expandLzw } from './lzw.ts';
import { animationMayBeTransparent, firstMayBeTransparent, gifDecoderBytes } from './measure.ts';
import { type GifFrame, joinSubBlocks, readGifStructure } from './structure.ts';

const MS_PER_CS = 10;

/** Each frame in planes of `context.arena`. */
export function* readGifFrames(bytes: Uint8Array, context: CodecContext): Generator<Frame> {
  const structure = readGifStructure(bytes, context.limits);
  checkDecoderBytes('gif', gifDecoderBytes(structure, bytes.length), context.limits);
  const hasAlpha = animationMayBeTransparent(structure);
  const canvas = createCanvas(structure);
  for (const frame of structure.frames) {
    const hidden = frame.disposal === 'restore' ? canvas.copy(frame) : undefined;
    drawFrame(bytes, frame, canvas);
    const raster = toRaster(canvas, hasAlpha, context, paletteOf(frame));
    yield { raster, durationMs: MS_PER_CS * frame.delayCs };
    if (frame.disposal === 'clear') canvas.clear(frame);
    if (hidden !== undefined) canvas.restore(frame, hidden);
  }
}

/** The first frame alone, in planes of `context.arena`. */
export function decodeGif(bytes: Uint8Array, context: CodecContext): Raster {
  const { frames, ...screen } = readGifStructure(bytes, context.limits);
  const [first] = frames;
  const still = { ...screen, frames: [first] };
  checkDecoderBytes('gif', gifDecoderBytes(still, bytes.length), context.limits);
  const canvas = createCanvas(screen);
  drawFrame(bytes, first, canvas);
  return toRaster(canvas, firstMayBeTransparent(still), context, paletteOf(first));
}

function toRaster(
  canvas: GifCanvas,
  hasAlpha: boolean,
  { arena }: CodecContext,
  palette: Uint8Array,
): Raster {
  const { width, height } = canvas;
  const planes = allocatePlanes({ width, height, model: 'rgb', hasAlpha }, arena);
  unpackCanvas(canvas.pixels, planes);
  return planes.finish({ orientation: 1, palette });
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
function drawFrame(bytes: Uint8Array, frame: GifFrame, canvas: GifCanvas): void {
  const indices = new Uint8Array(frame.width * frame.height);
  const found = expandLzw(joinSubBlocks(bytes, frame), frame.codeBits, indices);
  if (found < indices.length) {
    throw truncated('gif', `expected ${indices.length} pixels in a frame, got ${found}`);
  }
  const { transparentIndex, left } = frame;
  const colors = packPalette(frame.palette);
  const { width, height, pixels } = canvas;
  const columns = Math.max(0, Math.min(frame.width, width - left));
  let stored = 0;
  for (const row of rowsOf(frame)) {
    const from = stored++ * frame.width;
    const y = frame.top + row;
    if (y >= height) continue;
    for (let x = 0, to = y * width + left; x < columns; x++, to++) {
      const index = indices[from + x];
      // An index without a colour draws nothing, as browsers have it.
      if (index !== transparentIndex && index < colors.length) pixels[to] = colors[index];
    }
  }
}

function packPalette(palette: Uint8Array): Uint32Array {
  const colors = new Uint32Array(palette.length / 3);
  for (let i = 0, at = 0; i < colors.length; i++, at += 3) {
    colors[i] = packOpaque(palette[at], palette[at + 1], palette[at + 2]);
  }
  return colors;
}
