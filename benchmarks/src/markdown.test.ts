/**
 * Tables and chart of a report that is made up, with everything a report may hold.
 * @module
 */

import { expect, it } from 'vitest';
import { drawChart } from './chart.ts';
import { printReport } from './markdown.ts';
import type { EngineRow, Report } from './report.ts';

const provenance = { commit: 'abc', command: 'pnpm bench', date: '2026-01-02', rounds: 2 };

function row(engine: string, wallMs: number): EngineRow {
  return {
    kind: 'measured',
    engine,
    label: engine,
    timings: [wallMs, wallMs].map((ms) => ({ wallMs: ms, cpuMs: ms, runs: 3 })),
    peakMb: 12.4,
    bytes: 1234,
    psnrDb: 41.26,
    losslessPsnrDb: 'exact',
    ssim: 0.98765,
  };
}

const REPORT: Report = {
  machine: { cpu: 'CPU <1>', cores: 2, memoryGb: 8, platform: 'linux', node: '20.20.2' },
  versions: { sharp: '0.35.5' },
  entries: [
    {
      kind: 'picture',
      id: 'P1',
      title: 'a & b',
      ...provenance,
      picture: { name: 'photo', width: 2000, height: 1000, bytes: 99 },
      rows: [
        row('Safelight', 15),
        row('sharp', 20),
        { kind: 'not-available', engine: 'x', label: 'x', reason: 'no | such thing' },
      ],
      verdict: {
        text: 'time beside sharp',
        measured: 0.75,
        spread: [0.7, 0.8],
        bound: 0.65,
        sense: 'at-most',
        unit: 'ratio',
      },
    },
    {
      kind: 'load',
      id: 'P16',
      title: 'cache',
      ...provenance,
      connections: 4,
      rows: [{ kind: 'not-available', engine: 's', label: 'Safelight', reason: 'no cache' }],
      verdicts: [
        {
          text: 'requests per second beside Hono',
          measured: undefined,
          spread: undefined,
          bound: 0.8,
          sense: 'at-least',
          unit: 'ratio',
        },
      ],
    },
  ],
};

it('puts targets beside what was measured', () => {
  const lines = printReport(REPORT).split('\n');
  expect(lines).toContain(
    '| P1 | a & b | photo | time beside sharp | ≤ 0.65 | 0.75 | 0.70 - 0.80 | not met |',
  );
  expect(lines).toContain(
    '| P16 | cache | 4 connections | requests per second beside Hono | ≥ 0.8 | - |  | not measured |',
  );
});

it('gives bytes and quality beside every time, and the reason where there is none', () => {
  const lines = printReport(REPORT).split('\n');
  expect(lines).toContain(
    '| sharp | 20.0 | 0.75 | 10.00 | 20.0 | 12 | 1234 | 41.3 | exact | 0.9877 |',
  );
  expect(lines).toContain('| x | not available: no / such thing |  |  |  |  |  |  |  |  |');
  expect(lines).toContain('2026-01-02, commit abc, 2 rounds, `pnpm bench`');
});

it('draws a bar for every ratio of times, in both colour schemes', () => {
  const svg = drawChart(REPORT);
  expect(svg.match(/<rect class="bar/g)).toHaveLength(1);
  expect(svg).toContain('class="bar over"');
  expect(svg).toContain('P1 a &amp; b');
  expect(svg).toContain('exact, 1.2 kB; sharp: exact, 1.2 kB');
  expect(svg).toContain('CPU &lt;1&gt;');
  expect(svg).toContain('prefers-color-scheme: dark');
});

it('draws nothing where nothing was measured', () => {
  expect(drawChart({ ...REPORT, entries: [] })).not.toContain('<rect');
});
