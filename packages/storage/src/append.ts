/**
 * When bytes may be added to an object. Easily got wrong: at position 0 of an object that is there but
 * not appendable the answer is that it is not, never that it is replaced.
 * @module
 */

import type { AppendObjectOptions, ObjectMetadata, ObjectRecord } from './records.ts';
import { StorageError } from './errors.ts';
import { checkAbsent } from './object-record.ts';

/** Throws `ObjectNotAppendable`, `PositionNotEqualToLength`, `FileAlreadyExists`. */
export function checkAppend(
  record: ObjectRecord | undefined,
  key: string,
  position: number,
  options: AppendObjectOptions,
): void {
  const shown = JSON.stringify(key);
  checkAbsent(key, record, options);
  if (record !== undefined && record.type !== 'Appendable') {
    throw new StorageError('ObjectNotAppendable', `${shown}: got an object of ${record.type}`);
  }
  const size = record?.size ?? 0;
  if (position === size) return;
  throw new StorageError(
    'PositionNotEqualToLength',
    `position in ${shown}: expected ${size}, got ${position}`,
  );
}

/** The metadata of an object after an append: that of its beginning. */
export function appendedMetadata(
  record: ObjectRecord | undefined,
  options: AppendObjectOptions,
): ObjectMetadata {
  return { ...(record ?? options), type: 'Appendable' };
}

/** What the piece may have so that the whole stays within the limit. */
export function pieceLimits(
  position: number,
  options: AppendObjectOptions,
): { readonly contentMd5: string | undefined; readonly maxBytes: number | undefined } {
  const { contentMd5, maxBytes } = options;
  return {
    contentMd5,
    maxBytes: maxBytes === undefined ? undefined : Math.max(0, maxBytes - position),
  };
}
