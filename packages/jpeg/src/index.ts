/**
 * The door of @safelight/jpeg.
 * @module
 */
export { encodeJpeg } from './encode-jpeg.ts';
export type { JpegComponent, JpegEncodeOptions } from './options.ts';
export { estimateQuality, quantizationTables } from './quantization.ts';
export type { QuantizationTables } from './quantization.ts';
