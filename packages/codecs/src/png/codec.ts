/**
 * The PNG codec behind the engine's interface, over pngjs and node:zlib, which are of Node only.
 * @module
 */

import { crc32 } from 'node:zlib';
import type { Codec } from '@safelight/core';
import { nodeDeflater } from '../deflate/node-deflater.ts';
import { encodePlanarPng } from '../png-planar/encode.ts';
import { typescriptPngKernels } from '../png-planar/kernels.ts';
import { isPng } from '../sniff.ts';
import { decodePng } from './decode.ts';
import { encodePng } from './encode.ts';
import { readPngHeader } from './header.ts';

/**
 * Reads every colour type and bit depth, interlaced or not, and the still picture of an animated
 * PNG; 16 bits become 8. Writes grey and RGB of 8 bits, with or without alpha, and palettes as the
 * planar codec does.
 */
export function createPngCodec(): Codec {
  return {
    format: 'png',
    sniff: isPng,
    readHeader: (bytes, limits) => readPngHeader(bytes, limits, crc32),
    decode: (bytes, _header, _request, context) => decodePng(bytes, context),
    // pngjs writes no palettes.
    encode: (raster) =>
      raster.metadata.palette === undefined
        ? encodePng(raster)
        : encodePlanarPng(raster, 'fast', nodeDeflater, typescriptPngKernels),
    encodes: { models: ['rgb', 'gray'], alpha: true },
  };
}
