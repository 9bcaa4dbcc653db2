/**
 * AppendObject. Easily got wrong: clients learn where to go on from a header, on success and when the
 * position was wrong.
 * @module
 */

import { isStorageError } from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import { bodyChunks, headerOf, integerOf, type ObjectCall } from '../call.ts';
import { describeError } from '../error-response.ts';
import { findPermittedObject } from '../lookup.ts';
import {
  readIfAbsent,
  readObjectMetadata,
  refuseHeaders,
  UNBUILT_HEADERS,
} from '../object-metadata.ts';
import { ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { checkLength } from './put-object.ts';
import { storedHeaders } from './stored-headers.ts';

const NEXT_POSITION = 'x-oss-next-append-position';

/** Longest object that may be appended to, in bytes: as OSS has it. */
const MAX_POSITION = 5 * 1024 ** 3;

export async function appendObject(call: ObjectCall, service: Service): Promise<Answer> {
  refuseHeaders(call, [...UNBUILT_HEADERS, 'x-oss-callback']);
  const existing = await findPermittedObject(call, service, 'write');
  const metadata = readObjectMetadata(call);
  const position = integerOf(call, 'position', { min: 0, max: MAX_POSITION, fallback: 0 });
  checkLength(call);
  const { bucket, key } = call.address;
  try {
    const record = await service.store.appendObject(bucket, key, position, bodyChunks(call), {
      ...metadata,
      contentMd5: headerOf(call, 'content-md5'),
      maxBytes: service.settings.maxObjectBytes,
      // Of an object that is there the position decides.
      ifAbsent: existing === undefined && readIfAbsent(call, existing),
    });
    return emptyAnswer(200, { ...storedHeaders(record), [NEXT_POSITION]: String(record.size) });
  } catch (error) {
    if (!isStorageError(error) || error.code !== 'PositionNotEqualToLength') throw error;
    const record = await service.store.headObject(bucket, key);
    const { message } = describeError(error);
    throw new ServiceError('PositionNotEqualToLength', message, {
      headers: { [NEXT_POSITION]: String(record?.size ?? 0) },
      cause: error,
    });
  }
}
