/**
 * Integer weights for the kernels: tables for the two resampling passes, phases for warping,
 * windows for blurring. Every row sums to exactly 2^14, or flat planes would not stay flat.
 * @module
 */

import { assert } from './errors.ts';
import type { FilterTable } from './kernels/kernels.ts';

/** One resampled axis, in samples; `resampleAxis` makes it from the extents of two planes. */
export interface Axis {
  /** Samples the source has, at least 1. */
  readonly sourceSize: number;
  /** Samples the target gets, at least 1. */
  readonly targetSize: number;
  /**
   * Target sample j, whose centre is j + 0.5, reads the source at `offset + (j + 0.5) * scale`,
   * where source sample i has its centre at i + 0.5. Both may be fractional.
   */
  readonly offset: number;
  /** Source samples for one target sample, above 0; above 1 reduces. */
  readonly scale: number;
}

/** The sum of a row of weights. */
export const WEIGHT_ONE: number = 1 << 14;
/** What kernels prove their int32 sums from. */
const MAX_ABSOLUTE_SUM = 1 << 16;

/**
 * Lanczos3: sinc(t) * sinc(t / 3) within 3 samples of the coarser grid. Samples beyond the source's
 * ends do not count: the remaining weights are scaled up.
 */
export function lanczosTable(axis: Axis): FilterTable {
  return filterTable(axis, 3, fillLanczos3);
}

/** The source samples that a Lanczos3 table reads: from `first` up to, and without, `end`. */
export function lanczosSpan(axis: Axis): { readonly first: number; readonly end: number } {
  const { reach, taps } = filterWindow(axis, 3);
  return {
    first: windowStart(axis, 0, reach, taps),
    end: windowStart(axis, axis.targetSize - 1, reach, taps) + taps,
  };
}

/** How many source samples each row of a Lanczos3 table reads. */
export function lanczosTaps(axis: Axis): number {
  return filterWindow(axis, 3).taps;
}

/**
 * A triangle, 1 - |t| within 1 sample of the coarser grid: bilinear when enlarging. At a scale of
 * 0.5 it gives the 3/4 and 1/4 of libjpeg's "fancy" chroma upsampling.
 */
export function triangleTable(axis: Axis): FilterTable {
  return filterTable(axis, 1, fillBy(triangle));
}

/** Keys' cubic with a = -0.5 (Catmull-Rom) within 2 samples of the coarser grid. */
export function catmullRomTable(axis: Axis): FilterTable {
  return filterTable(axis, 2, fillBy(catmullRom));
}

/**
 * The `phases` of `Kernels.warp`: row p holds the Catmull-Rom weights of the samples at -1, 0, 1
 * and 2 for a position of p / 256.
 */
export function cubicPhases(): Int16Array {
  const phases = new Int16Array(256 * 4);
  const row = new Float64Array(4);
  for (let phase = 0; phase < 256; phase++) {
    for (let i = 0; i < 4; i++) row[i] = catmullRom(phase / 256 - (i - 1));
    toFixedPoint(row, phases, phase * 4);
  }
  return phases;
}

export interface GaussianOptions {
  /** Samples on either side that take part; 0 or more, whole. */
  readonly radius: number;
  /**
   * Above 0, in samples. Weights are exp(-d^2 / sigma^2): without the textbook's factor 2, as OSS
   * blurs.
   */
  readonly sigma: number;
}

/** The `2 * radius + 1` weights of a blur. */
export function gaussianWeights(options: GaussianOptions): Int16Array {
  const { radius, sigma } = options;
  assert(Number.isInteger(radius) && radius >= 0, `radius: expected a whole number, got ${radius}`);
  assert(sigma > 0, `sigma: expected a number above 0, got ${sigma}`);
  const row = new Float64Array(2 * radius + 1);
  for (let i = 0; i < row.length; i++) row[i] = Math.exp(-(((i - radius) / sigma) ** 2));
  const weights = new Int16Array(row.length);
  toFixedPoint(row, weights, 0);
  return weights;
}

/** Fills a row with a filter's values at `first`, `first + step` and so on. */
type FillRow = (row: Float64Array, first: number, step: number) => void;

function filterTable(axis: Axis, support: number, fillRow: FillRow): FilterTable {
  const { sourceSize, targetSize, offset, scale } = axis;
  assert(
    sourceSize >= 1 && targetSize >= 1 && scale > 0 && Number.isFinite(scale + offset),
    `axis: expected sizes from 1, a scale above 0, got ${[sourceSize, targetSize, scale, offset]}`,
  );
  const { stretch, reach, taps } = filterWindow(axis, support);
  const starts = new Int32Array(targetSize);
  const weights = new Int16Array(targetSize * taps);
  const row = new Float64Array(taps);
  for (let j = 0; j < targetSize; j++) {
    const centre = targetCentre(axis, j);
    const start = windowStart(axis, j, reach, taps);
    fillRow(row, (start + 0.5 - centre) / stretch, 1 / stretch);
    starts[j] = start;
    toFixedPoint(row, weights, j * taps);
  }
  return { targetSize, taps, starts, weights };
}

