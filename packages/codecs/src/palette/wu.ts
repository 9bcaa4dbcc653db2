/**
 * Palettes by Xiaolin Wu's method (Graphics Gems II, 1991, "Efficient Statistical Computations for
 * Optimal Color Quantization"): the box of colours that varies most is cut where its halves vary
 * least. Sums over a box come from cumulated sums at its eight corners, so a cut costs a few reads.
 * @module
 */

import { CELLS, type ColorHistogram } from './color-histogram.ts';

/** Sums over everything below a corner need a plane of zeros on each side. */
const SIDE = CELLS + 1;
const STRIDES = [SIDE * SIDE, SIDE, 1] as const;

/** Cells above `low` up to `high` along red, green and blue. */
interface Box {
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Sum of the squared distances of its colours from their mean. */
  readonly spread: number;
}

/** Sums of one quantity over all cells up to a corner. */
type Moment = Float64Array;

interface Moments {
  readonly counts: Moment;
  readonly colors: readonly [reds: Moment, greens: Moment, blues: Moment];
  readonly squares: Moment;
}

/** At most `most` colours, as red, green, blue; fewer when the histogram has no more cells to part. */
export function chooseColors(histogram: ColorHistogram, most: number): Float64Array {
  const moments: Moments = {
    counts: cumulate(histogram.counts),
    colors: [cumulate(histogram.reds), cumulate(histogram.greens), cumulate(histogram.blues)],
    squares: cumulate(histogram.squares),
  };
  const boxes: Box[] = [boxOf(moments, [0, 0, 0], [CELLS, CELLS, CELLS])];
  while (boxes.length < most) {
    const widest = indexOfWidest(boxes);
    if (boxes[widest].spread === 0) break;
    const halves = cut(moments, boxes[widest]);
    if (halves === undefined) boxes[widest] = { ...boxes[widest], spread: 0 };
    else boxes.splice(widest, 1, ...halves);
  }
  const colors = new Float64Array(3 * boxes.length);
  for (const [index, { low, high }] of boxes.entries()) {
    const count = sumOver(moments.counts, low, high);
    for (const [channel, moment] of moments.colors.entries()) {
      colors[3 * index + channel] = count === 0 ? 0 : sumOver(moment, low, high) / count;
    }
  }
  return colors;
}

function cumulate(cells: Float64Array): Moment {
  const sums = new Float64Array(SIDE ** 3);
  for (let red = 1; red < SIDE; red++) {
    const plane = new Float64Array(SIDE);
    for (let green = 1; green < SIDE; green++) {
      let line = 0;
      for (let blue = 1; blue < SIDE; blue++) {
        line += cells[((red - 1) * CELLS + green - 1) * CELLS + blue - 1];
        plane[blue] += line;
        const at = red * STRIDES[0] + green * STRIDES[1] + blue;
        sums[at] = sums[at - STRIDES[0]] + plane[blue];
      }
    }
  }
  return sums;
}

function sumOver(sums: Moment, low: readonly number[], high: readonly number[]): number {
  const [r0, g0, b0] = low;
  const [r1, g1, b1] = high;
  const at = (red: number, green: number, blue: number): number =>
    sums[red * STRIDES[0] + green * STRIDES[1] + blue];
  return (
    at(r1, g1, b1) -
    at(r1, g1, b0) -
    at(r1, g0, b1) +
    at(r1, g0, b0) -
    at(r0, g1, b1) +
    at(r0, g1, b0) +
    at(r0, g0, b1) -
    at(r0, g0, b0)
  );
}

/** The squared length of the colours' sum, by their number: greater means they are more alike. */
function closeness(counts: number, reds: number, greens: number, blues: number): number {
  return (reds * reds + greens * greens + blues * blues) / counts;
}

function boxOf(moments: Moments, low: readonly number[], high: readonly number[]): Box {
  const count = sumOver(moments.counts, low, high);
  const isOneCell = low.every((start, axis) => high[axis] - start === 1);
  if (count === 0 || isOneCell) return { low, high, spread: 0 };
  const [reds, greens, blues] = moments.colors.map((moment) => sumOver(moment, low, high));
  const squares = sumOver(moments.squares, low, high);
  // Sums of squares lose a little where all colours are one; that is no spread.
  return { low, high, spread: Math.max(0, squares - closeness(count, reds, greens, blues)) };
}

function indexOfWidest(boxes: readonly Box[]): number {
  let widest = 0;
  for (let i = 1; i < boxes.length; i++) if (boxes[i].spread > boxes[widest].spread) widest = i;
  return widest;
}

/** The two halves that are closest in themselves; nothing when all colours lie in one cell. */
function cut(moments: Moments, { low, high }: Box): readonly [Box, Box] | undefined {
  const whole = totals(moments, low, high);
  let best: { readonly axis: number; readonly place: number } | undefined;
  let most = 0;
  for (let axis = 0; axis < 3; axis++) {
    for (let place = low[axis] + 1; place < high[axis]; place++) {
      const half = totals(moments, low, replace(high, axis, place));
      const rest = whole.map((sum, i) => sum - half[i]);
      if (half[0] === 0 || rest[0] === 0) continue;
      const value =
        closeness(half[0], half[1], half[2], half[3]) +
        closeness(rest[0], rest[1], rest[2], rest[3]);
      if (value > most) {
        most = value;
        best = { axis, place };
      }
    }
  }
  if (best === undefined) return undefined;
  const { axis, place } = best;
  return [
    boxOf(moments, low, replace(high, axis, place)),
    boxOf(moments, replace(low, axis, place), high),
  ];
}

/** Count, reds, greens, blues. */
function totals(
  { counts, colors }: Moments,
  low: readonly number[],
  high: readonly number[],
): readonly number[] {
  return [counts, ...colors].map((moment) => sumOver(moment, low, high));
}

function replace(corner: readonly number[], axis: number, value: number): readonly number[] {
  return corner.map((place, i) => (i === axis ? value : place));
}
