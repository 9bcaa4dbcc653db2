/**
 * DeleteObject and DeleteMultipleObjects. A missing key counts as deleted, as every client expects.
 * @module
 */

import { checkObjectAccess, checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { bodyText, parameterOf, type BucketCall, type ObjectCall } from '../call.ts';
import { findBucket } from '../lookup.ts';
import { ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { childOf, childrenOf, childText, parseXml, type XmlNode } from '../xml.ts';
import { encodeListed, readEncoding } from './list-encoding.ts';

const MAX_KEYS = 1000;

/** A thousand keys of 1,023 bytes, each byte at worst an entity of six characters, and their tags. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024;

export async function deleteObject(call: ObjectCall, service: Service): Promise<Answer> {
  const bucket = await findBucket(call, service);
  const { bucket: name, key } = call.address;
  const record = await service.store.headObject(name, key);
  checkObjectAccess(call.caller, 'write', bucket.acl, record?.acl);
  await service.store.deleteObject(name, key);
  return emptyAnswer(204);
}

export async function deleteObjects(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  await findBucket(call, service);
  const body = await bodyText(call, MAX_DOCUMENT_BYTES);
  const { keys, isQuiet } = readDeletion(body);
  for (const key of keys) await service.store.deleteObject(call.address.bucket, key);
  if (isQuiet) return emptyAnswer(200);
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const deleted = keys.map((key): XmlNode => ['Deleted', [['Key', encodeListed(key, encoding)]]]);
  const head: XmlNode[] = encoding === 'url' ? [['EncodingType', 'url']] : [];
  return xmlAnswer(['DeleteResult', [...head, ...deleted]]);
}

/** @throws ServiceError `MalformedXML` */
function readDeletion(body: string): { keys: readonly string[]; isQuiet: boolean } {
  const root = childOf(parseXml(body), 'Delete');
  const keys = childrenOf(root, 'Object').map((object) => childText(object, 'Key') ?? '');
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes('')) {
    throw new ServiceError('MalformedXML', `Delete: expected 1 to ${MAX_KEYS} objects with a key.`);
  }
  return { keys, isQuiet: childText(root, 'Quiet') === 'true' };
}
