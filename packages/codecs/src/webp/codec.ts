/**
 * WebP: the container is ours, the pixels are libwebp's in WebAssembly. Neutral to the runtime: where
 * the WebAssembly comes from is given.
 * @module
 */

import {
  arenaBytes,
  type Codec,
  type EncodeSettings,
  type ImageHeader,
  type Limits,
} from '@safelight/core';
import { readExif } from '../exif/exif.ts';
import { sniffFormat } from '../sniff.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { decodeWebp, readWebpFrames } from './decode.ts';
import { createWebpDecoder } from './decoder.ts';
import { createWebpEncoder, createWebpFrameWriter, encodeWebp } from './encode.ts';
import {
  animationMayBeTransparent,
  encoderMemoryBytes,
  firstMayBeTransparent,
  framesDecoderBytes,
  stillDecoderBytes,
} from './measure.ts';
import { readWebpStructure } from './structure.ts';

export interface WebpOptions {
  /** Where the parts `webp-decoder` and `webp-encoder`, or `webp-encoder-simd`, come from. */
  readonly loadWasm: WasmLoader;
  /** Whether the runtime has SIMD: the encoder is twice as fast. @default false */
  readonly simd?: boolean;
}

/** Longest side the format can name. */
const MAX_SIDE = 16_383;

/**
 * Reads lossy and lossless pictures, alpha, and animations frame by frame. Writes lossy ones, alpha
 * and animations included. The first use of either loads its code; from then on work is done at once.
 */
export function createWebpCodec({ loadWasm, simd = false }: WebpOptions): Codec {
  const decoder = createWebpDecoder(loadWasm);
  const encoder = createWebpEncoder(loadWasm, simd);
  return {
    format: 'webp',
    sniff: (head) => sniffFormat(head) === 'webp',
    readHeader: readWebpHeader,
    decode: (bytes, _header, _request, context) => decodeWebp(bytes, decoder, context),
    readFrames: (bytes, _header, context) => readWebpFrames(bytes, decoder, context),
    planEncode: (shape, settings) => ({
      scratchBytes: arenaBytes(4 * shape.width * shape.height),
      heapBytes: encoderBytes(shape, settings),
    }),
    encode: (raster, settings, context) => encodeWebp(raster, settings, encoder, context),
    planFrames: (shape, { frames }, settings) => ({
      scratchBytes: 0,
      heapBytes: framesEncoderBytes(shape, frames, settings),
    }),
    createFrameWriter: (animation, settings) => createWebpFrameWriter(animation, settings, encoder),
    encodes: { models: ['rgb', 'gray'], alpha: true },
    maxEncodeSide: MAX_SIDE,
  };
}

interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

/** What libwebp takes, and the file. */
function encoderBytes({ width, height, hasAlpha }: PictureShape, settings: EncodeSettings): number {
  const pixels = width * height;
  return pixels + encoderMemoryBytes(pixels, hasAlpha, settings.qualityPercent);
}

/** Interleaved samples of a frame, of the one before and of a part, and half a byte a pixel of each. */
function framesEncoderBytes(shape: PictureShape, frames: number, settings: EncodeSettings): number {
  const pixels = shape.width * shape.height;
  return encoderBytes(shape, settings) + pixels * (12 + 0.5 * frames);
}

function readWebpHeader(bytes: Uint8Array, limits: Limits): ImageHeader {
  const structure = readWebpStructure(bytes, limits);
  const { width, height, frames, plays, icc } = structure;
  const exif = structure.exif === undefined ? undefined : readExif(structure.exif);
  return {
    format: 'webp',
    width,
    height,
    frames: frames.length,
    model: 'rgb',
    hasAlpha: firstMayBeTransparent(structure),
    bitDepth: 8,
    orientation: exif?.orientation ?? 1,
    ...(exif?.density !== undefined && { density: exif.density }),
    hasIcc: icc !== undefined,
    ...(exif !== undefined && { exif: exif.tags }),
    decoderBytes: stillDecoderBytes(structure, bytes.length),
    ...(frames.length > 1 && {
      animation: {
        plays,
        model: 'rgb',
        hasAlpha: animationMayBeTransparent(structure),
        decoderBytes: framesDecoderBytes(structure, bytes.length),
      },
    }),
  };
}
