/**
 * The three calls on an object's tags: the owner's alone. Setting them changes neither bytes nor date.
 * @module
 */

import type { ObjectTag } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { bodyText, type ObjectCall } from '../call.ts';
import { requireObject } from '../lookup.ts';
import { readTagDocument, tagDocument } from '../object-tags.ts';
import type { Service } from '../service.ts';

/** Ten tags, each character at worst an entity. */
const MAX_DOCUMENT_BYTES = 64 * 1024;

export async function putObjectTagging(call: ObjectCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const tags = readTagDocument(await bodyText(call, MAX_DOCUMENT_BYTES));
  await setTags(call, service, tags);
  return emptyAnswer(200);
}

export async function getObjectTagging(call: ObjectCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const { tags } = await requireObject(call, service);
  return xmlAnswer(tagDocument(tags));
}

export async function deleteObjectTagging(call: ObjectCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  await setTags(call, service, []);
  return emptyAnswer(204);
}

async function setTags(
  call: ObjectCall,
  service: Service,
  tags: readonly ObjectTag[],
): Promise<void> {
  await requireObject(call, service);
  const { bucket, key } = call.address;
  await service.store.updateObject(bucket, key, { tags });
}
