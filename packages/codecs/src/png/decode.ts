/**
 * Decoding by pngjs, behind a proof: the data is inflated here first, with the exact size as its
 * bound. pngjs alone accepts short data in silence, inflates interlaced data without end, and
 * aborts the whole process on hostile sizes.
 * @module
 */

import { crc32, inflateSync } from 'node:zlib';
import {
  type CodecContext,
  type ImageError,
  isImageError,
  type Plane,
  type Raster,
} from '@safelight/core';
import { PNG } from 'pngjs';
import { checkDecoderBytes, damaged, truncated } from '../refusal.ts';
import { PNG_SIGNATURE } from '../sniff.ts';
import { inflatedBytes, type PngFrame } from './frame.ts';
import { canBeTransparent, deliveredModel, pngjsBytes } from './header.ts';
import { readProfile } from './icc-chunk.ts';
import { metadataOf } from './metadata.ts';
import { type PngStructure, readStructure } from './structure.ts';

/** Decodes the whole picture into planes of `context.arena`; alpha only when a pixel needs it. */
export function decodePng(bytes: Uint8Array, context: CodecContext): Raster {
  const structure = readStructure(bytes, context.limits, crc32);
  const { frame } = structure;
  checkDecoderBytes('png', pngjsBytes(frame, bytes.length), context.limits);
  proveDataSize(bytes, structure);
  const samples = decodeSamples(restrictedFile(bytes, structure), frame);
  const model = deliveredModel(frame);
  const channels = model === 'gray' ? [0] : [0, 1, 2];
  const planes = channels.map((channel) => takeChannel(samples, channel, frame, context));
  const icc = structure.icc === undefined ? undefined : readProfile(structure.icc);
  const hasAlpha = canBeTransparent(structure) && !isOpaque(samples);
  return {
    width: frame.width,
    height: frame.height,
    model,
    planes,
    ...(hasAlpha && { alpha: takeChannel(samples, ALPHA, frame, context) }),
    metadata: metadataOf(structure, icc),
  };
}

/** Throws unless the IDAT chunks inflate to exactly the bytes that the header calls for. */
function proveDataSize(bytes: Uint8Array, structure: PngStructure): void {
  const expected = inflatedBytes(structure.frame);
  const data = Buffer.concat(
    structure.dataChunks.map(({ start, end }) => bytes.subarray(start + 8, end - 4)),
  );
  let got: number;
  try {
    got = inflateSync(data, { maxOutputLength: expected }).length;
  } catch (error) {
    throw inflateError(error, expected);
  }
  if (got < expected) {
    throw truncated('png', `expected ${expected} bytes of pixels, got ${got}`);
  }
}

function inflateError(error: unknown, expected: number): ImageError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR') return truncated('png', 'the compressed pixels end early', error);
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    return damaged('png', `expected ${expected} bytes of pixels, got more`, error);
  }
  const text = error instanceof Error ? error.message : String(error);
  return damaged('png', `the compressed pixels cannot be inflated (${text})`, error);
}

/** Length 0, `IEND`, CRC. */
const IEND = Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82);

/** A file of the checked chunks alone: pngjs sees nothing that our own walk has not understood. */
function restrictedFile(bytes: Uint8Array, structure: PngStructure): Buffer {
  return Buffer.concat([
    Uint8Array.from(PNG_SIGNATURE),
    ...structure.chunks.map(({ start, end }) => bytes.subarray(start, end)),
    IEND,
  ]);
}

/** RGBA of 8 bits. 16-bit samples come as round(v * 255 / 65535). */
function decodeSamples(file: Buffer, frame: PngFrame): Uint8Array {
  try {
    const { width, height, data } = PNG.sync.read(file);
    if (width !== frame.width || height !== frame.height || data.length !== 4 * width * height) {
      throw damaged(
        'png',
        `expected ${frame.width} x ${frame.height}, decoded ${width} x ${height}`,
      );
    }
    return data;
  } catch (error) {
    if (isImageError(error)) throw error;
    const text = error instanceof Error ? error.message : String(error);
    throw damaged('png', `the pixels cannot be decoded (${text})`, error);
  }
}

/** Place of alpha in a pixel of RGBA. */
const ALPHA = 3;

function isOpaque(samples: Uint8Array): boolean {
  for (let at = ALPHA; at < samples.length; at += 4) {
    if (samples[at] !== 255) return false;
  }
  return true;
}

function takeChannel(
  samples: Uint8Array,
  channel: number,
  { width, height }: PngFrame,
  context: CodecContext,
): Plane {
  const data = context.arena.allocate(width * height);
  for (let at = channel, target = 0; target < data.length; at += 4) data[target++] = samples[at];
  return { data, width, height, stride: width, extent: { left: 0, top: 0, width, height } };
}
