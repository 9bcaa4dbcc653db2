/**
 * The driver over one bucket of any S3-compatible store, for many machines: nodes keep nothing of
 * their own. Easily got wrong: only a store that honours conditional writes keeps writers of several
 * nodes apart; whether this one does is tried when it is opened, and told when it does not.
 * @module
 */

import { randomUUID } from 'node:crypto';

import { joinDigests } from './body-digest.ts';
import {
  bucketNotEmpty,
  createBucketState,
  findStyle,
  noSuchBucket,
  patchBucketState,
  withoutStyle,
  withStyle,
} from './bucket-state.ts';
import type {
  BucketChange,
  BucketRecord,
  CompleteUploadOptions,
  CreateBucketOptions,
  ListPartsOptions,
  ListUploadsOptions,
  NamedPart,
  ObjectBody,
  ObjectMetadata,
  ObjectRecord,
  PartPage,
  PartRecord,
  PartSource,
  PutPartOptions,
  PutStyleOptions,
  StorageDriver,
  StyleRecord,
  UploadPage,
  UploadPlace,
  UploadRecord,
} from './driver.ts';
import { StorageError } from './errors.ts';
import { compareKeys } from './key-index.ts';
import { checkStyleName } from './names.ts';
import { createObjectRecord, noSuchKey } from './object-record.ts';
import { BucketStates } from './s3/bucket-states.ts';
import { S3ObjectCalls, withCap } from './s3/object-calls.ts';
import { probeName, uploadsPrefix } from './s3/object-names.ts';
import { S3Objects } from './s3/s3-objects.ts';
import { S3Scenes } from './s3/scenes.ts';
import { S3Uploads } from './s3/uploads.ts';
import { checkPartNumber, chooseParts, pageParts, pageUploads } from './upload-pages.ts';

export interface S3DriverOptions {
  /** The bucket of the store; it must exist. */
  readonly bucket: string;
  /** Put before all names: empty, or ends with a slash. @default '' */
  readonly prefix?: string | undefined;
  /** Of a store other than Amazon's, e.g. `http://minio:9000`. */
  readonly endpoint?: string | undefined;
  /** @default 'us-east-1' */
  readonly region?: string | undefined;
  /** Without them, the client looks where Amazon's tools do. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | undefined;
  /** `http://host/bucket/key` instead of `http://bucket.host/key`. @default true with an endpoint */
  readonly isPathStyle?: boolean | undefined;
  /** How long a bucket that another node may delete is believed to be there, in ms. @default 1000 */
  readonly freshMs?: number | undefined;
  /** Unix time in ms. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told once when the store ignores conditions: then one node alone may write. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
}

const MAX_PROBE_AGE_MS = 24 * 3600 * 1000;

/** Throws `StoreUnavailable` when the store does not answer as one. */
export async function openS3Driver(options: S3DriverOptions): Promise<StorageDriver> {
  const { prefix = '', endpoint, accessKeyId, secretAccessKey } = options;
  if (prefix !== '' && !prefix.endsWith('/')) {
    throw new RangeError(`prefix: expected to end with a slash, got ${JSON.stringify(prefix)}`);
  }
  const store = new S3Objects(options.bucket, {
    region: options.region ?? 'us-east-1',
    forcePathStyle: options.isPathStyle ?? endpoint !== undefined,
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  });
  const form = await store.learnConditions(probeName(prefix, randomUUID()));
  const isConditional = form !== 'ignored';
  if (!isConditional) {
    const message = 's3: this store ignores conditional writes: let one node alone write to it';
    options.onProblem?.(new StorageError('NotSupported', message));
  }
  return new S3Driver(store, options, isConditional);
}

class S3Driver implements StorageDriver {
  readonly name = 's3';
  readonly #store: S3Objects;
  readonly #states: BucketStates;
  readonly #scenes: S3Scenes;
  readonly #objects: S3ObjectCalls;
  readonly #uploads: S3Uploads;
  readonly #now: () => number;
  readonly #sweeping: Promise<void>;

  readonly putObject: StorageDriver['putObject'];
  readonly headObject: StorageDriver['headObject'];
  readonly getObject: StorageDriver['getObject'];
  readonly updateObject: StorageDriver['updateObject'];
  readonly copyObject: StorageDriver['copyObject'];
  readonly appendObject: StorageDriver['appendObject'];
  readonly deleteObject: StorageDriver['deleteObject'];
  readonly listObjects: StorageDriver['listObjects'];

