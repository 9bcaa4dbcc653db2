/**
 * Between planes and interleaved RGBA, which is what third-party codecs speak.
 * @module
 */

import { assert, type CodecContext, type Raster } from '@safelight/core';
import type { PlaneSet } from '../planes.ts';

/** A picture as third-party codecs have it: straight alpha. */
export interface RgbaPicture {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Fills planes that lie `width` samples a row; of a grey set, red is taken. */
export function fillPlanes(target: Pick<PlaneSet, 'colors' | 'alpha'>, rgba: RgbaPicture): void {
  const { data, width, height } = rgba;
  const samples = width * height;
  for (const [channel, plane] of target.colors.entries())
    copyChannel(data, channel, plane, samples);
  if (target.alpha !== undefined) copyChannel(data, 3, target.alpha, samples);
}

function copyChannel(
  source: RgbaPicture['data'],
  channel: number,
  target: Uint8Array,
  samples: number,
): void {
  for (let i = 0, at = channel; i < samples; i++, at += 4) target[i] = source[at];
}

/** Interleaves a raster with one sample a pixel; grey is repeated, absent alpha is opaque. */
export function interleave(raster: Raster): Uint8Array<ArrayBuffer> {
  const { width, height } = raster;
  const rgba = new Uint8Array(4 * width * height);
  for (const [channel, plane] of channelsOf(raster, rgba)) {
    for (let y = 0, at = channel; y < height; y++) {
      const row = y * plane.stride;
      for (let x = 0; x < width; x++, at += 4) rgba[at] = plane.data[row + x];
    }
  }
  return rgba;
}

/** As `interleave`, into scratch of the arena that the caller gives back, by the kernels that are there. */
export function interleaveInArena(raster: Raster, { arena, kernels }: CodecContext): Uint8Array {
  if (kernels === undefined) return interleave(raster);
  const { width, height } = raster;
  const rgba = arena.allocate(4 * width * height);
  for (const [channel, { data, stride }] of channelsOf(raster, rgba)) {
    kernels.interleave(data, stride, rgba, 4 * width, 4, channel, width, height);
  }
  return rgba;
}

/** What goes to which channel of `rgba`, which is opaque already where there is no alpha. */
function channelsOf({ width, height, planes, alpha }: Raster, rgba: Uint8Array) {
  const [red, green = red, blue = red] = planes;
  if (alpha === undefined) rgba.fill(255);
  const channels = [red, green, blue, ...(alpha === undefined ? [] : [alpha])];
  for (const plane of channels) {
    assert(plane.width === width && plane.height === height, 'planes have one sample a pixel');
  }
  return channels.entries();
}
