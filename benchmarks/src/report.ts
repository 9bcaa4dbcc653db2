/**
 * What a run leaves behind, as JSON: every entry is one case on one picture with all its engines,
 * and carries the commit and command of its own run, since runs of single cases are merged into
 * one file.
 * @module
 */

import { median, type Timing } from './measurement.ts';

/** Where the numbers come from. Reports of different machines are never merged. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
}

/** How an entry came about. */
export interface Provenance {
  readonly commit: string;
  readonly command: string;
  readonly date: string;
  readonly rounds: number;
}

/** JSON has no infinity: two equal pictures. */
export type Decibels = number | 'exact';

export interface EngineRow {
  readonly kind: 'measured';
  readonly engine: string;
  readonly label: string;
  /** One of each round, in order. */
  readonly timings: readonly Timing[];
  readonly peakMb: number;
  readonly bytes: number;
  /** Of the result, and of the same pixels before a lossy encoder; luma. */
  readonly psnrDb: Decibels;
  readonly losslessPsnrDb: Decibels;
  readonly ssim: number | undefined;
}

export interface MissingRow {
  readonly kind: 'not-available';
  readonly engine: string;
  readonly label: string;
  readonly reason: string;
}

/** What became of a promise. */
export interface Verdict {
  /** As in `at most 0.65 of sharp's time`. */
  readonly text: string;
  /** Undefined when it could not be measured. */
  readonly measured: number | undefined;
  /** Least and greatest of the rounds. */
  readonly spread: readonly [number, number] | undefined;
  readonly bound: number;
  readonly sense: 'at-most' | 'at-least';
  readonly unit: 'ratio' | 'MB';
}

export interface PictureEntry extends Provenance {
  readonly kind: 'picture';
  readonly id: string;
  readonly title: string;
  readonly picture: {
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly bytes: number;
  };
  readonly rows: readonly (EngineRow | MissingRow)[];
  readonly verdict: Verdict | undefined;
}

/** One server under load. */
export interface LoadRow {
  readonly kind: 'measured';
  readonly engine: string;
  readonly label: string;
  /** One of each round, in order. */
  readonly requestsPerSec: readonly number[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number | undefined;
  readonly peakMb: number | undefined;
  readonly bytes: number;
  readonly psnrDb: Decibels | undefined;
}

export interface LoadEntry extends Provenance {
  readonly kind: 'load';
  readonly id: string;
  readonly title: string;
  readonly connections: number;
  readonly rows: readonly (LoadRow | MissingRow)[];
  readonly verdicts: readonly Verdict[];
}

export type Entry = PictureEntry | LoadEntry;

export interface Report {
  readonly machine: Machine;
  /** Name and version of every package compared. */
  readonly versions: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

/** `met`, `not met`, or `not measured`. */
export function judge({ measured, bound, sense }: Verdict): 'met' | 'not met' | 'not measured' {
  if (measured === undefined) return 'not measured';
  const isMet = sense === 'at-most' ? measured <= bound : measured >= bound;
  return isMet ? 'met' : 'not met';
}

/** Round by round, then the median: machine drift between rounds cancels out. */
export function ratioOf(
  ours: readonly number[],
  theirs: readonly number[],
): { readonly measured: number; readonly spread: readonly [number, number] } {
  if (ours.length !== theirs.length) {
    throw new Error(`ratio: expected as many rounds, got ${ours.length} and ${theirs.length}`);
  }
  const ratios = ours.map((value, round) => value / (theirs[round] as number));
  return { measured: median(ratios), spread: [Math.min(...ratios), Math.max(...ratios)] };
}

/**
 * The new entries in place of older ones of the same case and picture, in the order of the cases.
 */
export function mergeEntries(older: readonly Entry[], newer: readonly Entry[]): Entry[] {
  const merged = new Map([...older, ...newer].map((entry) => [entryKey(entry), entry]));
  return [...merged.values()].toSorted((a, b) => caseNumber(a) - caseNumber(b));
}

function entryKey(entry: Entry): string {
  return entry.kind === 'picture' ? `${entry.id} ${entry.picture.name}` : entry.id;
}

function caseNumber({ id }: Entry): number {
  return Number(id.slice(1));
}

export function toDecibels(psnrDb: number): Decibels {
  return psnrDb === Infinity ? 'exact' : psnrDb;
}
