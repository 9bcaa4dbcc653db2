/**
 * `pnpm bench` as built, with its processes: one small case from the command line to the files.
 * @module
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { Report } from '../src/report.ts';

const PROGRAM = fileURLToPath(new URL('../dist/run.js', import.meta.url));
const run = promisify(execFile);

it('measures a case and writes table, JSON and chart', async () => {
  const out = mkdtempSync(join(tmpdir(), 'safelight-program-'));
  try {
    const args = ['--', 'P14', '--rounds', '2', '--runs', '1', '--out', out];
    const { stdout } = await run(process.execPath, [PROGRAM, ...args], {
      env: { ...process.env, SAFELIGHT_CORPUS: '' },
    });
    const { entries } = JSON.parse(readFileSync(join(out, 'latest.json'), 'utf8')) as Report;
    const [entry] = entries;
    if (entries.length !== 1 || entry?.kind !== 'picture') throw new Error('expected one entry');
    expect(entry).toMatchObject({ id: 'P14', rounds: 2, verdict: { bound: 1.01 } });
    expect(entry.rows.map(({ engine, kind }) => [engine, kind])).toEqual([
      ['safelight', 'measured'],
      ['sharp', 'measured'],
    ]);
    expect(readFileSync(join(out, 'latest.md'), 'utf8').trim()).toBe(stdout.trim());
    expect(readFileSync(join(out, 'chart.svg'), 'utf8')).toMatch(/^<svg/);
  } finally {
    rmSync(out, { recursive: true });
  }
});

it('names what is wrong with the command line', async () => {
  const failure = run(process.execPath, [PROGRAM, 'P99']);
  await expect(failure).rejects.toMatchObject({ code: 2, stderr: /got 'P99'/ });
});
