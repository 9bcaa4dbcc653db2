/**
 * What a BMP file claims before its pixels: headers of Windows (V1 to V5) and OS/2, masks, palette.
 * Easily got wrong: masks stand behind a 40-byte header but inside all longer ones, and the palette
 * ends where the pixels begin, whatever the header says.
 * @module
 */

import type { Density, Limits } from '@safelight/core';
import { checkByteLength, checkSize, damaged, truncated, unsupported } from '../refusal.ts';

export interface BmpStructure {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bitCount: BitCount;
  /** How pixels are packed: rows of indices or samples, or runs of indices. */
  readonly packing: 'rows' | 'rle4' | 'rle8';
  /** Offset of the pixels in the file. */
  readonly pixelsAt: number;
  /** Bytes of a row, padding included; 0 for runs. */
  readonly rowBytes: number;
  /** Of 16 and 32 bits: red, green, blue, alpha. */
  readonly masks: readonly [number, number, number, number] | undefined;
  /** RGBA quadruples; of up to 8 bits. */
  readonly palette: Uint8Array | undefined;
  readonly density: Density | undefined;
  readonly icc: Uint8Array | undefined;
}

type BitCount = 1 | 2 | 4 | 8 | 16 | 24 | 32;

const FILE_HEADER_BYTES = 14;
const BIT_COUNTS: readonly number[] = [1, 2, 4, 8, 16, 24, 32];
/** 12, 16 and 64: OS/2; 40, 52, 56, 108 and 124: Windows. */
const HEADER_BYTES: readonly number[] = [12, 16, 40, 52, 56, 64, 108, 124];

/** Values of biCompression. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BITFIELDS = 3;
const ALPHA_BITFIELDS = 6;

interface InfoHeader {
  readonly size: number;
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly bitCount: BitCount;
  readonly compression: number;
  readonly colorsUsed: number;
  readonly density: Density | undefined;
}

/** Reads and checks everything but the pixels; throws `ImageError`. */
export function readBmpStructure(bytes: Uint8Array, limits: Limits): BmpStructure {
  checkByteLength('bmp', bytes.length, limits);
  if (bytes.length < FILE_HEADER_BYTES + 4) throw truncated('bmp', 'the file header ends early');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pixelsAt = view.getUint32(10, true);
  const info = readInfoHeader(view, limits);
  const { width, height, bitCount, isTopDown } = info;
  const packing = packingOf(info);
  if (packing !== 'rows' && isTopDown) throw damaged('bmp', 'runs cannot stand top down');
  const masks = readMasks(view, info);
  const palette = bitCount <= 8 ? readPalette(view, info, pixelsAt) : undefined;
  // Below 2^16 pixels of 32 bits by the limits in use: exact.
  const rowBytes = packing === 'rows' ? 4 * Math.ceil((width * bitCount) / 32) : 0;
  if (pixelsAt < FILE_HEADER_BYTES + info.size) {
    throw damaged('bmp', `expected pixels behind the headers, got them at ${pixelsAt}`);
  }
  if (pixelsAt + rowBytes * height > bytes.length) {
    throw truncated(
      'bmp',
      `expected ${rowBytes * height} bytes of pixels, got ${Math.max(0, bytes.length - pixelsAt)}`,
    );
  }
  const { density } = info;
  const icc = readProfile(view, info);
  return {
    width,
    height,
    isTopDown,
    bitCount,
    packing,
    pixelsAt,
    rowBytes,
    masks,
    palette,
    density,
    icc,
  };
}

function readInfoHeader(view: DataView, limits: Limits): InfoHeader {
  const at = FILE_HEADER_BYTES;
  const size = view.getUint32(at, true);
  if (!HEADER_BYTES.includes(size)) {
    throw damaged('bmp', `expected a header of ${HEADER_BYTES.join(' ')} bytes, got ${size}`);
  }
  if (at + size > view.byteLength) throw truncated('bmp', 'the info header ends early');
  const isOld = size === 12;
  const width = isOld ? view.getUint16(at + 4, true) : view.getInt32(at + 4, true);
  const height = isOld ? view.getUint16(at + 6, true) : view.getInt32(at + 8, true);
  const planes = view.getUint16(at + (isOld ? 8 : 12), true);
  const bitCount = view.getUint16(at + (isOld ? 10 : 14), true);
  const compression = size >= 40 ? view.getUint32(at + 16, true) : RGB;
  if (width < 0) throw damaged('bmp', `expected a width of at least 1, got ${width}`);
  checkSize('bmp', width, Math.abs(height), limits);
  if (planes !== 1) throw damaged('bmp', `expected 1 plane, got ${planes}`);
  checkCompression(compression, size);
  if (!isBitCount(bitCount)) {
    throw damaged('bmp', `expected ${BIT_COUNTS.join(' ')} bits a pixel, got ${bitCount}`);
  }
  return {
    size,
    width,
    height: Math.abs(height),
    isTopDown: height < 0,
    bitCount,
    compression,
    colorsUsed: size >= 40 ? view.getUint32(at + 32, true) : 0,
    density: size >= 40 ? densityOf(view, at) : undefined,
  };
}

