/**
 * The unfinished uploads of one bucket on disk. Parts are written without a lock; the moments in which
 * a part's record is replaced, and all of a completion, are locked per upload. Easily got wrong: an id
 * from a request is no path until it is known to be of our form.
 * @module
 */

import { rename } from 'node:fs/promises';
import { join } from 'node:path';

import { digestBody, joinDigests } from '../body-digest.ts';
import type {
  CompleteUploadOptions,
  ListPartsOptions,
  ListUploadsOptions,
  NamedPart,
  ObjectBody,
  ObjectMetadata,
  ObjectRecord,
  PartPage,
  PartRecord,
  PutPartOptions,
  UploadPage,
  UploadPlace,
  UploadRecord,
} from '../driver.ts';
import { isStorageError, StorageError } from '../errors.ts';
import { Mutex } from '../mutex.ts';
import { createObjectRecord, wholeSecond } from '../object-record.ts';
import { chooseParts, noSuchUpload, pageParts, pageUploads } from '../upload-pages.ts';
import { mapBounded } from './bounded-map.ts';
import type { FsContext, ObjectDraft } from './context.ts';
import {
  checkRealFolder,
  createFile,
  discard,
  ensureFolder,
  flushFolder,
  listFolder,
  onDisk,
  onDiskIfPresent,
  openFile,
  randomName,
  readText,
  removeTree,
  replaceText,
} from './disk.ts';
import { streamFile } from './file-body.ts';
import {
  isUploadId,
  newPartDataName,
  newUploadId,
  partOfRecordName,
  partRecordName,
  uploadsFolder,
} from './layout.ts';
import { parsePartFile, parseUploadFile, printPartFile, printUploadFile } from './record-file.ts';
import type { PartFile, UploadFile } from './record-file.ts';

/** Of an object that has no bytes yet. */
const NO_DIGEST = { size: 0, etag: '', crc64: '0' };

export class UploadFolders {
  readonly #context: FsContext;
  readonly #parent: string;
  /** By upload id; gone when the upload ends. */
  readonly #mutexes = new Map<string, Mutex>();

  constructor(context: FsContext, bucketFolder: string) {
    this.#context = context;
    this.#parent = uploadsFolder(bucketFolder);
  }

