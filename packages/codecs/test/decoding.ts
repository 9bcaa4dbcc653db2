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
  const target = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      const values = planes.map((plane) => sampleAt(plane, x, y));
      target.set(model === 'ycbcr' ? fromYcbcr(values) : spread(values).map(clamp), at);
      target[at + 3] = alpha === undefined ? 255 : sampleAt(alpha, x, y);
    }
  }
  return target;
}

function spread(values: readonly number[]): number[] {
  return values.length === 1 ? [values[0], values[0], values[0]] : [...values];
}

function fromYcbcr([luma, blue, red]: readonly number[]): number[] {
  const b = blue - 128;
  const r = red - 128;
  return [
    clamp(luma + 1.402 * r),
    clamp(luma - 0.344_136 * b - 0.714_136 * r),
    clamp(luma + 1.772 * b),
  ];
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}

function sampleAt(plane: Plane, x: number, y: number): number {
  const { data, width, height, stride, extent } = plane;
  if (extent.width === width && extent.height === height) return data[y * stride + x];
  const at = (column: number, row: number) =>
    data[clampTo(row, height - 1) * stride + clampTo(column, width - 1)];
  const u = ((x + 0.5 - extent.left) * width) / extent.width - 0.5;
  const v = ((y + 0.5 - extent.top) * height) / extent.height - 0.5;
  const left = Math.floor(u);
  const top = Math.floor(v);
  const upper = at(left, top) + (at(left + 1, top) - at(left, top)) * (u - left);
  const lower = at(left, top + 1) + (at(left + 1, top + 1) - at(left, top + 1)) * (u - left);
  return upper + (lower - upper) * (v - top);
}

function clampTo(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
