/**
 * Places of pieces, and characters that no text may hold.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { findForbidden, splitOnce, splitSegments } from './segments.ts';

describe('splitSegments', () => {
  it('keeps the place of each piece and skips empty ones', () => {
    expect(splitSegments('/ab//c/', 10, '/', { steps: 0 })).toEqual([
      { text: 'ab', at: 11 },
      { text: 'c', at: 15 },
    ]);
    expect(splitSegments('', 3, '/', { steps: 0 })).toEqual([]);
  });

  it('counts one look a character', () => {
    const meter = { steps: 5 };
    splitSegments('a,b,c', 0, ',', meter);
    expect(meter.steps).toBe(10);
  });
});

describe('splitOnce', () => {
  it.each([
    ['text_a_b', 'text', 'a_b', 12],
    ['text_', 'text', '', 12],
    ['_a', '', 'a', 8],
    ['text', 'text', undefined, 11],
  ])('cuts %s at the first separator', (text, head, tail, tailAt) => {
    expect(splitOnce({ text, at: 7 }, '_', { steps: 0 })).toEqual({ head, tail, tailAt });
  });
});

describe('findForbidden', () => {
  it.each([
    ['abc', -1],
    ['a b', -1],
    ['图\u{1F5BC}\u00A0', -1],
    ['', -1],
    ['a&b', 1],
    ['a\u001F', 1],
    ['ab\u007F', 2],
    ['\u009F', 0],
    ['a\uD83D', 1],
    ['a\uD83Db', 1],
    ['\u{1F5BC}\uDDBC', 2],
    ['\uFFFE', 0],
  ])('finds in %j the place %i', (text, at) => {
    expect(findForbidden(text, '&', { steps: 0 })).toBe(at);
  });
});
