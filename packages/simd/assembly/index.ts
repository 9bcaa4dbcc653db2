/**
 * The module's exports: core's kernel names, and the loops of PNG. Pointers are byte offsets into the imported memory; what
 * core's kernels trust is trusted here, and a wrong size corrupts a neighbour instead of being ignored.
 * @module
 */

export { inkToLight, multiply, premultiply, premultiplyPixels, unpremultiply } from './alpha';
export { blendPlane, blendValue, overAlpha, overPlane, overValue } from './blend';
export { blurColumns, blurRows } from './blur';
export { rgbToYcbcr, ycbcrToRgb } from './color';
export { adler32, countRuns, writeRuns } from './deflate-runs';
export { halveBoth, halveColumns, halveRows } from './halve';
export { deinterleave, interleave } from './interleave';
export { filterRow, sumResiduals } from './png-filter';
export { unfilterRows } from './png-unfilter';
export { resizeColumns, resizePixelRows, resizeRows } from './resample';
export { sharpen } from './sharpen';
export {
  copy,
  flipHorizontal,
  flipVertical,
  rotate180,
  rotate270,
  rotate90,
  transpose,
  transverse,
} from './turns';
