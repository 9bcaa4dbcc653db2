/**
 * The door of @safelight/codecs: one factory a format.
 * @module
 */

export { type Exif, readExif } from './exif/exif.ts';
export { createJpegCodec } from './jpeg/codec.ts';
export { createPngCodec } from './png/codec.ts';
export { createPlanarPngCodec, type PlanarPngOptions } from './png-planar/codec.ts';
export { type Deflater, InflateError, type InflateFailure } from './png-planar/deflater.ts';
export type { PngEffort } from './png-planar/encode.ts';
export { type PngKernels, typescriptPngKernels } from './png-planar/kernels.ts';
export { nodeDeflater } from './png-planar/node-deflater.ts';
export { webDeflater } from './png-planar/web-deflater.ts';
export { SNIFF_BYTES, sniffFormat } from './sniff.ts';
export { createUnreadCodecs } from './unread.ts';
