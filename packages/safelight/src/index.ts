/**
 * What users of the library import: `createSafelight` and the actions.
 * @module
 */

export {
  type Action,
  autoOrient,
  averageHue,
  blur,
  bright,
  type Chain,
  circle,
  type Codec,
  type CodecContext,
  contrast,
  crop,
  flip,
  format,
  GENEROUS_LIMITS,
  ImageError,
  type ImageFormat,
  type ImageHeader,
  indexCrop,
  info,
  interlace,
  isImageError,
  type LimitProfile,
  type Limits,
  OSS_LIMITS,
  type Plan,
  type Plane,
  quality,
  type Raster,
  type Rendered,
  type ReadMark,
  type RenderOptions,
  resize,
  rotate,
  roundedCorners,
  sharpen,
  watermark,
} from '@safelight/core';
export { detectKernelSet, type KernelSet } from './parts.ts';
export { createSafelight, type Safelight, type SafelightOptions } from './safelight.ts';
