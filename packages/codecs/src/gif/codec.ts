/**
 * GIF: a decoder of our own for the first frame, neutral to the runtime. All frames are counted, and
 * limited, before one is decoded.
 * @module
 */

import type { Codec, ImageHeader, Limits } from '@safelight/core';
import { sniffFormat } from '../sniff.ts';
import { decodeGif, gifDecoderBytes, mayBeTransparent } from './decode.ts';
import { readGifStructure } from './structure.ts';

/** Reads the first frame of GIF87a and GIF89a, interlaced or not, on its canvas. */
export function createGifCodec(): Codec {
  return {
    format: 'gif',
    sniff: (head) => sniffFormat(head) === 'gif',
    readHeader: readGifHeader,
    decode: (bytes, _header, _request, context) => decodeGif(bytes, context),
  };
}

function readGifHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const structure = readGifStructure(bytes, limits);
  const { width, height, frames, first } = structure;
  return {
    format: 'gif',
    width,
    height,
    frames,
    model: 'rgb',
    hasAlpha: mayBeTransparent(structure),
    bitDepth: first.codeBits,
    orientation: 1,
    hasIcc: false,
    decoderBytes: gifDecoderBytes(structure, bytes.length),
  };
}
