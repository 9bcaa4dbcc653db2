/**
 * What the first page of a TIFF claims: samples, layout, compression. Kinds that this decoder does
 * not read are refused by name here, before a pixel is touched.
 * @module
 */

import { ImageError, type ColorModel, type Limits } from '@safelight/core';
import { checkByteLength, checkSize, damaged, truncated, unsupported } from '../refusal.ts';
import { readDirectory, type TiffDirectory } from './directory.ts';
import {
  checkKind,
  checkSampleFormat,
  compressionOf,
  type TiffCompression,
  type TiffKind,
} from './kinds.ts';
import { TAGS } from './tags.ts';

export interface TiffStructure {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample, 1 to 16; the same for all. */
  readonly bits: number;
  /** Samples a pixel has in the file. */
  readonly samples: number;
  readonly color: TiffKind['color'];
  readonly model: ColorModel;
  /** Which sample is alpha, and whether colours were multiplied by it. */
  readonly alpha: { readonly sample: number; readonly isPremultiplied: boolean } | undefined;
  /** Whether each sample has chunks of its own. */
  readonly isPlanar: boolean;
  readonly compression: TiffCompression;
  readonly hasPredictor: boolean;
  /** Whether bits of a byte begin at the low end. */
  readonly isLowBitFirst: boolean;
  readonly isLittleEndian: boolean;
  readonly chunks: Chunks;
  /** RGBA quadruples. */
  readonly palette: Uint8Array | undefined;
  readonly icc: Uint8Array | undefined;
}

/** Strips are chunks of the picture's width. */
interface Chunks {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  /** Of a row, padded to whole bytes. */
  readonly rowBytes: number;
  /** Of all planes, one after the other. */
  readonly offsets: readonly number[];
  readonly byteCounts: readonly number[];
  readonly areTiles: boolean;
}

const MAX_SAMPLES = 16;

/** Reads and checks everything but the pixels; throws `ImageError`. */
export function readTiffStructure(bytes: Uint8Array, limits: Limits): TiffStructure {
  checkByteLength('tiff', bytes.length, limits);
  const directory = readDirectory(bytes);
  const width = required(directory, TAGS.width, 'a width');
  const height = required(directory, TAGS.height, 'a height');
  checkSize('tiff', width, height, limits);
  const compression = compressionOf(directory);
  checkSampleFormat(directory);
  const samples = directory.number(TAGS.samples) ?? 1;
  if (samples < 1 || samples > MAX_SAMPLES) {
    throw damaged('tiff', `expected 1 to ${MAX_SAMPLES} samples a pixel, got ${samples}`);
  }
  const bits = readBits(directory, samples);
  const { color, model, colors } = checkKind(directory, bits);
  if (samples < colors) throw damaged('tiff', `expected ${colors} samples, got ${samples}`);
  const isPlanar = samples > 1 && directory.number(TAGS.planar) === 2;
  const chunks = readChunks(directory, { width, height, bits, samples, isPlanar });
  checkChunks(chunks, bytes.length, limits);
  return {
    width,
    height,
    bits,
    samples,
    color,
    model,
    isPlanar,
    chunks,
    alpha: model === 'cmyk' ? undefined : alphaOf(directory, colors, samples),
    compression,
    hasPredictor: directory.number(TAGS.predictor) === 2 && isPredicted(compression),
    isLowBitFirst: directory.number(TAGS.fillOrder) === 2,
    isLittleEndian: directory.isLittleEndian,
    palette: color === 'palette' ? readPalette(directory, bits) : undefined,
    icc: directory.bytes(TAGS.icc)?.slice(),
  };
}

/** The others know no predictor, and leave the tag without meaning. */
function isPredicted(compression: TiffCompression): boolean {
  return compression === 'lzw' || compression === 'deflate';
}

function required(directory: TiffDirectory, tag: number, name: string): number {
  const value = directory.number(tag);
  if (value === undefined) throw damaged('tiff', `expected ${name} (tag ${tag}), got none`);
  return value;
}

function readBits(directory: TiffDirectory, samples: number): number {
  const all = directory.numbers(TAGS.bits) ?? [1];
  const [bits = 0] = all;
  if (all.slice(0, samples).some((value) => value !== bits)) {
    throw unsupported('tiff', `samples of different depths (${all.slice(0, samples).join(' ')})`);
  }
  if (bits < 1) throw damaged('tiff', `expected 1 to 16 bits a sample, got ${bits}`);
  if (bits > 16) throw unsupported('tiff', `samples of ${bits} bits`);
  return bits;
}

