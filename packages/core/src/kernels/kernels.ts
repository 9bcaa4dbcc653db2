/**
 * The names and contracts of all pixel loops. The plain TypeScript set in this folder is the
 * specification; a twin set gives the same bytes. Kernels never allocate, throw or test options.
 * @module
 *
 * Trusted by every kernel, proved by the actions that call it: every view holds
 * `stride * (height - 1) + width` bytes; source and target do not overlap unless stated;
 * widths and heights are at least 1.
 */

/**
 * Weights of one resampled axis, 14-bit fixed point: each target sample's sum is exactly 2^14, and
 * the sum of their absolute values at most 2^16, so that int32 sums never wrap.
 */
export interface FilterTable {
  readonly targetSize: number;
  /** Weights a target sample has. */
  readonly taps: number;
  /** First source sample of each target sample; `starts[i] + taps` stays within the source. */
  readonly starts: Int32Array;
  /** `taps` weights for each target sample, one after the other. */
  readonly weights: Int16Array;
}

/** Moves samples of a `width` x `height` source. */
export type MoveKernel = (
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
) => void;

/**
 * Convolves a `width` x `height` plane along one axis with `2 r + 1` weights that sum to 2^14;
 * edges repeat, sums round to 8 bits.
 */
export type ConvolveKernel = (
  source: Uint8Array,
  sourceStride: number,
  target: Uint8Array,
  targetStride: number,
  width: number,
  height: number,
  weights: Int16Array,
) => void;

export interface Kernels {
  /** `typescript` or the name of the twin set. */
  readonly name: string;

  /** Horizontal pass: `rows` rows become `table.targetSize` samples wide; rounds to 8 bits. */
  resizeRows(
    source: Uint8Array,
    sourceStride: number,
    target: Uint8Array,
    targetStride: number,
    rows: number,
    table: FilterTable,
  ): void;
  /** As `resizeRows` for pixels of four bytes: strides in bytes, `table` counts pixels. */
  resizePixelRows(
    source: Uint8Array,
    sourceStride: number,
    target: Uint8Array,
    targetStride: number,
    rows: number,
    table: FilterTable,
  ): void;
  /** Vertical pass: `width` columns become `table.targetSize` samples high; rounds to 8 bits. */
  resizeColumns(
    source: Uint8Array,
    sourceStride: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    table: FilterTable,
  ): void;

  copy: MoveKernel;
  /** A quarter clockwise: (x, y) lands at (height - 1 - y, x). Target is `height` wide. */
  rotate90: MoveKernel;
  rotate180: MoveKernel;
  /** A quarter anticlockwise: (x, y) lands at (y, width - 1 - x). */
  rotate270: MoveKernel;
  /** Left and right change places. */
  flipHorizontal: MoveKernel;
  /** Top and bottom change places. */
  flipVertical: MoveKernel;
  /** (x, y) lands at (y, x): orientation 5. */
  transpose: MoveKernel;
  /** (x, y) lands at (height - 1 - y, width - 1 - x): orientation 7. */
  transverse: MoveKernel;
  /** Sets every sample to `value`. */
  fill(target: Uint8Array, stride: number, width: number, height: number, value: number): void;

  /** In place: target = table[target]. `table` has 256 levels and lies anywhere. */
  mapSamples(
    target: Uint8Array,
    stride: number,
    width: number,
    height: number,
    table: Uint8Array,
  ): void;

  blurRows: ConvolveKernel;
  blurColumns: ConvolveKernel;
  /**
   * target = clamp(source + floor((source - blurred) * amount / 256 + 1/2)); may run in place on
   * either.
   */
  sharpen(
    source: Uint8Array,
    sourceStride: number,
    blurred: Uint8Array,
    blurredStride: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
    amount: number,
  ): void;

  /** target = round(source * alpha / 255); may run in place. */
  premultiply(
    source: Uint8Array,
    sourceStride: number,
    alpha: Uint8Array,
    alphaStride: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
  ): void;
  /**
   * As `premultiply` for pixels of four bytes, alpha last: that stays. Strides in bytes, width in
   * pixels; may run in place.
   */
  premultiplyPixels: MoveKernel;
  /** target = min(255, round(source * 255 / alpha)), 0 where alpha is 0; may run in place. */
  unpremultiply(
    source: Uint8Array,
    sourceStride: number,
    alpha: Uint8Array,
    alphaStride: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
  ): void;

