/**
 * The object that a copy is made from: named in a header, read with the caller's own rights, under the
 * conditions of the `x-oss-copy-source-*` headers. Easily got wrong: plain `If-*` headers of such a
 * request mean nothing, since ali-oss sends both (protocol, 4.1).
 * @module
 */

import { headerValueToBytes } from '@safelight/signing';
import type { ObjectRecord } from '@safelight/storage';
import { type Address, resolveAddress } from './address.ts';
import { headerOf, type ObjectCall } from './call.ts';
import { isNotModified } from './conditions.ts';
import { findBucket } from './lookup.ts';
import { checkObjectAccess } from './access.ts';
import { checkSourceProtection } from './process-configuration.ts';
import { invalidArgument, noSuchKey, notImplemented } from './service-error.ts';
import type { Service } from './service.ts';

const HEADER = 'x-oss-copy-source';

export interface CopySource {
  readonly bucket: string;
  readonly record: ObjectRecord;
  /** Whether the conditions ask for nothing to be copied. */
  readonly isNotModified: boolean;
}

/**
 * @throws ServiceError `InvalidArgument`, `NoSuchBucket`, `NoSuchKey`, `AccessDenied`,
 * `PreconditionFailed`
 */
export async function findCopySource(call: ObjectCall, service: Service): Promise<CopySource> {
  const address = readCopySource(headerOf(call, HEADER) ?? '');
  const bucket = await findBucket({ ...call, address }, service);
  const record = await service.store.headObject(bucket.name, address.key);
  checkObjectAccess(call.caller, 'read', bucket.acl, record?.acl);
  checkSourceProtection(call.caller, bucket, address.key, 'plain');
  if (record === undefined) throw noSuchKey(address.key);
  const condition = (name: string): string | undefined => headerOf(call, `${HEADER}-${name}`);
  return { bucket: bucket.name, record, isNotModified: isNotModified(condition, record) };
}

type ObjectAddress = Extract<Address, { level: 'object' }>;

/** `/bucket/key`, the key percent-encoded, perhaps with a version. */
function readCopySource(header: string): ObjectAddress {
  const text = new TextDecoder().decode(headerValueToBytes(header));
  const [path = '', version] = text.split('?', 2);
  if (version !== undefined && !/^versionId=(?:null)?$/.test(version)) {
    throw notImplemented(`${HEADER} with a version`);
  }
  // Some clients encode the slash between bucket and key, too.
  const slashed = path.startsWith('/') ? path : `/${path}`;
  const whole = slashed.indexOf('/', 1) < 0 ? slashed.replace(/%2f/i, '/') : slashed;
  const address = resolveAddress('localhost', whole, { endpoints: [], cnames: {} });
  if (address.level === 'object') return address;
  throw invalidArgument(HEADER, header, "'/bucket/key'");
}
