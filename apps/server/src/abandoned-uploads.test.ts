/**
 * Which uploads are taken for abandoned, on every driver, by a clock that the test moves.
 * @module
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StorageDriver, UploadPlace } from '@safelight/storage';
import { openFsDriver } from '@safelight/storage/fs';
import { createMemoryDriver } from '@safelight/storage/memory';
import { openS3Driver } from '@safelight/storage/s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeS3, startFakeS3 } from '../../../packages/storage/test/fake-s3.ts';
import { sweepAbandonedUploads } from './abandoned-uploads.ts';

const DAY_MS = 24 * 3_600_000;
const MAX_AGE_MS = 7 * DAY_MS;

let nowMs = Date.parse('2026-01-02T03:04:05Z');
const now = (): number => nowMs;
let folder: string;
let fake: FakeS3;
let store: StorageDriver;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'safelight-uploads-'));
  fake = await startFakeS3();
});

afterEach(async () => {
  await store.close();
  await fake.close();
  await rm(folder, { recursive: true });
});

const openers: Readonly<Record<string, () => Promise<StorageDriver>>> = {
  memory: async () => createMemoryDriver({ now }),
  fs: () => openFsDriver({ folder, durable: false, now }),
  s3: () => openS3Driver({ ...fake, now }),
};

async function begin(bucket: string, key: string): Promise<UploadPlace> {
  const { uploadId } = await store.createUpload(bucket, key);
  return { bucket, key, uploadId };
}

async function keysOf(bucket: string): Promise<readonly string[]> {
  return (await store.listUploads(bucket)).uploads.map(({ key }) => key);
}

function sweep(): Promise<number> {
  return sweepAbandonedUploads(store, { maxAgeMs: MAX_AGE_MS, nowMs });
}

describe.each(Object.keys(openers))('uploads in a %s store', (kind) => {
  beforeEach(async () => {
    store = await openers[kind]!();
    await store.createBucket('one');
    await store.createBucket('two');
  });

  it('are aborted when nothing has come for longer than they may take, and no earlier', async () => {
    await begin('one', 'silent');
    const cut = await begin('two', 'cut');
    await store.putPart(cut, 1, Buffer.from('part'));
    nowMs += MAX_AGE_MS;
    await begin('two', 'young');
    expect([await sweep(), await keysOf('one'), await keysOf('two')]).toEqual([
      0,
      ['silent'],
      ['cut', 'young'],
    ]);
    nowMs += 1000;
    expect([await sweep(), await keysOf('one'), await keysOf('two')]).toEqual([2, [], ['young']]);
    // Nothing of it is left, in parts neither.
    expect(fake.names().filter((name) => name.includes(cut.uploadId))).toEqual([]);
    expect(await sweep()).toBe(0);
  });

  it('are left alone while parts come, however old they are', async () => {
    const slow = await begin('one', 'slow');
    for (const number of [2, 1]) {
      nowMs += MAX_AGE_MS - DAY_MS;
      await store.putPart(slow, number, Buffer.from(`part ${number};`));
    }
    nowMs += MAX_AGE_MS - DAY_MS;
    expect(await sweep()).toBe(0);
    const { parts } = await store.listParts(slow);
    const record = await store.completeUpload(slow, parts);
    expect(record.size).toBe(14);
  });
});

it('finds abandoned uploads behind the first page, and does not mind what ends meanwhile', async () => {
  store = createMemoryDriver({ now });
  await store.createBucket('one');
  await Promise.all(Array.from({ length: 1001 }, (_, i) => begin('one', `k${i}`)));
  nowMs += 2 * MAX_AGE_MS;
  const counts = await Promise.all([sweep(), sweep()]);
  expect([counts.reduce((sum, count) => sum + count), await keysOf('one')]).toEqual([1001, []]);
});
