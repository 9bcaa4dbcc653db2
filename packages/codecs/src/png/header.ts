/**
 * What a PNG file tells before it is decoded. An animated PNG is read as the still picture that its
 * IDAT chunks hold, which is what decoders without animation show.
 * @module
 */

import type { ColorModel, ImageHeader, Limits } from '@safelight/core';
import type { Crc32 } from '../crc32.ts';
import { readExif } from '../exif/exif.ts';
import { inflatedBytes, type PngFrame } from './frame.ts';
import { type PngStructure, readStructure } from './structure.ts';

/** Reads and checks the whole structure; throws `ImageError` for what `decodePng` cannot do right. */
export function readPngHeader(bytes: Uint8Array, limits: Limits, crc32: Crc32): ImageHeader {
  const structure = readStructure(bytes, limits, crc32);
  return headerOf(structure, pngjsBytes(structure.frame, bytes.length));
}

/** What the engine is told, and whether the rows hold a byte for each sample of a plane. */
export interface PngHeader extends ImageHeader {
  readonly isPlain: boolean;
}

/** The header of a file whose decoder takes `decoderBytes` beside the planes. */
export function headerOf(structure: PngStructure, decoderBytes: number): PngHeader {
  const { frame } = structure;
  return {
    format: 'png',
    width: frame.width,
    height: frame.height,
    frames: 1,
    model: deliveredModel(frame),
    hasAlpha: canBeTransparent(structure),
    bitDepth: frame.bitDepth,
    orientation: structure.exif === undefined ? 1 : readExif(structure.exif).orientation,
    ...(structure.density !== undefined && { density: structure.density }),
    hasIcc: structure.icc !== undefined,
    // Only a profile comes before it, and that one is read with the pixels.
    ...(structure.icc === undefined &&
      structure.calibration !== undefined && { calibration: structure.calibration }),
    isPlain: isPlain(structure),
    decoderBytes,
  };
}

/** Whether the file holds rows of one byte a sample and a sample for every plane. */
export function isPlain({ frame, transparency }: PngStructure): boolean {
  const { bitDepth, colorType, isInterlaced } = frame;
  return bitDepth === 8 && colorType !== 3 && !isInterlaced && transparency === undefined;
}

export function deliveredModel(frame: PngFrame): ColorModel {
  return frame.colorType === 0 || frame.colorType === 4 ? 'gray' : 'rgb';
}

/** Whether the file may hold a pixel that is not opaque; only decoding tells whether it does. */
export function canBeTransparent({ frame, transparency }: PngStructure): boolean {
  return frame.colorType === 4 || frame.colorType === 6 || transparency !== undefined;
}

/**
 * Peak of pngjs: the file three times (as given, as cut for it, its data joined), the inflated rows
 * three times (as inflated, row by row, joined) and four samples a pixel, of 16 bits and of 8.
 */
export function pngjsBytes(frame: PngFrame, fileBytes: number): number {
  const pixelBytes = frame.bitDepth === 16 ? 8 + 4 : 4;
  return 3 * fileBytes + 3 * inflatedBytes(frame) + frame.width * frame.height * pixelBytes;
}
