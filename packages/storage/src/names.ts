/**
 * Which names of buckets, objects and styles are legal, the same for every driver. A legal object
 * key may still be hostile (`..`, NUL, newlines): no driver may use one as a path.
 * @module
 */

import { StorageError } from './errors.ts';

const encoder = new TextEncoder();

/** Longest object key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1023;

/** OSS: 3 to 63 of lower-case letters, digits and hyphens, with no hyphen at either end. */
export function isBucketName(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text);
}

/** OSS: 1 to 1,023 bytes of UTF-8, not starting with a slash of either kind. */
export function isObjectKey(text: string): boolean {
  if (text === '' || text.length > MAX_KEY_BYTES || /^[/\\]/.test(text)) return false;
  // A lone surrogate has no UTF-8 form: two such keys would fall together.
  if (/\p{Surrogate}/u.test(text)) return false;
  return encoder.encode(text).length <= MAX_KEY_BYTES;
}

/** 1 to 63 letters, digits, hyphens, underscores and dots. */
export function isStyleName(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,63}$/.test(text);
}

export function checkBucketName(text: string): void {
  if (isBucketName(text)) return;
  throw new StorageError(
    'InvalidBucketName',
    `bucket: expected 3..63 of a-z, 0-9 and inner hyphens, got ${quote(text)}`,
  );
}

export function checkObjectKey(text: string): void {
  if (isObjectKey(text)) return;
  throw new StorageError(
    'InvalidObjectName',
    `key: expected 1..${MAX_KEY_BYTES} bytes of UTF-8 without a leading slash, got ${quote(text)}`,
  );
}

export function checkStyleName(text: string): void {
  if (isStyleName(text)) return;
  throw new StorageError(
    'InvalidStyleName',
    `style: expected 1..63 of letters, digits, '-', '_', '.', got ${quote(text)}`,
  );
}

/** Quoted and on one line; long names are cut, since they may be hostile. */
function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}... (${text.length} characters)` : text;
  return JSON.stringify(shown);
}
