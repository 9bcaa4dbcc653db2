/**
 * The driver that keeps everything in this process and forgets it at the end: for tests, previews
 * and demos. Bytes are copied in and out, so no caller can change a stored object.
 * @module
 */

import { appendedMetadata, checkAppend, pieceLimits } from './append.ts';
import { appendDigest, joinDigests, recordDigest } from './body-digest.ts';
import type { BodyDigest } from './body-digest.ts';
import {
  bucketAlreadyExists,
  bucketNotEmpty,
  createBucketState,
  findStyle,
  noSuchBucket,
  patchBucketState,
  withoutStyle,
  withStyle,
} from './bucket-state.ts';
import type { BucketState } from './bucket-state.ts';
import { resolveRange } from './byte-range.ts';
import type {
  AppendObjectOptions,
  BucketChange,
  BucketRecord,
  ByteRange,
  CompleteUploadOptions,
  CopyObjectOptions,
  CreateBucketOptions,
  GetObjectOptions,
  ListObjectsOptions,
  ListPartsOptions,
  ListUploadsOptions,
  NamedPart,
  ObjectBody,
  ObjectMetadata,
  ObjectPage,
  ObjectPatch,
  ObjectPlace,
  ObjectRecord,
  ObjectSource,
  PartPage,
  PartRecord,
  PartSource,
  PutObjectOptions,
  PutPartOptions,
  PutStyleOptions,
  StorageDriver,
  StoredObject,
  StyleRecord,
  UploadPage,
  UploadPlace,
  UploadRecord,
} from './driver.ts';
import { StorageError } from './errors.ts';
import { compareKeys, KeyIndex } from './key-index.ts';
import { collectBody, joinBytes, MemoryUploads } from './memory/memory-uploads.ts';
import { checkBucketName, checkObjectKey, checkStyleName } from './names.ts';
import {
  checkAbsent,
  checkEtag,
  createObjectRecord,
  noSuchKey,
  patchObjectRecord,
} from './object-record.ts';
import { checkPartNumber, chooseParts, pageParts, pageUploads } from './upload-pages.ts';

export interface MemoryDriverOptions {
  /** Unix time in ms. @default Date.now */
  readonly now?: () => number;
}

export function createMemoryDriver(options: MemoryDriverOptions = {}): StorageDriver {
  return new MemoryDriver(options.now ?? Date.now);
}

interface MemoryBucket {
  state: BucketState;
  readonly objects: Map<string, MemoryObject>;
  readonly index: KeyIndex;
  readonly uploads: MemoryUploads;
}

interface MemoryObject {
  readonly record: ObjectRecord;
  readonly bytes: Uint8Array;
}

/** An object that is complete, but not yet in its place. */
interface Draft {
  readonly bytes: Uint8Array;
  readonly digest: BodyDigest;
  readonly metadata: ObjectMetadata;
}

/** Bytes in one chunk of a body. */
const CHUNK_BYTES = 64 * 1024;

