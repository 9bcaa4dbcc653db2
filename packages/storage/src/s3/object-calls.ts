/**
 * The calls about objects. Easily got wrong: a body takes its time, so what was checked before it is
 * checked again when it is stored, by the store's own conditions where it has them.
 * @module
 */

import { Readable } from 'node:stream';

import { appendedMetadata, checkAppend, pieceLimits } from '../append.ts';
import { appendDigest, recordDigest } from '../body-digest.ts';
import { resolveRange } from '../byte-range.ts';
import type {
  AppendObjectOptions,
  ByteRange,
  CopyObjectOptions,
  GetObjectOptions,
  ListedObject,
  ListObjectsOptions,
  ObjectBody,
  ObjectPage,
  ObjectPatch,
  ObjectPlace,
  ObjectRecord,
  ObjectSource,
  PutObjectOptions,
  StoredObject,
} from '../driver.ts';
import { StorageError } from '../errors.ts';
import { Mutex } from '../mutex.ts';
import {
  checkAbsent,
  checkEtag,
  createObjectRecord,
  noSuchKey,
  patchObjectRecord,
} from '../object-record.ts';
import { CONFLICT } from './failures.ts';
import { listPage } from './listing.ts';
import {
  dropBeside,
  printLabels,
  printPatch,
  readRecord,
  type StoredRecord,
} from './object-records.ts';
import { bytesBody, type S3Body, type S3Objects, type S3Upload } from './s3-objects.ts';
import type { Scene, S3Scenes } from './scenes.ts';
import { withSpooled } from './spool.ts';

export interface S3ObjectCallsOptions {
  /** Unix time in ms. */
  readonly now: () => number;
  /** Whether the store honours conditions; else only this process's own writers take turns. */
  readonly isConditional: boolean;
}

/** An object that a client stores over S3 in one request may have so many bytes. */
const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
/** An append stores the whole object again. */
const MAX_APPENDED_BYTES = 64 * 1024 * 1024;
const MAX_ROUNDS = 20;

export class S3ObjectCalls {
  readonly #store: S3Objects;
  readonly #scenes: S3Scenes;
  readonly #now: () => number;
  readonly #isConditional: boolean;
  /** Where the store keeps no writers apart, those of this process take turns. */
  readonly #turns = new Mutex();
  readonly #running = new Set<Promise<unknown>>();

  constructor(store: S3Objects, scenes: S3Scenes, options: S3ObjectCallsOptions) {
    this.#store = store;
    this.#scenes = scenes;
    this.#now = options.now;
    this.#isConditional = options.isConditional;
  }

  async putObject(
    bucket: string,
    key: string,
    body: ObjectBody,
    options: PutObjectOptions = {},
  ): Promise<ObjectRecord> {
    const scene = await this.#scenes.enter(bucket, key);
    if (options.ifAbsent === true) checkAbsent(key, await this.#find(scene, key), options);
    return withSpooled(body, withCap(options), (spooled) => {
      const record = createObjectRecord(key, spooled.digest, options, this.#now());
      return this.write(scene, record, spooled, options);
    });
  }

  async headObject(bucket: string, key: string): Promise<ObjectRecord | undefined> {
    const scene = await this.#scenes.enter(bucket, key);
    return (await this.#find(scene, key))?.record;
  }

  async getObject(
    bucket: string,
    key: string,
    options: GetObjectOptions = {},
  ): Promise<StoredObject | undefined> {
    const { names } = await this.#scenes.enter(bucket, key);
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
    const { names } = await this.#scenes.enter(bucket, key);
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
    const from = await this.#scenes.enter(source.bucket, source.key);
    const to = await this.#scenes.enter(target.bucket, target.key);
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
    const scene = await this.#scenes.enter(bucket, key);
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
        return this.write(scene, record, whole, { ...replaced, isInTurn: true });
      });
    });
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const { names } = await this.#scenes.enter(bucket, key);
    const name = names.objectName(key);
    const object = await this.#store.head(name);
    await this.#store.delete(name);
    await this.#store.delete(names.patchName(key));
    if (object !== undefined) await dropBeside(this.#store, names, object);
  }

  async listObjects(bucket: string, options: ListObjectsOptions = {}): Promise<ObjectPage> {
    const scene = await this.#scenes.enter(bucket);
    const describe = async (key: string): Promise<ListedObject | undefined> =>
      (await this.#find(scene, key))?.record;
    return listPage(this.#store, scene.names, options, describe);
  }

  /** Stores a complete body in its place. Throws `FileAlreadyExists`, `PositionNotEqualToLength`. */
  async write(
    scene: Scene,
    record: ObjectRecord,
    body: S3Body,
    options: WriteOptions,
  ): Promise<ObjectRecord> {
    const { key } = record;
    const write = async (): Promise<ObjectRecord> => {
      await this.#scenes.checkSame(scene);
      // Some stores honour conditions, but not at the end of an upload.
      const { onBegun } = options;
      if (options.ifAbsent === true && (!this.#isConditional || onBegun !== undefined)) {
        checkAbsent(key, await this.#find(scene, key), options);
      }
      const labels = await printLabels(this.#store, scene.names, record);
      const settings = { ...labels, ...conditionOf(options) };
      const name = scene.names.objectName(key);
      const done =
        onBegun === undefined
          ? await this.#store.put(name, body, settings)
          : await this.#store.putAsUpload(name, body, settings, onBegun);
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

  /** Waits for the writes under way. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#running);
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
}

export interface WriteOptions {
  readonly ifAbsent?: boolean | undefined;
  readonly ifNoneMatch?: '*' | undefined;
  readonly ifMatch?: string | undefined;
  /** Of an object that came in parts: told of the store's own upload before bytes are sent. */
  readonly onBegun?: (upload: S3Upload) => Promise<void>;
  /** Whether the caller has the turn already. */
  readonly isInTurn?: boolean;
}

const NOT_THERE = { ifNoneMatch: '*' } as const;

function conditionOf(options: WriteOptions): Pick<WriteOptions, 'ifNoneMatch' | 'ifMatch'> {
  if (options.ifAbsent === true) return NOT_THERE;
  return { ifNoneMatch: options.ifNoneMatch, ifMatch: options.ifMatch };
}

export function withCap<Options extends { readonly maxBytes?: number | undefined }>(
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
