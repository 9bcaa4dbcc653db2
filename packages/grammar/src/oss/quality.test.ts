/**
 * Every key of `quality`, at and beyond its edges.
 * @module
 */

import { quality } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, integerEdges, refusalOf, refuses } from '../../test/cases.ts';

describe('quality', () => {
  accepts([
    ['quality,q_80', quality({ relativePercent: 80 })],
    ['quality,Q_80', quality({ ceilingPercent: 80 })],
    ['quality,q_1,Q_100', quality({ relativePercent: 1, ceilingPercent: 100 })],
    ['quality,q_1,q_2', quality({ relativePercent: 2 })],
    ['quality,200,q_2', quality({ relativePercent: 2 })],
  ]);
  integerEdges('quality,q_', 1, 100, 309);
  integerEdges('quality,Q_', 1, 100, 308);
  refuses([
    ['quality', 307],
    ['quality,', 307],
    ['quality,200', 310],
    ['quality,80', 310],
    ['quality,x_80', 310],
    ['quality,q', 309],
    ['quality,Q_', 308],
    ['quality,Q_90,q_abc', 309],
  ]);

  it('points at the bare value', () => {
    const refusal = refusalOf('image/quality,200');
    expect(refusal.at).toBe(14);
    expect(refusal.message).toBe('The value: 200 of parameter: quality is invalid.');
  });
});