/** How many source samples a target sample reads. */
function filterWindow(axis: Axis, support: number) {
  // Reducing, the filter is stretched to the target's grid; enlarging, it stays on the source's.
  const stretch = Math.max(1, axis.scale);
  const reach = support * stretch;
  // An open interval of length 2 * reach holds at most ceil(2 * reach) centres, which are 1 apart.
  return { stretch, reach, taps: Math.min(axis.sourceSize, Math.ceil(2 * reach)) };
}

/** A target sample beyond the source's ends repeats the edge: its window would be empty there. */
function targetCentre(axis: Axis, j: number): number {
  return Math.min(Math.max(axis.offset + (j + 0.5) * axis.scale, 0), axis.sourceSize);
}

/** The first centre i + 0.5 above centre - reach, moved so that the window lies in the source. */
function windowStart(axis: Axis, j: number, reach: number, taps: number): number {
  const first = Math.floor(targetCentre(axis, j) - reach - 0.5) + 1;
  return Math.min(Math.max(first, 0), axis.sourceSize - taps);
}

/**
 * Normalises `row` to integers that sum to exactly 2^14, at `offset` of `weights`.
 *
 * Rounding errors are carried from either end towards the largest weight, which takes what is left.
 * Rounded alone, the 3,000 weights of a reduction by 500 lie between -5 and 33, so that half a unit
 * off adds up to percents; carried, any run of weights is right within one unit. From both ends, so
 * that a symmetric row stays symmetric.
 */
function toFixedPoint(row: Float64Array, weights: Int16Array, offset: number): void {
  let sum = 0;
  let peak = 0;
  for (let i = 0; i < row.length; i++) {
    sum += row[i];
    if (row[i] > row[peak]) peak = i;
  }
  // Asked first, here and below: the text alone would cost as much as the weights.
  if (!(sum > 0)) assert(false, `weights: expected a sum above 0, got ${sum}`);
  const factor = WEIGHT_ONE / sum;
  let rest = WEIGHT_ONE;
  let absolute = 0;
  // Written out for both ends: numbers that a closure writes to lie on the heap, one for each weight.
  let carry = 0;
  for (let i = 0; i < peak; i++) {
    const exact = row[i] * factor + carry;
    const weight = Math.floor(exact + 0.5);
    carry = exact - weight;
    weights[offset + i] = weight;
    rest -= weight;
    absolute += Math.abs(weight);
  }
  carry = 0;
  for (let i = row.length - 1; i > peak; i--) {
    const exact = row[i] * factor + carry;
    const weight = Math.floor(exact + 0.5);
    carry = exact - weight;
    weights[offset + i] = weight;
    rest -= weight;
    absolute += Math.abs(weight);
  }
  // Either end leaves at most half a unit, so the peak is at most one off (and may be 0 in huge
  // windows).
  if (rest >= 1 << 15 || absolute + Math.abs(rest) > MAX_ABSOLUTE_SUM) {
    const got = `${rest}, ${absolute}`;
    assert(false, `weights: expected a peak below 2^15, an absolute sum up to 2^16, got ${got}`);
  }
  weights[offset + peak] = rest;
}

const THIRD_TURN = Math.PI / 3;
/** After so many rotations a row's sine is asked for anew: each adds an error of some 1e-16. */
const ROTATIONS = 32;
/** Squared distance from the peak below which the error would count, since it is divided by that. */
const NEAR_PEAK = 1 / 4096;

/**
 * With s = sin(pi t / 3), sin(pi t) is 3 s - 4 s^3, so a tap needs one sine; and that is the one of the
 * tap before, rotated by the step. A service is asked for many sizes once, and tables are as dear as the
 * pass that uses them.
 */
function fillLanczos3(row: Float64Array, first: number, step: number): void {
  const turnSine = Math.sin(THIRD_TURN * step);
  const turnCosine = Math.cos(THIRD_TURN * step);
  let sine = 0;
  let cosine = 0;
  for (let i = 0; i < row.length; i++) {
    const t = first + i * step;
    if (i % ROTATIONS === 0) {
      sine = Math.sin(THIRD_TURN * t);
      cosine = Math.cos(THIRD_TURN * t);
    }
    const s = t * t > NEAR_PEAK ? sine : Math.sin(THIRD_TURN * t);
    row[i] = lanczos3(t, s * s);
    const next = sine * turnCosine + cosine * turnSine;
    cosine = cosine * turnCosine - sine * turnSine;
    sine = next;
  }
}

/** @param square of sin(pi t / 3) */
function lanczos3(t: number, square: number): number {
  if (t === 0) return 1;
  if (t <= -3 || t >= 3) return 0;
  return (3 * square * (3 - 4 * square)) / (Math.PI * Math.PI * t * t);
}

function fillBy(filter: (t: number) => number): FillRow {
  return (row, first, step) => {
    for (let i = 0; i < row.length; i++) row[i] = filter(first + i * step);
  };
}

function triangle(t: number): number {
  return Math.max(0, 1 - Math.abs(t));
}

/** Keys, "Cubic convolution interpolation for digital image processing", 1981, with a = -1/2. */
function catmullRom(t: number): number {
  const d = Math.abs(t);
  if (d >= 2) return 0;
  return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((2.5 - 0.5 * d) * d - 4) * d + 2;
}
