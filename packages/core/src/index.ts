/**
 * The pixel engine's public door.
 * @module
 */

export type { Action, ActionName, Chain } from './action.ts';
export {
  autoOrient,
  type AutoOrientAction,
  type AutoOrientOptions,
} from './actions/auto-orient.ts';
export { averageHue, type AverageHueAction } from './actions/average-hue.ts';
export { blur, type BlurAction, type BlurOptions } from './actions/blur.ts';
export { bright, type BrightAction, type BrightOptions } from './actions/bright.ts';
export { circle, type CircleAction, type CircleOptions } from './actions/circle.ts';
export { contrast, type ContrastAction, type ContrastOptions } from './actions/contrast.ts';
export { crop, type CropAction, type CropOptions } from './actions/crop.ts';
export { flip, type FlipAction, type FlipOptions } from './actions/flip.ts';
export { format, type FormatAction, type FormatOptions } from './actions/format.ts';
export { indexCrop, type IndexCropAction, type IndexCropOptions } from './actions/indexcrop.ts';
export { info, type InfoAction, type InfoMembers, type InfoOptions } from './actions/info.ts';
export { interlace, type InterlaceAction, type InterlaceOptions } from './actions/interlace.ts';
export { quality, type QualityAction, type QualityOptions } from './actions/quality.ts';
export {
  resize,
  type ResizeAction,
  type ResizeMode,
  type ResizeOptions,
} from './actions/resize.ts';
export { rotate, type RotateAction, type RotateOptions } from './actions/rotate.ts';
export {
  roundedCorners,
  type RoundedCornersAction,
  type RoundedCornersOptions,
} from './actions/rounded-corners.ts';
export { sharpen, type SharpenAction, type SharpenOptions } from './actions/sharpen.ts';
export {
  type MarkAlignment,
  type MarkStep,
  type PictureMark,
  type TextMark,
  watermark,
  type WatermarkAction,
  type WatermarkOptions,
} from './actions/watermark.ts';
export type { RowLayout, RowSource, RowsShape } from './row-source.ts';
export { strideOf } from './row-stride.ts';
export { type Arena, arenaBytes, type ArenaOptions, createArena } from './arena.ts';
export {
  type AnimationHeader,
  type AnimationSettings,
  type Codec,
  type CodecContext,
  type DecodeRequest,
  type DecodeShape,
  type EncodePlan,
  type EncodeSettings,
  type Frame,
  type FrameWriter,
  type FrameWriterPlan,
  type ImageFormat,
  type ImageHeader,
  MEDIA_TYPES,
  type Sampling,
} from './codec.ts';
export type {
  Calibration,
  Chromaticity,
  Primaries,
  TransferFunction,
} from './color/calibration.ts';
export { BT2020_PRIMARIES, P3_PRIMARIES, SRGB_PRIMARIES } from './color/srgb.ts';
export {
  createEngine,
  type Engine,
  type EngineOptions,
  type RenderOptions,
  type TextSource,
} from './engine.ts';
export {
  assert,
  ImageError,
  type ImageErrorCode,
  type ImageErrorOptions,
  type ImageErrorReason,
  type ImageFault,
  isImageError,
} from './errors.ts';
export {
  type Axis,
  catmullRomTable,
  cubicPhases,
  gaussianWeights,
  type GaussianOptions,
  lanczosTable,
  triangleTable,
  WEIGHT_ONE,
} from './filter-table.ts';
export { GRAVITIES, type Gravity } from './gravity.ts';
export { listMarkKeys, type ReadMark } from './mark-files.ts';
export type { MemoryKernels } from './kernel-source.ts';
export type {
  AffineMap,
  ConvolveKernel,
  FilterTable,
  Kernels,
  MoveKernel,
} from './kernels/kernels.ts';
export { typescriptKernels } from './kernels/typescript-kernels.ts';
export {
  type Budget,
  createBudget,
  GENEROUS_LIMITS,
  LIMIT_PROFILES,
  type LimitProfile,
  type Limits,
  OSS_LIMITS,
} from './limits.ts';
export {
  BLACK,
  type Color,
  type ColorModel,
  type Density,
  type Metadata,
  type Orientation,
  type Plane,
  PLANES_OF,
  type Raster,
  type Rectangle,
  WHITE,
} from './raster.ts';
export { type AxisExtents, resampleAxis } from './resample-axis.ts';
export type { Rendered } from './pipeline.ts';
export type { Effect } from './operation.ts';
export type { MeasuredStep } from './measure.ts';
export type { HuePlan, InfoPlan, PicturePlan, Plan } from './plan.ts';
export { ACTIONS } from './actions/index.ts';
export type { TextCoverage, TextRasterizer, TextRequest } from './text/rasterizer.ts';
