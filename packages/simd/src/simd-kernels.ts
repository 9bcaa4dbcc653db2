/**
 * Core's kernels over one WebAssembly memory: the same names, the same bytes. A view of any other
 * buffer is no error: the plain TypeScript kernel takes that call.
 * @module
 *
 * A twin trusts its caller more than the original does: where a plane is smaller than promised, the
 * original drops samples and the twin overwrites a neighbour.
 */

import { type Kernels, typescriptKernels as portable } from '@safelight/core';

import { instantiateSimd, type Twin } from './simd-module.ts';
import {
  blurColumnsOver,
  blurRowsOver,
  resizeColumnsOver,
  resizePixelRowsOver,
  resizeRowsOver,
} from './table-kernels.ts';
import { overMemory, type PlaneKernel, type Values } from './view-pointers.ts';

/** From here on the differences of `sharpen` would leave 16 bits; the action's greatest is 1021. */
const SHARPEN_LIMIT = 1 << 15;
/** More channels than this, and pixels no longer fit the loops of `interleave.ts`. */
const MAX_CHANNELS = 4;

/**
 * The kernels for planes in `memory`, which must have at least `SIMD_REGION_END` bytes. They write in the
 * region from `SIMD_REGION_BEGIN` to there, so no plane may lie in it. Views from before a growth of the
 * memory are empty, as everywhere.
 *
 * @throws WebAssembly.LinkError when the memory is too small
 */
export function createSimdKernels(memory: WebAssembly.Memory): Kernels {
  const twins = instantiateSimd(memory);
  const over = <V extends Values>(twin: Twin, original: PlaneKernel<V>): PlaneKernel<V> =>
    overMemory(memory, twin, original);
  const sharpen = over(twins.sharpen, portable.sharpen);
  const deinterleave = over(twins.deinterleave, portable.deinterleave);
  const interleave = over(twins.interleave, portable.interleave);
  return {
    name: 'simd',
    resizeRows: resizeRowsOver(memory, twins.resizeRows),
    resizePixelRows: resizePixelRowsOver(memory, twins.resizePixelRows),
    resizeColumns: resizeColumnsOver(memory, twins.resizeColumns),
    copy: over(twins.copy, portable.copy),
    rotate90: over(twins.rotate90, portable.rotate90),
    rotate180: over(twins.rotate180, portable.rotate180),
    rotate270: over(twins.rotate270, portable.rotate270),
    flipHorizontal: over(twins.flipHorizontal, portable.flipHorizontal),
    flipVertical: over(twins.flipVertical, portable.flipVertical),
    transpose: over(twins.transpose, portable.transpose),
    transverse: over(twins.transverse, portable.transverse),
    fill: portable.fill,
    // A table of 256 bytes fits in no lane; 16 shuffles a block would be slower than the cache.
    mapSamples: portable.mapSamples,
    blurRows: blurRowsOver(memory, twins.blurRows),
    blurColumns: blurColumnsOver(memory, twins.blurColumns),
    sharpen: (...values) =>
      values[8] < SHARPEN_LIMIT ? sharpen(...values) : portable.sharpen(...values),
    premultiply: over(twins.premultiply, portable.premultiply),
    premultiplyPixels: over(twins.premultiplyPixels, portable.premultiplyPixels),
    unpremultiply: over(twins.unpremultiply, portable.unpremultiply),
    blendValue: over(twins.blendValue, portable.blendValue),
    blendPlane: over(twins.blendPlane, portable.blendPlane),
    overValue: over(twins.overValue, portable.overValue),
    overPlane: over(twins.overPlane, portable.overPlane),
    overAlpha: over(twins.overAlpha, portable.overAlpha),
    multiply: over(twins.multiply, portable.multiply),
    rgbToYcbcr: over(twins.rgbToYcbcr, portable.rgbToYcbcr),
    ycbcrToRgb: over(twins.ycbcrToRgb, portable.ycbcrToRgb),
    inkToLight: over(twins.inkToLight, portable.inkToLight),
    deinterleave: (...values) =>
      hasTwin(values[2]) ? deinterleave(...values) : portable.deinterleave(...values),
    interleave: (...values) =>
      hasTwin(values[4]) ? interleave(...values) : portable.interleave(...values),
    halveColumns: over(twins.halveColumns, portable.halveColumns),
    halveRows: over(twins.halveRows, portable.halveRows),
    halveBoth: over(twins.halveBoth, portable.halveBoth),
    // A twin of `warp` (4 x 4 samples by two `dot`s) took as long as the original, about 30 ns a sample
    // beside it on Node 20: the loads of scattered samples remain, and no lane shares them.
    warp: portable.warp,
    warpCoverage: portable.warpCoverage,
  };
}

function hasTwin(channels: number): boolean {
  return channels >= 2 && channels <= MAX_CHANNELS;
}
