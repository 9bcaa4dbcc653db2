/**
 * TIFF: a decoder of our own for the first page and a plain encoder, neutral to the runtime: what
 * inflates and deflates is given. Kinds that are not read are refused by name.
 * @module
 */

import type { Arena, Codec, ImageHeader, Limits } from '@safelight/core';
import type { Deflater } from '../deflate/deflater.ts';
import { type RunKernels, typescriptRunKernels } from '../deflate/run-kernels.ts';
import { readExif } from '../exif/exif.ts';
import { iccFits } from '../icc.ts';
import { sniffFormat } from '../sniff.ts';
import { decodeTiff, tiffDecoderBytes } from './decode.ts';
import { encodeTiff, planTiffEncode } from './encode.ts';
import { readTiffStructure } from './structure.ts';

export interface TiffOptions {
  /** `nodeDeflater` makes the codec synchronous, `webDeflater` asynchronous. */
  readonly deflater: Deflater;
  /**
   * The set for bytes of an arena: a WebAssembly twin is bound to one memory. With it, encoding takes
   * room for its samples from the arena.
   * @default the plain TypeScript set for all, samples outside of the arena
   */
  readonly kernelsFor?: (arena: Arena) => RunKernels;
}

/**
 * Reads strips and tiles, plain, PackBits, LZW and deflate, of 1 to 16 bits: grey, RGB, palettes and
 * CMYK, with alpha, in either layout of planes. Writes grey and RGB of 8 bits by deflate.
 */
export function createTiffCodec({ deflater, kernelsFor }: TiffOptions): Codec {
  return {
    format: 'tiff',
    sniff: (head) => sniffFormat(head) === 'tiff',
    readHeader: readTiffHeader,
    decode: (bytes, _header, _request, context) => decodeTiff(bytes, context, deflater),
    ...(kernelsFor !== undefined && { planEncode: planTiffEncode }),
    encode: (raster, _settings, { arena }) =>
      kernelsFor === undefined
        ? encodeTiff(raster, deflater, typescriptRunKernels)
        : encodeTiff(raster, deflater, kernelsFor(arena), arena),
    encodes: { models: ['rgb', 'gray'], alpha: true },
  };
}

function readTiffHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const structure = readTiffStructure(bytes, limits);
  const { width, height, model, bits, alpha, icc } = structure;
  const { orientation, density } = readExif(bytes);
  return {
    format: 'tiff',
    width,
    height,
    // Pages are no frames: only the first is a picture here.
    frames: 1,
    model,
    hasAlpha: alpha !== undefined,
    bitDepth: bits,
    orientation,
    ...(density !== undefined && { density }),
    hasIcc: icc !== undefined && iccFits(icc, model),
    decoderBytes: tiffDecoderBytes(structure, bytes.length),
  };
}
