/**
 * PNG from files to planes and back, with filters of our own over the runtime's deflate. Neutral to
 * the runtime: what inflates and deflates is given.
 * @module
 */

import type { Arena, Codec, ImageHeader, Limits } from '@safelight/core';
import { headerOf, type PngHeader } from '../png/header.ts';
import { readStructure } from '../png/structure.ts';
import { isPng } from '../sniff.ts';
import { decodePlanarPng, planarDecoderBytes, planPixels } from './decode.ts';
import type { Deflater } from '../deflate/deflater.ts';
import { encodePlanarPng, type PngEffort } from './encode.ts';
import { type PngKernels, typescriptPngKernels } from './kernels.ts';

export type { PngEffort } from './encode.ts';
export { type PngKernels, typescriptPngKernels } from './kernels.ts';

export interface PlanarPngOptions {
  /** `nodeDeflater` makes the codec synchronous, `webDeflater` asynchronous. */
  readonly deflater: Deflater;
  /** What encoding spends time on. @default 'fast' */
  readonly effort?: PngEffort;
  /**
   * The set for the planes of an arena: a WebAssembly twin is bound to one memory.
   * @default the plain TypeScript set for all
   */
  readonly kernelsFor?: (arena: Arena) => PngKernels;
}

/**
 * Reads every colour type and bit depth, interlaced or not, and the still picture of an animated
 * PNG; 16 bits become 8. Writes grey and RGB of 8 bits, with or without alpha, and palettes of up to
 * 256 colours where the source had one and they suffice.
 */
export function createPlanarPngCodec(options: PlanarPngOptions): Codec {
  const { deflater } = options;
  const effort = options.effort ?? 'fast';
  const kernelsFor = options.kernelsFor ?? (() => typescriptPngKernels);
  return {
    format: 'png',
    sniff: isPng,
    readHeader: (bytes, limits) => readHeader(bytes, limits, deflater),
    planDecode: (header, request) => planPixels(header as PngHeader, request),
    decode: (bytes, _header, request, context) =>
      decodePlanarPng(bytes, request, context, deflater, kernelsFor(context.arena)),
    encode: (raster, _settings, context) =>
      encodePlanarPng(raster, effort, deflater, kernelsFor(context.arena)),
    encodes: { models: ['rgb', 'gray'], alpha: true },
  };
}

function readHeader(bytes: Uint8Array, limits: Limits, { crc32 }: Deflater): ImageHeader {
  const structure = readStructure(bytes, limits, crc32);
  return headerOf(structure, planarDecoderBytes(structure, bytes.length));
}
