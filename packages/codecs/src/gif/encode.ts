/**
 * Writing GIF: still pictures and animations. Of a frame only what changes is written, with the
 * colours of just those pixels, so that frames of at most 256 new colours lose nothing.
 * @module
 */

import {
  type AnimationSettings,
  assert,
  type Frame,
  type FrameWriter,
  type FrameWriterPlan,
  type Raster,
  type Rectangle,
} from '@safelight/core';
import { ColorTable, MAX_COLORS } from '../palette/color-table.ts';
import type { Dithering } from '../palette/dither.ts';
import { type IndexedPixels, indexExactly, quantise, unpackColors } from '../palette/quantise.ts';
import { type GifImage, imageBlock, join, loopBlock, screenBlock, trailerBlock } from './blocks.ts';
import { type CanvasSize, packOpaque, packRaster } from './canvas.ts';
import { changeBefore, changeOfLast, type FrameChange } from './frame-change.ts';
import { lzwBytes } from './lzw-writer.ts';

const MS_PER_CS = 10;
const MAX_DELAY_CS = 65_535;
/** Sums of colours, tables of the quantiser and of LZW. */
const FIXED_BYTES = 8 * 1024 * 1024;
/** Three canvases of 4 bytes a pixel, the part that is drawn likewise, and its indices. */
const CANVAS_BYTES = 17;

/** The file as it can be at worst counts twice: its parts are there while they are joined. */
export function planGifFrames(
  { width, height }: CanvasSize,
  { frames }: Pick<AnimationSettings, 'frames'>,
): FrameWriterPlan {
  const pixels = width * height;
  return {
    scratchBytes: 0,
    heapBytes: FIXED_BYTES + CANVAS_BYTES * pixels + (2 * frames + 1) * (lzwBytes(pixels) + 1024),
  };
}

/** One picture. */
export function encodeGif(raster: Raster, dithering: Dithering): Uint8Array {
  const { width, height } = raster;
  const writer = createGifFrameWriter({ width, height, frames: 1, plays: 1 }, dithering);
  writer.addFrame({ raster, durationMs: 0 });
  return writer.finish();
}

/** A frame that waits for the next, which decides what becomes of it. */
interface PendingFrame {
  readonly base: Uint32Array;
  readonly shown: Uint32Array;
  readonly isFirst: boolean;
  readonly delayCs: number;
}

/** Takes rasters of model `rgb`, one sample a pixel; what is half transparent or more becomes it. */
export interface GifFrameWriter extends FrameWriter {
  addFrame(frame: Frame): void;
  finish(): Uint8Array;
}

export function createGifFrameWriter(
  animation: AnimationSettings,
  dithering: Dithering,
): GifFrameWriter {
  const { width, height, plays } = animation;
  const size = { width, height };
  const parts: Uint8Array[] = [];
  let global: GlobalPalette | undefined;
  let pending: PendingFrame | undefined;

  function write(frame: PendingFrame, { rectangle, disposal }: FrameChange): void {
    const colored = colorFrame(frame, { rectangle, canvasWidth: width, dithering });
    if (global === undefined) {
      global = globalOf(colored);
      parts.push(
        screenBlock(size, unpackColors(global.colors.found), global.size),
        loopBlock(plays),
      );
    }
    const { delayCs } = frame;
    parts.push(imageBlock({ rectangle, delayCs, disposal, ...withGlobal(colored, global) }));
  }

  return {
    addFrame({ raster, durationMs }) {
      assert(raster.width === width && raster.height === height, 'a frame fills the canvas');
      const next = packRaster(raster);
      const delayCs = Math.min(MAX_DELAY_CS, Math.round(durationMs / MS_PER_CS));
      const before = pending;
      let base: Uint32Array = new Uint32Array(before === undefined ? next.length : 0);
      if (before !== undefined) {
        const change = changeBefore(next, before, size);
        write(before, change);
        base = afterDisposal(before, change, width);
      }
      pending = { base, shown: next, isFirst: before === undefined, delayCs };
    },
    finish() {
      assert(pending, 'a GIF has a frame');
      write(pending, changeOfLast(pending, size));
      pending = undefined;
      parts.push(trailerBlock());
      return join(parts);
    },
  };
}

