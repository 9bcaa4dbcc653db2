/**
 * The load cases in small: each server starts as built, answers, and survives some load. How
 * many requests that are is not looked at.
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { distinctAsk, LOAD_CASES, type LoadCase } from '../src/load/load-case.ts';
import { loadVerdicts, runLoad } from '../src/load/run-load.ts';
import { bytesServer } from '../src/load/servers.ts';
import { makePicture } from '../src/source-picture.ts';

const folder = mkdtempSync(join(tmpdir(), 'safelight-load-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [uncached, cached] = LOAD_CASES as [LoadCase, LoadCase];

it('asks every server for the same, which none has been asked before', async () => {
  const source = await makePicture({ kind: 'photo', width: 820, height: 90 });
  const options = { rounds: 1, connections: 2, span: { requests: 8 }, onProgress: () => undefined };
  const rows = await runLoad(uncached, source, folder, options);
  expect(rows.map(({ label }) => label)).toEqual(['Safelight', 'Hono + sharp', 'ipx']);
  for (const row of rows) {
    expect(row.psnrDb).toBeGreaterThan(25);
    expect(row.bytes).toBeGreaterThan(1000);
  }
  const verdicts = loadVerdicts(uncached, rows);
  expect(verdicts.map(({ bound }) => bound)).toEqual([1.5, 1.5]);
  for (const { measured } of verdicts) expect(measured).toBeGreaterThan(0);
});

it('never asks twice for the same in a run', () => {
  const asks = Array.from({ length: 6400 }, (_, n) => JSON.stringify(distinctAsk(n, ['a', 'b'])));
  expect(new Set(asks).size).toBe(asks.length);
});

it('asks for the same over and over, and its peer has the same answer', async () => {
  const source = await makePicture({ kind: 'photo', width: 990, height: 90 });
  const options = { rounds: 1, connections: 2, span: { requests: 8 }, onProgress: () => undefined };
  const own = mkdtempSync(join(folder, 'cached-'));
  const [ours, theirs] = await runLoad(cached, source, own, options);
  expect([ours?.label, theirs?.label]).toEqual(['Safelight', 'Hono, bytes from a variable']);
  expect(ours?.bytes).toBe(theirs?.bytes);
  expect(loadVerdicts(cached, [ours!, theirs!])).toMatchObject([{ bound: 0.8 }]);
});

it('has a peer that returns bytes from a variable', async () => {
  writeFileSync(join(folder, 'result'), 'these bytes');
  const server = await bytesServer.start(folder, []);
  try {
    const path = bytesServer.pathOf({ picture: 'any.jpg', width: 1, qualityPercent: 1 });
    expect(await (await fetch(server.url + path)).text()).toBe('these bytes');
  } finally {
    await server.stop();
  }
});
