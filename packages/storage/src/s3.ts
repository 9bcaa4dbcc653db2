/**
 * The driver over one bucket of any S3-compatible store, for many machines: nodes keep nothing of
 * their own. Easily got wrong: only a store that honours conditional writes keeps writers of several
 * nodes apart; whether this one does is tried when it is opened, and told when it does not.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import { appendedMetadata, checkAppend, pieceLimits } from './append.ts';
import { appendDigest, joinDigests, recordDigest } from './body-digest.ts';
import {
  bucketNotEmpty,
  createBucketState,
  findStyle,
  noSuchBucket,
  patchBucketState,
  withoutStyle,
  withStyle,
} from './bucket-state.ts';
import { resolveRange } from './byte-range.ts';
import type {
  AppendObjectOptions,
  BucketPatch,
  BucketRecord,
  ByteRange,
  CompleteUploadOptions,
  CopyObjectOptions,
  CreateBucketOptions,
  GetObjectOptions,
  ListedObject,
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
import { compareKeys } from './key-index.ts';
import { Mutex } from './mutex.ts';
import { checkBucketName, checkObjectKey, checkStyleName } from './names.ts';
import {
  checkAbsent,
  checkEtag,
  createObjectRecord,
  noSuchKey,
  patchObjectRecord,
} from './object-record.ts';
import { BucketStates } from './s3/bucket-states.ts';
import { listPage } from './s3/listing.ts';
import { type ObjectNames, objectNames, probeName } from './s3/object-names.ts';
import {
  dropBeside,
  printLabels,
  printPatch,
  readRecord,
  type StoredRecord,
} from './s3/object-records.ts';
import { bytesBody, CONFLICT, type S3Body, S3Objects } from './s3/s3-objects.ts';
import { withSpooled } from './s3/spool.ts';
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
  /** How long settings of a bucket that another node may change are believed, in ms. @default 1000 */
  readonly freshMs?: number | undefined;
  /** Unix time in ms. @default Date.now */
  readonly now?: (() => number) | undefined;
  /** Told once when the store ignores conditions: then one node alone may write. */
  readonly onProblem?: ((problem: Error) => void) | undefined;
}

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

/** An object that a client stores over S3 in one request may have so many bytes. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
/** An append stores the whole object again. */
const MAX_APPENDED_BYTES = 64 * 1024 * 1024;
const MAX_ROUNDS = 20;

/** Where a call works. */
interface Scene {
  readonly bucket: string;
  readonly names: ObjectNames;
  readonly incarnation: string;
}

class S3Driver implements StorageDriver {
  readonly name = 's3';
  readonly #store: S3Objects;
  readonly #states: BucketStates;
  readonly #uploads: S3Uploads;
  readonly #now: () => number;
  readonly #root: string;
  readonly #isConditional: boolean;
  /** Where the store keeps no writers apart, those of this process take turns. */
  readonly #turns = new Mutex();
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(store: S3Objects, options: S3DriverOptions, isConditional: boolean) {
    const { prefix: root = '', freshMs = 1000, now = Date.now } = options;
    this.#store = store;
    this.#states = new BucketStates(store, { root, freshMs, isConditional });
    this.#uploads = new S3Uploads(store, now);
    this.#now = now;
    this.#root = root;
    this.#isConditional = isConditional;
  }

