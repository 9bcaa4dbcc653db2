/**
 * The driver that keeps everything in this process and forgets it at the end: for tests, previews
 * and demos. Bytes are copied in and out, so no caller can change a stored object.
 * @module
 */

import { digestBody } from './body-digest.ts';
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
  BucketPatch,
  BucketRecord,
  ByteRange,
  CreateBucketOptions,
  GetObjectOptions,
  ListObjectsOptions,
  ObjectBody,
  ObjectPage,
  ObjectPatch,
  ObjectRecord,
  PutObjectOptions,
  StorageDriver,
  StoredObject,
  StyleRecord,
} from './driver.ts';
import { StorageError } from './errors.ts';
import { compareKeys, KeyIndex } from './key-index.ts';
import { checkBucketName, checkObjectKey, checkStyleName } from './names.ts';
import {
  checkEtag,
  createObjectRecord,
  fileAlreadyExists,
  noSuchKey,
  patchObjectRecord,
} from './object-record.ts';

export interface MemoryDriverOptions {
  /** Unix time in ms. @default Date.now */
  readonly now?: () => number;
}

export function createMemoryDriver(options: MemoryDriverOptions = {}): StorageDriver {
  return new MemoryDriver(options.now ?? Date.now);
}

interface MemoryBucket {
  state: BucketState;
  readonly objects: Map<string, { readonly record: ObjectRecord; readonly bytes: Uint8Array }>;
  readonly index: KeyIndex;
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
    this.#buckets.set(name, { state, objects: new Map(), index: new KeyIndex() });
    return state.record;
  }

  async getBucket(name: string): Promise<BucketRecord | undefined> {
    return this.#find(name)?.state.record;
  }

  async updateBucket(name: string, patch: BucketPatch): Promise<BucketRecord> {
    const bucket = this.#get(name);
    bucket.state = patchBucketState(bucket.state, patch);
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
    const { objects, index } = this.#get(name, key);
    const checkAbsent = (): void => {
      if (options.ifAbsent === true && objects.has(key)) throw fileAlreadyExists(key);
    };
    checkAbsent();
    const chunks: Uint8Array[] = [];
    // Copied, since a stream may use its buffer again; `slice` of a Node Buffer would not copy.
    const digest = await digestBody(
      body,
      options,
      (chunk) => void chunks.push(new Uint8Array(chunk)),
    );
    // The body took its time: the bucket may be gone, or another one of the same name.
    if (this.#get(name).objects !== objects) throw noSuchBucket(name);
    checkAbsent();
    const record = createObjectRecord(key, digest, options, this.#now());
    objects.set(key, { record, bytes: concatenate(chunks, digest.size) });
    index.add(key);
    return record;
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

  async deleteObject(name: string, key: string): Promise<void> {
    const { objects, index } = this.#get(name, key);
    if (objects.delete(key)) index.remove(key);
  }

  async listObjects(name: string, options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const { objects, index } = this.#get(name);
    const { keys, ...page } = index.page(options);
    return { ...page, objects: keys.map((key) => objects.get(key)!.record) };
  }

  async putStyle(name: string, style: string, content: string): Promise<StyleRecord> {
    checkStyleName(style);
    const bucket = this.#get(name);
    bucket.state = withStyle(bucket.state, style, content, this.#now());
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

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
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
