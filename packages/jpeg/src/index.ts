/**
 * The door of @safelight/jpeg.
 * @module
 */
export { decodeJpeg } from './decode/decode-jpeg.ts';
export type { DecodedJpeg, DecodeJpegOptions, JpegPlane } from './decode/decode-jpeg.ts';
export { createJpegDecoder } from './decode/decoder.ts';
export type {
  JpegBandReader,
  JpegDecodeOptions,
  JpegDecoder,
  JpegDecodeTarget,
  JpegPlaneTarget,
} from './decode/decoder.ts';
export { convertToInk } from './decode/ink.ts';
export type { InkPlane } from './decode/ink.ts';
export { jpegColorModel, readJpegLayout } from './decode/layout.ts';
export type { JpegColorModel, JpegLayout, JpegLayoutComponent } from './decode/layout.ts';
export {
  REGION_END as JPEG_REGION_END,
  REGION_START as JPEG_REGION_START,
} from './decode/memory-map.ts';
export { planJpegBands, planJpegDecode } from './decode/plan.ts';
export type {
  BlockRectangle,
  JpegBandPlan,
  JpegDecodePlan,
  JpegDecodeRequest,
  JpegPlanePlan,
} from './decode/plan.ts';
export { fullGridOf, isFullGrid, upsampleJpegPlane, widenRegion } from './decode/upsample.ts';
export type { JpegGrid } from './decode/upsample.ts';
export { createJpegEncoder, jpegScratchBytes } from './encode/encoder.ts';
export type { JpegEncodeInPlaceOptions, JpegEncoder } from './encode/encoder.ts';
export {
  REGION_END as JPEG_ENCODER_REGION_END,
  REGION_START as JPEG_ENCODER_REGION_START,
} from './encode/memory-map.ts';
export { encodeJpeg } from './encode-jpeg.ts';
export { readJpegMetadata } from './metadata.ts';
export type { JpegDensity, JpegMetadata } from './metadata.ts';
export type { JpegComponent, JpegEncodeOptions } from './options.ts';
export { estimateQuality, quantizationTables } from './quantization.ts';
export type { QuantizationTables } from './quantization.ts';