  async createBucket(bucket: string, options: CreateBucketOptions = {}): Promise<BucketRecord> {
    this.#check(bucket);
    const state = createBucketState(bucket, options, this.#now());
    await this.#states.create(bucket, state);
    return state.record;
  }

  async getBucket(bucket: string): Promise<BucketRecord | undefined> {
    this.#check(bucket);
    return (await this.#states.get(bucket))?.state.record;
  }

  async updateBucket(bucket: string, patch: BucketPatch): Promise<BucketRecord> {
    this.#check(bucket);
    const change = (state: Parameters<typeof patchBucketState>[0]): typeof state =>
      patchBucketState(state, patch);
    return (await this.#states.update(bucket, change)).record;
  }

  async deleteBucket(bucket: string): Promise<void> {
    const { names } = await this.#scene(bucket);
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
    this.#checkOpen();
    const records = (await this.#states.list()).map((state) => state.record);
    return records.toSorted((a, b) => compareKeys(a.name, b.name));
  }

  async putObject(
    bucket: string,
    key: string,
    body: ObjectBody,
    options: PutObjectOptions = {},
  ): Promise<ObjectRecord> {
    const scene = await this.#scene(bucket, key);
    if (options.ifAbsent === true) checkAbsent(key, await this.#find(scene, key), options);
    return withSpooled(body, withCap(options), (spooled) => {
      const record = createObjectRecord(key, spooled.digest, options, this.#now());
      return this.#write(scene, record, spooled, options);
    });
  }

  async headObject(bucket: string, key: string): Promise<ObjectRecord | undefined> {
    const scene = await this.#scene(bucket, key);
    return (await this.#find(scene, key))?.record;
  }

  async getObject(
    bucket: string,
    key: string,
    options: GetObjectOptions = {},
  ): Promise<StoredObject | undefined> {
    const { names } = await this.#scene(bucket, key);
    const [found, patch] = await Promise.all([
      this.#store.get(names.objectName(key), printRange(options.range)),
      this.#store.getText(names.patchName(key)),
    ]);
    if (found === undefined) return undefined;
    const { object, body } = found;
    try {
      const { record } = await readRecord(this.#store, names, key, { object, patch: patch?.text });
      checkEtag(record, options.ifEtag);
      // The store cuts a range that leaves the object; here that is an error.
      resolveRange(options.range, record.size);
      return { record, body: Readable.toWeb(body) as ReadableStream<Uint8Array> };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  async updateObject(
    bucket: string,
    key: string,
    patch: ObjectPatch,
    options: { readonly ifEtag?: string } = {},
  ): Promise<ObjectRecord> {
    const { names } = await this.#scene(bucket, key);
    const name = names.patchName(key);
    return this.#inTurn(async () => {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const before = await this.#store.getText(name);
        const object = await this.#store.head(names.objectName(key));
        if (object === undefined) throw noSuchKey(key);
        const found = { object, patch: before?.text };
        const { record, writeId } = await readRecord(this.#store, names, key, found);
        checkEtag(record, options.ifEtag);
        const changed = patchObjectRecord(record, patch, this.#now());
        const condition = before === undefined ? NOT_THERE : { ifMatch: before.etag };
        const text = printPatch(writeId, changed);
        const done = await this.#store.putText(name, text, condition);
        if (done !== CONFLICT) return changed;
      }
      throw new StorageError('StoreUnavailable', `${JSON.stringify(key)}: others kept changing it`);
    });
  }

  async copyObject(
    source: ObjectSource,
    target: ObjectPlace,
    options: CopyObjectOptions = {},
  ): Promise<ObjectRecord> {
    const from = await this.#scene(source.bucket, source.key);
    const to = await this.#scene(target.bucket, target.key);
    const found = await this.#find(from, source.key);
    if (found === undefined) throw noSuchKey(source.key);
    checkEtag(found.record, source.ifEtag);
    const digest = recordDigest(found.record);
    const made = createObjectRecord(target.key, digest, options, this.#now());
    const record = { ...made, crc64: found.record.crc64 };
    return this.#inTurn(async () => {
      if (options.ifAbsent === true)
        checkAbsent(target.key, await this.#find(to, target.key), options);
      const labels = await printLabels(this.#store, to.names, record);
      const place = { name: from.names.objectName(source.key), etag: found.object.etag };
      const done = await this.#store.copy(place, to.names.objectName(target.key), labels);
      if (done === undefined) throw noSuchKey(source.key);
      if (done !== CONFLICT) return record;
      throw new StorageError('PreconditionFailed', `${JSON.stringify(source.key)}: another by now`);
    });
  }

  async appendObject(
    bucket: string,
    key: string,
    position: number,
    body: ObjectBody,
    options: AppendObjectOptions = {},
  ): Promise<ObjectRecord> {
    const scene = await this.#scene(bucket, key);
    const before = await this.#find(scene, key);
    checkAppend(before?.record, key, position, options);
    if (position > MAX_APPENDED_BYTES) {
      const message = `append to ${position} bytes: expected at most ${MAX_APPENDED_BYTES} over S3`;
      throw new StorageError('NotSupported', message);
    }
    return withSpooled(body, withCap(pieceLimits(position, options)), async (piece) => {
      const digest = before
        ? appendDigest(recordDigest(before.record), piece.digest)
        : piece.digest;
      const metadata = appendedMetadata(before?.record, options);
      const record = createObjectRecord(key, digest, metadata, this.#now());
      const whole = before === undefined ? piece : await this.#joined(scene, key, piece);
      const replaced = before === undefined ? NOT_THERE : { ifMatch: before.object.etag };
      return this.#inTurn(async () => {
        if (!this.#isConditional) {
          checkAppend((await this.#find(scene, key))?.record, key, position, options);
        }
        return this.#write(scene, record, whole, { ...replaced, isInTurn: true });
      });
    });
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const { names } = await this.#scene(bucket, key);
    const name = names.objectName(key);
    const object = await this.#store.head(name);
    await this.#store.delete(name);
    await this.#store.delete(names.patchName(key));
    if (object !== undefined) await dropBeside(this.#store, names, object);
  }

  async listObjects(bucket: string, options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const scene = await this.#scene(bucket);
    const describe = async (key: string): Promise<ListedObject | undefined> =>
      (await this.#find(scene, key))?.record;
    return listPage(this.#store, scene.names, options, describe);
  }

  async createUpload(
    bucket: string,
    key: string,
    options: ObjectMetadata = {},
  ): Promise<UploadRecord> {
    const { names } = await this.#scene(bucket, key);
    return this.#uploads.create(names, key, options);
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions = {},
  ): Promise<PartRecord> {
    checkPartNumber(partNumber);
    const { names } = await this.#scene(place.bucket, place.key);
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
    const scene = await this.#scene(place.bucket, place.key);
    const { record: begun } = await this.#uploads.get(scene.names, place);
    const stored = await this.#uploads.parts(scene.names, place);
    const parts = chooseParts(named, stored, options);
    const metadata = { ...begun, type: 'Multipart' as const };
    const made = createObjectRecord(place.key, joinDigests(parts), metadata, this.#now());
    const record = await this.#write(scene, made, this.#uploads.join(parts), {
      ifAbsent: options.ifAbsent,
      isUpload: true,
    });
    await this.#uploads.remove(scene.names, place);
    return record;
  }

  async abortUpload(place: UploadPlace): Promise<void> {
    const { names } = await this.#scene(place.bucket, place.key);
    await this.#uploads.get(names, place);
    await this.#uploads.remove(names, place);
  }

  async listParts(place: UploadPlace, options: ListPartsOptions = {}): Promise<PartPage> {
    const { names } = await this.#scene(place.bucket, place.key);
    const { upload } = await this.#uploads.get(names, place);
    const parts = await this.#uploads.parts(names, place);
    return pageParts(upload, parts.values(), options);
  }

  async listUploads(bucket: string, options: ListUploadsOptions = {}): Promise<UploadPage> {
    const { names } = await this.#scene(bucket);
    return pageUploads(await this.#uploads.records(names), options);
  }

  async putStyle(
    bucket: string,
    style: string,
    content: string,
    options: PutStyleOptions = {},
  ): Promise<StyleRecord> {
    checkStyleName(style);
    this.#check(bucket);
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
    this.#check(bucket);
    const known = await this.#states.get(bucket);
    if (known === undefined) throw noSuchBucket(bucket);
    return known.state.styles;
  }

  async deleteStyle(bucket: string, style: string): Promise<void> {
    checkStyleName(style);
    this.#check(bucket);
    await this.#states.update(bucket, (state) => withoutStyle(state, style));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
    this.#store.close();
  }

  /** Stores a complete body in its place. Throws `FileAlreadyExists`, `PositionNotEqualToLength`. */
  async #write(
    scene: Scene,
    record: ObjectRecord,
    body: S3Body,
    options: WriteOptions,
  ): Promise<ObjectRecord> {
    const { key } = record;
    const write = async (): Promise<ObjectRecord> => {
      await this.#checkSame(scene);
      // Some stores honour conditions, but not at the end of an upload.
      if (options.ifAbsent === true && (!this.#isConditional || options.isUpload === true)) {
        checkAbsent(key, await this.#find(scene, key), options);
      }
      const labels = await printLabels(this.#store, scene.names, record);
      const settings = { ...labels, ...conditionOf(options) };
      const name = scene.names.objectName(key);
      const done =
        options.isUpload === true
          ? await this.#store.putAsUpload(name, body, settings)
          : await this.#store.put(name, body, settings);
      if (done !== CONFLICT) return record;
      if (options.ifAbsent === true) checkAbsent(key, {}, options);
      const message = `${JSON.stringify(key)}: replaced meanwhile`;
      throw new StorageError('PositionNotEqualToLength', message);
    };
    const running =
      options.ifAbsent === true && options.isInTurn !== true ? this.#inTurn(write) : write();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  async #find({ names }: Scene, key: string): Promise<StoredRecord | undefined> {
    const [object, patch] = await Promise.all([
      this.#store.head(names.objectName(key)),
      this.#store.getText(names.patchName(key)),
    ]);
    return object && readRecord(this.#store, names, key, { object, patch: patch?.text });
  }

  /** The stored bytes and the piece. */
  async #joined(scene: Scene, key: string, piece: S3Body): Promise<S3Body> {
    const found = await this.#store.get(scene.names.objectName(key));
    const chunks: Uint8Array[] =
      found === undefined ? [] : await Readable.from(found.body).toArray();
    const added = piece.open();
    const tail = added instanceof Uint8Array ? [added] : ((await added.toArray()) as Uint8Array[]);
    return bytesBody(Buffer.concat([...chunks, ...tail]));
  }

  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#isConditional ? task() : this.#turns.run(task);
  }

  async #scene(bucket: string, key?: string): Promise<Scene> {
    this.#check(bucket);
    if (key !== undefined) checkObjectKey(key);
    const known = await this.#states.get(bucket);
    if (known === undefined) throw noSuchBucket(bucket);
    const names = objectNames(this.#root, bucket);
    return { bucket, names, incarnation: known.incarnation };
  }

  /** A body takes its time: the bucket may be gone by now, or another one of the same name. */
  async #checkSame({ bucket, incarnation }: Scene): Promise<void> {
    this.#checkOpen();
    const known = await this.#states.get(bucket);
    if (known?.incarnation !== incarnation) throw noSuchBucket(bucket);
  }

  #check(bucket: string): void {
    this.#checkOpen();
    checkBucketName(bucket);
  }

  #checkOpen(): void {
    if (this.#closed) throw new StorageError('StoreLocked', 's3 store: expected open, got closed');
  }
}

interface WriteOptions {
  readonly ifAbsent?: boolean | undefined;
  readonly ifNoneMatch?: '*' | undefined;
  readonly ifMatch?: string | undefined;
  /** Whether the object came in parts. */
  readonly isUpload?: boolean;
  /** Whether the caller has the turn already. */
  readonly isInTurn?: boolean;
}

const NOT_THERE = { ifNoneMatch: '*' } as const;

function conditionOf(options: WriteOptions): Pick<WriteOptions, 'ifNoneMatch' | 'ifMatch'> {
  if (options.ifAbsent === true) return NOT_THERE;
  return { ifNoneMatch: options.ifNoneMatch, ifMatch: options.ifMatch };
}

function withCap<Options extends { readonly maxBytes?: number | undefined }>(
  options: Options,
): Options {
  const { maxBytes = MAX_OBJECT_BYTES } = options;
  return { ...options, maxBytes: Math.min(maxBytes, MAX_OBJECT_BYTES) };
}

function printRange(range: ByteRange | undefined): string | undefined {
  if (range === undefined) return undefined;
  resolveRange(range, Number.MAX_SAFE_INTEGER);
  return `bytes=${range.offset}-${range.offset + range.length - 1}`;
}
