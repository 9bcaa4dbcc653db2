/**
 * Where things lie in the folder of a store. No key ever becomes a path: files are named by the
 * SHA-256 of the key, and the record inside names the key, so `..`, NUL, `a` beside `a/b` and keys
 * of any length are all alike.
 *
 *     store.json  lock  tmp/
 *     buckets/<bucket>/bucket.json                 the bucket's record and styles
 *     buckets/<bucket>/records/<hh>/<hash>.json    an object's record, renamed into place last
 *     buckets/<bucket>/data/<hh>/<hash>.<random>   its bytes, never changed once written
 * @module
 */

import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { randomName } from './disk.ts';

/** Where one object lies. */
export interface ObjectPlace {
  readonly key: string;
  /** SHA-256 of the key's UTF-8, in hex. */
  readonly hash: string;
  readonly recordFolder: string;
  readonly recordFile: string;
  readonly dataFolder: string;
}

export function locateObject(bucketFolder: string, key: string): ObjectPlace {
  const hash = createHash('sha256').update(key).digest('hex');
  const fan = hash.slice(0, 2);
  const recordFolder = join(bucketFolder, 'records', fan);
  return {
    key,
    hash,
    recordFolder,
    recordFile: join(recordFolder, `${hash}.json`),
    dataFolder: join(bucketFolder, 'data', fan),
  };
}

/** A new name in the data folder of an object. */
export function newDataName(place: ObjectPlace): string {
  return `${place.hash}.${randomName()}`;
}

/** The hash in the name of a data file, or `undefined` when it is no such name. */
export function hashOfDataName(name: string): string | undefined {
  return /^([0-9a-f]{64})\.[0-9a-f]{32}$/.exec(name)?.[1];
}

/** The hash in the name of a record file, or `undefined` when it is no such name. */
export function hashOfRecordName(name: string): string | undefined {
  return /^([0-9a-f]{64})\.json$/.exec(name)?.[1];
}

/** Whether `name` is one of the 256 folders that records and data are spread over. */
export function isFanName(name: string): boolean {
  return /^[0-9a-f]{2}$/.test(name);
}
