/**
 * What the client's errors mean to the driver: missing, a condition that did not hold, a store that is
 * to blame. Easily got wrong: the client's error holds sockets, so it never becomes a cause.
 * @module
 */

import { StorageError } from '../errors.ts';

/** The store refused a write because its condition did not hold. */
export const CONFLICT: unique symbol = Symbol('conflict');

function statusOf(error: unknown): number | undefined {
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

/** No answer at all, or one that blames the server or asks for patience. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status >= 500 || status === 429 || status === 408;
}

export async function orFail<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw unavailable(error);
  }
}

export async function orMissing<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NoSuchBucket') throw unavailable(error);
    if (statusOf(error) === 404 || name === 'NoSuchKey') return undefined;
    if (statusOf(error) === 416)
      throw new StorageError('InvalidRange', 'range: outside the object');
    throw unavailable(error);
  }
}

/** 412, or 409 when another writer was in the middle of it. */
export async function orConflict<Result>(
  call: () => Promise<Result>,
): Promise<Result | typeof CONFLICT> {
  try {
    return await call();
  } catch (error) {
    const status = statusOf(error);
    if (status === 412 || status === 409) return CONFLICT;
    throw error;
  }
}

export function unavailable(error: unknown): unknown {
  if (error instanceof StorageError) return error;
  const { name, message } = error as Error;
  const status = statusOf(error) ?? 'no answer';
  // Without the client's error as cause: it holds sockets, and prints as thousands of lines.
  return new StorageError('StoreUnavailable', `s3: ${status}: ${name}: ${message}`);
}
