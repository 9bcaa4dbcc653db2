/**
 * Dates of signed requests.
 * @module
 */

import { describe, expect, it } from 'vitest';
import {
  checkTime,
  parseDate,
  parseBasicDate,
  parseHttpDate,
  printBasicDate,
  printHttpDate,
  printIsoDate,
} from './request-date.ts';

const timeMs = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('dates', () => {
  it('are read in both forms', () => {
    expect(parseDate('20260102T030405Z')).toBe(timeMs);
    expect(parseDate('Fri, 02 Jan 2026 03:04:05 GMT')).toBe(timeMs);
    expect(parseDate('20240229T235959Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
  });

  it('are written without the fraction of a second', () => {
    expect(printBasicDate(timeMs + 999)).toBe('20260102T030405Z');
    expect(printHttpDate(timeMs + 999)).toBe('Fri, 02 Jan 2026 03:04:05 GMT');
    expect(printIsoDate(timeMs)).toBe('2026-01-02T03:04:05.000Z');
  });

  it('must exist', () => {
    for (const text of [
      '',
      '20260230T030405Z',
      '20261302T030405Z',
      '20260102T240405Z',
      '20260102T030460Z',
      '20260102T030405',
      '20260102T030405Z ',
      '19691231T235959Z',
      '2026-01-02T03:04:05Z',
    ]) {
      expect(parseBasicDate(text)).toBeUndefined();
    }
    for (const text of [
      'Sat, 02 Jan 2026 03:04:05 GMT',
      'Fri, 02 Foo 2026 03:04:05 GMT',
      'Fri, 2 Jan 2026 03:04:05 GMT',
      'Fri, 02 Jan 2026 03:04:05 +0000',
      'Friday, 02-Jan-26 03:04:05 GMT',
      'Mon, 30 Feb 2026 03:04:05 GMT',
    ]) {
      expect(parseHttpDate(text)).toBeUndefined();
    }
  });

  it('never fail to print', () => {
    expect(printIsoDate(Number.POSITIVE_INFINITY)).toBe('9999-12-31T23:59:59.999Z');
    expect(printIsoDate(-1)).toBe('1970-01-01T00:00:00.000Z');
  });
});

it('refuses a clock that is no time', () => {
  for (const ms of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
    expect(() => checkTime('nowMs', ms)).toThrow(RangeError);
  }
  expect(() => checkTime('nowMs', 0)).not.toThrow();
});
