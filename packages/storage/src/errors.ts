/**
 * The one error type of every storage driver, with a closed list of codes. Recognise it with
 * `isStorageError`, never with `instanceof`: two copies of this package must still agree.
 * @module
 */

/** Sorted by whose fault it is: the caller's, the state's, the operator's. */
export type StorageErrorCode =
  | 'InvalidBucketName' // not ^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$
  | 'InvalidObjectName' // empty, over 1,023 bytes of UTF-8, ill-formed, or starting with / or \
  | 'InvalidStyleName' // not 1 to 63 of letters, digits, - _ .
  | 'InvalidDigest' // the body is not what Content-MD5 promised, or that is no MD5
  | 'InvalidRange' // the range leaves the object
  | 'InvalidPart' // a part that was not stored, or has another ETag
  | 'InvalidPartOrder' // parts out of the order of their numbers
  | 'EntityTooLarge' // the body is over `maxBytes`
  | 'EntityTooSmall' // a part other than the last is under `minPartBytes`
  | 'NoSuchBucket'
  | 'NoSuchKey'
  | 'NoSuchUpload'
  | 'BucketAlreadyExists'
  | 'BucketNotEmpty'
  | 'FileAlreadyExists' // `ifAbsent`, and the key is there
  | 'ObjectNotAppendable' // the object is of another type
  | 'PositionNotEqualToLength' // an append that does not start at the end
  | 'TooManyStyles' // one more than `maxStyles`
  | 'PreconditionFailed' // `ifEtag`, and the object is another one by now
  | 'NotSupported' // what this kind of store cannot do
  | 'AccessDenied' // a driver that only reads was asked to write
  | 'StoreLocked' // another process holds the store, or this driver is closed
  | 'StoreDamaged' // what lies in the store is not what a driver of ours wrote
  | 'StoreUnavailable'; // disk full, too many open files, a back end that does not answer

const BRAND = Symbol.for('safelight.StorageError');

/** Thrown by drivers. The message may hold paths and keys: it is for logs, not for strangers. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** Whether `error` is a StorageError of any copy of this package. */
export function isStorageError(error: unknown): error is StorageError {
  return typeof error === 'object' && error !== null && BRAND in error;
}
