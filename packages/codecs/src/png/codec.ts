/**
 * The PNG codec behind the engine's interface, over pngjs and node:zlib: Node only.
 * @module
 */

import { crc32 } from 'node:zlib';
import type { Codec } from '@safelight/core';
import { isPng } from '../sniff.ts';
import { decodePng } from './decode.ts';
import { encodePng } from './encode.ts';
import { readPngHeader } from './header.ts';

/**
 * Reads every colour type and bit depth, interlaced or not, and the still picture of an animated
 * PNG; 16 bits become 8. Writes grey and RGB of 8 bits, with or without alpha.
 */
export function createPngCodec(): Codec {
  return {
    format: 'png',
    sniff: isPng,
    readHeader: (bytes, limits) => readPngHeader(bytes, limits, crc32),
    decode: (bytes, _header, _request, context) => decodePng(bytes, context),
    encode: (raster) => encodePng(raster),
    encodes: { models: ['rgb', 'gray'], alpha: true },
  };
}
