/**
 * WebAssembly of third-party codecs where a bundler put it. Each URL is written out in the one form
 * that bundlers know for an asset, so no table can take their place. HEIC is not here: naming a file
 * of an optional package would fail the build where it is not installed.
 * @module
 */

import { createFetchLoader, type WasmLoader } from './loader.ts';

/** Fetches parts of WebP and AVIF, each when it is first needed. */
export const bundledWasmLoader: WasmLoader = createFetchLoader({
  'webp-decoder': new URL('@jsquash/webp/codec/dec/webp_dec.wasm', import.meta.url),
  'webp-encoder': new URL('@jsquash/webp/codec/enc/webp_enc.wasm', import.meta.url),
  'webp-encoder-simd': new URL('@jsquash/webp/codec/enc/webp_enc_simd.wasm', import.meta.url),
  'avif-decoder': new URL('@jsquash/avif/codec/dec/avif_dec.wasm', import.meta.url),
  'avif-encoder': new URL('@jsquash/avif/codec/enc/avif_enc.wasm', import.meta.url),
});
