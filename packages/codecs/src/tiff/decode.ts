/**
 * Strips and tiles of a TIFF's first page to planes, chunk by chunk: only one is expanded at a time.
 * Chunks at the right and lower edge reach over it; what lies there is left out.
 * @module
 */

import type { CodecContext, ImageError, Raster } from '@safelight/core';
import { type Deflater, InflateError, settle } from '../deflate/deflater.ts';
import { readExif } from '../exif/exif.ts';
import { iccFits } from '../icc.ts';
import { allocatePlanes, type PlaneSet } from '../planes.ts';
import { checkDecoderBytes, damaged, truncated } from '../refusal.ts';
import { levelsOf, readSamples, reverseBits, sumDifferences } from './samples.ts';
import { readTiffStructure, type TiffStructure } from './structure.ts';
import { expandPackBits, expandTiffLzw } from './unpack.ts';

/** zlib's state, tables of LZW and of levels, rows. */
const FIXED_BYTES = 512 * 1024;

/** Decodes the first page into planes of `context.arena`. */
export function decodeTiff(
  bytes: Uint8Array,
  context: CodecContext,
  deflater: Deflater,
): Raster | Promise<Raster> {
  const structure = readTiffStructure(bytes, context.limits);
  checkDecoderBytes('tiff', tiffDecoderBytes(structure, bytes.length), context.limits);
  const { width, height, model, palette, icc } = structure;
  const hasAlpha = structure.alpha !== undefined;
  const planes = allocatePlanes({ width, height, model, hasAlpha }, context.arena);
  const place = createPlacer(structure, planes);
  return settle(expandChunks(bytes, structure, deflater, place), () => {
    if (structure.alpha?.isPremultiplied === true) divideByAlpha(planes);
    const { orientation, density } = readExif(bytes);
    return planes.finish({
      orientation,
      ...(density !== undefined && { density }),
      ...(palette !== undefined && { palette }),
      ...(icc !== undefined && iccFits(icc, model) && { icc }),
    });
  });
}

/**
 * Peak beside the planes: the file; a chunk of it with its bits turned; a chunk expanded, by zlib
 * twice; offsets and lengths of chunks as numbers, in two lists each; a row of samples.
 */
export function tiffDecoderBytes({ chunks, samples }: TiffStructure, fileBytes: number): number {
  const listBytes = 4 * 8 * chunks.offsets.length;
  const rowBytes = 2 * chunks.width * samples;
  return 2 * fileBytes + 2 * chunks.height * chunks.rowBytes + listBytes + rowBytes + FIXED_BYTES;
}

/** Takes the expanded bytes of chunk `index`. */
type Placer = (index: number, data: Uint8Array) => void;

/** All chunks from `first` on; a promise from the first one that comes later. */
function expandChunks(
  bytes: Uint8Array,
  structure: TiffStructure,
  deflater: Deflater,
  place: Placer,
  first = 0,
): void | Promise<void> {
  for (let index = first; index < structure.chunks.offsets.length; index++) {
    const data = expandChunk(bytes, structure, deflater, index);
    if (data instanceof Promise) {
      return data.then((expanded) => {
        place(index, expanded);
        return expandChunks(bytes, structure, deflater, place, index + 1);
      });
    }
    place(index, data);
  }
}

function expandChunk(
  bytes: Uint8Array,
  structure: TiffStructure,
  deflater: Deflater,
  index: number,
): Uint8Array | Promise<Uint8Array> {
  const { chunks, compression, isLowBitFirst } = structure;
  const offset = chunks.offsets[index];
  const stored = bytes.subarray(offset, offset + chunks.byteCounts[index]);
  const data = isLowBitFirst ? reverseBits(stored) : stored;
  const wholeBytes = chunks.height * chunks.rowBytes;
  if (compression === 'none') return data;
  if (compression === 'deflate') return inflate(data, wholeBytes, deflater);
  const target = new Uint8Array(wholeBytes);
  const expand = compression === 'lzw' ? expandTiffLzw : expandPackBits;
  return target.subarray(0, expand(data, target));
}

