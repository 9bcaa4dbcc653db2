/**
 * Decoding to planes: inflate to exactly the bytes that the header calls for, undo the filters, part
 * the channels. Plain 8-bit rows go from the inflated bytes to the planes in one step; all others are
 * unfiltered in place first.
 * @module
 */

import {
  assert,
  arenaBytes,
  type CodecContext,
  type DecodeRequest,
  type DecodeShape,
  type ImageError,
  type Plane,
  type Raster,
} from '@safelight/core';
import { checkDecoderBytes, damaged, truncated } from '../refusal.ts';
import { inflatedBytes, passesOf, type PngFrame, type PngPass, pixelBits } from '../png/frame.ts';
import { canBeTransparent, deliveredModel, isPlain, type PngHeader } from '../png/header.ts';
import { MAX_PROFILE_BYTES, profileIn, profileStream } from '../png/icc-payload.ts';
import { metadataOf } from '../png/metadata.ts';
import type { PngStructure } from '../png/structure.ts';
import { type Deflater, InflateError, settle } from '../deflate/deflater.ts';
import { createRowExpander } from './expand.ts';
import type { PngKernels } from './kernels.ts';
import { unfilterRow } from './unfilter.ts';

/** Decodes the whole picture into planes of `context.arena`; alpha only when a pixel needs it. */
export function decodePlanarPng(
  bytes: Uint8Array,
  structure: PngStructure,
  request: DecodeRequest,
  context: CodecContext,
  deflater: Deflater,
  kernels: PngKernels,
): Raster | Promise<Raster> {
  checkDecoderBytes('png', planarDecoderBytes(structure, bytes.length), context.limits);
  return settle(inflatePixels(bytes, structure, deflater), (scanlines) => {
    const take = staysInterleaved(request, structure) ? keepPixels : takePixels;
    const { planes, alpha } = take(scanlines, structure, context, kernels);
    return settle(inflateProfile(structure, deflater), (icc) => ({
      width: structure.frame.width,
      height: structure.frame.height,
      model: deliveredModel(structure.frame),
      planes,
      ...(alpha !== undefined && { alpha }),
      metadata: metadataOf(structure, icc),
    }));
  });
}

/** The planes of a picture that stays interleaved; nothing for those that are taken apart. */
export function planPixels(header: PngHeader, request: DecodeRequest): DecodeShape | undefined {
  const { width, height, model, hasAlpha, isPlain: plain } = header;
  if (!request.interleaved || !plain || model !== 'rgb') return undefined;
  const extent = { left: 0, top: 0, width, height };
  const step = hasAlpha ? 4 : 3;
  const planes = [0, 1, 2].map(() => ({ width, height, extent }));
  return { planes, planeBytes: arenaBytes(keptBytes(header, step)), scratchBytes: 0, step };
}

function staysInterleaved({ interleaved = false }: DecodeRequest, structure: PngStructure) {
  return interleaved && isPlain(structure) && deliveredModel(structure.frame) === 'rgb';
}

/** A row of zeros, rows with their filter bytes, and what is read beyond them. */
function keptBytes({ width, height }: Pick<PngFrame, 'width' | 'height'>, step: number): number {
  return (1 + step * width) * (1 + height) + 8;
}

/** zlib's window, state and tables are some 50 KB; tables and rows here are less than the rest. */
const FIXED_BYTES = 512 * 1024;

/** Peak beside the planes: the file's data joined, the inflated rows, a profile. */
export function planarDecoderBytes(structure: PngStructure, fileBytes: number): number {
  const profileBytes = structure.icc === undefined ? 0 : MAX_PROFILE_BYTES;
  return fileBytes + inflatedBytes(structure.frame) + profileBytes + FIXED_BYTES;
}

function inflatePixels(
  bytes: Uint8Array,
  structure: PngStructure,
  deflater: Deflater,
): Uint8Array | Promise<Uint8Array> {
  const expected = inflatedBytes(structure.frame);
  const check = (scanlines: Uint8Array) => {
    if (scanlines.length < expected) {
      throw truncated('png', `expected ${expected} bytes of pixels, got ${scanlines.length}`);
    }
    return scanlines;
  };
  try {
    const inflated = deflater.inflate(joinData(bytes, structure), expected);
    if (!(inflated instanceof Promise)) return check(inflated);
    return inflated.then(check, (error: unknown) => {
      throw inflateError(error, expected);
    });
  } catch (error) {
    throw inflateError(error, expected);
  }
}

/** The contents of all IDAT chunks: a view where one holds them all. */
function joinData(bytes: Uint8Array, { dataChunks }: PngStructure): Uint8Array {
  const parts = dataChunks.map(({ start, end }) => bytes.subarray(start + 8, end - 4));
  if (parts.length === 1) return parts[0];
  const data = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

function inflateError(error: unknown, expected: number): unknown {
  if (!(error instanceof InflateError)) return error;
  const refusals: Record<InflateError['failure'], () => ImageError> = {
    truncated: () => truncated('png', 'the compressed pixels end early', error),
    'too-long': () => damaged('png', `expected ${expected} bytes of pixels, got more`, error),
    damaged: () => damaged('png', `the pixels cannot be inflated (${error.message})`, error),
  };
  return refusals[error.failure]();
}

/** A profile that does not come out is no profile: the picture is shown without it. */
function inflateProfile(
  { icc }: PngStructure,
  deflater: Deflater,
): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  const stream = icc === undefined ? undefined : profileStream(icc);
  if (stream === undefined) return undefined;
  try {
    const inflated = deflater.inflate(stream, MAX_PROFILE_BYTES);
    if (!(inflated instanceof Promise)) return profileIn(inflated);
    return inflated.then(profileIn, () => undefined);
  } catch {
    return undefined;
  }
}

