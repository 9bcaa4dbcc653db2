/**
 * Where things lie in the one bucket of the S3 store. Ordinary keys keep their names below their
 * bucket's, so pictures that are already there are served and other tools can read ours; all that is
 * not a picture lies below `.safelight/`, which no bucket can be called. Easily got wrong: keys that
 * are legal here, but that some S3 servers or clients would change or refuse (`a//b`, `..`, control
 * characters, very long parts), lie under names of their own.
 * @module
 */

import { createHash } from 'node:crypto';

const RESERVED = '.safelight/';

/** Many S3 servers keep objects as files, whose names have at most 255 bytes with their suffix. */
const MAX_PART_BYTES = 220;
/** S3 allows 1,024 bytes; a bucket's name and a slash stand before the key. */
const MAX_PLAIN_BYTES = 950;
/** Of odd keys that still fit in hex: twice 440, with slashes, a bucket's name and the folder. */
const MAX_HEX_BYTES = 440;
const HEX_PART = 200;

/** Of one bucket, in the S3 bucket. */
export interface ObjectNames {
  /** The bucket's own record and styles. */
  readonly state: string;
  /** Before the names of ordinary keys. */
  readonly plain: string;
  /** Before the names of odd keys. */
  readonly odd: string;
  /** Before those of unfinished uploads. */
  readonly uploads: string;
  /** Before changes of metadata that came after the object. */
  readonly patches: string;
  /** Before metadata that is too long for headers. */
  readonly records: string;
  objectName(key: string): string;
  patchName(key: string): string;
}

/** @param root put before all names: empty, or ends with a slash */
export function objectNames(root: string, bucket: string): ObjectNames {
  const reserved = (folder: string): string => `${root}${RESERVED}${folder}/${bucket}/`;
  const plain = `${root}${bucket}/`;
  const odd = reserved('odd');
  const patches = reserved('patches');
  return {
    state: `${bucketsPrefix(root)}${bucket}.json`,
    plain,
    odd,
    uploads: reserved('uploads'),
    patches,
    records: reserved('records'),
    objectName: (key) => (isPlainKey(key) ? plain + key : odd + oddName(key)),
    patchName: (key) => patches + createHash('sha256').update(key).digest('hex'),
  };
}

/** Before the states of all buckets. */
export function bucketsPrefix(root: string): string {
  return `${root}${RESERVED}buckets/`;
}

/** Before the unfinished uploads of all buckets. */
export function uploadsPrefix(root: string): string {
  return `${root}${RESERVED}uploads/`;
}

/** A name for what only exists to try the store out. */
export function probeName(root: string, id: string): string {
  return `${root}${RESERVED}probe-${id}`;
}

function isPlainKey(key: string): boolean {
  if (Buffer.byteLength(key) > MAX_PLAIN_BYTES) return false;
  // Backslashes and what XML cannot hold do not come back from every list.
  if (/[\\\p{Cc}\u2028\u2029\ufffe\uffff]/u.test(key)) return false;
  const parts = key.split('/');
  // One slash at the end is how folders are made: it is left alone.
  const inner = parts.at(-1) === '' ? parts.slice(0, -1) : parts;
  return inner.every(
    (part) =>
      part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= MAX_PART_BYTES,
  );
}

/** `x/` and the key in hex, or `h/` and a hash where that would be too long. */
function oddName(key: string): string {
  const bytes = Buffer.from(key);
  if (bytes.byteLength > MAX_HEX_BYTES)
    return `h/${createHash('sha256').update(key).digest('hex')}`;
  const hex = bytes.toString('hex');
  return `x/${(hex.match(new RegExp(`.{1,${HEX_PART}}`, 'g')) ?? []).join('/')}`;
}

/** The key behind what follows `odd` in a name; `undefined` when only the object's metadata tells. */
export function oddKey(name: string): string | undefined {
  if (!name.startsWith('x/')) return undefined;
  return Buffer.from(name.slice(2).replaceAll('/', ''), 'hex').toString();
}
