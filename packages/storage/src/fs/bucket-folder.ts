/**
 * One bucket on disk. Bytes are written beside each other without a lock; the short moment in which
 * a record is replaced is locked per bucket. Readers take no lock: they open what a record names,
 * and look again when it was replaced and cleared away in between.
 * @module
 */

import { rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { appendedMetadata, checkAppend, pieceLimits } from '../append.ts';
import { appendDigest, digestBody, recordDigest } from '../body-digest.ts';
import { bucketNotEmpty, noSuchBucket } from '../bucket-state.ts';
import type { BucketState } from '../bucket-state.ts';
import { resolveRange } from '../byte-range.ts';
import type {
  AppendObjectOptions,
  CopyObjectOptions,
  GetObjectOptions,
  ListObjectsOptions,
  ObjectBody,
  ObjectPage,
  ObjectPatch,
  ObjectRecord,
  ObjectSource,
  PutObjectOptions,
  StoredObject,
} from '../driver.ts';
import { isStorageError, StorageError } from '../errors.ts';
import { KeyIndex } from '../key-index.ts';
import { Mutex } from '../mutex.ts';
import {
  checkAbsent,
  checkEtag,
  createObjectRecord,
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
  linkOrCopy,
  onDisk,
  onDiskIfPresent,
  openFile,
  randomName,
  readText,
  removeTree,
  replaceText,
} from './disk.ts';
import type { FsContext, ObjectDraft } from './context.ts';
import { bodyOfFile } from './file-body.ts';
import { KnownFiles } from './known-files.ts';
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
import { UploadFolders } from './upload-folders.ts';

export class BucketFolder {
  readonly uploads: UploadFolders;
  readonly #context: FsContext;
  readonly #folder: string;
  readonly #mutex = new Mutex();
  readonly #known = new KnownFiles();
  #state: BucketState;
  #removed = false;
  /** Built by the first listing, which reads every record once; kept up by our own writes. */
  #index: KeyIndex | undefined;

  constructor(context: FsContext, folder: string, state: BucketState) {
    this.#context = context;
    this.#folder = folder;
    this.#state = state;
    this.uploads = new UploadFolders(context, folder);
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
    const check = (old: RecordFile | undefined): void => checkAbsent(key, old, options);
    if (options.ifAbsent === true) check(await this.#read(locateObject(this.#folder, key)));
    const fill = async (file: string): Promise<ObjectDraft> => {
      const digest = await createFile(file, this.#context.durable, (write) =>
        digestBody(body, options, write),
      );
      return { digest, metadata: options };
    };
    return this.store(key, fill, check);
  }

  /** The source may lie in another bucket, and may be the target. */
  async copy(
    from: BucketFolder,
    source: ObjectSource,
    key: string,
    options: CopyObjectOptions,
  ): Promise<ObjectRecord> {
    const fill = async (file: string): Promise<ObjectDraft> => {
      // Data files never change, so both names may share the bytes.
      const record = await from.#onData(source.key, source, async (data, found) => {
        await linkOrCopy(data, file);
        return found;
      });
      if (record === undefined) throw noSuchKey(source.key);
      return { digest: recordDigest(record), metadata: options };
    };
    return this.store(key, fill, (old) => checkAbsent(key, old, options));
  }

  /**
   * Writes all bytes anew, old and added: data files never change, so neither a crash nor a reader can
   * meet half an append. Many small appends to a large object are dear.
   */
  async append(
    key: string,
    position: number,
    body: ObjectBody,
    options: AppendObjectOptions,
  ): Promise<ObjectRecord> {
    const before = await this.#read(locateObject(this.#folder, key));
    checkAppend(before?.record, key, position, options);
    const fill = async (file: string): Promise<ObjectDraft> => {
      const piece = await createFile(file, this.#context.durable, async (write) => {
        const stored = before === undefined ? undefined : await this.get(key, {});
        for await (const chunk of stored?.body ?? []) await write(chunk);
        return digestBody(body, pieceLimits(position, options), write);
      });
      const digest =
        before === undefined ? piece : appendDigest(recordDigest(before.record), piece);
      return { digest, metadata: appendedMetadata(before?.record, options) };
    };
    return this.store(key, fill, (old) => {
      checkAppend(old?.record, key, position, options);
      if (old?.dataName === before?.dataName) return;
      const shown = JSON.stringify(key);
      throw new StorageError('PositionNotEqualToLength', `${shown}: replaced meanwhile`);
    });
  }

  /**
   * Stores an object whole or not at all. `fill` writes its bytes into a new file, without a lock;
   * `check` throws under the lock when what is there by then forbids it.
   */
  async store(
    key: string,
    fill: (file: string) => Promise<ObjectDraft>,
    check: (old: RecordFile | undefined) => void,
  ): Promise<ObjectRecord> {
    const place = locateObject(this.#folder, key);
    const dataName = newDataName(place);
    try {
      const { digest, metadata } = await this.#writeData(place, dataName, fill);
      return await this.#locked(async () => {
        const old = await this.#readOrReport(place);
        check(old);
        const record = createObjectRecord(key, digest, metadata, this.#context.now());
        // Its flush holds the lock. Outside it parallel uploads into one bucket would overlap more, at
        // the price of a second temporary file to clear away on failure.
        await this.#replace(place.recordFile, printRecordFile({ record, dataName }));
        this.#index?.add(key);
        if (old !== undefined) await this.#discardData(place, old.dataName);
        return record;
      });
    } catch (error) {
      await this.#discardUnnamed(place, dataName);
      throw await this.explain(error);
    }
  }

  /** What a failure was really about: a folder that is pulled away from a write shows as damage. */
  async explain(error: unknown): Promise<unknown> {
    await this.settle();
    return this.#removed ? noSuchBucket(this.#state.record.name) : error;
  }

  async head(key: string): Promise<ObjectRecord | undefined> {
    return (await this.#read(locateObject(this.#folder, key)))?.record;
  }

  async get(key: string, options: GetObjectOptions): Promise<StoredObject | undefined> {
    return this.#onData(key, options, async (file, record) => {
      const range = resolveRange(options.range, record.size);
      const { handle, size } = await openFile(file);
      if (size === record.size) return { record, ...bodyOfFile(handle, range) };
      await handle.close();
      throw new StorageError(
        'StoreDamaged',
        `${file} of ${JSON.stringify(key)}: expected ${record.size} bytes, got ${size}`,
      );
    });
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
    fill: (file: string) => Promise<ObjectDraft>,
  ): Promise<ObjectDraft> {
    const { durable } = this.#context;
    await onDisk(async () => {
      await ensureFolder(place.dataFolder, durable);
      await ensureFolder(place.recordFolder, durable);
    });
    const draft = await fill(join(place.dataFolder, dataName));
    if (durable) await onDisk(() => flushFolder(place.dataFolder));
    return draft;
  }

  /**
   * What `use` makes of the data file that the record names; `undefined` without a record. When the
   * object was replaced since its record was read, its successor is used.
   */
  async #onData<T>(
    key: string,
    { ifEtag, known }: Pick<GetObjectOptions, 'ifEtag' | 'known'>,
    use: (file: string, record: ObjectRecord) => Promise<T>,
  ): Promise<T | undefined> {
    const place = locateObject(this.#folder, key);
    let missed: string | undefined;
    for (let first = this.#known.of(key, known); ; first = undefined) {
      const found = first ?? (await this.#read(place));
      if (found === undefined) return undefined;
      const { record, dataName } = found;
      checkEtag(record, ifEtag);
      const result = await onDiskIfPresent(async () => {
        await checkRealFolder(place.dataFolder);
        return use(join(place.dataFolder, dataName), record);
      });
      if (result !== undefined) return result;
      // A second look at the same record and still no file: that is damage.
      if (missed === dataName) {
        throw new StorageError('StoreDamaged', `data of ${JSON.stringify(key)}: no ${dataName}`);
      }
      missed = dataName;
    }
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
    return text === undefined ? undefined : this.#known.keep(parseRecordFileAt(text, place));
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