function inflate(
  data: Uint8Array,
  wholeBytes: number,
  deflater: Deflater,
): Uint8Array | Promise<Uint8Array> {
  try {
    const inflated = deflater.inflate(data, wholeBytes);
    if (!(inflated instanceof Promise)) return inflated;
    return inflated.catch((error: unknown) => {
      throw inflateError(error, wholeBytes);
    });
  } catch (error) {
    throw inflateError(error, wholeBytes);
  }
}

function inflateError(error: unknown, wholeBytes: number): unknown {
  if (!(error instanceof InflateError)) return error;
  const refusals: Record<InflateError['failure'], () => ImageError> = {
    truncated: () => truncated('tiff', 'a compressed strip or tile ends early', error),
    'too-long': () => damaged('tiff', `expected at most ${wholeBytes} bytes, got more`, error),
    damaged: () => damaged('tiff', `a chunk cannot be inflated (${error.message})`, error),
  };
  return refusals[error.failure]();
}

/** What spreads the samples of a chunk over the planes. */
function createPlacer(structure: TiffStructure, planes: PlaneSet): Placer {
  const { width, height, bits, samples, chunks, isPlanar, isLittleEndian } = structure;
  const step = isPlanar ? 1 : samples;
  const row = new Uint16Array(chunks.width * step);
  const spread = createSpreader(structure, planes);
  const chunksOfPlane = chunks.across * chunks.down;
  return (index, data) => {
    const inPlane = index % chunksOfPlane;
    const sample = Math.floor(index / chunksOfPlane);
    const left = (inPlane % chunks.across) * chunks.width;
    const top = Math.floor(inPlane / chunks.across) * chunks.height;
    const rows = Math.min(chunks.height, height - top);
    const columns = Math.min(chunks.width, width - left);
    if (data.length < rows * chunks.rowBytes) {
      throw truncated(
        'tiff',
        `expected ${rows * chunks.rowBytes} bytes in strip or tile ${index}, got ${data.length}`,
      );
    }
    for (let y = 0; y < rows; y++) {
      readSamples(data, y * chunks.rowBytes, bits, isLittleEndian, row);
      if (structure.hasPredictor) sumDifferences(row, step, bits);
      const to = (top + y) * width + left;
      if (isPlanar) spread(row, 0, 1, sample, to, columns);
      else for (let c = 0; c < samples; c++) spread(row, c, step, c, to, columns);
    }
  };
}

/** Writes `columns` values of one sample; samples that are neither colour nor alpha are left out. */
type Spreader = (
  row: Uint16Array,
  from: number,
  step: number,
  sample: number,
  to: number,
  columns: number,
) => void;

function createSpreader(structure: TiffStructure, planes: PlaneSet): Spreader {
  const { color, bits, alpha, palette } = structure;
  const levels = levelsOf(bits, color === 'white-is-zero');
  const alphaLevels = levelsOf(bits, false);
  return (row, from, step, sample, to, columns) => {
    if (sample === 0 && palette !== undefined) {
      for (const [channel, plane] of planes.colors.entries()) {
        for (let x = 0, i = from; x < columns; x++, i += step) {
          plane[to + x] = palette[4 * row[i] + channel];
        }
      }
      return;
    }
    const isAlpha = alpha?.sample === sample;
    const plane = isAlpha ? planes.alpha : planes.colors[palette === undefined ? sample : Infinity];
    if (plane === undefined) return;
    const values = isAlpha ? alphaLevels : levels;
    for (let x = 0, i = from; x < columns; x++, i += step) plane[to + x] = values[row[i]];
  };
}

/** Straight colours from associated alpha; where nothing is left of a colour, black. */
function divideByAlpha({ colors, alpha }: PlaneSet): void {
  if (alpha === undefined) return;
  for (const plane of colors) {
    for (let i = 0; i < plane.length; i++) {
      const share = alpha[i];
      if (share === 255) continue;
      plane[i] = share === 0 ? 0 : Math.min(255, Math.round((plane[i] * 255) / share));
    }
  }
}
