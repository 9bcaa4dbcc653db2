/**
 * The headers of answers about an object. Easily got wrong: an uploaded page must never run as a page
 * of ours, so every answer with object bytes is sandboxed, whatever media type it claims.
 * @module
 */

import type { ObjectRecord } from '@safelight/storage';
import { parametersWith, type Call } from './call.ts';
import { printHttpTime } from './times.ts';
import { invalidArgument, ServiceError } from './service-error.ts';

/** What an object is served as when its writer did not say. */
const DEFAULT_MEDIA_TYPE = 'application/octet-stream';

/** The one query parameter and header that names a process. */
export const PROCESS_NAME = 'x-oss-process';

/**
 * Scripts off, nothing loaded, an origin of its own. Inline style stays, since browsers' own picture
 * viewers use it. (CSP 3, `sandbox` without tokens.)
 */
const SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/** What plain and processed answers share: validators, safety, caching rules. */
export function sharedObjectHeaders(call: Call, record: ObjectRecord): Record<string, string> {
  const headers: Record<string, string> = {
    'content-security-policy': SANDBOX,
    etag: `"${record.etag}"`,
    'last-modified': printHttpTime(record.lastModifiedMs),
    // The header form of the process selects another answer at the same URL.
    vary: PROCESS_NAME,
  };
  for (const name of ['cache-control', 'content-disposition', 'expires'] as const) {
    const value = record.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  if (call.caller.kind === 'owner') headers['cache-control'] ??= 'private';
  return headers;
}

/** All headers of a plain object, as PutObject stored them. */
export function plainObjectHeaders(call: Call, record: ObjectRecord): Record<string, string> {
  const headers = sharedObjectHeaders(call, record);
  headers['accept-ranges'] = 'bytes';
  headers['content-type'] = record.contentType ?? DEFAULT_MEDIA_TYPE;
  headers['x-oss-object-type'] = record.type;
  headers['x-oss-storage-class'] = record.storageClass ?? 'Standard';
  if (record.tags.length > 0) headers['x-oss-tagging-count'] = String(record.tags.length);
  if (record.type === 'Appendable') headers['x-oss-next-append-position'] = String(record.size);
  for (const name of ['content-encoding', 'content-language'] as const) {
    const value = record.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  for (const [name, value] of Object.entries(record.userMetadata)) {
    headers[`x-oss-meta-${name}`] = value;
  }
  return headers;
}

/** Query parameters that replace a header of the answer. */
const OVERRIDES: ReadonlyMap<string, string> = new Map(
  [
    'cache-control',
    'content-disposition',
    'content-encoding',
    'content-language',
    'content-type',
    'expires',
  ].map((name) => [`response-${name}`, name]),
);

/**
 * Headers that the signed URL asks for.
 * @throws ServiceError `InvalidRequest` for anonymous callers, who could make any object a download
 * with any name; `InvalidArgument` for values that are no header
 */
export function overriddenHeaders(call: Call): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, value } of parametersWith(call, 'response-')) {
    const header = OVERRIDES.get(name);
    if (header === undefined) continue;
    if (call.caller.kind === 'anonymous') {
      throw new ServiceError(
        'InvalidRequest',
        'Request parameters that override response headers need a signature.',
        { details: { ArgumentName: name } },
      );
    }
    if (/\p{Cc}/u.test(value)) {
      throw invalidArgument(name, value, 'a header value without control characters');
    }
    headers[header] = value;
  }
  return headers;
}
