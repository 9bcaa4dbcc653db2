/**
 * How an object's record rides on the object: as JSON in one header of its metadata, or, when that is
 * too long, beside it under an id that the header names. A later change of metadata alone is a small
 * object of its own, because S3 would rewrite the whole picture. Easily got wrong: such a change
 * belongs to one write of the object, so both carry that write's id, and it ends with it.
 * @module
 */

import { randomUUID } from 'node:crypto';

import { StorageError } from '../errors.ts';
import { parseFile, recordOf, stringOf } from '../fs/record-file.ts';
import { freezeRecord, wholeSecond } from '../object-record.ts';
import type { ObjectRecord } from '../records.ts';
import type { ObjectNames } from './object-names.ts';
import type { S3Labels, S3Object, S3Objects } from './s3-objects.ts';

/** S3 allows 2 KB of metadata, names included. */
const MAX_HEADER_CHARS = 1800;
const RECORD_HEADER = 'safelight';
const BESIDE_HEADER = 'safelight-record';

export interface StoredRecord {
  readonly record: ObjectRecord;
  /** Of the write that stored the object. */
  readonly writeId: string;
  readonly object: S3Object;
}

/** The labels of a new object. What does not fit is stored first, so a reader always finds it. */
export async function printLabels(
  store: S3Objects,
  names: ObjectNames,
  record: ObjectRecord,
): Promise<S3Labels> {
  const writeId = randomUUID();
  const text = JSON.stringify({ writeId, ...record });
  const header = Buffer.from(text).toString('base64url');
  const fits = header.length <= MAX_HEADER_CHARS;
  if (!fits) await store.putText(names.records + writeId, text);
  return {
    // For other tools that read the bucket.
    contentType: isPlainText(record.contentType) ? record.contentType : undefined,
    metadata: fits ? { [RECORD_HEADER]: header } : { [BESIDE_HEADER]: writeId },
  };
}

/** @param patch the text of the object's later change, if there is one */
export async function readRecord(
  store: S3Objects,
  names: ObjectNames,
  key: string,
  found: { readonly object: S3Object; readonly patch: string | undefined },
): Promise<StoredRecord> {
  const { object, patch } = found;
  const stored = (await ownRecord(store, names, key, object)) ?? foreignRecord(key, object);
  const changed = patch === undefined ? undefined : parse(patch, key);
  return { ...(changed?.writeId === stored.writeId ? changed : stored), object };
}

export function printPatch(writeId: string, record: ObjectRecord): string {
  return JSON.stringify({ writeId, ...record });
}

/** The key of an object whose name does not tell it. */
export async function readKey(
  store: S3Objects,
  names: ObjectNames,
  object: S3Object,
): Promise<string | undefined> {
  const text = await recordText(store, names, object);
  return text === undefined ? undefined : parseFile(text, 'record', (it) => stringOf(it, 'key'));
}

/** Deletes what lies beside an object that is gone. */
export async function dropBeside(
  store: S3Objects,
  names: ObjectNames,
  object: S3Object,
): Promise<void> {
  const id = object.metadata[BESIDE_HEADER];
  if (id !== undefined) await store.delete(names.records + id);
}

type OwnRecord = Omit<StoredRecord, 'object'>;

async function ownRecord(
  store: S3Objects,
  names: ObjectNames,
  key: string,
  object: S3Object,
): Promise<OwnRecord | undefined> {
  const text = await recordText(store, names, object);
  return text === undefined ? undefined : parse(text, key);
}

async function recordText(
  store: S3Objects,
  names: ObjectNames,
  { metadata }: S3Object,
): Promise<string | undefined> {
  const header = metadata[RECORD_HEADER];
  if (header !== undefined) return Buffer.from(header, 'base64url').toString();
  const id = metadata[BESIDE_HEADER];
  return id === undefined ? undefined : (await store.getText(names.records + id))?.text;
}

function parse(text: string, key: string): OwnRecord {
  const what = `record of ${JSON.stringify(key)}`;
  const own = parseFile(text, what, (fields) => ({
    writeId: stringOf(fields, 'writeId'),
    record: recordOf(fields),
  }));
  if (own.record.key === key) return own;
  throw new StorageError('StoreDamaged', `${what}: got that of another key`);
}

/** An object that another tool stored. Its ETag is the MD5 of its bytes unless it came in parts. */
function foreignRecord(key: string, object: S3Object): OwnRecord {
  const etag = object.etag.replaceAll('"', '').toUpperCase();
  const record = freezeRecord({
    key,
    size: object.size,
    etag,
    crc64: undefined,
    lastModifiedMs: wholeSecond(object.lastModifiedMs),
    contentType: object.contentType,
    headers: {},
    userMetadata: object.metadata,
    acl: 'default',
    type: etag.includes('-') ? 'Multipart' : 'Normal',
    storageClass: undefined,
    tags: [],
    symlinkTarget: undefined,
  });
  return { record, writeId: `${etag} ${object.lastModifiedMs}` };
}

/** What may stand in a header; the record keeps the rest. */
function isPlainText(text: string | undefined): boolean {
  return text !== undefined && /^[\x20-\x7e]{1,200}$/.test(text);
}
