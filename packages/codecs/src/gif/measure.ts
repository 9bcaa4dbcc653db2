/**
 * What a GIF's blocks promise before a pixel is decoded: alpha, and the memory of its decoder.
 * @module
 */

import type { GifStructure } from './structure.ts';

/** Tables of the decoder. */
const FIXED_BYTES = 128 * 1024;

/** Whether the first frame can leave a pixel of the canvas free: beside it, or by what is no colour. */
export function firstMayBeTransparent({ width, height, frames }: GifStructure): boolean {
  const [{ left, top, transparentIndex, palette, codeBits, ...first }] = frames;
  const isCovered = left === 0 && top === 0 && first.width >= width && first.height >= height;
  const isColored = transparentIndex < 0 && palette.length >= 3 << codeBits;
  return !isCovered || !isColored;
}

/**
 * Whether any frame may show a hole: the first has one, or one is made. Restoring makes none but
 * behind the first frame, since what it restores was there before.
 */
export function animationMayBeTransparent(structure: GifStructure): boolean {
  const { frames } = structure;
  return (
    firstMayBeTransparent(structure) ||
    frames[0].disposal === 'restore' ||
    frames.some(({ disposal }) => disposal === 'clear')
  );
}

/**
 * Peak beside the planes: the file, the pixels of a frame joined and one byte for each of them, the
 * canvas, and what a frame that is to be undone hides of it.
 */
export function gifDecoderBytes(
  { width, height, frames }: GifStructure,
  fileBytes: number,
): number {
  let frameBytes = 0;
  let hiddenBytes = 0;
  for (const frame of frames) {
    const pixels = frame.width * frame.height;
    frameBytes = Math.max(frameBytes, frame.dataBytes + pixels);
    if (frame.disposal === 'restore' && frames.length > 1) {
      hiddenBytes = Math.max(hiddenBytes, 4 * Math.min(pixels, width * height));
    }
  }
  return fileBytes + frameBytes + 4 * width * height + hiddenBytes + FIXED_BYTES;
}
