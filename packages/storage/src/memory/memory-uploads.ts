/**
 * The unfinished uploads of one bucket in memory. Easily got wrong: a body takes its time, so the
 * upload is looked up again when a part is complete.
 * @module
 */

import { randomBytes } from 'node:crypto';

import { digestBody } from '../body-digest.ts';
import type { BodyDigest } from '../body-digest.ts';
import { wholeSecond } from '../object-record.ts';
import type { ObjectBody, ObjectMetadata } from '../records.ts';
import type { PartRecord, PutPartOptions, UploadPlace, UploadRecord } from '../upload.ts';
import { noSuchUpload } from '../upload-pages.ts';

export interface MemoryUpload {
  readonly record: UploadRecord;
  readonly metadata: ObjectMetadata;
  readonly parts: Map<number, MemoryPart>;
}

/** A part is its own digest. */
interface MemoryPart extends PartRecord, BodyDigest {
  readonly bytes: Uint8Array;
}

export class MemoryUploads {
  readonly #now: () => number;
  readonly #uploads = new Map<string, MemoryUpload>();

  constructor(now: () => number) {
    this.#now = now;
  }

  create(key: string, metadata: ObjectMetadata): UploadRecord {
    const record: UploadRecord = Object.freeze({
      key,
      uploadId: randomBytes(16).toString('hex').toUpperCase(),
      createdMs: this.#now(),
      storageClass: metadata.storageClass,
    });
    this.#uploads.set(record.uploadId, { record, metadata: { ...metadata }, parts: new Map() });
    return record;
  }

  /** Throws `NoSuchUpload`. */
  get(place: UploadPlace): MemoryUpload {
    const upload = this.#uploads.get(place.uploadId);
    if (upload === undefined || upload.record.key !== place.key) throw noSuchUpload(place);
    return upload;
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions,
  ): Promise<PartRecord> {
    const upload = this.get(place);
    const { bytes, digest } = await collectBody(body, options);
    if (this.get(place) !== upload) throw noSuchUpload(place);
    const { size, etag } = digest;
    const lastModifiedMs = wholeSecond(this.#now());
    upload.parts.set(partNumber, { ...digest, partNumber, lastModifiedMs, bytes });
    return { partNumber, size, etag, lastModifiedMs };
  }

  remove(uploadId: string): void {
    this.#uploads.delete(uploadId);
  }

  records(): UploadRecord[] {
    return [...this.#uploads.values()].map((upload) => upload.record);
  }
}

/** The whole body and its digest. */
export async function collectBody(
  body: ObjectBody,
  options: PutPartOptions,
): Promise<{ readonly bytes: Uint8Array; readonly digest: BodyDigest }> {
  const chunks: Uint8Array[] = [];
  // Copied, since a stream may use its buffer again; `slice` of a Node Buffer would not copy.
  const digest = await digestBody(
    body,
    options,
    (chunk) => void chunks.push(new Uint8Array(chunk)),
  );
  return { bytes: joinBytes(chunks), digest };
}

export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    bytes.set(piece, offset);
    offset += piece.byteLength;
  }
  return bytes;
}
