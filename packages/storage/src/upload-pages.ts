/**
 * What every driver that keeps parts itself decides alike: which parts a completion means, and pages
 * of parts and uploads. Easily got wrong: a part under the smallest size may be the last named one,
 * not the one with the highest number.
 * @module
 */

import type {
  CompleteUploadOptions,
  ListPartsOptions,
  ListUploadsOptions,
  NamedPart,
  PartPage,
  PartRecord,
  UploadPage,
  UploadPlace,
  UploadRecord,
} from './upload.ts';
import { StorageError } from './errors.ts';
import { compareKeys } from './key-index.ts';

/** Highest number of a part. */
const MAX_PART_NUMBER = 10_000;

const MAX_PAGE_ITEMS = 1000;

/** The stored parts that a completion names, in its order. */
export function chooseParts<Part extends PartRecord>(
  named: readonly NamedPart[],
  stored: ReadonlyMap<number, Part>,
  options: CompleteUploadOptions,
): Part[] {
  const { minPartBytes = 0 } = options;
  if (named.length === 0) throw new StorageError('InvalidPart', 'parts: expected some, got none');
  const parts = named.map(({ partNumber, etag }, index) => {
    const before = named[index - 1];
    if (before !== undefined && before.partNumber >= partNumber) {
      throw new StorageError(
        'InvalidPartOrder',
        `parts: expected rising numbers, got ${partNumber} after ${before.partNumber}`,
      );
    }
    const part = stored.get(partNumber);
    if (part !== undefined && part.etag === etag.toUpperCase()) return part;
    throw new StorageError(
      'InvalidPart',
      `part ${partNumber}: expected ${part?.etag ?? 'one that was stored'}, got ${etag}`,
    );
  });
  const small = parts.slice(0, -1).find((part) => part.size < minPartBytes);
  if (small === undefined) return parts;
  throw new StorageError(
    'EntityTooSmall',
    `part ${small.partNumber}: expected at least ${minPartBytes} bytes, got ${small.size}`,
  );
}

export function pageParts(
  upload: UploadRecord,
  stored: Iterable<PartRecord>,
  options: ListPartsOptions,
): PartPage {
  const { afterPart = 0 } = options;
  const maxParts = checkPageSize('maxParts', options.maxParts);
  const rest = [...stored]
    .filter((part) => part.partNumber > afterPart)
    .toSorted((a, b) => a.partNumber - b.partNumber)
    // Drivers keep more of a part than they tell.
    .map(({ partNumber, size, etag, lastModifiedMs }) => {
      return { partNumber, size, etag, lastModifiedMs };
    });
  const parts = rest.slice(0, maxParts);
  const isTruncated = rest.length > parts.length;
  return { upload, parts, nextAfterPart: isTruncated ? parts.at(-1)!.partNumber : undefined };
}

export function pageUploads(
  stored: Iterable<UploadRecord>,
  options: ListUploadsOptions,
): UploadPage {
  const { prefix = '', afterKey = '', afterUploadId } = options;
  const maxUploads = checkPageSize('maxUploads', options.maxUploads);
  const rest = [...stored]
    .filter(({ key, uploadId }) => {
      const order = compareKeys(key, afterKey);
      const isLater = order === 0 && afterUploadId !== undefined && uploadId > afterUploadId;
      return key.startsWith(prefix) && (order > 0 || isLater);
    })
    .toSorted((a, b) => compareKeys(a.key, b.key) || compareKeys(a.uploadId, b.uploadId));
  const uploads = rest.slice(0, maxUploads);
  return { uploads, isTruncated: rest.length > uploads.length };
}

export function checkPartNumber(partNumber: number): void {
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= MAX_PART_NUMBER) return;
  throw new RangeError(
    `partNumber: expected an integer in 1..${MAX_PART_NUMBER}, got ${partNumber}`,
  );
}

export function noSuchUpload(place: UploadPlace): StorageError {
  const { key, uploadId } = place;
  return new StorageError(
    'NoSuchUpload',
    `upload: expected one of ${JSON.stringify(key)}, got ${JSON.stringify(uploadId.slice(0, 80))}`,
  );
}

function checkPageSize(name: string, size = MAX_PAGE_ITEMS): number {
  if (Number.isInteger(size) && size >= 1 && size <= MAX_PAGE_ITEMS) return size;
  throw new RangeError(`${name}: expected an integer in 1..${MAX_PAGE_ITEMS}, got ${size}`);
}