  async create(key: string, metadata: ObjectMetadata): Promise<UploadRecord> {
    const { durable, now } = this.#context;
    const record = createObjectRecord(key, NO_DIGEST, metadata, now());
    const { storageClass } = record;
    const upload = { key, uploadId: newUploadId(), createdMs: now(), storageClass };
    const folder = join(this.#parent, upload.uploadId);
    await onDisk(async () => {
      await ensureFolder(this.#parent, durable);
      await ensureFolder(folder, durable);
      // The upload is there once its file is: a folder without one is swept.
      await this.#replace(join(folder, 'upload.json'), printUploadFile({ upload, record }));
    });
    return upload;
  }

  async putPart(
    place: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options: PutPartOptions,
  ): Promise<PartRecord> {
    await this.#read(place);
    const { durable, now } = this.#context;
    const folder = join(this.#parent, place.uploadId);
    const dataName = newPartDataName(partNumber);
    try {
      const digest = await createFile(join(folder, dataName), durable, (write) =>
        digestBody(body, options, write),
      );
      if (durable) await onDisk(() => flushFolder(folder));
      return await this.#locked(place, async () => {
        const old = await this.#readPart(folder, partNumber);
        const lastModifiedMs = wholeSecond(now());
        const part: PartFile = { partNumber, lastModifiedMs, ...digest, dataName };
        await this.#replace(join(folder, partRecordName(partNumber)), printPartFile(part));
        if (old !== undefined) await discard(join(folder, old.dataName));
        const { size, etag } = digest;
        return { partNumber, size, etag, lastModifiedMs };
      });
    } catch (error) {
      await this.#discardUnnamed(folder, partNumber, dataName);
      // An upload that has ended meanwhile took its folder along.
      await this.#read(place);
      throw error;
    }
  }

  /** @param store puts the object in its place; `fill` writes its bytes */
  complete(
    place: UploadPlace,
    named: readonly NamedPart[],
    options: CompleteUploadOptions,
    store: (fill: (file: string) => Promise<ObjectDraft>) => Promise<ObjectRecord>,
  ): Promise<ObjectRecord> {
    return this.#locked(place, async ({ record }) => {
      const folder = join(this.#parent, place.uploadId);
      const parts = new Map((await this.#readParts(folder)).map((part) => [part.partNumber, part]));
      const chosen = chooseParts(named, parts, options);
      const stored = await store(async (file) => {
        await createFile(file, this.#context.durable, async (write) => {
          for (const part of chosen) await copyPartFile(folder, part, write);
        });
        return { digest: joinDigests(chosen), metadata: { ...record, type: 'Multipart' } };
      });
      await this.#remove(place.uploadId);
      return stored;
    });
  }

  abort(place: UploadPlace): Promise<void> {
    return this.#locked(place, () => this.#remove(place.uploadId));
  }

  async listParts(place: UploadPlace, options: ListPartsOptions): Promise<PartPage> {
    const { upload } = await this.#read(place);
    return pageParts(upload, await this.#readParts(join(this.#parent, place.uploadId)), options);
  }

  async list(options: ListUploadsOptions): Promise<UploadPage> {
    const names = (await listFolder(this.#parent)).map((entry) => entry.name);
    const uploads = await mapBounded(names.filter(isUploadId), async (uploadId) => {
      try {
        return (await this.#readFile(uploadId))?.upload;
      } catch (error) {
        if (!isStorageError(error)) throw error;
        this.#context.onProblem(error);
        return undefined;
      }
    });
    return pageUploads(
      uploads.filter((upload) => upload !== undefined),
      options,
    );
  }

  /** Settles when all that was asked before has taken hold. */
  async settle(): Promise<void> {
    await Promise.all([...this.#mutexes.values()].map((mutex) => mutex.run(async () => undefined)));
  }

  /** Runs `task` alone on an upload that is there. Throws `NoSuchUpload`. */
  #locked<T>(place: UploadPlace, task: (file: UploadFile) => Promise<T>): Promise<T> {
    const { uploadId } = place;
    const mutex = this.#mutexes.get(uploadId) ?? new Mutex();
    this.#mutexes.set(uploadId, mutex);
    return mutex.run(async () => {
      this.#context.checkOpen();
      try {
        const file = await this.#read(place);
        return await onDisk(() => task(file));
      } catch (error) {
        // Strangers may name any upload: none may leave a trace.
        if (isStorageError(error) && error.code === 'NoSuchUpload') this.#mutexes.delete(uploadId);
        throw error;
      }
    });
  }

  async #read(place: UploadPlace): Promise<UploadFile> {
    const { uploadId, key } = place;
    const file = isUploadId(uploadId) ? await this.#readFile(uploadId) : undefined;
    if (file === undefined || file.upload.key !== key) throw noSuchUpload(place);
    return file;
  }

  async #readFile(uploadId: string): Promise<UploadFile | undefined> {
    const folder = join(this.#parent, uploadId);
    const text = await onDiskIfPresent(async () => {
      await checkRealFolder(folder);
      return readText(join(folder, 'upload.json'));
    });
    return text === undefined ? undefined : parseUploadFile(text, uploadId);
  }

  async #readParts(folder: string): Promise<PartFile[]> {
    const names = (await listFolder(folder)).map((entry) => entry.name);
    const numbers = names.map(partOfRecordName).filter((number) => number !== undefined);
    const parts = await mapBounded(numbers, (number) => this.#readPart(folder, number));
    return parts.filter((part) => part !== undefined);
  }

  async #readPart(folder: string, partNumber: number): Promise<PartFile | undefined> {
    const file = join(folder, partRecordName(partNumber));
    const text = await onDiskIfPresent(() => readText(file));
    return text === undefined ? undefined : parsePartFile(text, partNumber);
  }

  async #remove(uploadId: string): Promise<void> {
    const { temporaryFolder, durable } = this.#context;
    const doomed = join(temporaryFolder, randomName());
    await checkRealFolder(temporaryFolder);
    await rename(join(this.#parent, uploadId), doomed);
    if (durable) await flushFolder(this.#parent);
    this.#mutexes.delete(uploadId);
    // What cannot be cleared away now is cleared when the store is opened again.
    await removeTree(doomed).catch(() => undefined);
  }

  /** Clears the data of a failed part away, unless its record stands: then only a flush failed. */
  async #discardUnnamed(folder: string, partNumber: number, dataName: string): Promise<void> {
    const part = await this.#readPart(folder, partNumber).catch(() => undefined);
    if (part?.dataName !== dataName) await discard(join(folder, dataName));
  }

  #replace(file: string, text: string): Promise<void> {
    return replaceText(file, text, this.#context.temporaryFolder, this.#context.durable);
  }
}

async function copyPartFile(
  folder: string,
  part: PartFile,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const { handle, size } = await openFile(join(folder, part.dataName));
  if (size !== part.size) {
    await handle.close();
    throw new StorageError(
      'StoreDamaged',
      `part ${part.partNumber} in ${folder}: expected ${part.size} bytes, got ${size}`,
    );
  }
  for await (const chunk of streamFile(handle, { offset: 0, length: size })) await write(chunk);
}
