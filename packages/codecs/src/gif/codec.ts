/**
 * GIF: a decoder and an encoder of our own, neutral to the runtime, for stills and animations. All
 * frames are counted, and limited, before one is decoded.
 * @module
 */

import type { Codec, ImageHeader, Limits } from '@safelight/core';
import type { Dithering } from '../palette/dither.ts';
import { sniffFormat } from '../sniff.ts';
import { decodeGif, readGifFrames } from './decode.ts';
import { createGifFrameWriter, encodeGif, planGifFrames } from './encode.ts';
import { animationMayBeTransparent, firstMayBeTransparent, gifDecoderBytes } from './measure.ts';
import { readGifStructure } from './structure.ts';

/** What two bytes count. */
const MAX_SIDE = 65_535;

export interface GifCodecOptions {
  /** How pictures of more than 256 colours are shown. @default 'diffused' */
  readonly dithering?: Dithering;
}

/** Reads GIF87a and GIF89a, interlaced or not, each frame on its canvas. Writes GIF89a. */
export function createGifCodec({ dithering = 'diffused' }: GifCodecOptions = {}): Codec {
  return {
    format: 'gif',
    sniff: (head) => sniffFormat(head) === 'gif',
    readHeader: readGifHeader,
    decode: (bytes, _header, _request, context) => decodeGif(bytes, context),
    readFrames: (bytes, _header, context) => readGifFrames(bytes, context),
    encode: (raster) => encodeGif(raster, dithering),
    planFrames: planGifFrames,
    createFrameWriter: (animation) => createGifFrameWriter(animation, dithering),
    encodes: { models: ['rgb'], alpha: true },
    maxEncodeSide: MAX_SIDE,
  };
}

function readGifHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const structure = readGifStructure(bytes, limits);
  const { width, height, frames, plays } = structure;
  const [first] = frames;
  return {
    format: 'gif',
    width,
    height,
    frames: frames.length,
    model: 'rgb',
    hasAlpha: firstMayBeTransparent(structure),
    bitDepth: first.codeBits,
    orientation: 1,
    hasIcc: false,
    decoderBytes: gifDecoderBytes({ ...structure, frames: [first] }, bytes.length),
    ...(frames.length > 1 && {
      animation: {
        plays,
        model: 'rgb',
        hasAlpha: animationMayBeTransparent(structure),
        decoderBytes: gifDecoderBytes(structure, bytes.length),
      },
    }),
  };
}
