/**
 * What a writer says of an object in headers, read alike for every way of writing. Easily got wrong:
 * values are header bytes, one a character, and go back to readers as they came.
 * @module
 */

import type { ObjectMetadata, StoredHeaderName } from '@safelight/storage';
import { checkOwner } from './access.ts';
import { headerOf, type Call } from './call.ts';
import { readTagHeader } from './object-tags.ts';
import { readObjectAcl } from './operations/acl.ts';
import { invalidArgument, notImplemented } from './service-error.ts';

const STORED_HEADERS: readonly StoredHeaderName[] = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
];

const STORAGE_CLASSES: readonly string[] = [
  'Standard',
  'IA',
  'Archive',
  'ColdArchive',
  'DeepColdArchive',
];

const META_PREFIX = 'x-oss-meta-';

/** EC of an anonymous caller that sets an object's ACL. */
const SET_ACL_EC = '0003-00000008';

/**
 * Only owners say an ACL.
 * @throws ServiceError `InvalidArgument`, `AccessDenied`
 */
export function readObjectMetadata(call: Call): ObjectMetadata {
  const acl = readObjectAcl(call, { isRequired: false });
  if (acl !== undefined) checkOwner(call.caller, SET_ACL_EC);
  return {
    contentType: headerOf(call, 'content-type'),
    headers: Object.fromEntries(
      STORED_HEADERS.map((name) => [name, headerOf(call, name)] as const).filter(
        (pair): pair is [StoredHeaderName, string] => pair[1] !== undefined,
      ),
    ),
    userMetadata: readUserMetadata(call),
    acl,
    storageClass: readStorageClass(call),
    tags: readTagHeader(headerOf(call, 'x-oss-tagging')),
  };
}

/** @throws ServiceError `InvalidArgument` */
function readStorageClass(call: Call): string | undefined {
  const name = 'x-oss-storage-class';
  const text = headerOf(call, name);
  if (text === undefined || STORAGE_CLASSES.includes(text)) return text;
  throw invalidArgument(name, text, `one of ${STORAGE_CLASSES.join(', ')}`);
}

/** Whether an object that is there must be kept: asked for, or written anew by a stranger. */
export function readIfAbsent(call: Call, existing: object | undefined): boolean {
  // A stranger who may write new keys must not overwrite one that appears meanwhile.
  const isNewForAnonymous = call.caller.kind === 'anonymous' && existing === undefined;
  return isNewForAnonymous || headerOf(call, 'x-oss-forbid-overwrite') === 'true';
}

/**
 * Refuses headers that ask for more than storing: ignoring one would lose what the writer asked for.
 * @throws ServiceError `NotImplemented`
 */
export function refuseHeaders(call: Call, names: readonly string[]): void {
  const name = names.find((candidate) => headerOf(call, candidate) !== undefined);
  if (name !== undefined) throw notImplemented(`A request with ${name}`);
}

/** Headers that no writing call knows. */
export const UNBUILT_HEADERS: readonly string[] = [
  'x-oss-server-side-encryption',
  'x-oss-server-side-data-encryption',
];

/** Values are kept as they came: header bytes, one a character. */
function readUserMetadata(call: Call): Record<string, string> {
  const metadata = new Map<string, string>();
  for (const [anyCase] of call.headers) {
    const name = anyCase.toLowerCase();
    if (!name.startsWith(META_PREFIX) || name === META_PREFIX) continue;
    metadata.set(name.slice(META_PREFIX.length), headerOf(call, name) ?? '');
  }
  return Object.fromEntries(metadata);
}
