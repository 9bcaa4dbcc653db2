/**
 * Uploads in parts that were begun and left: aborted when nothing has come for a long time. Easily got
 * wrong: a slow upload is not an abandoned one, so its age counts from its latest part. Any number of
 * nodes may sweep one store.
 * @module
 */

import {
  isStorageError,
  type StorageDriver,
  type UploadPlace,
  type UploadRecord,
} from '@safelight/storage';

export interface UploadSweepOptions {
  /** How long nothing may come, in ms. */
  readonly maxAgeMs: number;
  /** Unix time in ms. */
  readonly nowMs: number;
}

/** Aborts what is older, in all buckets, and gives the count. Throws what the store throws. */
export async function sweepAbandonedUploads(
  store: StorageDriver,
  { maxAgeMs, nowMs }: UploadSweepOptions,
): Promise<number> {
  let count = 0;
  for (const { name: bucket } of await store.listBuckets()) {
    for await (const { key, uploadId, createdMs } of allUploads(store, bucket)) {
      const place = { bucket, key, uploadId };
      if (nowMs - createdMs <= maxAgeMs) continue;
      const isGone = await unlessEnded(async () => {
        if (nowMs - (await latestPartMs(store, place)) <= maxAgeMs) return false;
        await store.abortUpload(place);
        return true;
      });
      if (isGone) count++;
    }
  }
  return count;
}

/** An upload, or its whole bucket, may end at any moment: then there is nothing to do. */
async function unlessEnded(task: () => Promise<boolean>): Promise<boolean> {
  try {
    return await task();
  } catch (error) {
    if (isStorageError(error) && ENDED.has(error.code)) return false;
    throw error;
  }
}

const ENDED: ReadonlySet<string> = new Set(['NoSuchUpload', 'NoSuchBucket']);

/** A page is read whole before its uploads are ended, and the next one begins behind it. */
async function* allUploads(store: StorageDriver, bucket: string): AsyncGenerator<UploadRecord> {
  let after: { readonly afterKey?: string; readonly afterUploadId?: string } = {};
  for (;;) {
    const page = await store.listUploads(bucket, after).catch((error: unknown) => {
      if (isStorageError(error) && ENDED.has(error.code)) return undefined;
      throw error;
    });
    if (page === undefined) return;
    yield* page.uploads;
    const last = page.uploads.at(-1);
    if (!page.isTruncated || last === undefined) return;
    after = { afterKey: last.key, afterUploadId: last.uploadId };
  }
}

/** Unix time in ms; 0 without parts. Throws `NoSuchUpload`. */
async function latestPartMs(store: StorageDriver, place: UploadPlace): Promise<number> {
  let latestMs = 0;
  let afterPart: number | undefined = 0;
  while (afterPart !== undefined) {
    const page = await store.listParts(place, { afterPart });
    for (const { lastModifiedMs } of page.parts) latestMs = Math.max(latestMs, lastModifiedMs);
    afterPart = page.nextAfterPart;
  }
  return latestMs;
}
