/**
 * The door of @safelight/storage: the driver interface, its drivers and their error.
 * @module
 */

export { crc64, createCrc64 } from './crc64.ts';
export type { Crc64 } from './crc64.ts';
export type * from './driver.ts';
export { isStorageError, StorageError } from './errors.ts';
export type { StorageErrorCode } from './errors.ts';
export { openFsDriver } from './fs.ts';
export type { FsDriverOptions } from './fs.ts';
export { createMemoryDriver } from './memory.ts';
export type { MemoryDriverOptions } from './memory.ts';
export { isBucketName, isObjectKey, isStyleName, MAX_KEY_BYTES } from './names.ts';
export { readObject } from './read-object.ts';
export type { ReadObjectOptions } from './read-object.ts';
