/**
 * The JPEG codec behind the engine's interface: jpeg-js decodes, our own encoder writes. Neutral to
 * the runtime, like everything in this folder.
 * @module
 */

import type { Codec } from '@safelight/core';
import { isJpeg } from '../sniff.ts';
import { decodeJpeg } from './decode.ts';
import { encodeJpeg } from './encode.ts';
import { readJpegHeader } from './header.ts';

/** Longest side the format can name. */
const MAX_SIDE = 65_535;

/**
 * Reads baseline, extended and progressive pictures of 8 bits: grey, YCbCr in every sampling, RGB,
 * CMYK and YCCK (delivered as RGB). Writes grey and YCbCr. Scaled decoding is not offered.
 */
export function createJpegCodec(): Codec {
  return {
    format: 'jpeg',
    sniff: isJpeg,
    readHeader: readJpegHeader,
    decode: (bytes, _header, _request, context) => decodeJpeg(bytes, context),
    encode: (raster, settings) => encodeJpeg(raster, settings),
    encodes: { models: ['ycbcr', 'gray'], alpha: false },
    maxEncodeSide: MAX_SIDE,
  };
}
