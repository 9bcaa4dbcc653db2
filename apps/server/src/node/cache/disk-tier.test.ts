import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CachedResult, ResultKey, ResultTier } from '../../cache/result-tier.ts';
import { openDiskTier } from './disk-tier.ts';

let folder: string;
let problems: unknown[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-cache-'));
  problems = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const KIB = 1024;

function openTier(options: { maxBytes?: number; maxVariants?: number } = {}): Promise<ResultTier> {
  const onProblem = (problem: unknown): void => void problems.push(problem);
  return openDiskTier({ folder, maxBytes: 1000 * KIB, maxVariants: 100, onProblem, ...options });
}

function keyOf(text: string, place: Partial<ResultKey> = {}): ResultKey {
  return { text, bucket: 'box', key: 'a.jpg', style: undefined, ...place };
}

function resultOf(fill: number, bytes = 100): CachedResult {
  return { bytes: new Uint8Array(bytes).fill(fill), mediaType: 'image/jpeg' };
}

/** All files of results. */
async function filesOf(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
}

describe('the tier on disk', () => {
  it('gives back what was put, also after a restart', async () => {
    const tier = await openTier();
    await tier.put(keyOf('one'), resultOf(1));
    expect(await tier.get(keyOf('one'))).toEqual(resultOf(1));
    expect(await tier.get(keyOf('two'))).toBeUndefined();
    await tier.close();
    const again = await openTier();
    expect(await again.get(keyOf('one'))).toEqual(resultOf(1));
    expect(again.usage).toEqual(tier.usage);
  });

  it('forgets, when asked so, only what was put before a time, which outlives a restart', async () => {
    const tier = await openTier();
    await tier.put(keyOf('old'), resultOf(1));
    await tier.close();
    const [old = ''] = await filesOf();
    const oldSec = Date.parse('2026-01-02T03:04:05Z') / 1000;
    await utimes(old, oldSec, oldSec);
    const again = await openTier();
    await again.put(keyOf('new'), resultOf(2));
    expect(again.purge({ bucket: 'box' }, oldSec * 1000)).toBe(0);
    expect(again.purge({ bucket: 'box' }, oldSec * 1000 + 1)).toBe(1);
    expect(await again.get(keyOf('old'))).toBeUndefined();
    expect(await again.get(keyOf('new'))).toEqual(resultOf(2));
    expect(again.purge({ bucket: 'box' })).toBe(1);
  });

  it('never gives out a file that was cut short or changed anywhere', async () => {
    const tier = await openTier();
    await tier.put(keyOf('one'), resultOf(1));
    const [file = ''] = await filesOf();
    const whole = await readFile(file);
    for (let length = 0; length < whole.length; length += 7) {
      await writeFile(file, whole.subarray(0, length));
      expect(await (await openTier()).get(keyOf('one'))).toBeUndefined();
    }
    for (let at = 0; at < whole.length; at += 5) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      await writeFile(file, changed);
      expect(await (await openTier()).get(keyOf('one'))).toBeUndefined();
    }
  });

  it('drops a damaged file, and keeps the result anew', async () => {
    const tier = await openTier();
    await tier.put(keyOf('one'), resultOf(1));
    const [file = ''] = await filesOf();
    await truncate(file, 50);
    expect(await tier.get(keyOf('one'))).toBeUndefined();
    await tier.close();
    await tier.put(keyOf('one'), resultOf(2));
    expect(await tier.get(keyOf('one'))).toEqual(resultOf(2));
  });

  it('sweeps what a killed process left unfinished, and leaves foreign files alone', async () => {
    await mkdir(join(folder, 'unfinished'));
    await writeFile(join(folder, 'unfinished', 'half'), 'half');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const tier = await openTier();
    expect(await filesOf()).toEqual([join(folder, 'notes.txt')]);
    expect(tier.usage).toEqual({ bytes: 0, results: 0 });
  });

  it('stays within its bytes, the oldest going first, also when it starts with too much', async () => {
    const tier = await openTier({ maxBytes: 100 * KIB });
    for (let i = 0; i < 40; i++) {
      await tier.put(keyOf(`${i}`, { key: `${i}.jpg` }), resultOf(i, 7 * KIB));
      expect(tier.usage?.bytes).toBeLessThanOrEqual(100 * KIB);
    }
    await tier.close();
    expect((await filesOf()).length).toBe(12);
    expect(await tier.get(keyOf('39', { key: '39.jpg' }))).toEqual(resultOf(39, 7 * KIB));
    for (const file of await filesOf()) await utimes(file, 1, 1);
    const smaller = await openTier({ maxBytes: 50 * KIB });
    await smaller.close();
    expect([smaller.usage?.results, (await filesOf()).length]).toEqual([6, 6]);
  });

  it('keeps so many results of one source', async () => {
    const tier = await openTier({ maxVariants: 3 });
    await tier.put(keyOf('other', { key: 'b.jpg' }), resultOf(9));
    for (let i = 0; i < 10; i++) await tier.put(keyOf(`${i}`), resultOf(i));
    await tier.close();
    expect((await filesOf()).length).toBe(4);
    expect(await tier.get(keyOf('other', { key: 'b.jpg' }))).toEqual(resultOf(9));
    expect(await tier.get(keyOf('0'))).toBeUndefined();
  });

  it.each([
    [{ bucket: 'box' }, 3],
    [{ bucket: 'box', key: 'a.jpg' }, 2],
    [{ bucket: 'box', style: 'small' }, 1],
    [{ bucket: 'bo' }, 0],
  ])('purges %j, after a restart too', async (scope, count) => {
    const tier = await openTier();
    await tier.put(keyOf('one'), resultOf(1));
    await tier.put(keyOf('two', { style: 'small' }), resultOf(2));
    await tier.put(keyOf('three', { key: 'b.jpg' }), resultOf(3));
    await tier.put(keyOf('four', { bucket: 'other' }), resultOf(4));
    await tier.close();
    const again = await openTier();
    expect(await again.purge(scope)).toBe(count);
    await again.close();
    expect((await filesOf()).length).toBe(4 - count);
  });

  it('goes on without a folder to write to, and tells', async () => {
    const tier = await openTier();
    await rm(folder, { recursive: true });
    await writeFile(folder, 'not a folder');
    await tier.put(keyOf('one'), resultOf(1));
    expect(await tier.get(keyOf('one'))).toBeUndefined();
    expect([problems.length, tier.usage?.results]).toEqual([1, 0]);
  });
});
