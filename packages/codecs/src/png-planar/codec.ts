/**
 * PNG from files to planes and back, with filters of our own over the runtime's deflate. Neutral to
 * the runtime: what inflates and deflates is given.
 * @module
 */

import type { Arena, Codec, ImageHeader, Limits } from '@safelight/core';
import type { Crc32 } from '../crc32.ts';
import { headerOf, type PngHeader } from '../png/header.ts';
import { type PngStructure, readStructure } from '../png/structure.ts';
import { isPng } from '../sniff.ts';
import { decodePlanarPng, planarDecoderBytes, planPixels } from './decode.ts';
import type { Deflater } from '../deflate/deflater.ts';
import { encodePlanarPng, planPlanarEncode, type PngEffort } from './encode.ts';
import { type PngKernels, typescriptPngKernels } from './kernels.ts';

export type { PngEffort } from './encode.ts';
export { type PngKernels, typescriptPngKernels } from './kernels.ts';

export interface PlanarPngOptions {
  /** `nodeDeflater` makes the codec synchronous, `webDeflater` asynchronous. */
  readonly deflater: Deflater;
  /** What encoding spends time on. @default 'fast' */
  readonly effort?: PngEffort;
  /**
   * The set for the planes of an arena: a WebAssembly twin is bound to one memory. With it, encoding
   * takes room for its rows from the arena.
   * @default the plain TypeScript set for all, rows outside of the arena
   */
  readonly kernelsFor?: (arena: Arena) => PngKernels;
}

/**
 * Reads every colour type and bit depth, interlaced or not, and the still picture of an animated
 * PNG; 16 bits become 8. Writes grey and RGB of 8 bits, with or without alpha, and palettes of up to
 * 256 colours where the source had one and they suffice.
 */
export function createPlanarPngCodec(options: PlanarPngOptions): Codec {
  const { deflater, effort = 'fast', kernelsFor } = options;
  const kernelsIn = kernelsFor ?? (() => typescriptPngKernels);
  const structures = createStructureReader(deflater.crc32);
  return {
    format: 'png',
    sniff: isPng,
    readHeader: structures.readHeader,
    planDecode: (header, request) => planPixels(header as PngHeader, request),
    decode: (bytes, header, request, context) =>
      decodePlanarPng(
        bytes,
        structures.structureOf(bytes, header, context.limits),
        request,
        context,
        deflater,
        kernelsIn(context.arena),
      ),
    ...(kernelsFor !== undefined && { planEncode: planPlanarEncode }),
    encode: (raster, _settings, { arena }) =>
      kernelsFor === undefined
        ? encodePlanarPng(raster, effort, deflater, typescriptPngKernels)
        : encodePlanarPng(raster, effort, deflater, kernelsFor(arena), arena),
    encodes: { models: ['rgb', 'gray'], alpha: true },
  };
}

/** A structure and what it was read from. */
interface ReadStructure {
  readonly bytes: Uint8Array;
  readonly limits: Limits;
  readonly structure: PngStructure;
}

/**
 * Walks over a file once: for its header, which whoever decodes brings along. Files of thousands of
 * chunks take as long as a part of their pixels.
 */
function createStructureReader(crc32: Crc32) {
  const known = new WeakMap<ImageHeader, ReadStructure>();
  return {
    readHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
      const structure = readStructure(bytes, limits, crc32);
      const header = headerOf(structure, planarDecoderBytes(structure, bytes.length));
      known.set(header, { bytes, limits, structure });
      return header;
    },
    /** Anew for a header of other bytes, or under other limits. */
    structureOf(bytes: Uint8Array, header: ImageHeader, limits: Limits): PngStructure {
      const read = known.get(header);
      const isSame = read?.bytes === bytes && read.limits === limits;
      return isSame ? read.structure : readStructure(bytes, limits, crc32);
    },
  };
}
