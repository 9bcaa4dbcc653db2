/**
 * What both doors of the package offer: the actions, the types and what is the same in every runtime.
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
export { createFetchLoader, type WasmLoader, type WasmPart } from '@safelight/codecs/wasm-loader';
export { detectKernelSet, type KernelSet } from './parts.ts';
export type { Safelight, SafelightOptions } from './safelight.ts';