interface Pixels {
  readonly planes: readonly Plane[];
  readonly alpha: Plane | undefined;
}

function takePixels(
  scanlines: Uint8Array,
  structure: PngStructure,
  { arena }: CodecContext,
  kernels: PngKernels,
): Pixels {
  const { frame } = structure;
  const samples = frame.width * frame.height;
  const colors = Array.from({ length: deliveredModel(frame) === 'gray' ? 1 : 3 }, () =>
    arena.allocate(samples),
  );
  const mark = arena.mark();
  const alpha = canBeTransparent(structure) ? arena.allocate(samples) : undefined;
  const planes = alpha === undefined ? colors : [...colors, alpha];
  if (isPlain(structure)) {
    const rows = kernels.unfilterPlanes(scanlines, planes, frame.width, frame.height);
    if (rows < frame.height)
      throw unknownFilter(scanlines[rows * (1 + pixelBytes(frame) * frame.width)]);
  } else {
    expandPasses(scanlines, structure, planes);
  }
  const isTransparent = alpha !== undefined && !isOpaque(alpha);
  if (!isTransparent) arena.release(mark);
  return {
    planes: colors.map((data) => planeOf(data, frame)),
    alpha: isTransparent ? planeOf(alpha, frame) : undefined,
  };
}

/** Leaves the rows as they are in the file, but for their filters. */
function keepPixels(
  scanlines: Uint8Array,
  structure: PngStructure,
  { arena }: CodecContext,
  kernels: PngKernels,
): Pixels {
  const { frame } = structure;
  const { width, height } = frame;
  const step = pixelBytes(frame);
  const stride = 1 + step * width;
  const pixels = arena.allocate(keptBytes(frame, step));
  pixels.fill(0, 0, stride);
  pixels.set(scanlines, stride);
  const rows = kernels.unfilterRows(pixels, stride - 1, step, height);
  if (rows < height) throw unknownFilter(scanlines[rows * stride]);
  const extent = { left: 0, top: 0, width, height };
  const channelOf = (index: number): Plane => ({
    data: pixels.subarray(stride + 1 + index),
    width,
    height,
    stride,
    extent,
    step,
  });
  const alpha = step === 4 ? channelOf(3) : undefined;
  return {
    planes: [0, 1, 2].map(channelOf),
    alpha: alpha !== undefined && hasTransparent(alpha) ? alpha : undefined,
  };
}

function hasTransparent({ data, width, height, stride, step = 1 }: Plane): boolean {
  for (let y = 0; y < height; y++) {
    const end = y * stride + step * width;
    for (let at = y * stride; at < end; at += step) if (data[at] !== 255) return true;
  }
  return false;
}

function expandPasses(
  scanlines: Uint8Array,
  structure: PngStructure,
  planes: readonly Uint8Array[],
): void {
  const { frame } = structure;
  const expand = createRowExpander(structure, planes);
  let at = 0;
  for (const pass of passesOf(frame)) {
    unfilterPass(scanlines, at, pass, pixelBytes(frame));
    for (let y = 0; y < pass.rows; y++) {
      const to = (pass.top + y * pass.down) * frame.width + pass.left;
      expand(scanlines, at + 1, to, pass.across, pass.columns);
      at += 1 + pass.rowBytes;
    }
  }
  assert(at === scanlines.length, 'the passes are all that was inflated');
}

/** In place, byte by byte of a pixel; pixels below a byte are unfiltered as bytes (PNG, 9.2). */
function unfilterPass(scanlines: Uint8Array, start: number, pass: PngPass, step: number): void {
  const count = pass.rowBytes / step;
  const zeros = new Uint8Array(pass.rowBytes);
  for (let y = 0, at = start + 1; y < pass.rows; y++, at += 1 + pass.rowBytes) {
    const filter = scanlines[at - 1];
    const prior = y === 0 ? zeros : scanlines;
    const priorAt = y === 0 ? 0 : at - 1 - pass.rowBytes;
    if (filter === 0) continue;
    for (let i = 0; i < step; i++) {
      const row = at + i;
      if (
        !unfilterRow(filter, scanlines, row, step, prior, priorAt + i, scanlines, row, step, count)
      ) {
        throw unknownFilter(filter);
      }
    }
  }
}

function pixelBytes(frame: PngFrame): number {
  return Math.ceil(pixelBits(frame) / 8);
}

function unknownFilter(filter: number): ImageError {
  return damaged('png', `expected filters 0 to 4, got ${filter}`);
}

function isOpaque(alpha: Uint8Array): boolean {
  // Most pictures decide at once; `every` would call a function a sample.
  for (let i = 0; i < alpha.length; i++) if (alpha[i] !== 255) return false;
  return true;
}

function planeOf(data: Uint8Array, { width, height }: PngFrame): Plane {
  return { data, width, height, stride: width, extent: { left: 0, top: 0, width, height } };
}
