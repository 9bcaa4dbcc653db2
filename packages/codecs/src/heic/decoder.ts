/**
 * One coded picture through libheif, an optional package. It gets a file put together anew and never
 * sees grids, alpha or turns. The trap: what it hands out must be given back, also when it fails.
 * @module
 */

import type { HeifTile } from '../isobmff/picture.ts';
import { printStillFile } from '../isobmff/still.ts';
import { createGuest, type Glue, type Guest } from '../wasm/guest.ts';
import type { RgbaPicture } from '../wasm/interleaved.ts';
import type { WasmLoader } from '../wasm/loader.ts';
import { decoded } from '../wasm/refused.ts';
import { decoderMemoryBytes, readHeicConfig } from './config.ts';

/** What the module of libheif offers; handles are opaque, and a failure is an object with a code. */
interface HeicDecoderInstance {
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  readonly heif_error_code: { readonly heif_error_Ok: unknown };
  heif_context_alloc(): unknown;
  heif_context_free(context: unknown): void;
  heif_context_read_from_memory(context: unknown, file: Uint8Array): { readonly code: unknown };
  heif_js_context_get_primary_image_handle(context: unknown): unknown;
  heif_image_handle_release(handle: unknown): void;
  heif_js_decode_image2(handle: unknown, space: unknown, chroma: unknown): DecodedImage;
  heif_image_release(image: unknown): void;
}

interface DecodedImage {
  readonly image?: unknown;
  readonly channels?: readonly (RgbaPicture & { readonly stride: number })[];
}

export type HeicDecoder = Guest<HeicDecoderInstance>;

export function createHeicDecoder(load: WasmLoader): HeicDecoder {
  return createGuest(async () => {
    const [module, { default: glue }] = await Promise.all([
      load('heic-decoder'),
      import('libheif-js/libheif-wasm/libheif.js'),
    ]);
    return { module, glue: glue as unknown as Glue };
  });
}

/** Decodes a tile and goes on with its samples: at once when the decoder has been loaded. */
export function decodeHeicTile<Result>(
  decoder: HeicDecoder,
  tile: HeifTile,
  next: (rgba: RgbaPicture) => Result,
): Result | Promise<Result> {
  const { bitDepth, isGray } = readHeicConfig(tile);
  const file = printStillFile(tile, {
    brands: ['heic', 'mif1'],
    config: 'hvcC',
    depths: isGray ? [bitDepth] : [bitDepth, bitDepth, bitDepth],
  });
  const run = () =>
    decoder.run(decoderMemoryBytes(tile), (instance) => decodeFile(instance, file, tile));
  return decoded('heic', run, next);
}

function decodeFile(instance: HeicDecoderInstance, file: Uint8Array, tile: HeifTile): RgbaPicture {
  const context = instance.heif_context_alloc();
  const { code } = instance.heif_context_read_from_memory(context, file);
  if (code !== instance.heif_error_code.heif_error_Ok) throw new Error('cannot read the file');
  const handle = instance.heif_js_context_get_primary_image_handle(context);
  const { image, channels } = instance.heif_js_decode_image2(
    handle,
    instance.heif_colorspace.heif_colorspace_RGB,
    instance.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  const [rgba] = channels ?? [];
  if (rgba?.width !== tile.width || rgba.height !== tile.height) {
    // The instance is dropped with what it holds.
    throw new Error(`expected ${tile.width}x${tile.height}, got ${rgba?.width}`);
  }
  const samples = withoutPadding(rgba);
  instance.heif_image_release(image);
  instance.heif_image_handle_release(handle);
  instance.heif_context_free(context);
  return samples;
}

/** A copy: the samples lie in the decoder's memory. */
function withoutPadding({
  data,
  width,
  height,
  stride,
}: RgbaPicture & { readonly stride: number }): RgbaPicture {
  const copy = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    copy.set(data.subarray(y * stride, y * stride + 4 * width), 4 * y * width);
  }
  return { data: copy, width, height };
}
