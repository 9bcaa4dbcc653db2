/**
 * The stores that a service is killed on, and what must be true of each afterwards. Easily got wrong:
 * over S3 other nodes may be at work, so what a killed one left is not swept by the next start, but
 * when it is old.
 * @module
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openS3Driver } from '@safelight/storage/s3';
import { expect } from 'vitest';
import { s3Settings, type S3UnderTest } from '../e2e/store-under-test.ts';
import { BUCKET } from './kill-load.ts';
import type { KilledStore } from './kill-rounds.ts';

const DATA_FILE = /[0-9a-f]{64}\.[0-9a-f]{32}$/;

/** The embedded store, swept at every start. */
export function folderStore(folder: string): KilledStore {
  return {
    settings: {},
    maxLoadMs: 900,
    async expectSwept() {
      expect(await readdir(join(folder, 'store', 'tmp'))).toEqual([]);
      await expectCacheSwept(folder);
    },
    async expectObjects(keys) {
      const data = join(folder, 'store', 'buckets', BUCKET, 'data');
      const files = await readdir(data, { recursive: true });
      expect(files.filter((name) => DATA_FILE.test(name)).length).toBe(keys.length);
    },
  };
}

/** @param folder of the service's cache */
export function s3Store(folder: string, store: S3UnderTest): KilledStore {
  return {
    settings: s3Settings(store, PREFIX),
    // An upload in parts is some thirty calls of the store.
    maxLoadMs: 2_500,
    expectSwept: () => expectCacheSwept(folder),
    async expectObjects(keys) {
      // As a node that starts two days later sweeps it.
      const now = (): number => Date.now() + 2 * DAY_MS;
      await (await openS3Driver({ ...store, prefix: PREFIX, now })).close();
      const expected = [`${PREFIX}.safelight/buckets/${BUCKET}.json`];
      expected.push(...keys.map((key) => `${PREFIX}${BUCKET}/${key}`));
      // Other tests of this process may have used the same store.
      const names = (await store.names()).filter((name) => name.startsWith(PREFIX));
      expect(names.toSorted()).toEqual(expected.toSorted());
      // One that was cut off before anyone could note its id takes no room.
      const uploads = await store.openUploads();
      const left = uploads.filter(({ name, size }) => name.startsWith(PREFIX) && size > 0);
      expect(left).toEqual([]);
    },
  };
}

const PREFIX = 'killed/';
const DAY_MS = 24 * 3_600_000;

async function expectCacheSwept(folder: string): Promise<void> {
  expect(await readdir(join(folder, 'cache', 'unfinished'))).toEqual([]);
}
