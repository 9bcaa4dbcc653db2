/**
 * Places of marks, counted in pixels.
 * @module
 */

import { describe, expect, it } from 'vitest';
import type { Gravity } from './gravity.ts';
import { placeMark } from './mark-placement.ts';

const mark = { width: 31, height: 11 };
const image = { width: 200, height: 100 };

describe('placeMark', () => {
  it.each<[Gravity, number, number]>([
    ['northwest', 7, 9],
    ['north', 85, 9],
    ['northeast', 162, 9],
    ['west', 7, 45],
    ['center', 85, 45],
    ['east', 162, 45],
    ['southwest', 7, 80],
    ['south', 85, 80],
    ['southeast', 162, 80],
  ])('%s begins at (%d, %d)', (gravity, left, top) => {
    const position = { gravity, distanceX: 7, distanceY: 9, middleOffset: 0 };
    expect(placeMark(position, mark, image)).toEqual({ left, top, ...mark });
  });

  it('shifts the middle row alone, down for positive offsets', () => {
    const position = { distanceX: 0, distanceY: 0, middleOffset: 20 };
    expect(placeMark({ gravity: 'west', ...position }, mark, image).top).toBe(65);
    expect(placeMark({ gravity: 'center', ...position }, mark, image)).toMatchObject({
      left: 85,
      top: 65,
    });
    expect(placeMark({ gravity: 'north', ...position }, mark, image).top).toBe(0);
    expect(placeMark({ gravity: 'south', ...position }, mark, image).top).toBe(89);
  });

  it('shows the beginning of what is too long, and lets distances push the rest outside', () => {
    const long = { width: 300, height: 11 };
    const position = { distanceX: 10, distanceY: 10, middleOffset: 0 };
    expect(placeMark({ gravity: 'southeast', ...position }, long, image).left).toBe(0);
    expect(placeMark({ gravity: 'center', ...position }, long, image).left).toBe(0);
    expect(placeMark({ gravity: 'northwest', ...position }, long, image).left).toBe(10);
    const far = { gravity: 'east', distanceX: 4000, distanceY: 0, middleOffset: 0 } as const;
    expect(placeMark(far, mark, image).left).toBe(-3831);
  });
});
