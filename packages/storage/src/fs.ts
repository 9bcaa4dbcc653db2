/**
 * The embedded default: a store in one folder of one process. Buckets with their settings and
 * styles are held in memory and written through; objects are read from disk each time.
 * @module
 */

import { mkdir, realpath, rename } from 'node:fs/promises';
import { join } from 'node:path';

import {
  bucketAlreadyExists,
  createBucketState,
  findStyle,
  noSuchBucket,
  patchBucketState,
  withoutStyle,
  withStyle,
} from './bucket-state.ts';
import type { BucketState } from './bucket-state.ts';
import type {
  AppendObjectOptions,
  BucketChange,
  BucketRecord,
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
import { BucketFolder } from './fs/bucket-folder.ts';
import type { FsContext } from './fs/context.ts';
import {
  createFile,
  checkRealFolder,
  ensureFolder,
  flushFolder,
  listFolder,
  onDisk,
  randomName,
  readText,
  removeTree,
} from './fs/disk.ts';
import { prepareRoot } from './fs/root.ts';
import { parseBucketFile, printBucketFile } from './fs/record-file.ts';
import type { RecordFile } from './fs/record-file.ts';
import { takeStoreLock } from './fs/store-lock.ts';
import type { StoreLock } from './fs/store-lock.ts';
import { sweepBucket } from './fs/sweep.ts';
import { compareKeys } from './key-index.ts';
import { Mutex } from './mutex.ts';
import { checkBucketName, checkObjectKey, checkStyleName, isBucketName } from './names.ts';
import { checkAbsent, noSuchKey } from './object-record.ts';
import { checkPartNumber } from './upload-pages.ts';

export interface FsDriverOptions {
  /** The folder of the store; created when missing. One process at a time. */
  readonly folder: string;
  /**
   * Whether a write is flushed to the disk before it is acknowledged. Without it the store stays
   * whole when the process dies, but not when the machine does. @default true
   */
  readonly durable?: boolean | undefined;
  /** Unix time in ms. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told of damage that a call went around, such as one unreadable record of a listing. */
  readonly onProblem?: ((problem: StorageError) => void) | undefined;
}

/**
 * Opens the store, takes its lock and clears away what a crash left. Throws `StoreLocked` while
 * another process (or another driver of this one) holds the folder, `StoreDamaged` when the folder
 * is not what this driver wrote.
 */
export async function openFsDriver(options: FsDriverOptions): Promise<StorageDriver> {
  const { durable = true } = options;
  const root = await onDisk(async () => {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    return realpath(options.folder);
  });
  const lock = await onDisk(() => takeStoreLock(root));
  try {
    await onDisk(() => prepareRoot(root, durable));
    return await FsDriver.load(root, durable, options, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

class FsDriver implements StorageDriver {
  readonly name = 'fs';
  readonly #bucketsFolder: string;
  readonly #context: FsContext;
  readonly #lock: StoreLock;
  readonly #buckets = new Map<string, BucketFolder>();
  /** For creating and deleting buckets. */
  readonly #mutex = new Mutex();
  #closed = false;

  private constructor(root: string, durable: boolean, options: FsDriverOptions, lock: StoreLock) {
    this.#bucketsFolder = join(root, 'buckets');
    this.#lock = lock;
    this.#context = {
      temporaryFolder: join(root, 'tmp'),
      durable,
      now: options.now ?? Date.now,
      onProblem: options.onProblem ?? ((): void => undefined),
      checkOpen: () => this.#checkOpen(),
    };
  }

  static async load(
    root: string,
    durable: boolean,
    options: FsDriverOptions,
    lock: StoreLock,
  ): Promise<FsDriver> {
    const driver = new FsDriver(root, durable, options, lock);
    for (const entry of await listFolder(driver.#bucketsFolder)) {
      // Links and foreign folders (lost+found) are no buckets.
      if (!entry.isDirectory() || !isBucketName(entry.name)) continue;
      const folder = join(driver.#bucketsFolder, entry.name);
      const text = await onDisk(() => readText(join(folder, 'bucket.json')));
      driver.#adopt(folder, parseBucketFile(text, entry.name));
      await sweepBucket(folder, driver.#context.onProblem);
    }
    return driver;
  }

  async createBucket(name: string, options: CreateBucketOptions = {}): Promise<BucketRecord> {
    checkBucketName(name);
    return this.#mutex.run(async () => {
      if (this.#find(name) !== undefined) throw bucketAlreadyExists(name);
      const state = createBucketState(name, options, this.#context.now());
      const folder = join(this.#bucketsFolder, name);
      await onDisk(() => this.#writeBucket(folder, state));
      this.#adopt(folder, state);
      return state.record;
    });
  }

  async getBucket(name: string): Promise<BucketRecord | undefined> {
    return this.#find(name)?.state.record;
  }

  async updateBucket(name: string, change: BucketChange): Promise<BucketRecord> {
    const state = await this.#get(name).updateState((old) => patchBucketState(old, change));
    return state.record;
  }

  async deleteBucket(name: string): Promise<void> {
    await this.#mutex.run(async () => {
      await this.#get(name).remove();
      this.#buckets.delete(name);
    });
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
    return this.#get(name, key).put(key, body, options);
  }

  async headObject(name: string, key: string): Promise<ObjectRecord | undefined> {
    return this.#get(name, key).head(key);
  }

  async getObject(
    name: string,
    key: string,
    options: GetObjectOptions = {},
  ): Promise<StoredObject | undefined> {
    return this.#get(name, key).get(key, options);
  }

  async updateObject(
    name: string,
    key: string,
    patch: ObjectPatch,
    options: { readonly ifEtag?: string } = {},
  ): Promise<ObjectRecord> {
    return this.#get(name, key).patch(key, patch, options.ifEtag);
  }

  async copyObject(
    source: ObjectSource,
    target: ObjectPlace,
    options: CopyObjectOptions = {},
  ): Promise<ObjectRecord> {
    const from = this.#get(source.bucket, source.key);
    return this.#get(target.bucket, target.key).copy(from, source, target.key, options);
  }

  async appendObject(
    name: string,
    key: string,
    position: number,
    body: ObjectBody,
    options: AppendObjectOptions = {},
  ): Promise<ObjectRecord> {
    return this.#get(name, key).append(key, position, body, options);
  }

  async deleteObject(name: string, key: string): Promise<void> {
    await this.#get(name, key).delete(key);
  }

  async listObjects(name: string, options: ListObjectsOptions = {}): Promise<ObjectPage> {
    return this.#get(name).list(options);
  }

  async createUpload(
    name: string,
    key: string,
    options: ObjectMetadata = {},
  ): Promise<UploadRecord> {
    const bucket = this.#get(name, key);
    return this.#inUploads(bucket, () => bucket.uploads.create(key, options));
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions = {},
  ): Promise<PartRecord> {
    checkPartNumber(partNumber);
    const bucket = this.#get(place.bucket, place.key);
    return this.#inUploads(bucket, () => bucket.uploads.putPart(place, partNumber, body, options));
  }

  async copyPart(source: PartSource, place: UploadPlace, partNumber: number): Promise<PartRecord> {
    const stored = await this.getObject(source.bucket, source.key, source);
    if (stored === undefined) throw noSuchKey(source.key);
    try {
      return await this.putPart(place, partNumber, stored.body);
    } finally {
      // After its end this does nothing; before it, it closes the file.
      await stored.body.cancel().catch(() => undefined);
    }
  }

  async completeUpload(
    place: UploadPlace,
    parts: readonly NamedPart[],
    options: CompleteUploadOptions = {},
  ): Promise<ObjectRecord> {
    const bucket = this.#get(place.bucket, place.key);
    const check = (old: RecordFile | undefined): void => checkAbsent(place.key, old, options);
    return this.#inUploads(bucket, () =>
      bucket.uploads.complete(place, parts, options, (fill) =>
        bucket.store(place.key, fill, check),
      ),
    );
  }

  async abortUpload(place: UploadPlace): Promise<void> {
    const bucket = this.#get(place.bucket, place.key);
    await this.#inUploads(bucket, () => bucket.uploads.abort(place));
  }

  async listParts(place: UploadPlace, options: ListPartsOptions = {}): Promise<PartPage> {
    return this.#get(place.bucket, place.key).uploads.listParts(place, options);
  }

  async listUploads(name: string, options: ListUploadsOptions = {}): Promise<UploadPage> {
    return this.#get(name).uploads.list(options);
  }

  async putStyle(
    name: string,
    style: string,
    content: string,
    options: PutStyleOptions = {},
  ): Promise<StyleRecord> {
    checkStyleName(style);
    const state = await this.#get(name).updateState((old) =>
      withStyle(old, style, content, { ...options, nowMs: this.#context.now() }),
    );
    return findStyle(state, style)!;
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
    await this.#get(name).updateState((old) => withoutStyle(old, style));
  }

  async close(): Promise<void> {
    this.#closed = true;
    // What holds a lock now finishes; what waits for one finds the store closed.
    await this.#mutex.run(async () => undefined);
    await Promise.all(
      [...this.#buckets.values()].flatMap((bucket) => [bucket.settle(), bucket.uploads.settle()]),
    );
    await this.#lock.release();
  }

  /** A bucket that is deleted meanwhile takes its uploads with it. */
  async #inUploads<T>(bucket: BucketFolder, task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw await bucket.explain(error);
    }
  }

  /** Written aside and renamed: a bucket is there with its record, or not at all. */
  async #writeBucket(folder: string, state: BucketState): Promise<void> {
    const { temporaryFolder, durable } = this.#context;
    const draft = join(temporaryFolder, randomName());
    await ensureFolder(draft, durable);
    try {
      await ensureFolder(join(draft, 'records'), durable);
      await ensureFolder(join(draft, 'data'), durable);
      const text = Buffer.from(printBucketFile(state));
      await createFile(join(draft, 'bucket.json'), durable, (write) => write(text));
      if (durable) await flushFolder(draft);
      await checkRealFolder(this.#bucketsFolder);
      await rename(draft, folder);
    } catch (error) {
      await removeTree(draft);
      throw error;
    }
    if (durable) await flushFolder(this.#bucketsFolder);
  }

  #adopt(folder: string, state: BucketState): void {
    this.#buckets.set(state.record.name, new BucketFolder(this.#context, folder, state));
  }

  #get(name: string, key?: string): BucketFolder {
    if (key !== undefined) checkObjectKey(key);
    const bucket = this.#find(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  #find(name: string): BucketFolder | undefined {
    this.#checkOpen();
    checkBucketName(name);
    return this.#buckets.get(name);
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError('StoreLocked', 'fs store: expected open, got closed');
  }
}
