/**
 * The nearest colour of a palette, exactly. Each cell of 8 levels a side keeps the few colours that
 * can be nearest to anything in it, found when the cell is first asked about.
 * @module
 */

import { CELLS, cellOf } from './color-histogram.ts';

const CELL_LEVELS = 256 / CELLS;

export interface NearestColors {
  /** Index of the colour nearest to one of levels 0 to 255; the lowest of equals. */
  find(red: number, green: number, blue: number): number;
}

/** `palette` holds red, green and blue of up to 256 colours, and must not change. */
export function createNearestColors(palette: Uint8Array): NearestColors {
  const cells: (Uint8Array | undefined)[] = Array.from({ length: CELLS ** 3 });
  return {
    find(red, green, blue) {
      const cell = cellOf(red, green, blue);
      const candidates = (cells[cell] ??= candidatesOf(palette, red, green, blue));
      let nearest = candidates[0];
      let least = Infinity;
      for (let i = 0; i < candidates.length; i++) {
        const at = 3 * candidates[i];
        const r = palette[at] - red;
        const g = palette[at + 1] - green;
        const b = palette[at + 2] - blue;
        const distance = r * r + g * g + b * b;
        if (distance < least) {
          least = distance;
          nearest = candidates[i];
        }
      }
      return nearest;
    },
  };
}

/**
 * A colour whose nearest point of the cell is farther off than some other colour's farthest point
 * cannot be nearest to anything in the cell.
 */
function candidatesOf(palette: Uint8Array, red: number, green: number, blue: number): Uint8Array {
  const corner = [red, green, blue].map((level) => level - (level % CELL_LEVELS));
  const count = palette.length / 3;
  const nearest = new Float64Array(count);
  let bound = Infinity;
  for (let i = 0; i < count; i++) {
    let near = 0;
    let far = 0;
    for (let channel = 0; channel < 3; channel++) {
      const low = corner[channel] - palette[3 * i + channel];
      const high = low + CELL_LEVELS - 1;
      const outside = Math.max(0, low, -high);
      const across = Math.max(Math.abs(low), Math.abs(high));
      near += outside * outside;
      far += across * across;
    }
    nearest[i] = near;
    bound = Math.min(bound, far);
  }
  const candidates: number[] = [];
  for (let i = 0; i < count; i++) if (nearest[i] <= bound) candidates.push(i);
  return Uint8Array.from(candidates);
}
