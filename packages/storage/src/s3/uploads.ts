/**
 * Unfinished uploads as objects of their own. The store's own uploads would ask for parts of 5 MiB,
 * while OSS clients send 100 KB, so parts are joined here. Easily got wrong: parts of one number may
 * race, and the last to be complete counts: their names say which that is.
 * @module
 */

import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';

import type { BodyDigest } from '../body-digest.ts';
import { mapBounded } from '../fs/bounded-map.ts';
import {
  parseFile,
  parseUploadFile,
  printUploadFile,
  stringOf,
  type UploadFile,
} from '../fs/record-file.ts';
import { createObjectRecord, wholeSecond } from '../object-record.ts';
import type { ObjectBody, ObjectMetadata } from '../records.ts';
import type { PartRecord, PutPartOptions, UploadPlace, UploadRecord } from '../upload.ts';
import { noSuchUpload } from '../upload-pages.ts';
import type { ObjectNames } from './object-names.ts';
import type { S3Body, S3Objects, S3Upload } from './s3-objects.ts';
import { withSpooled } from './spool.ts';

/** A part is its own digest. */
export interface S3Part extends PartRecord, BodyDigest {
  readonly name: string;
}

const NOTHING: BodyDigest = { size: 0, etag: '', crc64: '0' };
const UPLOAD_ID = /^[0-9A-F]{32}$/;
/** Number, time in ms, count of this process, MD5, CRC-64. */
const PART_NAME = /^(\d{5})\/(\d{15})-(\d{9})-([0-9A-F]{32})-(\d{1,20})$/;

const UPLOAD_FILE = 'upload.json';
/** Names an upload of the store's own, by which parts are joined. Time in ms, count of this process. */
const JOIN_NAME = /^joins\/(\d{15})-\d{9}$/;
/** The folder of an upload, and what lies in it. */
const IN_FOLDER = /^(.*\/[0-9A-F]{32}\/)(.+)$/;
const MAX_LEFTOVER_AGE_MS = 24 * 3600 * 1000;

export class S3Uploads {
  readonly #store: S3Objects;
  readonly #now: () => number;
  /** Tells parts apart that are complete in the same millisecond. */
  #count = 0;

