/**
 * BMP: a decoder and a plain encoder of our own, neutral to the runtime. Embedded JPEG and PNG,
 * inks and the two codings of OS/2 are refused by name.
 * @module
 */

import type { Codec, ImageHeader, Limits } from '@safelight/core';
import { sniffFormat } from '../sniff.ts';
import { bmpDecoderBytes, decodeBmp, mayBeTransparent } from './decode.ts';
import { encodeBmp } from './encode.ts';
import { readBmpStructure } from './structure.ts';

/**
 * Reads 1, 2, 4, 8, 16, 24 and 32 bits, runs of 4 and 8 bits, and masks, in headers of Windows and
 * OS/2. Writes 24 bits, or 32 with alpha.
 */
export function createBmpCodec(): Codec {
  return {
    format: 'bmp',
    sniff: (head) => sniffFormat(head) === 'bmp',
    readHeader: readBmpHeader,
    decode: (bytes, _header, _request, context) => decodeBmp(bytes, context),
    encode: encodeBmp,
    encodes: { models: ['rgb'], alpha: true },
  };
}

function readBmpHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const structure = readBmpStructure(bytes, limits);
  const { width, height, bitCount, density, icc } = structure;
  return {
    format: 'bmp',
    width,
    height,
    frames: 1,
    model: 'rgb',
    hasAlpha: mayBeTransparent(structure),
    bitDepth: Math.min(8, bitCount),
    orientation: 1,
    ...(density !== undefined && { density }),
    hasIcc: icc !== undefined,
    decoderBytes: bmpDecoderBytes(structure, bytes.length),
  };
}
