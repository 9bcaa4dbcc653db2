/**
 * From a WebP file to planes: the first frame alone, or each on the canvas that the one before left.
 * @module
 */

import type { CodecContext, Frame, Metadata, Raster } from '@safelight/core';
import { readExif } from '../exif/exif.ts';
import { allocatePlanes } from '../planes.ts';
import { checkDecoderBytes } from '../refusal.ts';
import { fillPlanes } from '../wasm/interleaved.ts';
import { clearFrame, createWebpCanvas, paintFrame } from './canvas.ts';
import { decodePicture, type WebpDecoder } from './decoder.ts';
import {
  animationMayBeTransparent,
  firstMayBeTransparent,
  framesDecoderBytes,
  stillDecoderBytes,
} from './measure.ts';
import { readWebpStructure, type WebpStructure } from './structure.ts';

/** Decodes the first frame into planes of `context.arena`. */
export function decodeWebp(
  bytes: Uint8Array,
  decoder: WebpDecoder,
  { arena, limits }: CodecContext,
): Raster | Promise<Raster> {
  const structure = readWebpStructure(bytes, limits);
  checkDecoderBytes('webp', stillDecoderBytes(structure, bytes.length), limits);
  const { width, height, frames } = structure;
  const [first] = frames;
  const hasAlpha = firstMayBeTransparent(structure);
  const planes = allocatePlanes({ width, height, model: 'rgb', hasAlpha }, arena);
  return decodePicture(decoder, first.picture, (rgba) => {
    if (rgba.width === width && rgba.height === height) {
      fillPlanes(planes, rgba);
    } else {
      const canvas = createWebpCanvas(width, height);
      paintFrame(canvas, first, rgba);
      fillPlanes(planes, canvas);
    }
    return planes.finish(metadataOf(structure));
  });
}

/** Each frame in planes of `context.arena`. */
export async function* readWebpFrames(
  bytes: Uint8Array,
  decoder: WebpDecoder,
  { arena, limits }: CodecContext,
): AsyncGenerator<Frame> {
  const structure = readWebpStructure(bytes, limits);
  checkDecoderBytes('webp', framesDecoderBytes(structure, bytes.length), limits);
  const { width, height, frames } = structure;
  const hasAlpha = animationMayBeTransparent(structure);
  const canvas = createWebpCanvas(width, height);
  const metadata = metadataOf(structure);
  for (const frame of frames) {
    await decodePicture(decoder, frame.picture, (rgba) => paintFrame(canvas, frame, rgba));
    const planes = allocatePlanes({ width, height, model: 'rgb', hasAlpha }, arena);
    fillPlanes(planes, canvas);
    yield { raster: planes.finish(metadata), durationMs: frame.durationMs };
    if (frame.isCleared) clearFrame(canvas, frame);
  }
}

/** What the file tells beside its pixels. */
function metadataOf({ icc, exif }: WebpStructure): Metadata {
  const { orientation, density } = exif === undefined ? NO_EXIF : readExif(exif);
  return { orientation, ...(icc && { icc }), ...(density && { density }) };
}

const NO_EXIF = { orientation: 1, density: undefined } as const;