/** ExtraSamples: 1 is associated alpha, 2 unassociated; without it a fourth sample of RGB is alpha. */
function alphaOf(
  directory: TiffDirectory,
  colors: number,
  samples: number,
): TiffStructure['alpha'] {
  const extra = directory.numbers(TAGS.extraSamples);
  if (extra === undefined) {
    return samples === colors + 1 ? { sample: colors, isPremultiplied: false } : undefined;
  }
  const index = extra.findIndex((kind) => kind === 1 || kind === 2);
  const sample = colors + index;
  if (index < 0 || sample >= samples) return undefined;
  return { sample, isPremultiplied: extra[index] === 1 };
}

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly isPlanar: boolean;
}

function readChunks(directory: TiffDirectory, layout: Layout): Chunks {
  const { width, height, bits, samples, isPlanar } = layout;
  const areTiles = directory.number(TAGS.tileOffsets) !== undefined;
  const chunkWidth = areTiles ? required(directory, TAGS.tileWidth, 'a tile width') : width;
  const chunkHeight = areTiles
    ? required(directory, TAGS.tileHeight, 'a tile height')
    : Math.min(height, directory.number(TAGS.rowsPerStrip) ?? height);
  if (chunkWidth < 1 || chunkHeight < 1) {
    throw damaged('tiff', `expected strips or tiles, got ${chunkWidth} x ${chunkHeight}`);
  }
  const across = Math.ceil(width / chunkWidth);
  const down = Math.ceil(height / chunkHeight);
  const count = across * down * (isPlanar ? samples : 1);
  const offsets = directory.numbers(areTiles ? TAGS.tileOffsets : TAGS.stripOffsets) ?? [];
  const byteCounts = directory.numbers(areTiles ? TAGS.tileBytes : TAGS.stripBytes) ?? [];
  if (offsets.length < count || byteCounts.length < count) {
    const got = Math.min(offsets.length, byteCounts.length);
    throw damaged('tiff', `expected ${count} strips or tiles, got ${got}`);
  }
  const rowBytes = Math.ceil((chunkWidth * bits * (isPlanar ? 1 : samples)) / 8);
  return {
    width: chunkWidth,
    height: chunkHeight,
    across,
    down,
    rowBytes,
    offsets: offsets.slice(0, count),
    byteCounts: byteCounts.slice(0, count),
    areTiles,
  };
}

/**
 * The work is bounded by what chunks hold and by what they make: chunks may not share bytes, so their
 * lengths come to no more than the file; tiles may not reach far over the edge, so their pixels come
 * to no more than a source may have.
 */
function checkChunks(chunks: Chunks, fileBytes: number, limits: Limits): void {
  const pixels = chunks.across * chunks.width * chunks.down * chunks.height;
  if (pixels > limits.maxSourcePixels && chunks.areTiles) {
    throw new ImageError(
      'LimitExceeded',
      'too-many-pixels',
      `tiff: expected at most ${limits.maxSourcePixels} pixels in all tiles, got ${pixels}`,
    );
  }
  let sum = 0;
  for (const [index, offset] of chunks.offsets.entries()) {
    const byteCount = chunks.byteCounts[index];
    if (offset + byteCount > fileBytes) {
      throw truncated('tiff', `strip or tile ${index} ends behind the file`);
    }
    sum += byteCount;
  }
  if (sum > fileBytes) throw damaged('tiff', 'strips or tiles share their bytes');
}

/** Three runs of 16-bit values: all reds, all greens, all blues. */
function readPalette(directory: TiffDirectory, bits: number): Uint8Array {
  const values = directory.numbers(TAGS.colorMap) ?? [];
  const count = 2 ** bits;
  if (values.length < 3 * count) {
    throw damaged('tiff', `expected a palette of ${count} colours, got ${values.length / 3}`);
  }
  // Some writers leave colours of 8 bits where 16 belong.
  const isNarrow = values.every((value) => value < 256);
  const palette = new Uint8Array(4 * count).fill(255);
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = values[channel * count + i];
      palette[4 * i + channel] = isNarrow ? value : value >> 8;
    }
  }
  return palette;
}
