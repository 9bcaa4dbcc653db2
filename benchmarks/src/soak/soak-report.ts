/**
 * A soak as Markdown, with what it promises beside what it found.
 * @module
 */

import type { Machine } from '../report.ts';
import type { SoakResult } from './load-soak.ts';

export interface SoakFacts {
  readonly machine: Machine;
  readonly commit: string;
  readonly overloadSec: number;
  /** ISO 8601. */
  readonly date: string;
}

/** Goodput under overload, of the peak. */
const LEAST_GOODPUT = 0.8;
/** Time of a refusal. */
const MOST_SHED_MS = 50;
/** Resident memory: workers' arenas, held sources, the cache in memory. */
const MOST_MB = 2048;

export function printSoak(result: SoakResult, facts: SoakFacts): string {
  const { machine, commit, date, overloadSec } = facts;
  const goodput = result.goodputPerSec / result.peakPerSec;
  const one = (value: number): string => value.toFixed(1);
  const rows: readonly (readonly [string, string, string, boolean | undefined])[] = [
    ['peak, pictures a second', one(result.peakPerSec), '', undefined],
    ['sent a second', one(result.sentPerSec), 'twice the peak', undefined],
    [
      'goodput, of the peak',
      goodput.toFixed(2),
      `at least ${LEAST_GOODPUT}`,
      goodput >= LEAST_GOODPUT,
    ],
    ['pictures', String(result.served), '', undefined],
    ['refused with 503', String(result.shed), 'some', result.shed > 0],
    ['time of a refusal, p50', `${one(result.shedP50Ms)} ms`, '', undefined],
    [
      'time of a refusal, p99',
      `${one(result.shedP99Ms)} ms`,
      `at most ${MOST_SHED_MS} ms`,
      result.shedP99Ms <= MOST_SHED_MS,
    ],
    ['time of a picture, p99', `${one(result.servedP99Ms)} ms`, '', undefined],
    ['other answers, broken connections', String(result.failed), '0', result.failed === 0],
    ['image bombs', String(result.bombs), '', undefined],
    ['bombs not refused', String(result.bombsMissed), '0', result.bombsMissed === 0],
    [
      'peak memory',
      result.peakMb === undefined ? 'not known here' : `${Math.round(result.peakMb)} MB`,
      `at most ${MOST_MB} MB`,
      result.peakMb === undefined ? undefined : result.peakMb <= MOST_MB,
    ],
    ['answers afterwards', result.isAlive ? 'yes' : 'no', 'yes', result.isAlive],
  ];
  const verdict = (isMet: boolean | undefined): string =>
    isMet === undefined ? '' : isMet ? 'met' : '**not met**';
  return [
    '# Load at twice the capacity, with image bombs beside it',
    '',
    `${date}, ${overloadSec} s, commit ${commit}, Node ${machine.node}, ${machine.cores} cores of ${machine.cpu}.`,
    'Client and server share the cores. Every request is for another picture, so no cache helps.',
    'Made by `pnpm soak:load`.',
    '',
    '| | found | promised | |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ([name, found, promised, isMet]) =>
        `| ${name} | ${found} | ${promised} | ${verdict(isMet)} |`,
    ),
    '',
  ].join('\n');
}
