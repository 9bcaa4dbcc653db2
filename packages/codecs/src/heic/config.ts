/**
 * What `hvcC` tells of a coded picture (ISO/IEC 14496-15, 8.3.2.1.2), and the memory that follows.
 * @module
 */

import { damaged } from '../refusal.ts';
import type { HeifTile } from '../isobmff/picture.ts';
import { GUEST_BASE_BYTES } from '../wasm/guest.ts';

export interface HeicConfig {
  readonly bitDepth: number;
  readonly isGray: boolean;
}

const CHROMA_AT = 16;
const DEPTH_AT = 17;
const MIN_BYTES = 23;

export function readHeicConfig({ config }: HeifTile): HeicConfig {
  if (config.length < MIN_BYTES) throw damaged('heic', 'the configuration ends early');
  return { bitDepth: 8 + (config[DEPTH_AT] & 7), isGray: (config[CHROMA_AT] & 3) === 0 };
}

/** Planes of up to 16 bits as decoded and as converted, RGBA, and what is known of each block. */
const BYTES_PER_PIXEL = 40;
/** Modules and tables of the library. */
const FIXED_BYTES = 8 * 1024 * 1024;

/** What the decoder's memory may grow to for one tile. */
export function decoderMemoryBytes({ width, height, data, config }: HeifTile): number {
  const streams = 4 * (data.length + config.length);
  return GUEST_BASE_BYTES + FIXED_BYTES + BYTES_PER_PIXEL * width * height + streams;
}

/** Peak outside the arena for one tile: the decoder, the tile as a file, its samples. */
export function tileBytes(tile: HeifTile): number {
  return decoderMemoryBytes(tile) + tile.data.length + 4 * tile.width * tile.height;
}
