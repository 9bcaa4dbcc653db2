/**
 * Decoding as a plan does it: the arena holds exactly what the header predicts and not a byte more.
 * Also the way back to interleaved RGB, for comparing with other decoders.
 * @module
 */

import {
  arenaBytes,
  type Codec,
  type CodecContext,
  createArena,
  createBudget,
  type Frame,
  GENEROUS_LIMITS,
  type ImageHeader,
  isImageError,
  type Limits,
  type Plane,
  PLANES_OF,
  type Raster,
} from '@safelight/core';

export interface Decoded {
  readonly header: ImageHeader;
  readonly raster: Raster;
}

/** Reads the header, reserves what it predicts, decodes. */
export function decodeWith(
  codec: Codec,
  bytes: Uint8Array,
  limits: Limits = GENEROUS_LIMITS,
): Decoded {
  const header = codec.readHeader(bytes, limits);
  const raster = codec.decode?.(bytes, header, {}, contextOf(header, limits));
  if (raster === undefined || raster instanceof Promise)
    throw new Error('expected a raster at once');
  return { header, raster };
}

/** The same for codecs that may need to load something first. */
export async function decodeLater(
  codec: Codec,
  bytes: Uint8Array,
  limits: Limits = GENEROUS_LIMITS,
): Promise<Decoded> {
  const header = codec.readHeader(bytes, limits);
  const raster = await codec.decode?.(bytes, header, {}, contextOf(header, limits));
  if (raster === undefined) throw new Error('expected a decoder');
  return { header, raster };
}

/** Loads what a codec loads with its first picture: from then on it decodes at once. */
export async function warmUp(codec: Codec, bytes: Uint8Array): Promise<Codec> {
  await decodeLater(codec, bytes);
  return codec;
}

/** The frames of an animation, their planes copied out of the arena. */
export async function allFrames(codec: Codec, bytes: Uint8Array): Promise<Frame[]> {
  const { animation, ...header } = codec.readHeader(bytes, GENEROUS_LIMITS);
  if (animation === undefined) throw new Error('expected an animation');
  const context = contextOf({ ...header, ...animation }, GENEROUS_LIMITS);
  const frames: Frame[] = [];
  const copy = (plane: Plane): Plane => ({ ...plane, data: Uint8Array.from(plane.data) });
  const reader = codec.readFrames?.(bytes, { ...header, animation }, context) ?? [];
  for await (const { raster, durationMs } of reader) {
    const { planes, alpha } = raster;
    const kept = { ...raster, planes: planes.map(copy), ...(alpha && { alpha: copy(alpha) }) };
    frames.push({ raster: kept, durationMs });
    context.arena.clear();
  }
  return frames;
}

function contextOf(header: ImageHeader, limits: Limits): CodecContext {
  const arena = createArena();
  arena.reserve(predictedBytes(header));
  return { arena, budget: createBudget(limits.maxMemoryBytes), limits };
}

/** Arena bytes of the planes, by the header alone. */
export function predictedBytes(header: ImageHeader): number {
  let sum = header.hasAlpha ? arenaBytes(header.width * header.height) : 0;
  for (let i = 0; i < PLANES_OF[header.model]; i++) {
    const { columns, rows } = predictedPlane(header, i);
    sum += arenaBytes(columns * rows);
  }
  return sum;
}

/** Size of one plane, by the header alone. */
export function predictedPlane(
  header: ImageHeader,
  index: number,
): { readonly columns: number; readonly rows: number } {
  const sampling = header.sampling?.[index];
  if (header.sampling === undefined || sampling === undefined) {
    return { columns: header.width, rows: header.height };
  }
  const most = header.sampling[0];
  return {
    columns: Math.ceil((header.width * sampling.horizontal) / most.horizontal),
    rows: Math.ceil((header.height * sampling.vertical) / most.vertical),
  };
}

/** What decoding comes to: `raster`, or code and reason of the refusal. Any other throw goes on. */
export function outcomeOf(
  codec: Codec,
  bytes: Uint8Array,
  limits: Limits = GENEROUS_LIMITS,
): string {
  try {
    decodeWith(codec, bytes, limits);
    return 'raster';
  } catch (error) {
    if (isImageError(error)) return `${error.code}/${error.reason}`;
    throw error;
  }
}

/** Interleaved RGBA, chroma interpolated linearly between the centres of its samples. */
export function toRgba(raster: Raster): Uint8Array {
  const { width, height, model, planes, alpha } = raster;
  const pixels = width * height;
  const spread = planes.map((plane) => spreadSamples(plane, width, height));
  const [first, second = first, third = first] = spread;
  const target = new Uint8Array(4 * pixels).fill(255);
  for (let i = 0; i < pixels; i++) {
    if (model === 'ycbcr') {
      const blue = second[i] - 128;
      const red = third[i] - 128;
      target[4 * i] = clamp(first[i] + 1.402 * red);
      target[4 * i + 1] = clamp(first[i] - 0.344_136 * blue - 0.714_136 * red);
      target[4 * i + 2] = clamp(first[i] + 1.772 * blue);
    } else {
      target[4 * i] = clamp(first[i]);
      target[4 * i + 1] = clamp(second[i]);
      target[4 * i + 2] = clamp(third[i]);
    }
  }
  if (alpha !== undefined) {
    spreadSamples(alpha, width, height).forEach((sample, i) => {
      target[4 * i + 3] = sample;
    });
  }
  return target;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

/** A sample for each of `width` x `height` pixels. */
function spreadSamples(plane: Plane, width: number, height: number): Float64Array {
  const { data, stride, extent } = plane;
  const samples = new Float64Array(width * height);
  if (extent.width === plane.width && extent.height === plane.height) {
    for (let y = 0; y < height; y++) {
      samples.set(data.subarray(y * stride, y * stride + width), y * width);
    }
    return samples;
  }
  const columns = neighboursOf(width, extent.left, extent.width, plane.width);
  const rows = neighboursOf(height, extent.top, extent.height, plane.height);
  for (let y = 0; y < height; y++) {
    const [upperAt, lowerAt] = [rows.before[y] * stride, rows.after[y] * stride];
    for (let x = 0; x < width; x++) {
      const [left, right, share] = [columns.before[x], columns.after[x], columns.shares[x]];
      const upper = data[upperAt + left] + (data[upperAt + right] - data[upperAt + left]) * share;
      const lower = data[lowerAt + left] + (data[lowerAt + right] - data[lowerAt + left]) * share;
      samples[y * width + x] = upper + (lower - upper) * rows.shares[y];
    }
  }
  return samples;
}

interface Neighbours {
  /** Indices of the samples on both sides of each pixel. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** What the one behind it counts, in 0..1. */
  readonly shares: Float64Array;
}

/** Along one side of `size` pixels, for `count` samples that cover `length` of them. */
function neighboursOf(size: number, start: number, length: number, count: number): Neighbours {
  const before = new Int32Array(size);
  const after = new Int32Array(size);
  const shares = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const place = ((i + 0.5 - start) * count) / length - 0.5;
    const floor = Math.floor(place);
    before[i] = clampTo(floor, count - 1);
    after[i] = clampTo(floor + 1, count - 1);
    shares[i] = place - floor;
  }
  return { before, after, shares };
}

function clampTo(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
