/**
 * The plain TypeScript kernel set: the specification of every pixel loop. Twin sets are compared
 * with it byte for byte, so a change here is a change of every output.
 * @module
 */

import { multiply, premultiply, premultiplyPixels, unpremultiply } from './alpha.ts';
import { blendPlane, blendValue, overAlpha, overPlane, overValue } from './blend.ts';
import { blurColumns, blurRows } from './blur.ts';
import { inkToLight, rgbToYcbcr, ycbcrToRgb } from './color.ts';
import { halveBoth, halveColumns, halveRows } from './halve.ts';
import { deinterleave, interleave } from './interleave.ts';
import type { Kernels } from './kernels.ts';
import { mapSamples } from './levels.ts';
import { resizeColumns, resizePixelRows, resizeRows } from './resample.ts';
import { sharpen } from './sharpen.ts';
import {
  copy,
  fill,
  flipHorizontal,
  flipVertical,
  rotate180,
  rotate270,
  rotate90,
  transpose,
  transverse,
} from './turns.ts';
import { warp, warpCoverage } from './warp.ts';

export const typescriptKernels: Kernels = {
  name: 'typescript',
  resizeRows,
  resizePixelRows,
  resizeColumns,
  copy,
  rotate90,
  rotate180,
  rotate270,
  flipHorizontal,
  flipVertical,
  transpose,
  transverse,
  fill,
  mapSamples,
  blurRows,
  blurColumns,
  sharpen,
  premultiply,
  premultiplyPixels,
  unpremultiply,
  blendValue,
  blendPlane,
  overValue,
  overPlane,
  overAlpha,
  multiply,
  rgbToYcbcr,
  ycbcrToRgb,
  inkToLight,
  deinterleave,
  interleave,
  halveColumns,
  halveRows,
  halveBoth,
  warp,
  warpCoverage,
};
