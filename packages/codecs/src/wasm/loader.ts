/**
 * Where the WebAssembly of third-party codecs comes from: runtimes differ in nothing else. Nothing in
 * this folder but `node-loader.ts` knows where it runs.
 * @module
 */

/** One compiled module of a codec. */
export type WasmPart =
  | 'webp-decoder'
  | 'webp-encoder'
  | 'webp-encoder-simd'
  | 'avif-decoder'
  | 'avif-encoder'
  | 'heic-decoder';

/** Asked once a part, when the first picture needs it. May reject: the format is refused then. */
export type WasmLoader = (part: WasmPart) => Promise<WebAssembly.Module>;

/** The file of each part, in the package that has it: what a bundler is told to give URLs of. */
export const WASM_FILES: Readonly<Record<WasmPart, string>> = {
  'webp-decoder': '@jsquash/webp/codec/dec/webp_dec.wasm',
  'webp-encoder': '@jsquash/webp/codec/enc/webp_enc.wasm',
  'webp-encoder-simd': '@jsquash/webp/codec/enc/webp_enc_simd.wasm',
  'avif-decoder': '@jsquash/avif/codec/dec/avif_dec.wasm',
  'avif-encoder': '@jsquash/avif/codec/enc/avif_enc.wasm',
  'heic-decoder': 'libheif-js/libheif-wasm/libheif.wasm',
};

/** Fetches parts, for browsers and Workers; a part without a URL is absent. */
export function createFetchLoader(
  urls: Readonly<Partial<Record<WasmPart, string | URL>>>,
): WasmLoader {
  return async (part) => {
    const url = urls[part];
    if (url === undefined) throw new Error(`${part}: expected a URL of ${WASM_FILES[part]}`);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${part}: expected ${url}, got status ${response.status}`);
    return WebAssembly.compile(await response.arrayBuffer());
  };
}
