/**
 * Encoding planes: filters chosen row by row, or a palette where the source had one that still
 * holds; then deflate, and the chunks around it.
 * @module
 */

import {
  type Arena,
  arenaBytes,
  assert,
  type Density,
  type EncodePlan,
  type Raster,
} from '@safelight/core';
import { iccFits } from '../icc.ts';
import type { EncodedShape } from '../planes.ts';
import { PNG_SIGNATURE } from '../sniff.ts';
import type { Crc32 } from '../crc32.ts';
import { type Deflater, settle } from '../deflate/deflater.ts';
import type { SizedStream } from '../deflate/run-stream.ts';
import { deflateSamples, sizedStream } from '../deflate/sample-deflate.ts';
import type { PngKernels } from './kernels.ts';
import { indexColors, type IndexedPicture } from './palette.ts';

/** What encoding spends time on: `small` takes ten times as long and more for 5 to 20 %. */
export type PngEffort = 'fast' | 'small';

/** zlib's levels. */
const DEFLATE_LEVELS: Readonly<Record<PngEffort, number>> = { fast: 6, small: 9 };
/** Every fourth pixel chooses as well as all do: files grow by less than 1 %. */
const SAMPLE_STEPS: Readonly<Record<PngEffort, number>> = { fast: 4, small: 1 };

/**
 * Writes a raster of model `gray` or `rgb`, with or without alpha, one sample a pixel. Filtered rows lie
 * in `arena`, as `planPlanarEncode` says, or without one outside of it.
 */
export function encodePlanarPng(
  raster: Raster,
  effort: PngEffort,
  deflater: Deflater,
  kernels: PngKernels,
  arena?: Arena,
): Uint8Array | Promise<Uint8Array> {
  const { model, metadata, alpha } = raster;
  assert(model === 'gray' || model === 'rgb', 'PNG is written as grey or RGB');
  const level = DEFLATE_LEVELS[effort];
  const indexed = metadata.palette === undefined ? undefined : indexColors(raster);
  const mark = arena?.mark() ?? 0;
  const scanlines =
    indexed?.scanlines ?? filterRaster(raster, SAMPLE_STEPS[effort], kernels, arena);
  const colorType = (model === 'gray' ? 0 : 2) + (alpha === undefined ? 0 : 4);
  const head =
    indexed === undefined
      ? headPayload(raster, 8, colorType)
      : headPayload(raster, indexed.bitDepth, 3);
  return settle(deflateProfile(raster, indexed, level, deflater), (profile) =>
    settle(deflateSamples(scanlines, level, deflater, kernels), (data) => {
      const file = joinChunks(
        [
          ['IHDR', sizedStream(head)],
          ...(profile === undefined ? [] : [['iCCP', sizedStream(profile)] as const]),
          ...densityChunk(metadata.density),
          ...paletteChunks(indexed),
          ['IDAT', data],
          ['IEND', sizedStream(new Uint8Array(0))],
        ],
        deflater.crc32,
      );
      arena?.release(mark);
      return file;
    }),
  );
}

/** What encoding takes from the arena when it is given one: less for a palette. */
export function planPlanarEncode({ width, height, planes, hasAlpha }: EncodedShape): EncodePlan {
  const channels = planes.length + (hasAlpha ? 1 : 0);
  return { scratchBytes: arenaBytes(rowsBytes(width, height, channels)) };
}

/** Rows of 8-bit samples, each behind its filter. */
function rowsBytes(width: number, height: number, channels: number): number {
  return height * (1 + channels * width);
}

function filterRaster(
  raster: Raster,
  sampleStep: number,
  kernels: PngKernels,
  arena: Arena | undefined,
): Uint8Array {
  const { width, height, alpha } = raster;
  const planes = alpha === undefined ? raster.planes : [...raster.planes, alpha];
  for (const plane of planes) {
    assert(plane.width === width && plane.height === height, 'PNG planes have one sample a pixel');
  }
  const byteLength = rowsBytes(width, height, planes.length);
  const scanlines = arena?.allocate(byteLength) ?? new Uint8Array(byteLength);
  kernels.filterPlanes(planes, width, height, scanlines, sampleStep);
  return scanlines;
}

/** PNG, 11.2.1: methods 0, not interlaced. */
function headPayload({ width, height }: Raster, bitDepth: number, colorType: number): Uint8Array {
  const payload = new Uint8Array(13);
  const view = new DataView(payload.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  payload[8] = bitDepth;
  payload[9] = colorType;
  return payload;
}

/** `ICC profile`, the end of that name, method 0 (PNG, 11.3.3.3). */
const PROFILE_PREFIX: Uint8Array = new TextEncoder().encode('ICC profile\0\0');

/** Contents of `iCCP`, when the profile speaks of the samples that are written. */
function deflateProfile(
  { model, metadata }: Raster,
  indexed: IndexedPicture | undefined,
  level: number,
  deflater: Deflater,
): Uint8Array | undefined | Promise<Uint8Array | undefined> {
  const { icc } = metadata;
  if (icc === undefined || !iccFits(icc, indexed === undefined ? model : 'rgb')) return undefined;
  return settle(deflater.deflate(icc, level), (stream) => {
    const payload = new Uint8Array(PROFILE_PREFIX.length + stream.length);
    payload.set(PROFILE_PREFIX);
    payload.set(stream, PROFILE_PREFIX.length);
    return payload;
  });
}

type Chunk = readonly [type: string, payload: SizedStream];

/** Pixels in a metre, of one in each unit of density; an aspect ratio stays as it is. */
const PER_METRE: Readonly<Record<Density['unit'], number>> = { 0: 1, 1: 1 / 0.0254, 2: 100 };

/** PNG, 11.3.5.3. */
function densityChunk(density: Density | undefined): Chunk[] {
  if (density === undefined) return [];
  const payload = new Uint8Array(9);
  const view = new DataView(payload.buffer);
  view.setUint32(0, Math.round(density.x * PER_METRE[density.unit]));
  view.setUint32(4, Math.round(density.y * PER_METRE[density.unit]));
  payload[8] = density.unit === 0 ? 0 : 1;
  return [['pHYs', sizedStream(payload)]];
}

function paletteChunks(indexed: IndexedPicture | undefined): Chunk[] {
  if (indexed === undefined) return [];
  const { colors, alphas } = indexed;
  const chunks: Chunk[] = [['PLTE', sizedStream(colors)]];
  if (alphas.length > 0) chunks.push(['tRNS', sizedStream(alphas)]);
  return chunks;
}

/** Length, type and CRC of a chunk. */
const CHUNK_FRAME_BYTES = 12;

function joinChunks(chunks: readonly Chunk[], crc32: Crc32): Uint8Array {
  const size = chunks.reduce((sum, [, payload]) => sum + CHUNK_FRAME_BYTES + payload.length, 0);
  const file = new Uint8Array(PNG_SIGNATURE.length + size);
  const view = new DataView(file.buffer);
  file.set(PNG_SIGNATURE);
  let at = PNG_SIGNATURE.length;
  for (const [type, payload] of chunks) {
    const end = at + 8 + payload.length;
    view.setUint32(at, payload.length);
    for (let i = 0; i < 4; i++) file[at + 4 + i] = type.charCodeAt(i);
    payload.writeTo(file, at + 8);
    view.setUint32(end, crc32(file.subarray(at + 4, end)));
    at = end + 4;
  }
  return file;
}
