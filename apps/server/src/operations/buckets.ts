/**
 * Making, describing, listing and removing buckets: the owner's alone.
 * @module
 */

import type { BucketRecord, ListUploadsOptions } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { bodyText, integerOf, parameterOf, type BucketCall, type ServiceCall } from '../call.ts';
import { findBucket } from '../lookup.ts';
import { printTime } from '../times.ts';
import type { Service } from '../service.ts';
import { childText, childOf, parseXml, type XmlNode } from '../xml.ts';
import { grantNode, ignoreExisting, ownerNode, readBucketAcl } from './acl.ts';

/** A configuration document is a few hundred bytes; more is no document of ours. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

const DEFAULT_STORAGE_CLASS = 'Standard';

export async function putBucket(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const acl = readBucketAcl(call, { isRequired: false });
  const body = await bodyText(call, MAX_DOCUMENT_BYTES);
  const { bucket } = call.address;
  const existing = await service.store.getBucket(bucket);
  if (existing === undefined) {
    const storageClass = body.trim() === '' ? undefined : readStorageClass(body);
    const location = service.settings.region;
    await service.store.createBucket(bucket, { acl, location, storageClass }).catch(ignoreExisting);
  } else if (acl !== undefined) {
    await service.store.updateBucket(bucket, { acl });
  }
  return emptyAnswer(200, { location: `/${bucket}` });
}

export async function deleteBucket(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  await service.store.deleteBucket(call.address.bucket);
  return emptyAnswer(204);
}

export async function getBucketInfo(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const bucket = await findBucket(call, service);
  const children: XmlNode[] = [
    ...bucketFacts(bucket, service),
    ['DataRedundancyType', 'LRS'],
    ownerNode(service),
    grantNode(bucket.acl),
  ];
  return xmlAnswer(['BucketInfo', [['Bucket', children]]]);
}

export async function getBucketLocation(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const bucket = await findBucket(call, service);
  return xmlAnswer(['LocationConstraint', bucket.location ?? service.settings.region]);
}

/** Reads the whole list of the bucket: there is no counter that a crash could leave wrong. */
export async function getBucketStat(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const { name } = await findBucket(call, service);
  let bytes = 0;
  let objects = 0;
  let startAfter: string | undefined;
  do {
    const page = await service.store.listObjects(name, { startAfter });
    for (const { size } of page.objects) bytes += size;
    objects += page.objects.length;
    startAfter = page.nextMarker;
  } while (startAfter !== undefined);
  return xmlAnswer([
    'BucketStat',
    [
      ['Storage', bytes],
      ['ObjectCount', objects],
      ['MultipartUploadCount', await countUploads(name, service)],
    ],
  ]);
}

async function countUploads(bucket: string, service: Service): Promise<number> {
  let count = 0;
  let after: ListUploadsOptions | undefined;
  for (;;) {
    const { uploads, isTruncated } = await service.store.listUploads(bucket, after);
    count += uploads.length;
    const last = uploads.at(-1);
    if (!isTruncated || last === undefined) return count;
    after = { afterKey: last.key, afterUploadId: last.uploadId };
  }
}

export async function listBuckets(call: ServiceCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const prefix = parameterOf(call, 'prefix') ?? '';
  const marker = parameterOf(call, 'marker') ?? '';
  const maxKeys = integerOf(call, 'max-keys', { min: 1, max: 1000, fallback: 100 });
  const all = await service.store.listBuckets();
  const rest = all.filter(({ name }) => name.startsWith(prefix) && name > marker);
  const page = rest.slice(0, maxKeys);
  const paging: XmlNode[] = [
    ['Prefix', prefix],
    ['Marker', marker],
    ['MaxKeys', maxKeys],
    ['IsTruncated', rest.length > page.length],
  ];
  const last = page.at(-1);
  if (last !== undefined && rest.length > page.length) paging.push(['NextMarker', last.name]);
  const buckets = page.map((bucket): XmlNode => ['Bucket', bucketFacts(bucket, service)]);
  return xmlAnswer([
    'ListAllMyBucketsResult',
    [ownerNode(service), ...paging, ['Buckets', buckets]],
  ]);
}

function bucketFacts(bucket: BucketRecord, service: Service): XmlNode[] {
  const location = bucket.location ?? service.settings.region;
  return [
    ['CreationDate', printTime(bucket.createdMs)],
    ['ExtranetEndpoint', `${location}.aliyuncs.com`],
    ['IntranetEndpoint', `${location}-internal.aliyuncs.com`],
    ['Location', location],
    ['Name', bucket.name],
    ['StorageClass', bucket.storageClass ?? DEFAULT_STORAGE_CLASS],
  ];
}

function readStorageClass(body: string): string | undefined {
  return childText(childOf(parseXml(body), 'CreateBucketConfiguration'), 'StorageClass');
}