  constructor(store: S3Objects, options: S3DriverOptions, isConditional: boolean) {
    const { prefix: root = '', freshMs = 1000, now = Date.now, onProblem } = options;
    this.#store = store;
    this.#states = new BucketStates(store, { root, freshMs, isConditional });
    this.#scenes = new S3Scenes(this.#states, root);
    const objects = new S3ObjectCalls(store, this.#scenes, { now, isConditional });
    this.#objects = objects;
    this.#uploads = new S3Uploads(store, now);
    this.#now = now;
    this.putObject = objects.putObject.bind(objects);
    this.headObject = objects.headObject.bind(objects);
    this.getObject = objects.getObject.bind(objects);
    this.updateObject = objects.updateObject.bind(objects);
    this.copyObject = objects.copyObject.bind(objects);
    this.appendObject = objects.appendObject.bind(objects);
    this.deleteObject = objects.deleteObject.bind(objects);
    this.listObjects = objects.listObjects.bind(objects);
    // Nobody waits for it: what it clears away is seen by nobody.
    this.#sweeping = this.#sweep(root, onProblem);
  }

  async createBucket(bucket: string, options: CreateBucketOptions = {}): Promise<BucketRecord> {
    this.#scenes.check(bucket);
    const state = createBucketState(bucket, options, this.#now());
    await this.#states.create(bucket, state);
    return state.record;
  }

  async getBucket(bucket: string): Promise<BucketRecord | undefined> {
    this.#scenes.check(bucket);
    return (await this.#states.read(bucket))?.state.record;
  }

  async updateBucket(bucket: string, change: BucketChange): Promise<BucketRecord> {
    this.#scenes.check(bucket);
    const next = await this.#states.update(bucket, (state) => patchBucketState(state, change));
    return next.record;
  }

  async deleteBucket(bucket: string): Promise<void> {
    const { names } = await this.#scenes.enter(bucket);
    for (const prefix of [names.plain, names.odd]) {
      const { objects } = await this.#store.list({ prefix, maxKeys: 1 });
      if (objects.length > 0) throw bucketNotEmpty(bucket);
    }
    await this.#states.delete(bucket);
    for (const prefix of [names.uploads, names.patches, names.records]) {
      await this.#uploads.clear(prefix);
    }
  }

  async listBuckets(): Promise<readonly BucketRecord[]> {
    this.#scenes.checkOpen();
    const records = (await this.#states.list()).map((state) => state.record);
    return records.toSorted((a, b) => compareKeys(a.name, b.name));
  }

  async createUpload(
    bucket: string,
    key: string,
    options: ObjectMetadata = {},
  ): Promise<UploadRecord> {
    const { names } = await this.#scenes.enter(bucket, key);
    return this.#uploads.create(names, key, options);
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions = {},
  ): Promise<PartRecord> {
    checkPartNumber(partNumber);
    const { names } = await this.#scenes.enter(place.bucket, place.key);
    return this.#uploads.putPart(names, place, partNumber, { body, options: withCap(options) });
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
    const scene = await this.#scenes.enter(place.bucket, place.key);
    const { record: begun } = await this.#uploads.get(scene.names, place);
    const stored = await this.#uploads.parts(scene.names, place);
    const parts = chooseParts(named, stored, options);
    const metadata = { ...begun, type: 'Multipart' as const };
    const made = createObjectRecord(place.key, joinDigests(parts), metadata, this.#now());
    const record = await this.#objects.write(scene, made, this.#uploads.join(parts), {
      ifAbsent: options.ifAbsent,
      onBegun: (upload) => this.#uploads.noteJoin(scene.names, place, upload),
    });
    await this.#uploads.remove(scene.names, place);
    return record;
  }

  async abortUpload(place: UploadPlace): Promise<void> {
    const { names } = await this.#scenes.enter(place.bucket, place.key);
    await this.#uploads.get(names, place);
    await this.#uploads.remove(names, place);
  }

  async listParts(place: UploadPlace, options: ListPartsOptions = {}): Promise<PartPage> {
    const { names } = await this.#scenes.enter(place.bucket, place.key);
    const { upload } = await this.#uploads.get(names, place);
    const parts = await this.#uploads.parts(names, place);
    return pageParts(upload, parts.values(), options);
  }

  async listUploads(bucket: string, options: ListUploadsOptions = {}): Promise<UploadPage> {
    const { names } = await this.#scenes.enter(bucket);
    return pageUploads(await this.#uploads.records(names), options);
  }

  async putStyle(
    bucket: string,
    style: string,
    content: string,
    options: PutStyleOptions = {},
  ): Promise<StyleRecord> {
    checkStyleName(style);
    this.#scenes.check(bucket);
    const nowMs = this.#now();
    const state = await this.#states.update(bucket, (old) =>
      withStyle(old, style, content, { ...options, nowMs }),
    );
    return findStyle(state, style)!;
  }

  async getStyle(bucket: string, style: string): Promise<StyleRecord | undefined> {
    checkStyleName(style);
    return (await this.listStyles(bucket)).find(({ name }) => name === style);
  }

  async listStyles(bucket: string): Promise<readonly StyleRecord[]> {
    this.#scenes.check(bucket);
    const known = await this.#states.read(bucket);
    if (known === undefined) throw noSuchBucket(bucket);
    return known.state.styles;
  }

  async deleteStyle(bucket: string, style: string): Promise<void> {
    checkStyleName(style);
    this.#scenes.check(bucket);
    await this.#states.update(bucket, (state) => withoutStyle(state, style));
  }

  async close(): Promise<void> {
    this.#scenes.close();
    await this.#objects.settle();
    await this.#sweeping;
    this.#store.close();
  }

  async #sweep(root: string, onProblem: S3DriverOptions['onProblem']): Promise<void> {
    try {
      await this.#uploads.sweep(uploadsPrefix(root));
      // Of nodes that were killed while they opened the store; younger ones may be at it now.
      for await (const { name, lastModifiedMs } of this.#store.listAll(probeName(root, ''))) {
        if (this.#now() - lastModifiedMs > MAX_PROBE_AGE_MS) await this.#store.delete(name);
      }
    } catch (error) {
      onProblem?.(error as Error);
    }
  }
}
