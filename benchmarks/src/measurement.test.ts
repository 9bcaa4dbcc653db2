/**
 * What a measuring process answers. Times are there, but nothing is expected of them.
 * @module
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Job, losslessTwin } from './job.ts';
import { measure, median } from './measurement.ts';
import { makePicture } from './source-picture.ts';

const folder = mkdtempSync(join(tmpdir(), 'safelight-measurement-'));
const sourceFile = join(folder, 'source');
const job: Job = {
  input: 'file',
  operation: { kind: 'resize', size: { width: 20, height: 16 } },
  output: { format: 'jpeg', qualityPercent: 80 },
};
const base = { engine: 'sharp', job, sourceFile } as const;

beforeAll(async () => {
  writeFileSync(sourceFile, await makePicture({ kind: 'photo', width: 60, height: 48 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('median', () => {
  it('is the middle one, or between the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5]);
    expect(() => median([])).toThrow('at least one');
  });
});

describe('a measuring process', () => {
  it('runs as often as it is told while there is time, and three times without', async () => {
    const many = await measure({ ...base, mode: 'warm', runs: 5, maxMs: 60_000 });
    expect(many).toMatchObject({ kind: 'timing', timing: { runs: 5 } });
    const few = await measure({ ...base, mode: 'warm', runs: 5, maxMs: 0 });
    expect(few).toMatchObject({ kind: 'timing', timing: { runs: 3 } });
  });

  it('runs once from cold', async () => {
    const cold = await measure({ ...base, mode: 'cold' });
    expect(cold).toMatchObject({ kind: 'timing', timing: { runs: 1 } });
  });

  it('tells memory above idle', async () => {
    const memory = await measure({ ...base, mode: 'memory', warmUp: { job, sourceFile } });
    if (memory.kind !== 'memory') throw new Error(`expected memory, got ${memory.kind}`);
    expect(memory.peakMb).toBeGreaterThanOrEqual(0);
    expect(memory.idleMb).toBeGreaterThan(1);
  });

  it('keeps the result and its lossless twin', async () => {
    const resultFile = join(folder, 'result');
    const losslessFile = join(folder, 'lossless');
    const losslessJob = losslessTwin(job);
    const answer = await measure({
      ...base,
      mode: 'result',
      resultFile,
      losslessJob,
      losslessFile,
    });
    const result = readFileSync(resultFile);
    expect(answer).toEqual({ kind: 'result', bytes: result.length });
    expect([result[0], readFileSync(losslessFile)[0]]).toEqual([0xff, 0x89]);
  });

  it('says what an engine cannot do, and fails at anything else', async () => {
    const turn: Job = { ...job, operation: { kind: 'rotate90' } };
    const refused = await measure({ ...base, engine: 'jimp', job: turn, mode: 'cold' });
    expect(refused).toMatchObject({ kind: 'not-available' });
    writeFileSync(join(folder, 'broken'), 'no picture');
    const broken = { ...base, sourceFile: join(folder, 'broken'), mode: 'cold' } as const;
    await expect(measure(broken)).rejects.toThrow('unsupported image format');
    await expect(measure({ ...broken, engine: 'safelight' })).rejects.toThrow('expected');
  });
});
