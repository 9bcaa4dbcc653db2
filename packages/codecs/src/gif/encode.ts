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
} from '@safelight/core';
import type { Dithering } from '../palette/dither.ts';
import { imageBlock, join, loopBlock, screenBlock, trailerBlock } from './blocks.ts';
import { type CanvasSize, cutOut, packRaster } from './canvas.ts';
import { colorImage, createGlobalPalette } from './coloring.ts';
import { changeBefore, changeOfLast, type FrameChange } from './frame-change.ts';
import { lzwBytes } from './lzw-writer.ts';

const MS_PER_CS = 10;
const MAX_DELAY_CS = 65_535;
/** Sums of colours, tables of the quantiser and of LZW. */
const FIXED_BYTES = 8 * 1024 * 1024;
/** Three canvases of 4 bytes a pixel, what is cut out of two of them, indices twice. */
const CANVAS_BYTES = 22;

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
  const global = createGlobalPalette();
  let pending: PendingFrame | undefined;

  function write(frame: PendingFrame, { rectangle, disposal }: FrameChange): void {
    const { base, shown, delayCs } = frame;
    const whole = cutOut(shown, width, rectangle);
    const drawn = cutOut(base, width, rectangle);
    for (let i = 0; i < drawn.length; i++) drawn[i] = drawn[i] === whole[i] ? 0 : whole[i];
    // Some readers clear to the background's colour after an image without a transparent one.
    const wantsHole = disposal === 'clear';
    const pixels = { drawn, whole, width: rectangle.width, wantsHole };
    const colored = colorImage(pixels, dithering, global);
    parts.push(imageBlock({ rectangle, delayCs, disposal, ...colored }));
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
      const head = [screenBlock(size, global.colors), loopBlock(plays)];
      return join([...head, ...parts, trailerBlock()]);
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
