/**
 * Lloyd's method on a palette: each colour moves to the mean of the cells that are nearest to it,
 * a few times over. Never worse than before, and a few tenths of a decibel better after three rounds.
 * @module
 */

import type { ColorHistogram } from './color-histogram.ts';

/** More bring less than 0.05 dB each on photographs. */
const ROUNDS = 3;

/** Moves the colours of `palette` (red, green, blue each) where they are. */
export function refineColors(palette: Float64Array, histogram: ColorHistogram): void {
  const cells = meansOf(histogram);
  for (let round = 0; round < ROUNDS; round++) refineOnce(palette, cells);
}

/** Count and mean red, green, blue of every cell that has a pixel, one after another. */
function meansOf({ counts, reds, greens, blues }: ColorHistogram): Float64Array {
  let used = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) used++;
  const cells = new Float64Array(4 * used);
  for (let i = 0, to = 0; i < counts.length; i++) {
    const count = counts[i];
    if (count === 0) continue;
    cells[to++] = count;
    cells[to++] = reds[i] / count;
    cells[to++] = greens[i] / count;
    cells[to++] = blues[i] / count;
  }
  return cells;
}

function refineOnce(palette: Float64Array, cells: Float64Array): void {
  const sums = new Float64Array((4 * palette.length) / 3);
  for (let i = 0; i < cells.length; i += 4) {
    const count = cells[i];
    const red = cells[i + 1];
    const green = cells[i + 2];
    const blue = cells[i + 3];
    const to = 4 * nearestColor(palette, red, green, blue);
    sums[to] += count;
    sums[to + 1] += count * red;
    sums[to + 2] += count * green;
    sums[to + 3] += count * blue;
  }
  for (let i = 0, from = 0; i < palette.length; i += 3, from += 4) {
    const count = sums[from];
    // A colour that no cell is nearest to stays: it may serve pixels inside a cell.
    if (count === 0) continue;
    palette[i] = sums[from + 1] / count;
    palette[i + 1] = sums[from + 2] / count;
    palette[i + 2] = sums[from + 3] / count;
  }
}

function nearestColor(palette: Float64Array, red: number, green: number, blue: number): number {
  let nearest = 0;
  let least = Infinity;
  for (let i = 0; i < palette.length; i += 3) {
    const r = palette[i] - red;
    const g = palette[i + 1] - green;
    const b = palette[i + 2] - blue;
    const distance = r * r + g * g + b * b;
    if (distance < least) {
      least = distance;
      nearest = i;
    }
  }
  return nearest / 3;
}