  constructor(store: S3Objects, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  async create(names: ObjectNames, key: string, metadata: ObjectMetadata): Promise<UploadRecord> {
    const upload: UploadRecord = Object.freeze({
      key,
      uploadId: randomBytes(16).toString('hex').toUpperCase(),
      createdMs: this.#now(),
      storageClass: metadata.storageClass,
    });
    const record = createObjectRecord(key, NOTHING, metadata, this.#now());
    await this.#store.putText(fileOf(names, upload), printUploadFile({ upload, record }));
    return upload;
  }

  /** Throws `NoSuchUpload`. */
  async get(names: ObjectNames, place: UploadPlace): Promise<UploadFile> {
    if (!UPLOAD_ID.test(place.uploadId)) throw noSuchUpload(place);
    const found = await this.#store.getText(fileOf(names, place));
    if (found === undefined) throw noSuchUpload(place);
    const file = parseUploadFile(found.text, place.uploadId);
    if (file.upload.key !== place.key) throw noSuchUpload(place);
    return file;
  }

  async putPart(
    names: ObjectNames,
    place: UploadPlace,
    partNumber: number,
    source: { readonly body: ObjectBody; readonly options: PutPartOptions },
  ): Promise<PartRecord> {
    await this.get(names, place);
    return withSpooled(source.body, source.options, async (spooled) => {
      await this.get(names, place);
      const nowMs = this.#now();
      const { size, etag } = spooled.digest;
      const name = folderOf(names, place) + this.#partName(partNumber, nowMs, spooled.digest);
      await this.#store.put(name, spooled);
      // An upload that ended meanwhile has been cleared away: this part came too late for that.
      await this.get(names, place).catch(async (error: unknown) => {
        await this.#store.delete(name);
        throw error;
      });
      return { partNumber, size, etag, lastModifiedMs: wholeSecond(nowMs) };
    });
  }

  /** The parts that count, by number. */
  async parts(names: ObjectNames, place: UploadPlace): Promise<ReadonlyMap<number, S3Part>> {
    const folder = folderOf(names, place);
    const parts = new Map<number, S3Part>();
    // Lists are sorted, so of one number the last to be complete comes last.
    for await (const { name, size } of this.#store.listAll(folder)) {
      const match = PART_NAME.exec(name.slice(folder.length));
      if (match === null) continue;
      const [, number, timeMs, , etag = '', crc64 = ''] = match;
      const partNumber = Number(number);
      const lastModifiedMs = wholeSecond(Number(timeMs));
      parts.set(partNumber, { name, partNumber, size, etag, crc64, lastModifiedMs });
    }
    return parts;
  }

  /** The parts one after the other. */
  join(parts: readonly S3Part[]): S3Body {
    const store = this.#store;
    async function* read(): AsyncGenerator<Uint8Array> {
      for (const part of parts) {
        const found = await store.get(part.name);
        if (found === undefined) throw new Error(`${part.name}: a part is gone`);
        yield* found.body;
      }
    }
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    return { size, open: () => Readable.from(read()) };
  }

  /** So that the store's own upload ends with ours, should this process end before it. */
  async noteJoin(names: ObjectNames, place: UploadPlace, upload: S3Upload): Promise<void> {
    const name = `${folderOf(names, place)}joins/${this.#stamp(this.#now())}`;
    await this.#store.putText(name, JSON.stringify(upload));
  }

  /** The upload goes first, so that nobody finds it with parts missing. */
  async remove(names: ObjectNames, place: UploadPlace): Promise<void> {
    await this.#store.delete(fileOf(names, place));
    await this.clear(folderOf(names, place));
  }

  async records(names: ObjectNames): Promise<readonly UploadRecord[]> {
    const folders = await this.sweep(names.uploads);
    const texts = await mapBounded(folders, async (folder) => {
      const uploadId = folder.slice(names.uploads.length, -1);
      const found = await this.#store.getText(fileOf(names, { uploadId }));
      return found && parseUploadFile(found.text, uploadId).upload;
    });
    return texts.filter((upload) => upload !== undefined);
  }

  /**
   * The folders of the uploads whose names begin so. Parts without an upload, which a process left that
   * ended while it cleared them away, are deleted when they are old: younger ones may be on their way
   * out, or belong to an upload that the list was too early for.
   */
  async sweep(prefix: string): Promise<readonly string[]> {
    const living: string[] = [];
    const left = new Map<string, string[]>();
    for await (const { name } of this.#store.listAll(prefix)) {
      const [, folder = '', rest = ''] = IN_FOLDER.exec(name) ?? [];
      if (rest === UPLOAD_FILE) living.push(folder);
      const timeMs = Number(PART_NAME.exec(rest)?.[2] ?? JOIN_NAME.exec(rest)?.[1] ?? Number.NaN);
      if (this.#now() - timeMs < MAX_LEFTOVER_AGE_MS || Number.isNaN(timeMs)) continue;
      const names = left.get(folder) ?? [];
      left.set(folder, names);
      names.push(name);
    }
    for (const folder of living) left.delete(folder);
    await mapBounded([...left.values()].flat(), (name) => this.#drop(name));
    return living;
  }

  /** Deletes everything whose name begins so. */
  async clear(prefix: string): Promise<void> {
    const names: string[] = [];
    for await (const { name } of this.#store.listAll(prefix)) names.push(name);
    await mapBounded(names, (name) => this.#drop(name));
  }

  /** What a note of a join names is ended before it is forgotten. */
  async #drop(name: string): Promise<void> {
    const [, , rest = ''] = IN_FOLDER.exec(name) ?? [];
    const note = JOIN_NAME.test(rest) ? await this.#store.getText(name) : undefined;
    if (note !== undefined) await this.#store.abortUpload(parseJoin(note.text));
    await this.#store.delete(name);
  }

  #partName(partNumber: number, nowMs: number, digest: BodyDigest): string {
    const number = String(partNumber).padStart(5, '0');
    return `${number}/${this.#stamp(nowMs)}-${digest.etag}-${digest.crc64}`;
  }

  /** Sorts by time. */
  #stamp(nowMs: number): string {
    const time = String(Math.max(0, Math.floor(nowMs))).padStart(15, '0');
    this.#count = (this.#count + 1) % 1_000_000_000;
    return `${time}-${String(this.#count).padStart(9, '0')}`;
  }
}

function parseJoin(text: string): S3Upload {
  return parseFile(text, 'note of a join', (fields) => ({
    name: stringOf(fields, 'name'),
    id: stringOf(fields, 'id'),
  }));
}

function folderOf(names: ObjectNames, { uploadId }: Pick<UploadPlace, 'uploadId'>): string {
  return `${names.uploads}${uploadId}/`;
}

function fileOf(names: ObjectNames, place: Pick<UploadPlace, 'uploadId'>): string {
  return `${folderOf(names, place)}${UPLOAD_FILE}`;
}
