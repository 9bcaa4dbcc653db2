/**
 * The JSON of record files and back. A file may have been changed by other hands, so every field is
 * checked and a wrong one is `StoreDamaged`, never a crash later.
 * @module
 */

import { freezeState } from '../bucket-state.ts';
import type { BucketState } from '../bucket-state.ts';
import type { BodyDigest } from '../body-digest.ts';
import type {
  BucketAcl,
  ObjectAcl,
  ObjectRecord,
  ObjectTag,
  ObjectType,
  PartRecord,
  StyleRecord,
  UploadRecord,
} from '../driver.ts';
import { StorageError } from '../errors.ts';
import { freezeRecord } from '../object-record.ts';
import { hashOfDataName, partOfDataName } from './layout.ts';
import type { ObjectPlace } from './layout.ts';

/** A record and the data file that it names. */
export interface RecordFile {
  readonly record: ObjectRecord;
  readonly dataName: string;
}

type Fields = Readonly<Record<string, unknown>>;

const BUCKET_ACLS: readonly BucketAcl[] = ['private', 'public-read', 'public-read-write'];
const OBJECT_ACLS: readonly ObjectAcl[] = ['default', ...BUCKET_ACLS];
const TYPES: readonly ObjectType[] = ['Normal', 'Multipart', 'Appendable', 'Symlink'];

export function printRecordFile(file: RecordFile): string {
  return JSON.stringify({ data: file.dataName, ...file.record });
}

/** Throws `StoreDamaged`, also when the record is of another key than the file's name says. */
export function parseRecordFile(text: string, hash: string): RecordFile {
  return parseFile(text, `record ${hash}`, (fields) => {
    const dataName = stringOf(fields, 'data');
    expect(hashOfDataName(dataName) === hash, 'data', dataName);
    const record = recordOf(fields);
    return { record, dataName };
  });
}

/** What upload.json holds: the upload, and the record that its object will start from. */
export interface UploadFile {
  readonly upload: UploadRecord;
  readonly record: ObjectRecord;
}

export function printUploadFile({ upload, record }: UploadFile): string {
  return JSON.stringify({ ...upload, record });
}

/** Throws `StoreDamaged`, also when the file is of another upload. */
export function parseUploadFile(text: string, uploadId: string): UploadFile {
  return parseFile(text, `upload ${uploadId}`, (fields) => {
    expect(fields['uploadId'] === uploadId, 'uploadId', fields['uploadId']);
    const record = recordOf(fieldsOf(fields['record'], 'record'));
    const { key, storageClass } = record;
    const createdMs = countOf(fields, 'createdMs');
    return { upload: Object.freeze({ key, uploadId, createdMs, storageClass }), record };
  });
}

/** A part, which is its own digest, and the data file beside it. */
export interface PartFile extends PartRecord, BodyDigest {
  readonly dataName: string;
}

export function printPartFile(part: PartFile): string {
  return JSON.stringify(part);
}

/** Throws `StoreDamaged`, also when the file is of another part. */
export function parsePartFile(text: string, partNumber: number): PartFile {
  return parseFile(text, `part ${partNumber}`, (fields) => {
    expect(fields['partNumber'] === partNumber, 'partNumber', fields['partNumber']);
    const dataName = stringOf(fields, 'dataName');
    expect(partOfDataName(dataName) === partNumber, 'dataName', dataName);
    return {
      partNumber,
      dataName,
      size: countOf(fields, 'size'),
      etag: stringOf(fields, 'etag'),
      crc64: stringOf(fields, 'crc64'),
      lastModifiedMs: countOf(fields, 'lastModifiedMs'),
    };
  });
}

/** As `parseRecordFile`, for a known place: the key must be that of the place. */
export function parseRecordFileAt(text: string, place: ObjectPlace): RecordFile {
  const file = parseRecordFile(text, place.hash);
  if (file.record.key === place.key) return file;
  throw new StorageError(
    'StoreDamaged',
    `${place.recordFile}: expected the record of ${JSON.stringify(place.key)}, got that of ` +
      JSON.stringify(file.record.key),
  );
}

