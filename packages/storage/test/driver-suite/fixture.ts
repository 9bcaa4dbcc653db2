/**
 * A fresh driver for every test of the suite, and the few calls that tests make all the time.
 * @module
 */

import { afterEach, beforeEach, expect } from 'vitest';

import type {
  ListedObject,
  ListObjectsOptions,
  ObjectRecord,
  StorageDriver,
} from '../../src/driver.ts';
import { isStorageError } from '../../src/errors.ts';
import type { StorageErrorCode } from '../../src/errors.ts';
import { readObject } from '../../src/read-object.ts';
import { utf8 } from './bodies.ts';

/**
 * Makes an empty driver that takes its time from `now`. Whoever makes it clears up after `close`.
 */
export type OpenDriver = (now: () => number) => Promise<StorageDriver>;

/** 2026-01-02T03:04:05.678Z: not a whole second. */
export const START_MS = 1_767_323_045_678;

/** The driver under test with its bucket `pictures`. */
export interface DriverFixture {
  readonly driver: StorageDriver;
  /** Moves the driver's clock. */
  advance(byMs: number): void;
  /** Stores text, by default the key itself, in `pictures`. */
  put(key: string, text?: string): Promise<ObjectRecord>;
  putAll(keys: readonly string[]): Promise<void>;
  read(key: string): Promise<string | undefined>;
  readRange(offset: number, length: number): Promise<string>;
  list(options: ListObjectsOptions): Promise<ListedNames>;
}

interface ListedNames {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly next: string | undefined;
}

export function useDriver(open: OpenDriver): DriverFixture {
  let opened: StorageDriver | undefined;
  let nowMs = START_MS;
  beforeEach(async () => {
    nowMs = START_MS;
    opened = await open(() => nowMs);
    await opened.createBucket('pictures');
  });
  afterEach(() => opened?.close());
  return {
    get driver(): StorageDriver {
      return opened!;
    },
    advance(byMs): void {
      nowMs += byMs;
    },
    put: (key, text = key) => opened!.putObject('pictures', key, utf8(text)),
    async putAll(keys): Promise<void> {
      await Promise.all(keys.map((key) => this.put(key)));
    },
    async read(key): Promise<string | undefined> {
      const found = await readObject(opened!, 'pictures', key, { maxBytes: 1e9 });
      return found === undefined ? undefined : Buffer.from(found.bytes).toString();
    },
    /** Of the key `k`. */
    async readRange(offset, length): Promise<string> {
      const stored = await opened!.getObject('pictures', 'k', { range: { offset, length } });
      return new Response(stored!.body).text();
    },
    async list(options): Promise<ListedNames> {
      const page = await opened!.listObjects('pictures', options);
      expect(page.isTruncated).toBe(page.nextMarker !== undefined);
      const { objects, commonPrefixes: prefixes, nextMarker: next } = page;
      return { keys: objects.map(keyOf), prefixes, next };
    },
  };
}

/** What every store's list tells exactly; its times may be the store's own. */
export function listedOf({ key, size, etag }: ListedObject): Partial<ListedObject> {
  return { key, size, etag };
}

export function keyOf(record: ListedObject): string {
  return record.key;
}

/** The code of the StorageError that `call` ends with; `undefined` when it ends well. */
export async function codeOf(call: Promise<unknown>): Promise<StorageErrorCode | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (isStorageError(error)) return error.code;
    throw error;
  }
}