  /** In place: target += round((value - target) * coverage / 255). Opaque target, one colour. */
  blendValue(
    target: Uint8Array,
    targetStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
    value: number,
  ): void;
  /** In place: target += round((source - target) * coverage / 255). Opaque target, a picture. */
  blendPlane(
    target: Uint8Array,
    targetStride: number,
    source: Uint8Array,
    sourceStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
  ): void;
  /**
   * Source-over onto straight alpha, for one colour plane, in place: with c = coverage and a =
   * alpha, target = round((value * c * 255 + target * a * (255 - c)) / (c * 255 + a * (255 - c))),
   * 0 where both are 0. Halves round up. `alpha` is the alpha before; `overAlpha` makes the one
   * after. (Dividing by the rounded alpha after it instead would push a colour over itself up to
   * one level away, and past 255.)
   */
  overValue(
    target: Uint8Array,
    targetStride: number,
    alpha: Uint8Array,
    alphaStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
    value: number,
  ): void;
  /** As `overValue`, with a picture instead of one colour. */
  overPlane(
    target: Uint8Array,
    targetStride: number,
    alpha: Uint8Array,
    alphaStride: number,
    source: Uint8Array,
    sourceStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
  ): void;
  /** In place: alpha = coverage + alpha - round(coverage * alpha / 255). */
  overAlpha(
    alpha: Uint8Array,
    alphaStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
  ): void;
  /** In place: target = round(target * coverage / 255); masks an alpha plane. */
  multiply(
    target: Uint8Array,
    targetStride: number,
    coverage: Uint8Array,
    coverageStride: number,
    width: number,
    height: number,
  ): void;

  /** Full-range BT.601 as in JFIF, fixed point; in place: red becomes Y, green Cb, blue Cr. */
  rgbToYcbcr(
    red: Uint8Array,
    redStride: number,
    green: Uint8Array,
    greenStride: number,
    blue: Uint8Array,
    blueStride: number,
    width: number,
    height: number,
  ): void;
  /** The inverse, in place: Y becomes red, Cb green, Cr blue. */
  ycbcrToRgb(
    luma: Uint8Array,
    lumaStride: number,
    blueDifference: Uint8Array,
    blueDifferenceStride: number,
    redDifference: Uint8Array,
    redDifferenceStride: number,
    width: number,
    height: number,
  ): void;
  /**
   * target = round((255 - ink) * (255 - black) / 255): one RGB plane of naive CMYK; may run in
   * place.
   */
  inkToLight(
    ink: Uint8Array,
    inkStride: number,
    black: Uint8Array,
    blackStride: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
  ): void;

  /** Plane `channel` of pixels with `channels` interleaved samples; `sourceStride` in bytes. */
  deinterleave(
    source: Uint8Array,
    sourceStride: number,
    channels: number,
    channel: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
  ): void;
  interleave(
    source: Uint8Array,
    sourceStride: number,
    target: Uint8Array,
    targetStride: number,
    channels: number,
    channel: number,
    width: number,
    height: number,
  ): void;

  /**
   * Means of 2 x 1 samples, odd edge repeated: (a + b + (x & 1)) >> 1; target is ceil(width / 2)
   * wide.
   */
  halveColumns: MoveKernel;
  /**
   * Means of 1 x 2 samples, odd edge repeated: (a + b + 1) >> 1; target is ceil(height / 2) high.
   */
  halveRows: MoveKernel;
  /**
   * Means of 2 x 2 samples, odd edges repeated, rounded once: (a + b + c + d + 1 + (x & 1)) >> 2,
   * as libjpeg makes the chroma of 4:2:0. Target is ceil(width / 2) by ceil(height / 2).
   */
  halveBoth: MoveKernel;

  /**
   * Bicubic (a = -0.5) resampling under an affine map, 16.16 fixed point: target (x, y), counted in
   * samples, reads source position (x0 + x * xx + y * xy, y0 + x * yx + y * yy), where 0 is the
   * centre of the first sample, rounded to 1/256 sample. Edges repeat. `phases` holds 256 x 4
   * weights that sum to 2^14; rows are kept to 6 fractional bits (`(sum + 128) >> 8`) before the
   * columns. Positions may lie up to 2^19 samples away from 0 and are beyond an int32.
   */
  warp(
    source: Uint8Array,
    sourceStride: number,
    sourceWidth: number,
    sourceHeight: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
    map: AffineMap,
    phases: Int16Array,
  ): void;
  /**
   * How much of each target sample the warped source rectangle covers, 0 to 255: the product of the
   * signed distances to its four edges in source samples, each clamped to [0, 1] after adding one
   * half; positions are rounded to 1/2048 sample. For maps that turn without scaling.
   */
  warpCoverage(
    sourceWidth: number,
    sourceHeight: number,
    target: Uint8Array,
    targetStride: number,
    width: number,
    height: number,
    map: AffineMap,
  ): void;
}

/** 16.16 fixed point; see `Kernels.warp`. */
export interface AffineMap {
  readonly x0: number;
  readonly y0: number;
  readonly xx: number;
  readonly xy: number;
  readonly yx: number;
  readonly yy: number;
}
