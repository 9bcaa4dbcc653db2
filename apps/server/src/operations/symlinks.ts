/**
 * PutSymlink and GetSymlink. A link may point at nothing; what it points at is looked at when it is
 * read, with the reader's own rights.
 * @module
 */

import { decodePath, encodeQueryText, headerValueToBytes } from '@safelight/signing';
import { isObjectKey } from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import { headerOf, type ObjectCall } from '../call.ts';
import { findPermittedObject } from '../lookup.ts';
import { readIfAbsent, readObjectMetadata } from '../object-metadata.ts';
import { invalidArgument, noSuchKey, ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printHttpTime } from '../times.ts';

const TARGET = 'x-oss-symlink-target';

export async function putSymlink(call: ObjectCall, service: Service): Promise<Answer> {
  const existing = await findPermittedObject(call, service, 'write');
  const symlinkTarget = readTarget(call);
  const { bucket, key } = call.address;
  const record = await service.store.putObject(bucket, key, new Uint8Array(0), {
    ...readObjectMetadata(call),
    type: 'Symlink',
    symlinkTarget,
    ifAbsent: readIfAbsent(call, existing),
  });
  return emptyAnswer(200, { etag: `"${record.etag}"` });
}

export async function getSymlink(call: ObjectCall, service: Service): Promise<Answer> {
  const record = await findPermittedObject(call, service, 'read');
  if (record === undefined) throw noSuchKey(call.address.key);
  if (record.symlinkTarget === undefined) {
    throw new ServiceError('NotSymlink', 'The object you specified is not a symlink.');
  }
  return emptyAnswer(200, {
    etag: `"${record.etag}"`,
    'last-modified': printHttpTime(record.lastModifiedMs),
    [TARGET]: encodeQueryText(record.symlinkTarget),
  });
}

function readTarget(call: ObjectCall): string {
  const header = headerOf(call, TARGET) ?? '';
  const target = decodePath(new TextDecoder().decode(headerValueToBytes(header)));
  if (isObjectKey(target)) return target;
  throw invalidArgument(TARGET, header, 'a percent-encoded key');
}
