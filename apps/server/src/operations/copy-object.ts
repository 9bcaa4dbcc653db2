/**
 * CopyObject: another object's bytes under this key, with its metadata or new. Onto itself it changes
 * metadata. Easily got wrong: an ACL is never copied, and a request's Content-Type counts only when the
 * metadata is replaced.
 * @module
 */

import type { ObjectMetadata, ObjectRecord } from '@safelight/storage';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { headerOf, type ObjectCall } from '../call.ts';
import { findCopySource } from '../copy-source.ts';
import { findPermittedObject, readConsistently } from '../lookup.ts';
import {
  readIfAbsent,
  readObjectMetadata,
  refuseHeaders,
  UNBUILT_HEADERS,
} from '../object-metadata.ts';
import { invalidArgument } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printTime } from '../times.ts';

export async function copyObject(call: ObjectCall, service: Service): Promise<Answer> {
  refuseHeaders(call, [...UNBUILT_HEADERS, 'x-oss-callback']);
  const existing = await findPermittedObject(call, service, 'write');
  return readConsistently(async () => {
    const source = await findCopySource(call, service);
    if (source.isNotModified) return emptyAnswer(304);
    const { bucket, record } = source;
    const copy = await service.store.copyObject(
      { bucket, key: record.key, ifEtag: record.etag },
      call.address,
      { ...copiedMetadata(call, record), ifAbsent: readIfAbsent(call, existing) },
    );
    return xmlAnswer([
      'CopyObjectResult',
      [
        ['ETag', `"${copy.etag}"`],
        ['LastModified', printTime(copy.lastModifiedMs)],
      ],
    ]);
  });
}

function copiedMetadata(call: ObjectCall, source: ObjectRecord): ObjectMetadata {
  const given = readObjectMetadata(call);
  const replaces = readDirective(call, 'x-oss-metadata-directive');
  const replacesTags = readDirective(call, 'x-oss-tagging-directive');
  const { symlinkTarget } = source;
  // A copy of an appendable object is a plain one; a copy of a symlink is a symlink.
  const type = source.type === 'Appendable' ? 'Normal' : source.type;
  const { contentType, headers, userMetadata } = replaces ? given : source;
  const tags = replacesTags ? given.tags : source.tags;
  const { acl, storageClass } = given;
  return { contentType, headers, userMetadata, acl, storageClass, tags, type, symlinkTarget };
}

/** Whether the request's own values are meant, and not the source's. */
function readDirective(call: ObjectCall, name: string): boolean {
  const text = headerOf(call, name) ?? 'COPY';
  if (/^replace$/i.test(text)) return true;
  if (/^copy$/i.test(text)) return false;
  throw invalidArgument(name, text, 'COPY or REPLACE');
}
