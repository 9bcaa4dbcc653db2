/**
 * HEIC: the container is ours, the pixels are libheif's in WebAssembly, an optional package. Without
 * it sizes and EXIF are still told, and pixels refused by name. Nothing is written.
 * @module
 */

import type { Codec, ImageHeader, Limits } from '@safelight/core';
import { assembleHeif, type TileDecoder } from '../isobmff/assemble.ts';
import { headerOfHeif, type HeifMeasure, largestTile } from '../isobmff/header.ts';
import { type HeifPicture, readHeif } from '../isobmff/picture.ts';
import { sniffFormat } from '../sniff.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { readHeicConfig, tileBytes } from './config.ts';
import { createHeicDecoder, decodeHeicTile } from './decoder.ts';

export interface HeicOptions {
  /** Where the part `heic-decoder` comes from; when it rejects, the format is refused. */
  readonly loadWasm: WasmLoader;
}

const DIALECT = { format: 'heic', item: 'hvc1', config: 'hvcC' } as const;

/**
 * Reads still pictures of 8, 10 and 12 bits, which become 8, with grids and alpha, cut and turned as
 * the file says.
 */
export function createHeicCodec({ loadWasm }: HeicOptions): Codec {
  const decoder = createHeicDecoder(loadWasm);
  return {
    format: 'heic',
    sniff: (head) => sniffFormat(head) === 'heic',
    readHeader: readHeicHeader,
    decode(bytes, _header, _request, context) {
      const picture = readHeif(bytes, context.limits, DIALECT);
      const tiles: TileDecoder = {
        format: 'heic',
        ...measureHeic(picture),
        decodeTile: (tile, next) => decodeHeicTile(decoder, tile, next),
      };
      return assembleHeif(picture, tiles, context);
    },
  };
}

function readHeicHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const picture = readHeif(bytes, limits, DIALECT);
  const { bitDepth } = readHeicConfig(picture.color.tiles[0]);
  return headerOfHeif('heic', picture, bitDepth, measureHeic(picture));
}

function measureHeic(picture: HeifPicture): HeifMeasure {
  const isGray = picture.color.tiles.every((tile) => readHeicConfig(tile).isGray);
  return { model: isGray ? 'gray' : 'rgb', decoderBytes: largestTile(picture, tileBytes) };
}
