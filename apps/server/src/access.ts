/**
 * What anonymous callers may do (protocol, 3). Easily got wrong: an object's own ACL wins over the
 * bucket's in both directions, and a missing key in a private bucket is 403, so that existence does
 * not leak.
 * @module
 */

import type { BucketAcl, ObjectAcl } from '@safelight/storage';
import type { Caller } from './caller.ts';
import { ServiceError } from './service-error.ts';

/** What a call does to an object. Deleting counts as writing. */
export type Permission = 'read' | 'write';

/** EC of a call that the ACL forbids. */
const ACL_EC = '0003-00000001';

/**
 * Whether the caller may touch the object.
 * @param objectAcl undefined when the key is missing: then the bucket's ACL decides
 * @throws ServiceError `AccessDenied`
 */
export function checkObjectAccess(
  caller: Caller,
  permission: Permission,
  bucketAcl: BucketAcl,
  objectAcl: ObjectAcl | undefined,
): void {
  if (caller.kind === 'owner') return;
  const isInherited = objectAcl === undefined || objectAcl === 'default';
  if (allows(isInherited ? bucketAcl : objectAcl, permission)) return;
  throw new ServiceError(
    'AccessDenied',
    isInherited
      ? 'You have no right to access this object because of bucket acl.'
      : 'You have no right to access this object.',
    { ec: ACL_EC },
  );
}

/**
 * Refuses anonymous callers: everything on buckets, ACLs and styles is the owner's alone.
 * @throws ServiceError `AccessDenied`
 */
export function checkOwner(caller: Caller, ec: string = ACL_EC): void {
  if (caller.kind === 'owner') return;
  throw new ServiceError('AccessDenied', 'Anonymous access is forbidden for this operation.', {
    ec,
  });
}

function allows(acl: BucketAcl, permission: Permission): boolean {
  return acl === 'public-read-write' || (acl === 'public-read' && permission === 'read');
}
