/**
 * One bucket on disk. Bytes are written beside each other without a lock; the short moment in which
 * a record is replaced is locked per bucket. Readers take no lock: they open what a record names,
 * and look again when it was replaced and cleared away in between.
 * @module
 */

import { rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { digestBody } from '../body-digest.ts';
import { bucketNotEmpty, noSuchBucket } from '../bucket-state.ts';
import type { BucketState } from '../bucket-state.ts';
import { resolveRange } from '../byte-range.ts';
import type {
  GetObjectOptions,
  ListObjectsOptions,
  ObjectBody,
  ObjectPage,
  ObjectPatch,
  ObjectRecord,
  PutObjectOptions,
  StoredObject,
} from '../driver.ts';
import { isStorageError, StorageError } from '../errors.ts';
import { KeyIndex } from '../key-index.ts';
import { Mutex } from '../mutex.ts';
import {
  checkEtag,
  createObjectRecord,
  fileAlreadyExists,
  noSuchKey,
  patchObjectRecord,
} from '../object-record.ts';
import { mapBounded } from './bounded-map.ts';
import {
  checkRealFolder,
  createFile,
  discard,
  ensureFolder,
  flushFolder,
  onDisk,
  onDiskIfPresent,
  openFile,
  randomName,
  readText,
  removeTree,
  replaceText,
} from './disk.ts';
import { streamFile } from './file-body.ts';
import { hashOfRecordName, locateObject, newDataName } from './layout.ts';
import type { ObjectPlace } from './layout.ts';
import {
  parseRecordFile,
  parseRecordFileAt,
  printBucketFile,
  printRecordFile,
} from './record-file.ts';
import type { RecordFile } from './record-file.ts';
import { listRecordFiles } from './sweep.ts';

/** What all buckets of a store share. */
export interface FsContext {
  readonly temporaryFolder: string;
  readonly durable: boolean;
  readonly now: () => number;
  readonly onProblem: (problem: StorageError) => void;
  /**
   * Throws `StoreLocked` once the store is closed: its folder may belong to another process by now.
   */
  readonly checkOpen: () => void;
}

export class BucketFolder {
  readonly #context: FsContext;
  readonly #folder: string;
  readonly #mutex = new Mutex();
  #state: BucketState;
  #removed = false;
  /** Built by the first listing, which reads every record once; kept up by our own writes. */
  #index: KeyIndex | undefined;

  constructor(context: FsContext, folder: string, state: BucketState) {
    this.#context = context;
    this.#folder = folder;
    this.#state = state;
  }

  get state(): BucketState {
    return this.#state;
  }

  async updateState(change: (state: BucketState) => BucketState): Promise<BucketState> {
    return this.#locked(async () => {
      const state = change(this.#state);
      await checkRealFolder(this.#folder);
      await this.#replace(join(this.#folder, 'bucket.json'), printBucketFile(state));
      this.#state = state;
      return state;
    });
  }

  async put(key: string, body: ObjectBody, options: PutObjectOptions): Promise<ObjectRecord> {
    const place = locateObject(this.#folder, key);
    if (options.ifAbsent === true && (await this.#read(place)) !== undefined) {
      throw fileAlreadyExists(key);
    }
    const dataName = newDataName(place);
    try {
      const digest = await this.#writeData(place, dataName, body, options);
      return await this.#locked(async () => {
        const old = await this.#readOrReport(place);
        if (options.ifAbsent === true && old !== undefined) throw fileAlreadyExists(key);
        const record = createObjectRecord(key, digest, options, this.#context.now());
        // Its flush to disk holds the lock. Flushing outside it would let parallel uploads into one
        // bucket overlap more, at the price of a second temporary file to clear away on failure.
        await this.#replace(place.recordFile, printRecordFile({ record, dataName }));
        this.#index?.add(key);
        if (old !== undefined) await this.#discardData(place, old.dataName);
        return record;
      });
    } catch (error) {
      await this.#discardUnnamed(place, dataName);
      // A folder that was pulled away from under the write shows as damage until the lock is free.
      await this.settle();
      throw this.#removed ? noSuchBucket(this.#state.record.name) : error;
    }
  }

  async head(key: string): Promise<ObjectRecord | undefined> {
    return (await this.#read(locateObject(this.#folder, key)))?.record;
  }

  async get(key: string, options: GetObjectOptions): Promise<StoredObject | undefined> {
    const place = locateObject(this.#folder, key);
    let missed: string | undefined;
    for (;;) {
      const file = await this.#read(place);
      if (file === undefined) return undefined;
      const { record, dataName } = file;
      checkEtag(record, options.ifEtag);
      const range = resolveRange(options.range, record.size);
      const opened = await onDiskIfPresent(async () => {
        await checkRealFolder(place.dataFolder);
        return openFile(join(place.dataFolder, dataName));
      });
      if (opened?.size === record.size) {
        return { record, body: streamFile(opened.handle, range) };
      }
      await opened?.handle.close();
      // Replaced since the record was read: its successor is looked up. The same again is damage.
      if (opened !== undefined || missed === dataName) {
        throw new StorageError(
          'StoreDamaged',
          `data of ${JSON.stringify(key)} (${dataName}): expected ${record.size} bytes, got ` +
            (opened === undefined ? 'no file' : String(opened.size)),
        );
      }
      missed = dataName;
    }
  }

  async patch(key: string, patch: ObjectPatch, ifEtag: string | undefined): Promise<ObjectRecord> {
    const place = locateObject(this.#folder, key);
    return this.#locked(async () => {
      const file = await this.#read(place);
      if (file === undefined) throw noSuchKey(key);
      checkEtag(file.record, ifEtag);
      const record = patchObjectRecord(file.record, patch, this.#context.now());
      await this.#replace(place.recordFile, printRecordFile({ ...file, record }));
      return record;
    });
  }

  async delete(key: string): Promise<void> {
    const place = locateObject(this.#folder, key);
    await this.#locked(async () => {
      const old = await this.#readOrReport(place);
      const found = await onDiskIfPresent(async () => {
        await checkRealFolder(place.recordFolder);
        await unlink(place.recordFile);
        return true;
      });
      this.#index?.remove(key);
      if (found === true && this.#context.durable) await flushFolder(place.recordFolder);
      if (old !== undefined) await this.#discardData(place, old.dataName);
    });
  }

  async list(options: ListObjectsOptions): Promise<ObjectPage> {
    this.#index ??= await this.#locked(async () => this.#index ?? this.#buildIndex());
    const { keys, ...page } = this.#index.page(options);
    const records = await mapBounded(keys, async (key) => {
      const file = await this.#readOrReport(locateObject(this.#folder, key));
      return file?.record;
    });
    // One that was deleted since the page was cut is simply not on it.
    return { ...page, objects: records.filter((record) => record !== undefined) };
  }

  /** Removes the bucket from disk. Uploads that run meanwhile end with `NoSuchBucket`. */
  async remove(): Promise<void> {
    const { temporaryFolder, durable } = this.#context;
    await this.#locked(async () => {
      // Records that cannot be read count too: a person may still want them.
      if ((await listRecordFiles(this.#folder)).length > 0) {
        throw bucketNotEmpty(this.#state.record.name);
      }
      await checkRealFolder(temporaryFolder);
      const doomed = join(temporaryFolder, randomName());
      await rename(this.#folder, doomed);
      this.#removed = true;
      if (durable) await flushFolder(dirname(this.#folder));
      // What cannot be cleared away now is cleared when the store is opened again.
      await removeTree(doomed).catch(() => undefined);
    });
  }

  /** Settles when all that was asked of this bucket before has taken hold. */
  async settle(): Promise<void> {
    await this.#mutex.run(async () => undefined);
  }

  #locked<T>(task: () => Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      this.#context.checkOpen();
      if (this.#removed) throw noSuchBucket(this.#state.record.name);
      return onDisk(task);
    });
  }

  #replace(file: string, text: string): Promise<void> {
    return replaceText(file, text, this.#context.temporaryFolder, this.#context.durable);
  }

  async #writeData(
    place: ObjectPlace,
    dataName: string,
    body: ObjectBody,
    options: PutObjectOptions,
  ): ReturnType<typeof digestBody> {
    const { durable } = this.#context;
    await onDisk(async () => {
      await ensureFolder(place.dataFolder, durable);
      await ensureFolder(place.recordFolder, durable);
    });
    const file = join(place.dataFolder, dataName);
    const digest = await createFile(file, durable, (write) => digestBody(body, options, write));
    if (durable) await onDisk(() => flushFolder(place.dataFolder));
    return digest;
  }

  /**
   * Clears a data file away after a failure, unless its record stands: then only a flush failed.
   */
  async #discardUnnamed(place: ObjectPlace, dataName: string): Promise<void> {
    try {
      if ((await this.#read(place))?.dataName === dataName) return;
    } catch {
      // The record cannot be read now; the sweep at the next start decides.
      return;
    }
    await this.#discardData(place, dataName);
  }

  /** What cannot be removed now is left to the sweep: the write that replaced it has taken hold. */
  async #discardData(place: ObjectPlace, dataName: string): Promise<void> {
    try {
      await onDiskIfPresent(async () => {
        await checkRealFolder(place.dataFolder);
        await discard(join(place.dataFolder, dataName));
      });
    } catch (error) {
      this.#context.onProblem(
        new StorageError('StoreDamaged', `${place.dataFolder}: cannot be cleared`, {
          cause: error,
        }),
      );
    }
  }

  async #read(place: ObjectPlace): Promise<RecordFile | undefined> {
    const text = await onDiskIfPresent(async () => {
      await checkRealFolder(place.recordFolder);
      return readText(place.recordFile);
    });
    return text === undefined ? undefined : parseRecordFileAt(text, place);
  }

  /** For listing, and for overwriting and deleting, which must work on a damaged record too. */
  async #readOrReport(place: ObjectPlace): Promise<RecordFile | undefined> {
    try {
      return await this.#read(place);
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  async #buildIndex(): Promise<KeyIndex> {
    const keys = await mapBounded(await listRecordFiles(this.#folder), async (file) => {
      try {
        const hash = hashOfRecordName(basename(file)) ?? '';
        const { key } = parseRecordFile(await onDisk(() => readText(file)), hash).record;
        if (locateObject(this.#folder, key).hash === hash) return key;
        throw new StorageError('StoreDamaged', `${file}: expected a key of this hash`);
      } catch (error) {
        this.#report(error);
        return undefined;
      }
    });
    return new KeyIndex(keys.filter((key) => key !== undefined));
  }

  /** One damaged object must not take a whole listing down with it. */
  #report(error: unknown): void {
    if (!isStorageError(error) || error.code !== 'StoreDamaged') throw error;
    this.#context.onProblem(error);
  }
}
