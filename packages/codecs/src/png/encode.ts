/**
 * Encoding by pngjs: 8 bits a sample, adaptive filters. pngjs writes no profile, so ours is put in
 * behind the header afterwards.
 * @module
 */

import { assert, type Plane, type Raster } from '@safelight/core';
import { PNG } from 'pngjs';
import { iccFits } from '../icc.ts';
import { profileChunk } from './icc-chunk.ts';

/** zlib's default balance of time and size. */
const DEFLATE_LEVEL = 6;
/** Z_FILTERED, made for the small differences that filters leave; pngjs would take Z_RLE. */
const DEFLATE_STRATEGY = 1;
/** Signature and IHDR. */
const HEADER_BYTES = 8 + 25;

/** Writes a raster of model `gray` or `rgb`, with or without alpha, one sample a pixel. */
export function encodePng(raster: Raster): Uint8Array {
  const { width, height, model, alpha } = raster;
  assert(model === 'gray' || model === 'rgb', 'PNG is written as grey or RGB');
  const planes = alpha === undefined ? raster.planes : [...raster.planes, alpha];
  const colorType = (model === 'gray' ? 0 : 2) + (alpha === undefined ? 0 : 4);
  const picture = new PNG();
  picture.width = width;
  picture.height = height;
  picture.data = interleave(planes, width, height);
  const file = PNG.sync.write(picture, {
    colorType: pngjsColorType(colorType),
    inputColorType: pngjsColorType(colorType),
    bitDepth: 8,
    inputHasAlpha: alpha !== undefined,
    deflateLevel: DEFLATE_LEVEL,
    deflateStrategy: DEFLATE_STRATEGY,
  });
  const { icc } = raster.metadata;
  if (icc === undefined || !iccFits(icc, model)) return file;
  return Buffer.concat([
    file.subarray(0, HEADER_BYTES),
    profileChunk(icc),
    file.subarray(HEADER_BYTES),
  ]);
}

function pngjsColorType(value: number): 0 | 2 | 4 | 6 {
  assert(value === 0 || value === 2 || value === 4 || value === 6, 'a colour type without palette');
  return value;
}

function interleave(planes: readonly Plane[], width: number, height: number): Buffer {
  const channels = planes.length;
  const target = Buffer.allocUnsafe(width * height * channels);
  for (const [channel, plane] of planes.entries()) {
    assert(plane.width === width && plane.height === height, 'PNG planes have one sample a pixel');
    let at = channel;
    for (let y = 0; y < height; y++) {
      const row = y * plane.stride;
      for (let x = 0; x < width; x++) {
        target[at] = plane.data[row + x];
        at += channels;
      }
    }
  }
  return target;
}
