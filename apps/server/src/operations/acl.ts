/**
 * The four ACL calls. Setting the ACL of a bucket that does not exist creates it, as OSS does; setting
 * an object's changes neither its bytes nor its date.
 * @module
 */

import { isStorageError, type BucketAcl, type ObjectAcl } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { headerOf, type BucketCall, type Call, type ObjectCall } from '../call.ts';
import { findBucket, requireObject } from '../lookup.ts';
import { invalidArgument, noSuchKey } from '../service-error.ts';
import type { Service } from '../service.ts';
import type { XmlNode } from '../xml.ts';

const BUCKET_ACLS: readonly BucketAcl[] = ['private', 'public-read', 'public-read-write'];
const OBJECT_ACLS: readonly ObjectAcl[] = ['default', ...BUCKET_ACLS];

/** EC ids of the documentation: an unknown ACL, and anonymous callers that read or set one. */
const BAD_BUCKET_ACL_EC = '0015-00000204';
const BAD_OBJECT_ACL_EC = '0017-00000105';
const READ_ACL_EC = '0003-00000007';
const SET_ACL_EC = '0003-00000008';

export async function getBucketAcl(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller, READ_ACL_EC);
  const bucket = await findBucket(call, service);
  return xmlAnswer(aclDocument(bucket.acl, service));
}

export async function putBucketAcl(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller, SET_ACL_EC);
  const acl = readBucketAcl(call, { isRequired: true });
  const { bucket } = call.address;
  const location = service.settings.region;
  const existing = await service.store.getBucket(bucket);
  if (existing === undefined) {
    await service.store.createBucket(bucket, { acl, location }).catch(ignoreExisting);
  }
  await service.store.updateBucket(bucket, { acl });
  return emptyAnswer(200, { location: `/${bucket}` });
}

export async function getObjectAcl(call: ObjectCall, service: Service): Promise<Answer> {
  checkOwner(call.caller, READ_ACL_EC);
  const record = await requireObject(call, service);
  return xmlAnswer(aclDocument(record.acl, service));
}

export async function putObjectAcl(call: ObjectCall, service: Service): Promise<Answer> {
  checkOwner(call.caller, SET_ACL_EC);
  const acl = readObjectAcl(call, { isRequired: true });
  await findBucket(call, service);
  const { bucket, key } = call.address;
  try {
    await service.store.updateObject(bucket, key, { acl });
  } catch (error) {
    if (isStorageError(error) && error.code === 'NoSuchKey') throw noSuchKey(key);
    throw error;
  }
  return emptyAnswer(200);
}

/** Of two that create a bucket at once, both have it. */
export function ignoreExisting(error: unknown): void {
  if (!isStorageError(error) || error.code !== 'BucketAlreadyExists') throw error;
}

/**
 * The ACL that `x-oss-acl` asks for.
 * @throws ServiceError `InvalidArgument`
 */
export function readBucketAcl(
  call: Call,
  options: { readonly isRequired: boolean },
): BucketAcl | undefined {
  return readAcl(call, 'x-oss-acl', BUCKET_ACLS, BAD_BUCKET_ACL_EC, options.isRequired);
}

/**
 * The ACL that `x-oss-object-acl` asks for.
 * @throws ServiceError `InvalidArgument`
 */
export function readObjectAcl(
  call: Call,
  options: { readonly isRequired: boolean },
): ObjectAcl | undefined {
  return readAcl(call, 'x-oss-object-acl', OBJECT_ACLS, BAD_OBJECT_ACL_EC, options.isRequired);
}

export function ownerNode(service: Service): XmlNode {
  const id = service.settings.ownerId;
  return [
    'Owner',
    [
      ['ID', id],
      ['DisplayName', id],
    ],
  ];
}

export function grantNode(acl: ObjectAcl): XmlNode {
  return ['AccessControlList', [['Grant', acl]]];
}

function aclDocument(acl: ObjectAcl, service: Service): XmlNode {
  return ['AccessControlPolicy', [ownerNode(service), grantNode(acl)]];
}

function readAcl<T extends ObjectAcl>(
  call: Call,
  header: string,
  known: readonly T[],
  ec: string,
  isRequired: boolean,
): T | undefined {
  const text = headerOf(call, header);
  if (text === undefined && !isRequired) return undefined;
  const acl = known.find((candidate) => candidate === text);
  if (acl === undefined)
    throw invalidArgument(header, text ?? '', `one of ${known.join(', ')}`, ec);
  return acl;
}
