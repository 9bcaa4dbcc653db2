/**
 * PutObject: the body streams to the driver. Easily got wrong: clients count on exactly 200 with an
 * empty body, and an anonymous writer of a new key must not overwrite one that appears meanwhile.
 * @module
 */

import { type Answer, emptyAnswer } from '../answer.ts';
import { bodyChunks, headerOf, type ObjectCall } from '../call.ts';
import { readCallback, sendCallback } from '../callback.ts';
import { findPermittedObject } from '../lookup.ts';
import {
  readIfAbsent,
  readObjectMetadata,
  refuseHeaders,
  UNBUILT_HEADERS,
} from '../object-metadata.ts';
import { ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { copyObject } from './copy-object.ts';
import { storedHeaders } from './stored-headers.ts';

export async function putObject(call: ObjectCall, service: Service): Promise<Answer> {
  if (headerOf(call, 'x-oss-copy-source') !== undefined) return copyObject(call, service);
  refuseHeaders(call, [...UNBUILT_HEADERS, 'x-oss-symlink-target']);
  const callback = readCallback(call, service);
  const existing = await findPermittedObject(call, service, 'write');
  const metadata = readObjectMetadata(call);
  checkLength(call);
  const { bucket, key } = call.address;
  const record = await service.store.putObject(bucket, key, bodyChunks(call), {
    ...metadata,
    contentMd5: headerOf(call, 'content-md5'),
    maxBytes: service.settings.maxObjectBytes,
    ifAbsent: readIfAbsent(call, existing),
  });
  if (callback !== undefined) return sendCallback(callback, call, service, record);
  return emptyAnswer(200, {
    ...storedHeaders(record),
    'content-md5': hexToBase64(record.etag),
  });
}

/**
 * A body without an announced end could be cut off unnoticed.
 * @throws ServiceError `MissingContentLength`
 */
export function checkLength(call: ObjectCall): void {
  if (headerOf(call, 'content-length') !== undefined || isChunked(call)) return;
  throw new ServiceError('MissingContentLength', 'You must provide the Content-Length header.');
}

function isChunked(call: ObjectCall): boolean {
  return headerOf(call, 'transfer-encoding')?.toLowerCase().includes('chunked') ?? false;
}

/** The MD5 of an ETag as `Content-MD5` writes it. */
function hexToBase64(hex: string): string {
  return btoa(hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
