/**
 * Crops, turns and mirrors against the obvious way: arrays of rows, one step after the other.
 * @module
 */

import { assert as check, constantFrom, integer, oneof, property, record, array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoxReader } from '../../src/isobmff/boxes.ts';
import { placePicture } from '../../src/isobmff/placement.ts';
import type { HeifProperty } from '../../src/isobmff/properties.ts';

type Step = Extract<HeifProperty, { readonly kind: 'crop' | 'turn' | 'mirror' }>;
type Rows = readonly (readonly number[])[];

const source = new BoxReader(new Uint8Array(0), 'avif');

/** The crop of whole pixels whose corner is (left, top). */
function cropStep(rows: Rows, left: number, top: number, width: number, height: number): Step {
  const whole = rows[0]?.length ?? 0;
  return {
    kind: 'crop',
    width: { numerator: width, denominator: 1 },
    height: { numerator: height, denominator: 1 },
    across: { numerator: 2 * left + width - whole, denominator: 2 },
    down: { numerator: 2 * top + height - rows.length, denominator: 2 },
  };
}

function turned(rows: Rows): Rows {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, i) => rows.map((row) => row[width - 1 - i] as number));
}

function mirrored(rows: Rows, swaps: 'top-bottom' | 'left-right'): Rows {
  return swaps === 'top-bottom' ? rows.toReversed() : rows.map((row) => row.toReversed());
}

function placed(width: number, height: number, steps: readonly Step[]): Rows {
  const placement = placePicture(source, width, height, steps);
  const { kept, origin, acrossStep, downStep } = placement;
  const target = Array.from({ length: placement.width * placement.height }, () => -1);
  for (let y = kept.top; y < kept.top + kept.height; y++) {
    for (let x = kept.left; x < kept.left + kept.width; x++) {
      target[origin + x * acrossStep + y * downStep] = y * width + x;
    }
  }
  expect(target).toHaveLength(placement.width * placement.height);
  return Array.from({ length: placement.height }, (_, y) =>
    target.slice(y * placement.width, (y + 1) * placement.width),
  );
}

const wish = oneof(
  record({ kind: constantFrom('turn' as const), quarters: integer({ min: 0, max: 3 }) }),
  record({
    kind: constantFrom('mirror' as const),
    swaps: constantFrom('top-bottom' as const, 'left-right' as const),
  }),
  record({ kind: constantFrom('crop' as const), seed: integer({ min: 0, max: 9999 }) }),
);

describe('where pixels go', () => {
  it('is where one step after the other puts them', () => {
    const size = integer({ min: 1, max: 6 });
    check(
      property(size, size, array(wish, { maxLength: 4 }), (width, height, wishes) => {
        let rows: Rows = Array.from({ length: height }, (_, y) =>
          Array.from({ length: width }, (__, x) => y * width + x),
        );
        const steps: Step[] = [];
        for (const one of wishes) {
          if (one.kind === 'turn') {
            steps.push(one);
            for (let i = 0; i < one.quarters; i++) rows = turned(rows);
          } else if (one.kind === 'mirror') {
            steps.push(one);
            rows = mirrored(rows, one.swaps);
          } else {
            const across = rows[0]?.length ?? 0;
            const left = one.seed % across;
            const top = Math.floor(one.seed / 7) % rows.length;
            const part = [
              1 + (one.seed % (across - left)),
              1 + (one.seed % (rows.length - top)),
            ] as const;
            steps.push(cropStep(rows, left, top, ...part));
            rows = rows.slice(top, top + part[1]).map((row) => row.slice(left, left + part[0]));
          }
        }
        expect(placed(width, height, steps)).toEqual(rows);
      }),
    );
  });

  it('is a quarter against the clock for one turn', () => {
    expect(placed(3, 2, [{ kind: 'turn', quarters: 1 }])).toEqual([
      [2, 5],
      [1, 4],
      [0, 3],
    ]);
  });

  it('is cut at the edges, and nowhere for crops without a size', () => {
    const whole = { numerator: 4, denominator: 1 };
    const zero = { numerator: 0, denominator: 1 };
    const crop = { kind: 'crop', width: whole, height: whole, across: zero, down: zero } as const;
    expect(placed(2, 2, [crop])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    for (const bad of [
      { ...crop, width: zero },
      { ...crop, height: { numerator: 1, denominator: 0 } },
      { ...crop, across: { numerator: 9, denominator: 1 } },
    ]) {
      expect(() => placed(2, 2, [bad])).toThrow(expect.objectContaining({ reason: 'damaged' }));
    }
  });
});
