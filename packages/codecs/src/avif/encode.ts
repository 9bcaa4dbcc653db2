/**
 * Planes to AVIF through libavif: 4:2:0, lossy, alpha kept. Profiles are not written: what the engine
 * hands over is sRGB. The trap: its scale of quality is not JPEG's.
 * @module
 */

import type { EncodeSettings, Raster } from '@safelight/core';
import { createGuest, type Glue, type Guest, GUEST_BASE_BYTES } from '../wasm/guest.ts';
import { interleave } from '../wasm/interleaved.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { encoded } from '../wasm/refused.ts';

/** What the module of libavif offers. */
interface AvifEncoderInstance {
  encode(
    rgba: Uint8Array,
    width: number,
    height: number,
    options: Readonly<Record<string, number | boolean>>,
  ): Uint8Array | null;
}

export type AvifEncoder = Guest<AvifEncoderInstance>;

export function createAvifEncoder(load: WasmLoader): AvifEncoder {
  return createGuest(async () => {
    const [module, { default: glue }] = await Promise.all([
      load('avif-encoder'),
      import('@jsquash/avif/codec/enc/avif_enc.js'),
    ]);
    return { module, glue: glue as unknown as Glue };
  });
}

/** Writes a raster of model `rgb` or `gray`, one sample a pixel. */
export function encodeAvif(
  raster: Raster,
  { qualityPercent }: EncodeSettings,
  encoder: AvifEncoder,
): Uint8Array | Promise<Uint8Array> {
  const { width, height } = raster;
  const rgba = interleave(raster);
  const options = { ...OPTIONS, quality: avifQuality(qualityPercent) };
  const run = () =>
    encoder.run(encoderMemoryBytes(width * height), (instance) => {
      const file = instance.encode(rgba, width, height, options);
      // The view lies in the encoder's memory; an empty one is a failure.
      if (file === null || file.length === 0) throw new Error('expected a file, got nothing');
      return Uint8Array.from(file);
    });
  return encoded('avif', run, (file) => file);
}

/**
 * Speed 9 of 0 to 10: on seven photographs of 700 px a third of the time of 8, and files a fifth
 * smaller; 6 takes fifteen times as long for 14 % (libaom of @jsquash/avif 2.1.1).
 */
const OPTIONS: Readonly<Record<string, number | boolean>> = {
  qualityAlpha: -1,
  denoiseLevel: 0,
  tileColsLog2: 0,
  tileRowsLog2: 0,
  speed: 9,
  subsample: 1,
  chromaDeltaQ: false,
  sharpness: 0,
  tune: 0,
  enableSharpYUV: false,
  bitDepth: 8,
  lossless: false,
};

/** On those photographs 65 has the mean SSIM of JPEG at 75, with 0.8 of the bytes. */
const LIKE_JPEG_75 = 65;

/** AVIF's number, 0 to 100, for a quality on JPEG's scale. */
function avifQuality(qualityPercent: number): number {
  return Math.min(100, Math.round((qualityPercent * LIKE_JPEG_75) / 75));
}

/** Seen: 30 bytes a pixel for pictures of 5 megapixels, 37 for small ones. */
const BYTES_PER_PIXEL = 40;

/** What the encoder's memory may grow to. */
function encoderMemoryBytes(pixels: number): number {
  return GUEST_BASE_BYTES + BYTES_PER_PIXEL * pixels;
}

/** Peak outside the arena: interleaved samples, the encoder, the file. */
export function avifEncoderBytes({ width, height }: Pick<Raster, 'width' | 'height'>): number {
  const pixels = width * height;
  return 5 * pixels + encoderMemoryBytes(pixels);
}
