/**
 * Planes to WebP through libwebp, always lossy: the language has a quality and nothing else. Alpha is
 * kept without loss. A frame of an animation is only what differs from the one before.
 * @module
 */

import type {
  AnimationSettings,
  CodecContext,
  EncodeSettings,
  Frame,
  FrameWriter,
  Raster,
  Rectangle,
} from '@safelight/core';
import { settle } from '../deflate/deflater.ts';
import { iccFits } from '../icc.ts';
import { createGuest, type Glue, type Guest } from '../wasm/guest.ts';
import { interleave, interleaveInArena, type RgbaPicture } from '../wasm/interleaved.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { encoded } from '../wasm/refused.ts';
import type { WebpPicture } from './bitstream.ts';
import { encoderMemoryBytes } from './measure.ts';
import { printAnimation, printFrame, printStill, readEncoded } from './mux.ts';

/** What the module of libwebp offers; options are the members of its WebPConfig. */
interface WebpEncoderInstance {
  encode(
    rgba: Uint8Array,
    width: number,
    height: number,
    options: Readonly<Record<string, number>>,
  ): Uint8Array | null;
}

export type WebpEncoder = Guest<WebpEncoderInstance>;

export function createWebpEncoder(load: WasmLoader, simd: boolean): WebpEncoder {
  return createGuest(async () => {
    const [module, { default: glue }] = await Promise.all([
      load(simd ? 'webp-encoder-simd' : 'webp-encoder'),
      simd
        ? import('@jsquash/webp/codec/enc/webp_enc_simd.js')
        : import('@jsquash/webp/codec/enc/webp_enc.js'),
    ]);
    return { module, glue: glue as unknown as Glue };
  });
}

/** Writes a raster of model `rgb` or `gray`, one sample a pixel. */
export function encodeWebp(
  raster: Raster,
  settings: EncodeSettings,
  encoder: WebpEncoder,
  context: CodecContext,
): Uint8Array | Promise<Uint8Array> {
  const { width, height, alpha } = raster;
  const { arena } = context;
  const mark = arena.mark();
  const rgba = { width, height, data: interleaveInArena(raster, context) };
  return settle(encodeRgba(rgba, alpha !== undefined, settings, encoder), (picture) => {
    arena.release(mark);
    return printStill(picture, profileOf(raster));
  });
}

/** Colour pictures are written, so a grey profile does not fit. */
function profileOf({ metadata: { icc } }: Raster): Uint8Array | undefined {
  return icc !== undefined && iccFits(icc, 'rgb') ? icc : undefined;
}

/** As libwebp's own tools have them, but for the quality (`WebPConfig` of encode.h). */
const CONFIG: Readonly<Record<string, number>> = {
  target_size: 0,
  target_PSNR: 0,
  method: 4,
  sns_strength: 50,
  filter_strength: 60,
  filter_sharpness: 0,
  filter_type: 1,
  partitions: 0,
  segments: 4,
  pass: 1,
  show_compressed: 0,
  preprocessing: 0,
  autofilter: 0,
  partition_limit: 0,
  alpha_compression: 1,
  alpha_filtering: 1,
  alpha_quality: 100,
  lossless: 0,
  exact: 0,
  image_hint: 0,
  emulate_jpeg_size: 0,
  thread_level: 0,
  low_memory: 0,
  near_lossless: 100,
  use_delta_palette: 0,
  use_sharp_yuv: 0,
};

function encodeRgba(
  { data, width, height }: RgbaPicture & { readonly data: Uint8Array },
  hasAlpha: boolean,
  { qualityPercent }: EncodeSettings,
  encoder: WebpEncoder,
): WebpPicture | Promise<WebpPicture> {
  const options = { ...CONFIG, quality: qualityPercent };
  const maxBytes = encoderMemoryBytes(width * height, hasAlpha, qualityPercent);
  const run = () =>
    encoder.run(maxBytes, (instance) => {
      const file = instance.encode(data, width, height, options);
      // The view lies in the encoder's memory; an empty one is a failure.
      if (file === null || file.length === 0) throw new Error('expected a file, got nothing');
      return Uint8Array.from(file);
    });
  return encoded('webp', run, readEncoded);
}

/** Takes frames one at a time, and keeps the one before as it was given. */
export function createWebpFrameWriter(
  animation: AnimationSettings,
  settings: EncodeSettings,
  encoder: WebpEncoder,
): FrameWriter {
  const frames: Uint8Array[] = [];
  let before: Uint8Array | undefined;
  let icc: Uint8Array | undefined;
  let hasAlpha = false;
  return {
    addFrame({ raster, durationMs }: Frame) {
      const { width } = raster;
      const data = interleave(raster);
      const changed = before === undefined ? whole(raster) : changedPart(before, data, width);
      before = data;
      icc ??= profileOf(raster);
      const part = cut(data, width, changed);
      const isTransparent = raster.alpha !== undefined && hasTransparency(part);
      hasAlpha ||= isTransparent;
      const rgba = { width: changed.width, height: changed.height, data: part };
      return settle(encodeRgba(rgba, isTransparent, settings, encoder), (picture) => {
        frames.push(printFrame({ ...changed, durationMs, picture }));
      });
    },
    finish: () => printAnimation({ ...animation, hasAlpha, icc, frames }),
  };
}

function whole({ width, height }: Raster): Rectangle {
  return { left: 0, top: 0, width, height };
}

/**
 * The smallest rectangle that holds all pixels that differ, its corner at even places as the format
 * demands; one pixel when none does, since each frame is to be kept.
 */
function changedPart(before: Uint8Array, after: Uint8Array, width: number): Rectangle {
  const then = new Uint32Array(before.buffer);
  const now = new Uint32Array(after.buffer);
  let [left, top, right, bottom] = [width, -1, -1, -1];
  for (let at = 0, y = 0; at < now.length; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (then[at] === now[at]) continue;
      if (top < 0) top = y;
      bottom = y;
      if (x < left) left = x;
      if (x > right) right = x;
    }
  }
  if (top < 0) return { left: 0, top: 0, width: 1, height: 1 };
  left &= ~1;
  top &= ~1;
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function cut(rgba: Uint8Array, width: number, part: Rectangle): Uint8Array {
  if (part.width === width && 4 * width * part.height === rgba.length) return rgba;
  const result = new Uint8Array(4 * part.width * part.height);
  for (let y = 0; y < part.height; y++) {
    const from = 4 * ((part.top + y) * width + part.left);
    result.set(rgba.subarray(from, from + 4 * part.width), 4 * y * part.width);
  }
  return result;
}

function hasTransparency(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return true;
  return false;
}
