/**
 * Kept tables are the tables, and they are not kept without bound.
 * @module
 */

import { expect, it } from 'vitest';
import { type Axis, lanczosTable } from './filter-table.ts';
import { createTableCache } from './table-cache.ts';

const axis = (targetSize: number): Axis => ({
  sourceSize: 1000,
  targetSize,
  offset: 0,
  scale: 1000 / targetSize,
});

it('gives the table of an axis, and the same one again', () => {
  const cache = createTableCache();
  const first = cache.lanczos(axis(100));
  expect(first).toEqual(lanczosTable(axis(100)));
  expect(cache.lanczos(axis(100))).toBe(first);
  expect(cache.lanczos({ ...axis(100), offset: 0.5 })).toEqual(
    lanczosTable({ ...axis(100), offset: 0.5 }),
  );
});

it('forgets the table that was not asked for longest', () => {
  const { starts, weights } = lanczosTable(axis(100));
  const cache = createTableCache(2.5 * (starts.byteLength + weights.byteLength));
  const first = cache.lanczos(axis(100));
  const second = cache.lanczos(axis(101));
  expect(cache.lanczos(axis(100))).toBe(first);
  cache.lanczos(axis(99));
  expect(cache.lanczos(axis(100))).toBe(first);
  expect(cache.lanczos(axis(101))).not.toBe(second);
});

it('does not keep a table that alone is over the bound', () => {
  const cache = createTableCache(10);
  expect(cache.lanczos(axis(100))).not.toBe(cache.lanczos(axis(100)));
});
