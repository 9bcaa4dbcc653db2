/**
 * AVIF: the container is ours, the pixels are libavif's in WebAssembly. Neutral to the runtime: where
 * the WebAssembly comes from is given.
 * @module
 */

import type { Codec, ImageHeader, Limits } from '@safelight/core';
import { assembleHeif, type TileDecoder } from '../isobmff/assemble.ts';
import { headerOfHeif, type HeifMeasure, largestTile } from '../isobmff/header.ts';
import { type HeifPicture, readHeif } from '../isobmff/picture.ts';
import { sniffFormat } from '../sniff.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { readAvifConfig, tileBytes } from './config.ts';
import { createAvifDecoder, decodeAvifTile } from './decoder.ts';
import { avifEncoderBytes, createAvifEncoder, encodeAvif } from './encode.ts';

export interface AvifOptions {
  /** Where the parts `avif-decoder` and `avif-encoder` come from. */
  readonly loadWasm: WasmLoader;
}

/** The service's own limits of what it writes: 4096 x 2304 pixels in any shape. */
const MAX_WIDTH = 4096;
const MAX_PIXELS = 4096 * 2304;

const DIALECT = { format: 'avif', item: 'av01', config: 'av1C' } as const;

/**
 * Reads still pictures of 8, 10 and 12 bits, which become 8, with grids and alpha, cut and turned as
 * the file says. Writes 8 bits, with alpha. The first use of either loads its code; from then on work
 * is done at once.
 */
export function createAvifCodec({ loadWasm }: AvifOptions): Codec {
  const decoder = createAvifDecoder(loadWasm);
  const encoder = createAvifEncoder(loadWasm);
  return {
    format: 'avif',
    sniff: (head) => sniffFormat(head) === 'avif',
    readHeader: readAvifHeader,
    decode(bytes, _header, _request, context) {
      const picture = readHeif(bytes, context.limits, DIALECT);
      const tiles: TileDecoder = {
        format: 'avif',
        ...measureAvif(picture),
        decodeTile: (tile, next) => decodeAvifTile(decoder, tile, next),
      };
      return assembleHeif(picture, tiles, context);
    },
    planEncode: (shape) => ({ scratchBytes: 0, heapBytes: avifEncoderBytes(shape) }),
    encode: (raster, settings) => encodeAvif(raster, settings, encoder),
    encodes: { models: ['rgb', 'gray'], alpha: true },
    maxEncodeWidth: MAX_WIDTH,
    maxEncodePixels: MAX_PIXELS,
  };
}

function readAvifHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const picture = readHeif(bytes, limits, DIALECT);
  const { bitDepth } = readAvifConfig(picture.color.tiles[0]);
  return headerOfHeif('avif', picture, bitDepth, measureAvif(picture));
}

function measureAvif(picture: HeifPicture): HeifMeasure {
  const isGray = picture.color.tiles.every((tile) => readAvifConfig(tile).isGray);
  return { model: isGray ? 'gray' : 'rgb', decoderBytes: largestTile(picture, tileBytes) };
}
