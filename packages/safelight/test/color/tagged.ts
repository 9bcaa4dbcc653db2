/**
 * Pictures with a profile, and what lcms makes of them.
 * @module
 */

import { createPlanarPngCodec, nodeDeflater } from '@safelight/codecs';
import {
  type Codec,
  createArena,
  createBudget,
  GENEROUS_LIMITS,
  type Raster,
} from '@safelight/core';
import sharp from 'sharp';

const png = createPlanarPngCodec({ deflater: nodeDeflater });

export async function encodeTagged(
  codec: Codec,
  raster: Raster,
  icc: Uint8Array,
): Promise<Uint8Array> {
  const limits = GENEROUS_LIMITS;
  const context = { arena: createArena(), budget: createBudget(limits.maxMemoryBytes), limits };
  const settings = { qualityPercent: 95, progressive: false };
  const bytes = await codec.encode?.({ ...raster, metadata: { icc } }, settings, context);
  if (bytes === undefined) throw new Error('expected an encoder');
  return bytes;
}

export function taggedPng(raster: Raster, icc: Uint8Array): Promise<Uint8Array> {
  return encodeTagged(png, raster, icc);
}

/** Three levels a pixel, by lcms where there is a profile. */
export function levelsOf(bytes: Uint8Array, width?: number): Promise<Uint8Array> {
  const image = sharp(bytes, { failOn: 'none' }).resize(width).toColourspace('srgb').flatten();
  return image.removeAlpha().raw().toBuffer();
}
