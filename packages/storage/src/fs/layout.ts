/**
 * Where things lie in the folder of a store. No key ever becomes a path: files are named by the
 * SHA-256 of the key, and the record inside names the key, so `..`, NUL, `a` beside `a/b` and keys
 * of any length are all alike.
 *
 *     store.json  lock  tmp/
 *     buckets/<bucket>/bucket.json                 the bucket's record and styles
 *     buckets/<bucket>/records/<hh>/<hash>.json    an object's record, renamed into place last
 *     buckets/<bucket>/data/<hh>/<hash>.<random>   its bytes, never changed once written
 *     buckets/<bucket>/uploads/<id>/upload.json    an upload in parts
 *     buckets/<bucket>/uploads/<id>/<n>.json       a part's record, renamed into place last
 *     buckets/<bucket>/uploads/<id>/<n>.<random>   its bytes
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

export function uploadsFolder(bucketFolder: string): string {
  return join(bucketFolder, 'uploads');
}

/** A new upload id, in the form of the service. */
export function newUploadId(): string {
  return randomName().toUpperCase();
}

/** Whether this is an id that we may have given: only then may it become a folder's name. */
export function isUploadId(text: string): boolean {
  return /^[0-9A-F]{32}$/.test(text);
}

/** A new name for the data of a part. */
export function newPartDataName(partNumber: number): string {
  return `${partNumber}.${randomName()}`;
}

export function partRecordName(partNumber: number): string {
  return `${partNumber}.json`;
}

/** The number in the name of a part's data file, or `undefined` when it is no such name. */
export function partOfDataName(name: string): number | undefined {
  return numberOf(/^([1-9]\d{0,4})\.[0-9a-f]{32}$/.exec(name));
}

/** The number in the name of a part's record, or `undefined` when it is no such name. */
export function partOfRecordName(name: string): number | undefined {
  return numberOf(/^([1-9]\d{0,4})\.json$/.exec(name));
}

function numberOf(match: RegExpExecArray | null): number | undefined {
  return match === null ? undefined : Number(match[1]);
}
