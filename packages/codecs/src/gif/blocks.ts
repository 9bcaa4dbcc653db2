/**
 * The blocks of a GIF file (GIF89a, appendix B) as they are written.
 * @module
 */

import type { Rectangle } from '@safelight/core';
import type { CanvasSize } from './canvas.ts';
import { compressLzw } from './lzw-writer.ts';
import type { GifDisposal } from './structure.ts';

const DISPOSAL_NUMBERS: Readonly<Record<GifDisposal, number>> = { keep: 1, clear: 2, restore: 3 };
/** Fewer are not allowed, even for two colours. */
const MIN_INDEX_BITS = 2;
const TRAILER = 0x3b;

/** A picture whose palette is padded with black to a power of two when it is written. */
export interface GifImage {
  readonly rectangle: Rectangle;
  /** Red, green, blue of each colour; empty where the file's palette serves. */
  readonly palette: Uint8Array;
  readonly indices: Uint8Array;
  /** -1 for none. */
  readonly transparentIndex: number;
  readonly delayCs: number;
  readonly disposal: GifDisposal;
}

/** The header, the screen, and the palette of all images that bring none. */
export function screenBlock({ width, height }: CanvasSize, palette: Uint8Array): Uint8Array {
  const bits = paletteBits(palette);
  const head = [...new TextEncoder().encode('GIF89a'), ...word(width), ...word(height)];
  // Colours of 8 bits; no background, no aspect.
  return join([Uint8Array.from([...head, 0xf0 | (bits - 1), 0, 0]), padPalette(palette, bits)]);
}

/** How often the frames are repeated; nothing for once, which needs no telling. */
export function loopBlock(plays: number): Uint8Array {
  if (plays === 1) return new Uint8Array(0);
  const repetitions = plays === 0 ? 0 : Math.min(0xffff, plays - 1);
  const name = new TextEncoder().encode('NETSCAPE2.0');
  return Uint8Array.from([0x21, 0xff, name.length, ...name, 3, 1, ...word(repetitions), 0]);
}

export function imageBlock(image: GifImage): Uint8Array {
  const { rectangle, palette, indices, transparentIndex, delayCs, disposal } = image;
  const isTransparent = transparentIndex >= 0;
  const flags = (DISPOSAL_NUMBERS[disposal] << 2) | (isTransparent ? 1 : 0);
  const transparent = isTransparent ? transparentIndex : 0;
  const { left, top, width, height } = rectangle;
  const bits = paletteBits(palette);
  const indexBits = Math.max(MIN_INDEX_BITS, usedBits(indices));
  return join([
    Uint8Array.from([0x21, 0xf9, 4, flags, ...word(delayCs), transparent, 0]),
    Uint8Array.from([0x2c, ...[left, top, width, height].flatMap(word)]),
    palette.length === 0
      ? Uint8Array.from([0])
      : join([Uint8Array.from([0x80 | (bits - 1)]), padPalette(palette, bits)]),
    Uint8Array.from([indexBits]),
    compressLzw(indices, indexBits),
  ]);
}

export function trailerBlock(): Uint8Array {
  return Uint8Array.from([TRAILER]);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}

/** A palette has 2^1 to 2^8 colours. */
function paletteBits(palette: Uint8Array): number {
  return Math.max(1, Math.ceil(Math.log2(palette.length / 3)));
}

function padPalette(palette: Uint8Array, bits: number): Uint8Array {
  const padded = new Uint8Array(3 << bits);
  padded.set(palette);
  return padded;
}

function usedBits(indices: Uint8Array): number {
  let most = 0;
  for (let i = 0; i < indices.length; i++) if (indices[i] > most) most = indices[i];
  return 32 - Math.clz32(most);
}