function isBitCount(value: number): value is BitCount {
  return BIT_COUNTS.includes(value);
}

/** Refuses by name what is no BMP but in its headers. */
function checkCompression(compression: number, headerBytes: number): void {
  const isOs2 = headerBytes === 64;
  if (isOs2 && compression === BITFIELDS) throw unsupported('bmp', 'Huffman coding of OS/2');
  if (isOs2 && compression === 4) throw unsupported('bmp', '24-bit runs of OS/2');
  if (compression === 4) throw unsupported('bmp', 'an embedded JPEG');
  if (compression === 5) throw unsupported('bmp', 'an embedded PNG');
  if (compression >= 11 && compression <= 13) throw unsupported('bmp', 'inks (CMYK)');
  if (compression > ALPHA_BITFIELDS) {
    throw damaged('bmp', `expected compression 0 to 6, got ${compression}`);
  }
}

/** Pixels per metre to pixels per inch, when both are known and a JFIF could name them. */
function densityOf(view: DataView, at: number): Density | undefined {
  const x = Math.round(view.getInt32(at + 24, true) * 0.0254);
  const y = Math.round(view.getInt32(at + 28, true) * 0.0254);
  return x >= 1 && y >= 1 && x <= 65_535 && y <= 65_535 ? { unit: 1, x, y } : undefined;
}

function packingOf({ compression, bitCount }: InfoHeader): BmpStructure['packing'] {
  const isMasked = compression === BITFIELDS || compression === ALPHA_BITFIELDS;
  if (compression === RLE8 && bitCount === 8) return 'rle8';
  if (compression === RLE4 && bitCount === 4) return 'rle4';
  if (compression === RGB || (isMasked && (bitCount === 16 || bitCount === 32))) return 'rows';
  throw damaged('bmp', `compression ${compression} does not go with ${bitCount} bits`);
}

/** Where a 40-byte header's masks begin, and those of longer ones too. */
const MASKS_AT = FILE_HEADER_BYTES + 40;

function readMasks(view: DataView, info: InfoHeader): BmpStructure['masks'] {
  const { bitCount, compression, size } = info;
  if (bitCount !== 16 && bitCount !== 32) return undefined;
  if (compression === RGB) {
    return bitCount === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff_0000, 0xff00, 0xff, 0];
  }
  const hasAlpha = compression === ALPHA_BITFIELDS || size >= 56;
  const count = hasAlpha ? 4 : 3;
  if (MASKS_AT + 4 * count > view.byteLength) throw truncated('bmp', 'the masks end early');
  const mask = (index: number) =>
    index < count ? checkMask(view.getUint32(MASKS_AT + 4 * index, true), bitCount) : 0;
  return [mask(0), mask(1), mask(2), mask(3)];
}

/** A mask is one run of bits within the pixel, or none. */
function checkMask(mask: number, bitCount: number): number {
  const run = mask === 0 ? 0 : mask >>> trailingZeros(mask);
  const isRun = (run & (run + 1)) === 0;
  if (!isRun || mask >= 2 ** bitCount) {
    throw damaged('bmp', `expected one run of bits in a mask, got 0x${mask.toString(16)}`);
  }
  return mask;
}

/** Of a number that is not 0. */
export function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}

function readPalette(view: DataView, info: InfoHeader, pixelsAt: number): Uint8Array {
  const { size, bitCount, colorsUsed } = info;
  const entryBytes = size === 12 ? 3 : 4;
  const start = FILE_HEADER_BYTES + size;
  const most = 2 ** bitCount;
  const room = Math.floor((Math.min(pixelsAt, view.byteLength) - start) / entryBytes);
  const count = Math.min(colorsUsed === 0 ? most : colorsUsed, most, room);
  if (count < 1) throw damaged('bmp', 'expected a palette of at least one colour, got none');
  const palette = new Uint8Array(4 * count);
  for (let i = 0; i < count; i++) {
    const at = start + entryBytes * i;
    palette[4 * i] = view.getUint8(at + 2);
    palette[4 * i + 1] = view.getUint8(at + 1);
    palette[4 * i + 2] = view.getUint8(at);
    palette[4 * i + 3] = 255;
  }
  return palette;
}

/** PROFILE_EMBEDDED, 'MBED', of bV5CSType. */
const EMBEDDED = 0x4d42_4544;
const V5_HEADER_BYTES = 124;

/** A profile that lies outside the file is none. */
function readProfile(view: DataView, { size }: InfoHeader): Uint8Array | undefined {
  const at = FILE_HEADER_BYTES;
  if (size !== V5_HEADER_BYTES || view.getUint32(at + 56, true) !== EMBEDDED) return undefined;
  const start = at + view.getUint32(at + 112, true);
  const byteLength = view.getUint32(at + 116, true);
  if (byteLength === 0 || start + byteLength > view.byteLength) return undefined;
  return new Uint8Array(view.buffer, view.byteOffset + start, byteLength).slice();
}
