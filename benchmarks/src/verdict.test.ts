/**
 * Targets against rows made up for it: what is met, what is not, and what is left open.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { type BenchCase, CASES } from './bench-case.ts';
import { type EngineRow, judge, mergeEntries, type PictureEntry, ratioOf } from './report.ts';
import { verdictOn } from './verdict.ts';

function caseOf(id: string): BenchCase {
  return CASES.find((candidate) => candidate.id === id) as BenchCase;
}

function row(engine: string, wallMs: readonly number[], more: Partial<EngineRow> = {}): EngineRow {
  return {
    kind: 'measured',
    engine,
    label: engine,
    timings: wallMs.map((ms) => ({ wallMs: ms, cpuMs: ms, runs: 3 })),
    peakMb: 10,
    bytes: 1000,
    psnrDb: 40,
    losslessPsnrDb: 50,
    ssim: 0.99,
    ...more,
  };
}

const SIZE = { width: 1000, height: 1000 };

describe('a ratio', () => {
  it('is taken round by round', () => {
    expect(ratioOf([1, 30, 3], [2, 20, 12])).toEqual({ measured: 0.5, spread: [0.25, 1.5] });
    expect(() => ratioOf([1], [1, 2])).toThrow('expected as many rounds');
  });

  it('decides about time', () => {
    const rows = [row('safelight', [5, 8]), row('sharp', [10, 10])];
    const verdict = verdictOn(caseOf('P1'), [{ size: SIZE, rows }], true);
    expect(verdict).toMatchObject({ measured: 0.65, spread: [0.5, 0.8], bound: 0.65 });
    expect(judge(verdict!)).toBe('met');
  });

  it('decides about bytes', () => {
    const rows = [row('safelight', [1], { bytes: 1020 }), row('sharp', [9])];
    const verdict = verdictOn(caseOf('P14'), [{ size: SIZE, rows }], true);
    expect([verdict?.measured, judge(verdict!)]).toEqual([1.02, 'not met']);
  });

  it('is open when one of the two is missing', () => {
    const missing = {
      kind: 'not-available',
      engine: 'safelight',
      label: 'x',
      reason: 'y',
    } as const;
    const rows = [missing, row('sharp', [9])];
    const verdict = verdictOn(caseOf('P11'), [{ size: SIZE, rows }], true);
    expect([verdict?.measured, judge(verdict!)]).toEqual([undefined, 'not measured']);
  });
});

it('promises memory up to a size only', () => {
  const rows = [row('safelight', [1], { peakMb: 65 })];
  const at = (width: number) =>
    verdictOn(caseOf('P17'), [{ size: { width, height: 1000 }, rows }], true);
  expect(at(100_000)).toMatchObject({ measured: 65, unit: 'MB' });
  expect(judge(at(100_000)!)).toBe('not met');
  expect(at(100_001)).toBeUndefined();
});

it('compares growth once all sizes are there', () => {
  const pictures = [10, 24].map((wallMs, i) => ({
    size: { width: 1000 * (i + 1), height: 1000 },
    rows: [row('safelight', [wallMs])],
  }));
  expect(verdictOn(caseOf('P19'), pictures.slice(0, 1), false)).toBeUndefined();
  expect(verdictOn(caseOf('P19'), pictures, true)?.measured).toBeCloseTo(1.2, 9);
  const refused = { size: SIZE, rows: [] };
  expect(verdictOn(caseOf('P19'), [refused, ...pictures], true)?.measured).toBeUndefined();
});

it('replaces entries of the same case and picture and keeps the order of the cases', () => {
  const entry = (id: string, name: string, date: string) =>
    ({ kind: 'picture', id, picture: { name }, date }) as unknown as PictureEntry;
  const merged = mergeEntries(
    [entry('P10', 'a', '1'), entry('P2', 'a', '1'), entry('P2', 'b', '1')],
    [entry('P2', 'a', '2')],
  );
  expect(merged.map(({ id, date }) => id + date)).toEqual(['P22', 'P21', 'P101']);
});
