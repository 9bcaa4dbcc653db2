import { describe, expect, it } from 'vitest';
import { type RangeAnswer, type RangeBehavior, resolveRange } from './byte-range.ts';

const whole: RangeAnswer = { kind: 'whole' };
const refused: RangeAnswer = { kind: 'unsatisfiable' };
const part = (offset: number, length: number): RangeAnswer => ({ kind: 'part', offset, length });

/** Of an object of 100 bytes. */
const ROWS: readonly (readonly [string | undefined, RangeAnswer, RangeAnswer])[] = [
  [undefined, whole, whole],
  ['bytes=0-9', part(0, 10), part(0, 10)],
  ['bytes=99-99', part(99, 1), part(99, 1)],
  ['bytes=10-', part(10, 90), part(10, 90)],
  ['bytes=-10', part(90, 10), part(90, 10)],
  ['bytes=-100', part(0, 100), part(0, 100)],
  ['bytes=0-99', part(0, 100), part(0, 100)],
  ['bytes=0-100', whole, part(0, 100)],
  ['bytes=90-200', whole, part(90, 10)],
  ['bytes=100-', whole, refused],
  ['bytes=100-200', whole, refused],
  ['bytes=-200', whole, part(0, 100)],
  ['bytes=-0', refused, refused],
  ['bytes=9-0', whole, whole],
  ['bytes=-', whole, whole],
  ['bytes=a-b', whole, whole],
  ['bytes 0-9', whole, whole],
  ['items=0-9', whole, whole],
  ['bytes=0-9,20-29', part(0, 10), part(0, 10)],
  ['bytes=99999999999999999999-', whole, whole],
];

describe('resolveRange', () => {
  it.each(ROWS)('reads %j as %j, by the standard as %j', (header, oss, standard) => {
    expect(resolveRange(header, 100, 'oss')).toEqual(oss);
    expect(resolveRange(header, 100, 'standard')).toEqual(standard);
  });

  it.each<[RangeBehavior, RangeAnswer]>([
    ['oss', whole],
    ['standard', refused],
  ])('has no range within an empty object (%s)', (behavior, expected) => {
    expect(resolveRange('bytes=0-', 0, behavior)).toEqual(expected);
    expect(resolveRange('bytes=-1', 0, behavior)).toEqual(expected);
  });
});
