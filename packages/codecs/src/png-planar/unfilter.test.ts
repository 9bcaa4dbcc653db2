import { describe, expect, it } from 'vitest';
import { filterRow, sumResiduals } from './filter.ts';
import { unfilterPaeth, unfilterRow } from './unfilter.ts';

const PRIOR = Uint8Array.of(10, 20, 250, 7);
const ROW = Uint8Array.of(12, 30, 5, 7);

/** By hand: row - predictor modulo 256. */
const RESIDUALS: readonly (readonly [string, readonly number[]])[] = [
  ['none', [12, 30, 5, 7]],
  ['sub', [12, 18, 231, 2]],
  ['up', [2, 10, 11, 0]],
  // Predictors 5, 16, 140, 6.
  ['average', [7, 14, 121, 1]],
  // a, b, c: (0, 10, 0) 10; (12, 20, 10) 20; (30, 250, 20) 250; (5, 7, 250) 5.
  ['paeth', [2, 10, 11, 2]],
];

describe.each([...RESIDUALS.entries()])('filter %i', (filter, [name, residuals]) => {
  it(`leaves the residuals of ${name}`, () => {
    const target = new Uint8Array(12).fill(9);
    filterRow(filter, ROW, 0, PRIOR, 0, target, 1, 3, 4);
    const expected = residuals.flatMap((value) => [9, value, 9]);
    expect([...target]).toEqual(expected);
  });

  it(`is undone: ${name}, to a plane and in place`, () => {
    const source = Uint8Array.from(residuals.flatMap((value) => [value, 0]));
    const target = new Uint8Array(4);
    expect(unfilterRow(filter, source, 0, 2, PRIOR, 0, target, 0, 1, 4)).toBe(true);
    expect(target).toEqual(ROW);
    const place = Uint8Array.from([...PRIOR, ...residuals].flatMap((value) => [value, 77]));
    expect(unfilterRow(filter, place, 8, 2, place, 0, place, 8, 2, 4)).toBe(true);
    expect([...place.subarray(8)]).toEqual([...ROW].flatMap((value) => [value, 77]));
  });
});

describe('unfiltering', () => {
  it('knows five filters', () => {
    const row = new Uint8Array(1);
    for (const filter of [5, 6, 64, 255]) {
      expect(unfilterRow(filter, row, 0, 1, row, 0, row, 0, 1, 1)).toBe(false);
    }
  });

  it('predicts as the text of PNG does, for all bytes left, above and above left', () => {
    const source = new Uint8Array(2);
    const prior = new Uint8Array(2);
    const target = new Uint8Array(2);
    let wrong = 0;
    for (let a = 0; a < 256; a++) {
      for (let b = 0; b < 256; b++) {
        for (let c = 0; c < 256; c++) {
          prior[0] = c;
          prior[1] = b;
          // The first sample has c above and nothing to its left, so that c is its predictor.
          source[0] = a - c;
          unfilterPaeth(source, 0, 1, prior, 0, target, 0, 1, 2);
          if (target[1] !== paethOfTheText(a, b, c)) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
  });
});

/** PNG, 9.4, word for word. */
function paethOfTheText(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

describe('the measure of a row', () => {
  it('is the sum of signed residuals, but for the first sample', () => {
    const sums = new Int32Array(5).fill(100);
    sumResiduals(ROW, 0, PRIOR, 0, 4, 1, sums);
    expect([...sums]).toEqual([142, 145, 121, 236, 123]);
  });

  it('sees every n-th sample, and the only one of a column', () => {
    const sums = new Int32Array(5);
    sumResiduals(ROW, 0, PRIOR, 0, 4, 2, sums);
    expect([...sums]).toEqual([30 + 7, 18 + 2, 10, 14 + 1, 10 + 2]);
    sums.fill(0);
    sumResiduals(ROW, 0, PRIOR, 0, 1, 4, sums);
    expect([...sums]).toEqual([12, 12, 2, 7, 2]);
  });
});
