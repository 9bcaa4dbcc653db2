/**
 * Where a mark lies on the picture, once or again and again, and which part of it can be seen. Easily
 * got wrong: a tile may be many times as large as the picture, so only what shows may be drawn.
 * @module
 */

import type { Rectangle } from './raster.ts';
import type { Size } from './shape.ts';

/** Copies of a mark, from `left`, `top` on in all directions; positions are pixels of the picture. */
export interface Lattice {
  readonly left: number;
  readonly top: number;
  /** Pixels from one copy to the next; `ALONE` leaves the mark single. */
  readonly periodX: number;
  readonly periodY: number;
}

/** A period that no picture reaches; sums with coordinates stay exact. */
export const ALONE: number = 2 ** 40;

/** A part of a mark and its samples, row by row without gaps. */
export interface MarkPiece {
  /** In pixels of the mark. */
  readonly box: Rectangle;
  readonly data: Uint8Array;
}

/**
 * The parts of a mark of `size` that show within `area`: at most four, which together have no more
 * pixels than the area.
 */
export function visibleParts(lattice: Lattice, size: Size, area: Rectangle): readonly Rectangle[] {
  const columns = visibleSpans(lattice.left, lattice.periodX, size.width, area.left, area.width);
  const rows = visibleSpans(lattice.top, lattice.periodY, size.height, area.top, area.height);
  return rows.flatMap((row) =>
    columns.map((column) => ({
      left: column.start,
      top: row.start,
      width: column.end - column.start,
      height: row.end - row.start,
    })),
  );
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** One axis: the places of a period that `length` pixels from `from` on fall on, cut to the mark. */
function visibleSpans(
  origin: number,
  period: number,
  size: number,
  from: number,
  length: number,
): readonly Span[] {
  if (length >= period) return [{ start: 0, end: size }];
  const start = positiveRemainder(from - origin, period);
  const end = start + length;
  return [
    { start, end: Math.min(end, size) },
    { start: 0, end: Math.min(end - period, size) },
  ].filter((span) => span.end > span.start);
}

/** A window of the picture that is being filled, row by row without gaps. */
export interface Canvas {
  readonly data: Uint8Array;
  readonly box: Rectangle;
}

/** Copies all that the canvas shows of a piece; pixels that no copy reaches stay as they are. */
export function stampPiece(canvas: Canvas, piece: MarkPiece, lattice: Lattice): void {
  const { width } = piece.box;
  walkRuns(canvas, piece.box, lattice, (to, row, column, length) => {
    const from = row * width + column;
    canvas.data.set(piece.data.subarray(from, from + length), to);
  });
}

/** As `stampPiece`, with one value for the whole box. */
export function stampValue(canvas: Canvas, box: Rectangle, lattice: Lattice, value: number): void {
  walkRuns(canvas, box, lattice, (to, _row, _column, length) => {
    canvas.data.fill(value, to, to + length);
  });
}

/** Calls `visit` for each row of each copy of `box`: work is bounded by the canvas's pixels. */
function walkRuns(
  { box: area }: Canvas,
  box: Rectangle,
  { left, top, periodX, periodY }: Lattice,
  visit: (to: number, row: number, column: number, length: number) => void,
): void {
  const firstColumn = positiveRemainder(area.left - left - box.left, periodX);
  for (let y = 0; y < area.height; y++) {
    const row = positiveRemainder(area.top + y - top - box.top, periodY);
    if (row >= box.height) continue;
    let column = firstColumn;
    for (let x = 0; x < area.width;) {
      if (column < box.width) {
        const length = Math.min(box.width - column, area.width - x);
        visit(y * area.width + x, row, column, length);
      }
      x += periodX - column;
      column = 0;
    }
  }
}

function positiveRemainder(value: number, period: number): number {
  const remainder = value % period;
  return remainder < 0 ? remainder + period : remainder;
}