/** The canvas when the time of a frame is over. The frame itself is given up. */
function afterDisposal(
  { base, shown }: PendingFrame,
  { rectangle, disposal }: FrameChange,
  width: number,
): Uint32Array {
  if (disposal === 'restore') return base;
  if (disposal === 'clear') {
    const { left, top } = rectangle;
    for (let y = top; y < top + rectangle.height; y++) {
      shown.fill(0, y * width + left, y * width + left + rectangle.width);
    }
  }
  return shown;
}

interface ColorOptions {
  readonly rectangle: Rectangle;
  readonly canvasWidth: number;
  readonly dithering: Dithering;
}

/** What an image block takes of colours. */
interface ColoredFrame {
  /** Red, green, blue; with a place for the hole, though its colour is never seen. */
  readonly palette: Uint8Array;
  readonly indices: Uint8Array;
  readonly transparentIndex: number;
}

/** What changes is drawn with holes for the rest, unless the hole is one colour too many. */
function colorFrame({ base, shown }: PendingFrame, options: ColorOptions): ColoredFrame {
  const { rectangle, canvasWidth, dithering } = options;
  const whole = cutOut(shown, canvasWidth, rectangle);
  const drawn = cutOut(base, canvasWidth, rectangle);
  for (let i = 0; i < drawn.length; i++) drawn[i] = drawn[i] === whole[i] ? 0 : whole[i];
  const hasHoles = drawn.includes(0);
  const most = hasHoles ? MAX_COLORS - 1 : MAX_COLORS;
  const exact = indexExactly(drawn, most);
  if (exact === undefined && hasHoles && !whole.includes(0)) {
    const filled = indexExactly(whole, MAX_COLORS);
    if (filled !== undefined) return { ...filled, transparentIndex: -1 };
  }
  const indexed = exact ?? quantise(drawn, { most, width: rectangle.width, dithering });
  return hasHoles ? withHole(indexed) : { ...indexed, transparentIndex: -1 };
}

function cutOut(
  canvas: Uint32Array,
  canvasWidth: number,
  { left, top, width, height }: Rectangle,
): Uint32Array {
  const part = new Uint32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * canvasWidth + left;
    part.set(canvas.subarray(from, from + width), y * width);
  }
  return part;
}

function withHole({ palette, indices }: IndexedPixels): ColoredFrame {
  const padded = new Uint8Array(palette.length + 3);
  padded.set(palette);
  return { palette: padded, indices, transparentIndex: palette.length / 3 };
}

/** Colours of the file's palette; what is behind them is a hole. */
interface GlobalPalette {
  readonly colors: ColorTable;
  readonly size: number;
}

/** The first frame's palette serves the file, with a place for a hole where there is room. */
function globalOf({ palette, transparentIndex }: ColoredFrame): GlobalPalette {
  const colors = new ColorTable();
  const end = transparentIndex < 0 ? palette.length : 3 * transparentIndex;
  for (let at = 0; at < end; at += 3) colors.add(packColor(palette, at));
  return { colors, size: Math.min(MAX_COLORS, colors.found.length + 1) };
}

/** The same picture in colours of the file's palette, where it has them all. */
function withGlobal(
  frame: ColoredFrame,
  { colors, size }: GlobalPalette,
): ColoredFrame & Pick<GifImage, 'usesGlobal'> {
  const { palette, indices, transparentIndex } = frame;
  const places = new Uint8Array(MAX_COLORS);
  for (let i = 0; 3 * i < palette.length; i++) {
    const isHole = i === transparentIndex;
    const place = isHole ? colors.found.length : colors.find(packColor(palette, 3 * i));
    if (place < 0 || place >= size) return { ...frame, usesGlobal: false };
    places[i] = place;
  }
  return {
    palette,
    indices: indices.map((index) => places[index]),
    transparentIndex: transparentIndex < 0 ? -1 : places[transparentIndex],
    usesGlobal: true,
  };
}

function packColor(palette: Uint8Array, at: number): number {
  return packOpaque(palette[at], palette[at + 1], palette[at + 2]);
}
