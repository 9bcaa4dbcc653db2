/**
 * What every answer to a write of bytes tells of them.
 * @module
 */

import type { ObjectRecord } from '@safelight/storage';

export function storedHeaders(record: ObjectRecord): Record<string, string> {
  const { etag, crc64 } = record;
  return {
    etag: `"${etag}"`,
    ...(crc64 === undefined ? {} : { 'x-oss-hash-crc64ecma': crc64 }),
  };
}
