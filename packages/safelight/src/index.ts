/**
 * What users of the library import: `createSafelight` and the actions.
 * @module
 */

export {
  type Action,
  autoOrient,
  blur,
  type Chain,
  crop,
  flip,
  format,
  GENEROUS_LIMITS,
  ImageError,
  type ImageFormat,
  type ImageHeader,
  info,
  interlace,
  isImageError,
  type LimitProfile,
  type Limits,
  OSS_LIMITS,
  type Plan,
  quality,
  type Rendered,
  type RenderOptions,
  resize,
  rotate,
  sharpen,
  watermark,
} from '@safelight/core';
export { createSafelight, type Safelight, type SafelightOptions } from './safelight.ts';
