/**
 * The door of @safelight/codecs: one factory a format.
 * @module
 */

export { type Exif, readExif } from './exif/exif.ts';
export { createJpegCodec } from './jpeg/codec.ts';
export { createPngCodec } from './png/codec.ts';
export { SNIFF_BYTES, sniffFormat } from './sniff.ts';
