/**
 * A whole HEIF file as libheif has it: its own reading of the container, its own grids, alpha and
 * turns. An oracle for ours, which only lets it see single tiles.
 * @module
 */

import { createRequire } from 'node:module';

export interface RgbaPixels {
  readonly width: number;
  readonly height: number;
  /** Straight alpha, without padding. */
  readonly rgba: Uint8Array;
}

/** Handles are opaque. */
interface Libheif {
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown };
  heif_context_alloc(): unknown;
  heif_context_free(context: unknown): void;
  heif_context_read_from_memory(context: unknown, file: Uint8Array): unknown;
  heif_js_context_get_primary_image_handle(context: unknown): unknown;
  heif_image_handle_release(handle: unknown): void;
  heif_js_decode_image2(
    handle: unknown,
    space: unknown,
    chroma: unknown,
  ): { readonly image?: unknown; readonly channels?: readonly DecodedChannel[] };
  heif_image_release(image: unknown): void;
}

interface DecodedChannel {
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly data: Uint8Array;
}

/** The package is CommonJS and has no types. */
const require = createRequire(import.meta.url);

/** The primary picture. Throws when libheif does not decode it. */
export function decodeByLibheif(file: Uint8Array): RgbaPixels {
  const heif = require('libheif-js/wasm-bundle') as Libheif;
  const context = heif.heif_context_alloc();
  heif.heif_context_read_from_memory(context, file);
  const handle = heif.heif_js_context_get_primary_image_handle(context);
  const { image, channels } = heif.heif_js_decode_image2(
    handle,
    heif.heif_colorspace.heif_colorspace_RGB,
    heif.heif_chroma.heif_chroma_interleaved_RGBA,
  );
  const channel = channels?.[0];
  if (channel === undefined) throw new Error('libheif: expected a picture, got none');
  const { width, height, stride, data } = channel;
  const rgba = new Uint8Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    rgba.set(data.subarray(y * stride, y * stride + 4 * width), 4 * y * width);
  }
  heif.heif_image_release(image);
  heif.heif_image_handle_release(handle);
  heif.heif_context_free(context);
  return { width, height, rgba };
}
