/**
 * Making and changing object records: defaults are filled in here and nowhere else. Records are
 * frozen, so a driver may hand out the one it keeps.
 * @module
 */

import type { BodyDigest } from './body-digest.ts';
import type { ObjectMetadata, ObjectPatch, ObjectRecord } from './driver.ts';
import { StorageError } from './errors.ts';

export function createObjectRecord(
  key: string,
  digest: BodyDigest,
  metadata: ObjectMetadata,
  nowMs: number,
): ObjectRecord {
  return freezeRecord({
    key,
    size: digest.size,
    etag: digest.etag,
    crc64: digest.crc64,
    lastModifiedMs: wholeSecond(nowMs),
    contentType: metadata.contentType,
    headers: metadata.headers ?? {},
    userMetadata: metadata.userMetadata ?? {},
    acl: metadata.acl ?? 'default',
    type: metadata.type ?? 'Normal',
    storageClass: metadata.storageClass,
    tags: metadata.tags ?? [],
    symlinkTarget: metadata.symlinkTarget,
  });
}

export function patchObjectRecord(
  record: ObjectRecord,
  patch: ObjectPatch,
  nowMs: number,
): ObjectRecord {
  const changesMore =
    patch.contentType !== undefined ||
    patch.headers !== undefined ||
    patch.userMetadata !== undefined ||
    patch.storageClass !== undefined;
  return freezeRecord({
    ...record,
    lastModifiedMs: changesMore ? wholeSecond(nowMs) : record.lastModifiedMs,
    contentType: patch.contentType ?? record.contentType,
    headers: patch.headers ?? record.headers,
    userMetadata: patch.userMetadata ?? record.userMetadata,
    acl: patch.acl ?? record.acl,
    storageClass: patch.storageClass ?? record.storageClass,
    tags: patch.tags ?? record.tags,
  });
}

/** A frozen copy. Spreading defines properties, so a header named `__proto__` stays plain data. */
export function freezeRecord(record: ObjectRecord): ObjectRecord {
  return Object.freeze({
    ...record,
    headers: Object.freeze({ ...record.headers }),
    userMetadata: Object.freeze({ ...record.userMetadata }),
    tags: Object.freeze(record.tags.map((tag) => Object.freeze({ ...tag }))),
  });
}

/** Throws `PreconditionFailed` unless `ifEtag` is absent or the record's. */
export function checkEtag(record: ObjectRecord, ifEtag: string | undefined): void {
  if (ifEtag === undefined || ifEtag === record.etag) return;
  throw new StorageError(
    'PreconditionFailed',
    `ifEtag of ${JSON.stringify(record.key)}: expected ${ifEtag}, got ${record.etag}`,
  );
}

export function noSuchKey(key: string): StorageError {
  return new StorageError('NoSuchKey', `key: expected an object, got none: ${JSON.stringify(key)}`);
}

/** Throws `FileAlreadyExists` when there must be no object and there is one. */
export function checkAbsent(
  key: string,
  existing: object | undefined,
  options: { readonly ifAbsent?: boolean | undefined },
): void {
  if (options.ifAbsent !== true || existing === undefined) return;
  throw new StorageError(
    'FileAlreadyExists',
    `key: expected none, got an object: ${JSON.stringify(key)}`,
  );
}

/** A time as records have it: a whole second, rounded down. */
export function wholeSecond(timeMs: number): number {
  return Math.floor(timeMs / 1000) * 1000;
}
