/**
 * What a result is worth beside its speed: luma PSNR against a float64 Lanczos of the fully decoded
 * source. Every engine's file is decoded by the same decoder, so only the engines differ.
 * @module
 */

import { lanczosReference, psnr } from '@safelight/testkit';
import sharp from 'sharp';
import type { Size } from './job.ts';

/** Luma of a file, full-range BT.601. */
async function lumaOf(file: Uint8Array): Promise<{ luma: Float64Array } & Size> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true });
  const luma = new Float64Array(info.width * info.height);
  for (let i = 0; i < luma.length; i++) {
    const at = i * info.channels;
    luma[i] =
      0.299 * (data[at] as number) +
      0.587 * (data[at + 1] as number) +
      0.114 * (data[at + 2] as number);
  }
  return { luma, width: info.width, height: info.height };
}

/** Decibels of luma against the reference; higher is better. */
export async function lumaPsnr(source: Uint8Array, result: Uint8Array): Promise<number> {
  const original = await lumaOf(source);
  const actual = await lumaOf(result);
  const expected = lanczosReference(
    original.luma,
    original.width,
    original.height,
    actual.width,
    actual.height,
  );
  return psnr(expected, actual.luma);
}
