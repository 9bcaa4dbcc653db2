/**
 * The committed table and chart are what the committed figures give: nobody edits them by hand, and
 * a change of the printers does not leave them behind.
 * @module
 */

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { drawChart } from '../src/chart.ts';
import { printReport } from '../src/markdown.ts';
import type { Report } from '../src/report.ts';

function read(name: string): string {
  return readFileSync(new URL(`../results/${name}`, import.meta.url), 'utf8');
}

const report = JSON.parse(read('latest.json')) as Report;

it('has the table and the chart of the figures', () => {
  expect(read('latest.md').trim()).toBe(printReport(report).trim());
  expect(read('chart.svg').trim()).toBe(drawChart(report).trim());
});

it('says of every figure where it comes from', () => {
  expect(report.machine.node).toMatch(/^v?\d+\./);
  for (const { id, commit, command, date } of report.entries) {
    expect([id, commit, command, date]).toEqual([
      expect.stringMatching(/^P\d+$/),
      expect.stringMatching(/^[0-9a-f]{12}/),
      expect.stringMatching(/^pnpm bench/),
      expect.stringMatching(/^\d{4}-\d\d-\d\d/),
    ]);
  }
});