export function printBucketFile(state: BucketState): string {
  return JSON.stringify({ ...state.record, styles: state.styles });
}

/** Throws `StoreDamaged`, also when the file is of another bucket. */
export function parseBucketFile(text: string, name: string): BucketState {
  return parseFile(text, `bucket ${name}`, (fields) => {
    expect(fields['name'] === name, 'name', fields['name']);
    const styles = fields['styles'];
    expect(Array.isArray(styles), 'styles', styles);
    return freezeState({
      record: {
        name,
        acl: oneOf(fields, 'acl', BUCKET_ACLS),
        createdMs: countOf(fields, 'createdMs'),
        location: optionalStringOf(fields, 'location'),
        storageClass: optionalStringOf(fields, 'storageClass'),
        settings: stringsOf(fields, 'settings'),
      },
      styles: (styles as unknown[]).map(parseStyle),
    });
  });
}

export function recordOf(fields: Fields): ObjectRecord {
  return freezeRecord({
    key: stringOf(fields, 'key'),
    size: countOf(fields, 'size'),
    etag: stringOf(fields, 'etag'),
    crc64: optionalStringOf(fields, 'crc64'),
    lastModifiedMs: countOf(fields, 'lastModifiedMs'),
    contentType: optionalStringOf(fields, 'contentType'),
    headers: stringsOf(fields, 'headers'),
    userMetadata: stringsOf(fields, 'userMetadata'),
    acl: oneOf(fields, 'acl', OBJECT_ACLS),
    type: oneOf(fields, 'type', TYPES),
    storageClass: optionalStringOf(fields, 'storageClass'),
    tags: tagsOf(fields),
    symlinkTarget: optionalStringOf(fields, 'symlinkTarget'),
  });
}

/** Records of stores from before there were tags have none. */
function tagsOf(fields: Fields): ObjectTag[] {
  const { tags = [] } = fields;
  expect(Array.isArray(tags), 'tags', tags);
  return (tags as unknown[]).map((value) => {
    const tag = fieldsOf(value, 'tag');
    return { key: stringOf(tag, 'key'), value: stringOf(tag, 'value') };
  });
}

function parseStyle(value: unknown): StyleRecord {
  const fields = fieldsOf(value, 'style');
  return {
    name: stringOf(fields, 'name'),
    content: stringOf(fields, 'content'),
    createdMs: countOf(fields, 'createdMs'),
    modifiedMs: countOf(fields, 'modifiedMs'),
  };
}

export function parseFile<T>(text: string, what: string, decode: (fields: Fields) => T): T {
  try {
    return decode(fieldsOf(JSON.parse(text), 'file'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StorageError('StoreDamaged', `${what}: ${why}`, { cause: error });
  }
}

function expect(condition: boolean, name: string, value: unknown): void {
  if (!condition) throw new Error(`${name}: expected another value than ${JSON.stringify(value)}`);
}

function fieldsOf(value: unknown, name: string): Fields {
  expect(typeof value === 'object' && value !== null && !Array.isArray(value), name, value);
  return value as Fields;
}

export function stringOf(fields: Fields, name: string): string {
  const value = fields[name];
  expect(typeof value === 'string', name, value);
  return value as string;
}

function optionalStringOf(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : stringOf(fields, name);
}

function countOf(fields: Fields, name: string): number {
  const value = fields[name];
  expect(Number.isSafeInteger(value) && (value as number) >= 0, name, value);
  return value as number;
}

function oneOf<T extends string>(fields: Fields, name: string, values: readonly T[]): T {
  const value = values.find((other) => other === fields[name]);
  expect(value !== undefined, name, fields[name]);
  return value as T;
}

function stringsOf(fields: Fields, name: string): Readonly<Record<string, string>> {
  const strings = fieldsOf(fields[name], name);
  for (const [key, value] of Object.entries(strings)) {
    expect(typeof value === 'string', `${name}.${key}`, value);
  }
  return strings as Readonly<Record<string, string>>;
}
