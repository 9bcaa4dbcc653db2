/**
 * Holds what was measured against a case's target.
 * @module
 */

import type { BenchCase } from './bench-case.ts';
import { ENGINE_LABELS } from './engines/engine.ts';
import type { Size } from './job.ts';
import { median } from './measurement.ts';
import { type EngineRow, type MissingRow, ratioOf, type Verdict } from './report.ts';

/** Rows of one picture. */
export interface PictureRows {
  readonly size: Size;
  readonly rows: readonly (EngineRow | MissingRow)[];
}

/**
 * The verdict on the last picture of `pictures`; those before it are the earlier ones of the same
 * case. Undefined where the case promises nothing about this picture.
 */
export function verdictOn(
  { target, engines: [ours] }: BenchCase,
  pictures: readonly PictureRows[],
  isLast: boolean,
): Verdict | undefined {
  const { size, rows } = pictures.at(-1) as PictureRows;
  switch (target.kind) {
    case 'ratio': {
      const { of, peer, max } = target;
      const [mine, theirs] = [find(rows, ours), find(rows, peer)];
      const values = (row: EngineRow): number[] =>
        of === 'bytes' ? [row.bytes] : row.timings.map(({ wallMs }) => wallMs);
      const isMeasured = mine !== undefined && theirs !== undefined;
      const ratio = isMeasured ? ratioOf(values(mine), values(theirs)) : undefined;
      return atMost(`${of} beside ${ENGINE_LABELS[peer]}`, max, 'ratio', ratio);
    }
    case 'memory': {
      if (size.width * size.height > target.upToPixels) return undefined;
      const peakMb = find(rows, ours)?.peakMb;
      const measured = peakMb === undefined ? undefined : { measured: peakMb, spread: undefined };
      return atMost('peak above idle', target.maxMb, 'MB', measured);
    }
    case 'growth': {
      if (!isLast) return undefined;
      const msPerPixel = pictures.map((picture) => {
        const row = find(picture.rows, ours);
        const wallMs = row && median(row.timings.map((timing) => timing.wallMs));
        return wallMs && wallMs / (picture.size.width * picture.size.height);
      });
      // One that is refused leaves the promise open: growth over the rest would flatter.
      const isWhole = msPerPixel.every((value) => value !== undefined);
      const growth = isWhole && Math.max(...msPerPixel) / Math.min(...msPerPixel);
      const measured = growth === false ? undefined : { measured: growth, spread: undefined };
      return atMost('slowest to quickest time a megapixel', target.max, 'ratio', measured);
    }
  }
}

function atMost(
  text: string,
  bound: number,
  unit: Verdict['unit'],
  found: (Pick<Verdict, 'spread'> & { readonly measured: number }) | undefined,
): Verdict {
  const { measured, spread } = found ?? { measured: undefined, spread: undefined };
  return { text, measured, spread, bound, sense: 'at-most', unit };
}

function find(rows: readonly (EngineRow | MissingRow)[], engine: string): EngineRow | undefined {
  return rows.find((row): row is EngineRow => row.kind === 'measured' && row.engine === engine);
}
