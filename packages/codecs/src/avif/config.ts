/**
 * What `av1C` tells of a coded picture (AV1 in ISOBMFF, 2.3.3), and the memory that follows from it.
 * @module
 */

import { damaged } from '../refusal.ts';
import type { HeifTile } from '../isobmff/picture.ts';
import { GUEST_BASE_BYTES } from '../wasm/guest.ts';

export interface AvifConfig {
  readonly bitDepth: 8 | 10 | 12;
  readonly isGray: boolean;
}

const MIN_BYTES = 4;

export function readAvifConfig({ config }: HeifTile): AvifConfig {
  if (config.length < MIN_BYTES) throw damaged('avif', 'the configuration ends early');
  const flags = config[2];
  const isDeep = (flags & 0x40) !== 0;
  const isDeeper = (flags & 0x20) !== 0;
  return { bitDepth: isDeep ? (isDeeper ? 12 : 10) : 8, isGray: (flags & 0x10) !== 0 };
}

/**
 * RGBA, and frame buffers of the decoder with their borders. Seen: 30 bytes a pixel, for 8 and 10 bits
 * alike (libaom of @jsquash/avif 2.1.1), a fifth of it growth in advance.
 */
const BYTES_PER_PIXEL = 32;
/** Borders of a frame buffer are 160 pixels wide and of 16 bits, whatever the size of the picture. */
const BORDER_BYTES_PER_LINE = 2 * 2 * 160 * 8;

/** What the decoder's memory may grow to for one tile. */
export function decoderMemoryBytes({ width, height, data }: HeifTile): number {
  const borders = BORDER_BYTES_PER_LINE * (width + height);
  return GUEST_BASE_BYTES + BYTES_PER_PIXEL * width * height + borders + 2 * data.length;
}

/** Peak outside the arena for one tile: the decoder, the tile as a file, its samples. */
export function tileBytes(tile: HeifTile): number {
  return decoderMemoryBytes(tile) + tile.data.length + 4 * tile.width * tile.height;
}
