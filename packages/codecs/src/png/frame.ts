/**
 * A PNG's header chunk and the exact number of bytes that its pixels must inflate to (PNG, 11.2.1
 * and 7.2 to 8.2). That number is what keeps a decompression bomb from being inflated.
 * @module
 */

import type { Limits } from '@safelight/core';
import { checkSize, damaged } from '../refusal.ts';

/** 0 grey, 2 colour, 3 palette, 4 grey with alpha, 6 colour with alpha. */
type PngColorType = 0 | 2 | 3 | 4 | 6;

export interface PngFrame {
  readonly width: number;
  readonly height: number;
  /** Bits a sample, or a palette index. */
  readonly bitDepth: number;
  readonly colorType: PngColorType;
  readonly isInterlaced: boolean;
}

/** Bit depths that each colour type may have (PNG, table 11.1). */
const BIT_DEPTHS: Readonly<Record<PngColorType, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

const SAMPLES_PER_PIXEL: Readonly<Record<PngColorType, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

export function parseFrame(payload: Uint8Array, limits: Limits): PngFrame {
  if (payload.length !== 13) throw damaged('png', `IHDR has ${payload.length} bytes, expected 13`);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const width = view.getUint32(0);
  const height = view.getUint32(4);
  const [bitDepth, colorType, compression, filter, interlace] = payload.subarray(8);
  checkSize('png', width, height, limits);
  if (!isColorType(colorType) || !BIT_DEPTHS[colorType].includes(bitDepth)) {
    throw damaged('png', `colour type ${colorType} with ${bitDepth} bits does not exist`);
  }
  if (compression !== 0 || filter !== 0 || interlace > 1) {
    throw damaged(
      'png',
      `expected methods 0, 0 and 0 or 1, got ${compression}, ${filter}, ${interlace}`,
    );
  }
  return { width, height, bitDepth, colorType, isInterlaced: interlace === 1 };
}

function isColorType(value: number): value is PngColorType {
  return value in BIT_DEPTHS;
}

/** A reduced picture of an interlaced one, or the whole of any other. */
export interface PngPass {
  readonly left: number;
  readonly top: number;
  /** Distance of neighbours in the whole picture. */
  readonly across: number;
  readonly down: number;
  readonly columns: number;
  readonly rows: number;
  /** Of a row, without its filter byte. */
  readonly rowBytes: number;
}

/** Adam7 (PNG, 8.2): where each pass begins and how far apart its pixels lie. */
const ADAM7: readonly (readonly [left: number, top: number, across: number, down: number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

const WHOLE: typeof ADAM7 = [[0, 0, 1, 1]];

/** The passes of a picture in the order of the file; those without a pixel are left out. */
export function passesOf(frame: PngFrame): PngPass[] {
  return (frame.isInterlaced ? ADAM7 : WHOLE)
    .map(([left, top, across, down]) => {
      const columns = Math.max(0, Math.ceil((frame.width - left) / across));
      const rows = Math.max(0, Math.ceil((frame.height - top) / down));
      const rowBytes = Math.ceil((columns * pixelBits(frame)) / 8);
      return { left, top, across, down, columns, rows, rowBytes };
    })
    .filter(({ columns, rows }) => columns > 0 && rows > 0);
}

/** Bits of a whole pixel in the file. */
export function pixelBits(frame: PngFrame): number {
  return SAMPLES_PER_PIXEL[frame.colorType] * frame.bitDepth;
}

/**
 * Bytes of all rows before compression, each with its filter byte. Exact: sides are below 2^16 by
 * the limits in use and a row below 2^20 bytes, so the sum stays far under 2^53.
 */
export function inflatedBytes(frame: PngFrame): number {
  let sum = 0;
  for (const { rows, rowBytes } of passesOf(frame)) sum += rows * (1 + rowBytes);
  return sum;
}
