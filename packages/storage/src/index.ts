/**
 * The door of @safelight/storage: the driver interface, its drivers and their error.
 * @module
 */

export type * from './driver.ts';
export { isStorageError, StorageError } from './errors.ts';
export type { StorageErrorCode } from './errors.ts';
