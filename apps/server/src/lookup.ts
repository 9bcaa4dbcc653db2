/**
 * Finding the bucket and object that a call is about, with the access check in its place: after the
 * bucket is known to exist, before anything tells whether the object does.
 * @module
 */

import { type BucketRecord, isStorageError, type ObjectRecord } from '@safelight/storage';
import { checkObjectAccess, type Permission } from './access.ts';
import type { BucketCall, ObjectCall } from './call.ts';
import { checkSourceProtection, type ReadPurpose } from './process-configuration.ts';
import { checkReferer } from './referer.ts';
import { noSuchBucket, noSuchKey, ServiceError } from './service-error.ts';
import type { Service } from './service.ts';

/** @throws ServiceError `NoSuchBucket` */
export async function findBucket(
  call: BucketCall | ObjectCall,
  service: Service,
): Promise<BucketRecord> {
  const { bucket } = call.address;
  const record = await service.store.getBucket(bucket);
  if (record === undefined) throw noSuchBucket(bucket);
  return record;
}

/**
 * The object, once the caller may touch it; undefined when it is missing.
 * @throws ServiceError `NoSuchBucket`, `AccessDenied`
 */
export async function findPermittedObject(
  call: ObjectCall,
  service: Service,
  permission: Permission,
): Promise<ObjectRecord | undefined> {
  const bucket = await findBucket(call, service);
  const record = await service.store.headObject(call.address.bucket, call.address.key);
  checkObjectAccess(call.caller, permission, bucket.acl, record?.acl);
  return record;
}

/**
 * The object that a read is answered with: of a symlink its target, whose key is then the record's.
 * Undefined when it is missing.
 * @param right whose right to read counts: `trusted` is for what the owner has chosen for all
 * @throws ServiceError `NoSuchBucket`, `AccessDenied`, `SymlinkTargetNotExist`, `InvalidTargetType`
 */
export async function findReadableObject(
  call: ObjectCall,
  service: Service,
  purpose: ReadPurpose,
  right: 'caller' | 'trusted' = 'caller',
): Promise<ObjectRecord | undefined> {
  const bucket = await findBucket(call, service);
  checkReferer(call, bucket);
  const find = async (key: string): Promise<ObjectRecord | undefined> => {
    const record = await service.store.headObject(bucket.name, key);
    if (right === 'caller') checkObjectAccess(call.caller, 'read', bucket.acl, record?.acl);
    checkSourceProtection(call.caller, bucket, key, purpose);
    return record;
  };
  const record = await find(call.address.key);
  if (record?.symlinkTarget === undefined) return record;
  return throughSymlink(record, await find(record.symlinkTarget));
}

/** @throws ServiceError as `findReadableObject` does, and `NoSuchKey` */
export async function requireReadableObject(
  call: ObjectCall,
  service: Service,
  purpose: ReadPurpose,
): Promise<ObjectRecord> {
  const record = await findReadableObject(call, service, purpose);
  if (record === undefined) throw noSuchKey(call.address.key);
  return record;
}

/** The object of this very key, a symlink too. For calls of the owner. */
export async function requireObject(call: ObjectCall, service: Service): Promise<ObjectRecord> {
  const record = await findPermittedObject(call, service, 'read');
  if (record === undefined) throw noSuchKey(call.address.key);
  return record;
}

/** Bytes and validators are the target's; what was said of the link itself is the link's. */
function throughSymlink(link: ObjectRecord, target: ObjectRecord | undefined): ObjectRecord {
  if (target === undefined) {
    throw new ServiceError('SymlinkTargetNotExist', 'The symlink target object does not exist');
  }
  if (target.type === 'Symlink') {
    throw new ServiceError('InvalidTargetType', "The symbolic's target file type is invalid");
  }
  const { key, size, etag, crc64 } = target;
  return {
    ...link,
    key,
    size,
    etag,
    crc64,
    lastModifiedMs: Math.max(link.lastModifiedMs, target.lastModifiedMs),
    contentType: link.contentType ?? target.contentType,
  };
}

/** How often an object may be replaced under a reader before the reader is sent away. */
const MAX_ATTEMPTS = 3;

/**
 * Runs what reads a record first and the bytes after. When the object was replaced in between, old
 * headers would go with new bytes: it starts again.
 * @throws ServiceError `ServiceUnavailable` when that happens again and again
 */
export async function readConsistently<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!isStorageError(error) || error.code !== 'PreconditionFailed') throw error;
      if (attempt < MAX_ATTEMPTS) continue;
      const message = 'The object changed while it was read.';
      throw new ServiceError('ServiceUnavailable', message, { cause: error });
    }
  }
}
