/**
 * Decoding by jpeg-js, which never sees the file: it gets a stream put together from the parts that
 * our own walk has understood. Its nearest-neighbour upsampling is undone by picking samples, so
 * chroma planes leave here as they were stored.
 *
 * What jpeg-js cannot give: CMYK planes. It converts them to RGB itself, by (255 - C)(255 - K) / 255.
 * @module
 */

import {
  type CodecContext,
  ImageError,
  isImageError,
  type Limits,
  type Plane,
  type Raster,
  type Sampling,
} from '@safelight/core';
import { jpegColorModel } from '@safelight/jpeg';
import { decode } from 'jpeg-js';
import { checkDecoderBytes, damaged } from '../refusal.ts';
import { planeSampling } from './frame.ts';
import { decoderBytes, deliveredModel, metadataOf } from './header.ts';
import type { JpegStructure } from './structure.ts';

/** Decodes the whole picture into planes of `context.arena`. */
export function portableDecode(
  bytes: Uint8Array,
  structure: JpegStructure,
  context: CodecContext,
): Raster {
  const { width, height } = structure.frame;
  const model = deliveredModel(structure, 'portable');
  checkDecoderBytes('jpeg', decoderBytes(structure.frame, bytes.length), context.limits);
  // Planes first: when the prediction was wrong it shows before the costly part.
  const samplings = planeSamplings(structure);
  const planes = samplings.map((step) => allocatePlane(width, height, step, context));
  const samples = decodeSamples(restrictedStream(bytes, structure), structure, context.limits);
  planes.forEach((plane, channel) => {
    pickSamples(samples, width, channel, plane, samplings[channel]);
  });
  return { width, height, model, planes, metadata: metadataOf(structure, 'portable') };
}

/** Pixels across and down that one sample of each plane covers. */
function planeSamplings(structure: JpegStructure): readonly Sampling[] {
  const one: Sampling = { horizontal: 1, vertical: 1 };
  const model = deliveredModel(structure, 'portable');
  if (model === 'gray') return [one];
  if (model !== 'ycbcr') return [one, one, one];
  const [most] = planeSampling(structure.frame);
  return [one, most, most];
}

function allocatePlane(
  width: number,
  height: number,
  step: Sampling,
  context: CodecContext,
): Plane {
  const columns = Math.ceil(width / step.horizontal);
  const rows = Math.ceil(height / step.vertical);
  return {
    data: context.arena.allocate(columns * rows),
    width: columns,
    height: rows,
    stride: columns,
    extent: { left: 0, top: 0, width: columns * step.horizontal, height: rows * step.vertical },
  };
}

/** Copies every `step`-th sample of one channel out of three interleaved ones. */
function pickSamples(
  samples: Uint8Array,
  width: number,
  channel: number,
  plane: Plane,
  step: Sampling,
): void {
  const { data } = plane;
  const advance = 3 * step.horizontal;
  let target = 0;
  for (let y = 0; y < plane.height; y++) {
    let source = 3 * width * y * step.vertical + channel;
    for (let x = 0; x < plane.width; x++) {
      data[target++] = samples[source];
      source += advance;
    }
  }
}

const SOI = Uint8Array.of(0xff, 0xd8);
const EOI = Uint8Array.of(0xff, 0xd9);
const SOS = 0xda;

/**
 * A stream of tables, frame and scans alone, closed by EOI. Metadata, junk and fill bytes are gone,
 * and so is what jpeg-js would guess from them. Adobe's segment is written anew where it is wanted:
 * jpeg-js refuses four components without one and converts three by one.
 */
function restrictedStream(bytes: Uint8Array, structure: JpegStructure): Uint8Array {
  const pieces: Uint8Array[] = [SOI];
  if (structure.frame.components.length === 4) {
    pieces.push(adobeSegment(jpegColorModel(structure.layout) === 'ycck' ? 2 : 0));
  }
  let scan = 0;
  for (const part of structure.parts) {
    if (part.marker !== SOS) {
      pieces.push(bytes.subarray(part.start, part.end));
      continue;
    }
    const { data } = structure.scans[scan++];
    pieces.push(bytes.subarray(part.start, data[0].start));
    for (const { start, end } of data) pieces.push(bytes.subarray(start, end));
  }
  pieces.push(EOI);
  return concatenate(pieces);
}

/** Adobe's APP14: name, version 100, two flag words and the transform (Technical Note 5116). */
function adobeSegment(transform: number): Uint8Array {
  const head = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65];
  return Uint8Array.of(...head, 0, 100, 0, 0, 0, 0, transform);
}

function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}

const MIB = 1024 * 1024;

/** Three interleaved channels of full resolution, whatever the picture has. */
function decodeSamples(stream: Uint8Array, structure: JpegStructure, limits: Limits): Uint8Array {
  const { width, height } = structure.frame;
  try {
    const image = decode(stream, {
      useTArray: true,
      formatAsRGBA: false,
      colorTransform: false,
      // The name misleads: all it does is skip block rows below the picture, where jpeg-js arrives
      // when a restart interval does not divide a scan of one component.
      tolerantDecoding: true,
      maxResolutionInMP: limits.maxSourcePixels / 1e6,
      maxMemoryUsageInMB: limits.maxMemoryBytes / MIB,
    });
    if (image.width !== width || image.height !== height) {
      throw damaged(
        'jpeg',
        `expected ${width} x ${height}, decoded ${image.width} x ${image.height}`,
      );
    }
    return image.data;
  } catch (error) {
    throw decodingError(error);
  }
}

/** jpeg-js throws errors of every kind, for damage as for its own limits. */
function decodingError(error: unknown): ImageError {
  if (isImageError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  const isMemory = error instanceof RangeError || /maxMemoryUsageInMB|enough memory/.test(text);
  if (isMemory) {
    return new ImageError('LimitExceeded', 'too-much-memory', `jpeg: ${text}`, {
      publicMessage: 'The picture needs more memory than one render may use.',
      cause: error,
    });
  }
  return damaged('jpeg', `the entropy-coded data cannot be decoded (${text})`, error);
}
