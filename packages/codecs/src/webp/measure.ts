/**
 * What a WebP file promises before a pixel is decoded, and what the codec takes to keep it: alpha, and
 * memory inside and outside of WebAssembly. The bounds are those that the codec's memory is held to.
 * @module
 */

import { GUEST_BASE_BYTES } from '../wasm/guest.ts';
import type { WebpPicture } from './bitstream.ts';
import type { WebpFrame, WebpStructure } from './structure.ts';

/** RGBA, and as much again while a lossless picture is put together, and rows on the way. */
const DECODER_BYTES_PER_PIXEL = 10;
/** Tables of lossless coding: one set of codes for each block of 4 x 4 pixels is the worst. */
const CODES_BYTES_PER_PIXEL = 768;
/** Real pictures have a few hundred sets of 12 KB at most. */
const MAX_CODES_BYTES = 48 * 1024 * 1024;

/** What the decoder's memory may grow to for one picture. */
export function decoderMemoryBytes(picture: WebpPicture): number {
  const { width, height, coding, data, alpha } = picture;
  const pixels = width * height;
  // Alpha beside a lossy picture is coded without loss as well.
  const hasCodes = coding === 'VP8L' || alpha !== undefined;
  const codes = hasCodes ? Math.min(MAX_CODES_BYTES, CODES_BYTES_PER_PIXEL * pixels) : 0;
  const stream = data.length + (alpha?.length ?? 0);
  return GUEST_BASE_BYTES + DECODER_BYTES_PER_PIXEL * pixels + codes + 2 * stream;
}

/** Whether the first frame may have a transparent pixel, or leaves part of the canvas free. */
export function firstMayBeTransparent({ width, height, frames }: WebpStructure): boolean {
  const { picture } = frames[0];
  return picture.hasAlpha || picture.width < width || picture.height < height;
}

/** Whether any frame may; what is cleared is free as well. */
export function animationMayBeTransparent(structure: WebpStructure): boolean {
  const { frames } = structure;
  return (
    firstMayBeTransparent(structure) ||
    frames.some(({ picture, isCleared }) => picture.hasAlpha || isCleared)
  );
}

/** Interleaved samples of one picture, or of the canvas. */
function rgbaBytes({ width, height }: Pick<WebpPicture, 'width' | 'height'>): number {
  return 4 * width * height;
}

function pictureBytes({ picture }: WebpFrame): number {
  return decoderMemoryBytes(picture) + rgbaBytes(picture);
}

/** Peak beside the planes, for the first frame alone: the file, the codec, its samples. */
export function stillDecoderBytes({ frames }: WebpStructure, fileBytes: number): number {
  return fileBytes + pictureBytes(frames[0]);
}

/** Peak beside one frame's planes, canvas included, for all frames. */
export function framesDecoderBytes(structure: WebpStructure, fileBytes: number): number {
  const most = structure.frames.reduce((bytes, frame) => Math.max(bytes, pictureBytes(frame)), 0);
  return fileBytes + most + rgbaBytes(structure);
}

/** Samples twice, as they come and as its own, half of them subsampled, and the stream as it grows. */
const OPAQUE_BYTES_PER_PIXEL = 20;
/** From this quality on streams grow to the size of the samples. */
const FINE_QUALITY_PERCENT = 90;
const FINE_BYTES_PER_PIXEL = 40;
/** Alpha is coded without loss, which takes as much again. */
const ALPHA_BYTES_PER_PIXEL = 48;

/**
 * What the encoder's memory may grow to. Seen: 11 bytes a pixel for photographs, 18 for noise, 34 at
 * quality 100, 40 with alpha of noise (libwebp of @jsquash/webp 1.5.0).
 */
export function encoderMemoryBytes(
  pixels: number,
  hasAlpha: boolean,
  qualityPercent: number,
): number {
  const opaque =
    qualityPercent > FINE_QUALITY_PERCENT ? FINE_BYTES_PER_PIXEL : OPAQUE_BYTES_PER_PIXEL;
  return GUEST_BASE_BYTES + pixels * (hasAlpha ? ALPHA_BYTES_PER_PIXEL : opaque);
}
