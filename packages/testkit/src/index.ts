/**
 * What tests share: requirements, random numbers, generated pictures, slow references, suites.
 * @module
 */

export {
  CONTACT_HEIGHT,
  CONTACT_MARK_KEY,
  CONTACT_SECTIONS,
  CONTACT_WIDTH,
  type ContactSection,
} from './contact-chains.ts';
export { deltaE, type Lab, meanDeltaE } from './delta-e.ts';
export { naiveKernels } from './naive/kernels.ts';
export { lanczosReference } from './naive/lanczos.ts';
export { checkerboard, flat, paint, photoLike, type Picture } from './pictures.ts';
export {
  type DeviceFunction,
  gammaTag,
  makeGrayProfile,
  makeMatrixProfile,
  makeProfile,
  parametricTag,
  type ProfileParts,
  sampledTag,
  type SpaceName,
  SRGB_CURVE,
  stagesTag,
  tableTag,
  xyzTag,
} from './profiles.ts';
export { psnr } from './psnr.ts';
export { randomFrom } from './random.ts';
export { corpusFolder, debianFolder, programPath } from './requirements.ts';
export {
  Bench,
  type KernelComparison,
  kernelMismatch,
  type KernelShape,
  type KernelTrial,
  type TestPlane,
} from './suites/kernel-bench.ts';
export { KERNEL_SHAPES, kernelTrials } from './suites/kernels.ts';
export {
  createRawCodec,
  decodeRaw,
  encodeRaw,
  type RawCodecOptions,
  type RawExtras,
  type RawRaster,
} from './raw-codec.ts';
export { grayRaster, planeSamples, rgbRaster, ycbcrRaster } from './rasters.ts';
export { decodeByLibheif, type RgbaPixels } from './libheif.ts';