class MemoryDriver implements StorageDriver {
  readonly name = 'memory';
  readonly #now: () => number;
  readonly #buckets = new Map<string, MemoryBucket>();
  #closed = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  async createBucket(name: string, options: CreateBucketOptions = {}): Promise<BucketRecord> {
    if (this.#find(name) !== undefined) throw bucketAlreadyExists(name);
    const state = createBucketState(name, options, this.#now());
    const uploads = new MemoryUploads(this.#now);
    this.#buckets.set(name, { state, objects: new Map(), index: new KeyIndex(), uploads });
    return state.record;
  }

  async getBucket(name: string): Promise<BucketRecord | undefined> {
    return this.#find(name)?.state.record;
  }

  async updateBucket(name: string, change: BucketChange): Promise<BucketRecord> {
    const bucket = this.#get(name);
    bucket.state = patchBucketState(bucket.state, change);
    return bucket.state.record;
  }

  async deleteBucket(name: string): Promise<void> {
    if (this.#get(name).objects.size > 0) throw bucketNotEmpty(name);
    this.#buckets.delete(name);
  }

  async listBuckets(): Promise<readonly BucketRecord[]> {
    this.#checkOpen();
    const records = [...this.#buckets.values()].map((bucket) => bucket.state.record);
    return records.toSorted((a, b) => compareKeys(a.name, b.name));
  }

  async putObject(
    name: string,
    key: string,
    body: ObjectBody,
    options: PutObjectOptions = {},
  ): Promise<ObjectRecord> {
    const bucket = this.#get(name, key);
    const check = (old: MemoryObject | undefined): void => checkAbsent(key, old, options);
    check(bucket.objects.get(key));
    const { bytes, digest } = await collectBody(body, options);
    return this.#store(bucket, key, { bytes, digest, metadata: options }, check);
  }

  async headObject(name: string, key: string): Promise<ObjectRecord | undefined> {
    return this.#get(name, key).objects.get(key)?.record;
  }

  async getObject(
    name: string,
    key: string,
    options: GetObjectOptions = {},
  ): Promise<StoredObject | undefined> {
    const stored = this.#get(name, key).objects.get(key);
    if (stored === undefined) return undefined;
    checkEtag(stored.record, options.ifEtag);
    const range = resolveRange(options.range, stored.record.size);
    return { record: stored.record, body: streamBytes(stored.bytes, range) };
  }

  async updateObject(
    name: string,
    key: string,
    patch: ObjectPatch,
    options: { readonly ifEtag?: string } = {},
  ): Promise<ObjectRecord> {
    const { objects } = this.#get(name, key);
    const stored = objects.get(key);
    if (stored === undefined) throw noSuchKey(key);
    checkEtag(stored.record, options.ifEtag);
    const record = patchObjectRecord(stored.record, patch, this.#now());
    objects.set(key, { record, bytes: stored.bytes });
    return record;
  }

  async copyObject(
    source: ObjectSource,
    target: ObjectPlace,
    options: CopyObjectOptions = {},
  ): Promise<ObjectRecord> {
    const stored = this.#get(source.bucket, source.key).objects.get(source.key);
    if (stored === undefined) throw noSuchKey(source.key);
    checkEtag(stored.record, source.ifEtag);
    const { key } = target;
    const draft = { bytes: stored.bytes, digest: recordDigest(stored.record), metadata: options };
    return this.#store(this.#get(target.bucket, key), key, draft, (old) =>
      checkAbsent(key, old, options),
    );
  }

  async appendObject(
    name: string,
    key: string,
    position: number,
    body: ObjectBody,
    options: AppendObjectOptions = {},
  ): Promise<ObjectRecord> {
    const bucket = this.#get(name, key);
    const before = bucket.objects.get(key);
    checkAppend(before?.record, key, position, options);
    const piece = await collectBody(body, pieceLimits(position, options));
    const draft = {
      bytes: before === undefined ? piece.bytes : joinBytes([before.bytes, piece.bytes]),
      digest:
        before === undefined
          ? piece.digest
          : appendDigest(recordDigest(before.record), piece.digest),
      metadata: appendedMetadata(before?.record, options),
    };
    return this.#store(bucket, key, draft, (old) => {
      checkAppend(old?.record, key, position, options);
      if (old?.bytes === before?.bytes) return;
      throw new StorageError(
        'PositionNotEqualToLength',
        `${JSON.stringify(key)}: replaced meanwhile`,
      );
    });
  }

  async deleteObject(name: string, key: string): Promise<void> {
    const { objects, index } = this.#get(name, key);
    if (objects.delete(key)) index.remove(key);
  }

  async listObjects(name: string, options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const { objects, index } = this.#get(name);
    const { keys, ...page } = index.page(options);
    return { ...page, objects: keys.map((key) => objects.get(key)!.record) };
  }

  async createUpload(
    name: string,
    key: string,
    options: ObjectMetadata = {},
  ): Promise<UploadRecord> {
    return this.#get(name, key).uploads.create(key, options);
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions = {},
  ): Promise<PartRecord> {
    checkPartNumber(partNumber);
    const bucket = this.#get(place.bucket, place.key);
    const part = await bucket.uploads.putPart(place, partNumber, body, options);
    this.#checkSame(bucket);
    return part;
  }

  async copyPart(source: PartSource, place: UploadPlace, partNumber: number): Promise<PartRecord> {
    const stored = await this.getObject(source.bucket, source.key, source);
    if (stored === undefined) throw noSuchKey(source.key);
    return this.putPart(place, partNumber, stored.body);
  }

  async completeUpload(
    place: UploadPlace,
    named: readonly NamedPart[],
    options: CompleteUploadOptions = {},
  ): Promise<ObjectRecord> {
    const { key, uploadId } = place;
    const bucket = this.#get(place.bucket, key);
    const { parts, metadata } = bucket.uploads.get(place);
    const chosen = chooseParts(named, parts, options);
    const draft = {
      bytes: joinBytes(chosen.map((part) => part.bytes)),
      digest: joinDigests(chosen),
      metadata: { ...metadata, type: 'Multipart' as const },
    };
    const record = this.#store(bucket, key, draft, (old) => checkAbsent(key, old, options));
    bucket.uploads.remove(uploadId);
    return record;
  }

  async abortUpload(place: UploadPlace): Promise<void> {
    const { uploads } = this.#get(place.bucket, place.key);
    uploads.remove(uploads.get(place).record.uploadId);
  }

  async listParts(place: UploadPlace, options: ListPartsOptions = {}): Promise<PartPage> {
    const { record, parts } = this.#get(place.bucket, place.key).uploads.get(place);
    return pageParts(record, parts.values(), options);
  }

  async listUploads(name: string, options: ListUploadsOptions = {}): Promise<UploadPage> {
    return pageUploads(this.#get(name).uploads.records(), options);
  }

  async putStyle(
    name: string,
    style: string,
    content: string,
    options: PutStyleOptions = {},
  ): Promise<StyleRecord> {
    checkStyleName(style);
    const bucket = this.#get(name);
    bucket.state = withStyle(bucket.state, style, content, { ...options, nowMs: this.#now() });
    return findStyle(bucket.state, style)!;
  }

  async getStyle(name: string, style: string): Promise<StyleRecord | undefined> {
    checkStyleName(style);
    return findStyle(this.#get(name).state, style);
  }

  async listStyles(name: string): Promise<readonly StyleRecord[]> {
    return this.#get(name).state.styles;
  }

  async deleteStyle(name: string, style: string): Promise<void> {
    checkStyleName(style);
    const bucket = this.#get(name);
    bucket.state = withoutStyle(bucket.state, style);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#buckets.clear();
  }

  /** Puts a complete object in its place, in one step. */
  #store(
    bucket: MemoryBucket,
    key: string,
    draft: Draft,
    check: (old: MemoryObject | undefined) => void,
  ): ObjectRecord {
    this.#checkSame(bucket);
    check(bucket.objects.get(key));
    const record = createObjectRecord(key, draft.digest, draft.metadata, this.#now());
    bucket.objects.set(key, { record, bytes: draft.bytes });
    bucket.index.add(key);
    return record;
  }

  /** A body takes its time: the bucket may be gone by now, or another one of the same name. */
  #checkSame(bucket: MemoryBucket): void {
    const { name } = bucket.state.record;
    if (this.#get(name) !== bucket) throw noSuchBucket(name);
  }

  #get(name: string, key?: string): MemoryBucket {
    if (key !== undefined) checkObjectKey(key);
    const bucket = this.#find(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  #find(name: string): MemoryBucket | undefined {
    this.#checkOpen();
    checkBucketName(name);
    return this.#buckets.get(name);
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new StorageError('StoreLocked', 'memory store: expected open, got closed');
  }
}

/** Copies out, since a reader may transfer or change its chunks. */
function streamBytes(bytes: Uint8Array, range: ByteRange): ReadableStream<Uint8Array> {
  const end = range.offset + range.length;
  let at = range.offset;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller): void {
        if (at < end) controller.enqueue(bytes.slice(at, Math.min(at + CHUNK_BYTES, end)));
        at += CHUNK_BYTES;
        if (at >= end) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
