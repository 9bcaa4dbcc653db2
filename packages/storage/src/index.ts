/**
 * The main door of @safelight/storage: the driver interface, its error and what works on any driver.
 * It needs nothing of Node; drivers stand behind doors of their own (`./memory`, `./fs`).
 * @module
 */

export { combineCrc64, crc64, createCrc64 } from './crc64.ts';
export type { Crc64 } from './crc64.ts';
export type * from './driver.ts';
export { isStorageError, StorageError } from './errors.ts';
export type { StorageErrorCode } from './errors.ts';
export { isBucketName, isObjectKey, isStyleName, MAX_KEY_BYTES } from './names.ts';
export { readObject } from './read-object.ts';
export type { ReadObjectOptions } from './read-object.ts';
