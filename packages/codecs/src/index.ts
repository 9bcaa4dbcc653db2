/**
 * The door of @safelight/codecs: one factory a format.
 * @module
 */

export { type AvifOptions, createAvifCodec } from './avif/codec.ts';
export { createBmpCodec } from './bmp/codec.ts';
export { type Exif, readExif } from './exif/exif.ts';
export { createGifCodec } from './gif/codec.ts';
export { createHeicCodec, type HeicOptions } from './heic/codec.ts';
export { createJpegCodec } from './jpeg/codec.ts';
export {
  createPlanarPngCodec,
  type PlanarPngOptions,
  type PngEffort,
  type PngKernels,
  typescriptPngKernels,
} from './png-planar/codec.ts';
export { type Deflater, InflateError, type InflateFailure } from './deflate/deflater.ts';
export { nodeDeflater } from './deflate/node-deflater.ts';
export { createPortableDeflater } from './deflate/portable-deflater.ts';
export { webDeflater } from './deflate/web-deflater.ts';
export { SNIFF_BYTES, sniffFormat } from './sniff.ts';
export { createTiffCodec, type TiffOptions } from './tiff/codec.ts';
export { createFetchLoader, WASM_FILES, type WasmLoader, type WasmPart } from './wasm/loader.ts';
export { nodeWasmLoader } from './wasm/node-loader.ts';
export { createWebpCodec, type WebpOptions } from './webp/codec.ts';
