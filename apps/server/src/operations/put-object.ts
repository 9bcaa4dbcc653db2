/**
 * PutObject: the body streams to the driver. Easily got wrong: clients count on exactly 200 with an
 * empty body, and an anonymous writer of a new key must not overwrite one that appears meanwhile.
 * @module
 */

import type {
  ObjectAcl,
  ObjectRecord,
  PutObjectOptions,
  StoredHeaderName,
} from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import { bodyChunks, headerOf, type ObjectCall } from '../call.ts';
import { findPermittedObject } from '../lookup.ts';
import { notImplemented, ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { readObjectAcl } from './acl.ts';

const STORED_HEADERS: readonly StoredHeaderName[] = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

/** Headers that ask for more than storing: ignoring them would lose what the writer asked for. */
const UNBUILT_HEADERS: readonly string[] = [
  'x-oss-callback',
  'x-oss-copy-source',
  'x-oss-server-side-encryption',
  'x-oss-symlink-target',
  'x-oss-tagging',
];

const META_PREFIX = 'x-oss-meta-';

/** EC of an anonymous caller that sets an object's ACL. */
const SET_ACL_EC = '0003-00000008';

export async function putObject(call: ObjectCall, service: Service): Promise<Answer> {
  const unbuilt = UNBUILT_HEADERS.find((name) => headerOf(call, name) !== undefined);
  if (unbuilt !== undefined) throw notImplemented(`PutObject with the header ${unbuilt}`);
  const acl = readObjectAcl(call, { isRequired: false });
  const existing = await findPermittedObject(call, service, 'write');
  if (call.caller.kind === 'anonymous' && acl !== undefined) {
    throw new ServiceError('AccessDenied', 'Anonymous access is forbidden for this operation.', {
      ec: SET_ACL_EC,
    });
  }
  if (headerOf(call, 'content-length') === undefined && !isChunked(call)) {
    throw new ServiceError('MissingContentLength', 'You must provide the Content-Length header.');
  }
  const options = putOptions(call, service, acl, existing);
  const { bucket, key } = call.address;
  const record = await service.store.putObject(bucket, key, bodyChunks(call), options);
  return emptyAnswer(200, {
    etag: `"${record.etag}"`,
    'content-md5': hexToBase64(record.etag),
    ...(record.crc64 === undefined ? {} : { 'x-oss-hash-crc64ecma': record.crc64 }),
  });
}

function putOptions(
  call: ObjectCall,
  service: Service,
  acl: ObjectAcl | undefined,
  existing: ObjectRecord | undefined,
): PutObjectOptions {
  const isNewForAnonymous = call.caller.kind === 'anonymous' && existing === undefined;
  return {
    contentType: headerOf(call, 'content-type'),
    contentMd5: headerOf(call, 'content-md5'),
    headers: Object.fromEntries(
      STORED_HEADERS.map((name) => [name, headerOf(call, name)] as const).filter(
        (pair): pair is [StoredHeaderName, string] => pair[1] !== undefined,
      ),
    ),
    userMetadata: readUserMetadata(call),
    acl,
    storageClass: headerOf(call, 'x-oss-storage-class'),
    maxBytes: service.settings.maxObjectBytes,
    ifAbsent: isNewForAnonymous || headerOf(call, 'x-oss-forbid-overwrite') === 'true',
  };
}

/** Values are kept as they came: header bytes, one a character. */
function readUserMetadata(call: ObjectCall): Record<string, string> {
  const metadata = new Map<string, string>();
  for (const [anyCase] of call.headers) {
    const name = anyCase.toLowerCase();
    if (!name.startsWith(META_PREFIX) || name === META_PREFIX) continue;
    metadata.set(name.slice(META_PREFIX.length), headerOf(call, name) ?? '');
  }
  return Object.fromEntries(metadata);
}

function isChunked(call: ObjectCall): boolean {
  return headerOf(call, 'transfer-encoding')?.toLowerCase().includes('chunked') ?? false;
}

/** The MD5 of an ETag as `Content-MD5` writes it. */
function hexToBase64(hex: string): string {
  return btoa(hex.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
