/**
 * Records of buckets, objects and styles, kept for a moment, so that a cached result costs no look into
 * the store. Own writes drop what they touch at once; those of other nodes show when the moment is
 * over. Easily got wrong: a read that began before a write must not be kept after it.
 * @module
 */

import { type BucketRecord, isStorageError, type StorageDriver } from '@safelight/storage';
import { LRUCache } from 'lru-cache';

export interface MetadataCacheOptions {
  /** How old a record may be. 0 keeps nothing. */
  readonly maxAgeMs: number;
  /** Called with every record of a bucket that is read from the store, before the reader gets it. */
  readonly onBucket?: (record: BucketRecord) => void;
  /** Called after every write to an object. */
  readonly onWrite?: (bucket: string, key: string) => void;
}

export interface MetadataCache {
  /** The same store, with reads of records answered from memory. */
  readonly store: StorageDriver;
  /** How long ago the store was asked for this object's record; 0 when that was not kept. */
  ageMsOf(bucket: string, key: string): number;
  /**
   * Tells as often as it is asked whether the records of a bucket and object that are kept now are kept
   * still. Undefined when one of them is not. What was read between two such moments was these records.
   */
  holdRecords(bucket: string, key: string): (() => boolean) | undefined;
}

/** Records of any kind that are kept; some 1 KiB each. */
const MAX_RECORDS = 20_000;

/** Answered from memory. All others that are not in `PLAIN_READS` count as writes. */
const RECORD_READS: ReadonlySet<string> = new Set(['getBucket', 'headObject', 'getStyle']);

/** Reads that pass through. */
const PLAIN_READS: ReadonlySet<string> = new Set([
  'listBuckets',
  'listObjects',
  'listParts',
  'listStyles',
  'listUploads',
  'close',
]);

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/**
 * A driver in front of a driver. It goes by what a call names: a method it does not know is a write of
 * every bucket and object among its arguments, so a new method can make it slow, never wrong.
 */
export function createMetadataCache(
  store: StorageDriver,
  options: MetadataCacheOptions,
): MetadataCache {
  const records = new LRUCache<string, Promise<unknown>>({
    max: MAX_RECORDS,
    ttl: Math.max(1, options.maxAgeMs),
  });
  const methods = new Map<string, Method>();
  const methodOf = (name: string, method: Method): Method => {
    const known = methods.get(name);
    if (known !== undefined) return known;
    const made = wrap(name, method.bind(store) as Method, records, options);
    methods.set(name, made);
    return made;
  };
  return {
    ageMsOf(bucket, key) {
      const id = `headObject\n${bucket}\n${key}`;
      return records.has(id) ? Math.max(0, options.maxAgeMs - records.getRemainingTTL(id)) : 0;
    },
    holdRecords(bucket, key) {
      const bucketId = `getBucket\n${bucket}`;
      const objectId = `headObject\n${bucket}\n${key}`;
      const bucketRead = records.get(bucketId);
      const objectRead = records.get(objectId);
      if (bucketRead === undefined || objectRead === undefined) return undefined;
      return () => records.get(bucketId) === bucketRead && records.get(objectId) === objectRead;
    },
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function' || typeof name !== 'string') return value;
        return methodOf(name, value as Method);
      },
    }),
  };
}

function wrap(
  name: string,
  method: Method,
  records: LRUCache<string, Promise<unknown>>,
  options: MetadataCacheOptions,
): Method {
  if (PLAIN_READS.has(name)) return method;
  if (RECORD_READS.has(name)) {
    const read = name === 'getBucket' ? telling(method, options) : method;
    if (options.maxAgeMs === 0) return read;
    return (...args) => readRecord(records, `${name}\n${args.join('\n')}`, () => read(...args));
  }
  if (name === 'getObject') return (...args) => readBody(records, args, () => method(...args));
  return (...args) => write(records, args, () => method(...args), options);
}

function telling(getBucket: Method, { onBucket }: MetadataCacheOptions): Method {
  return async (...args) => {
    const record = await getBucket(...args);
    if (record !== undefined) onBucket?.(record as BucketRecord);
    return record;
  };
}

/** Reads under way are kept as well: a hundred requests for a new key ask the store once. */
function readRecord(
  records: LRUCache<string, Promise<unknown>>,
  id: string,
  read: () => Promise<unknown>,
): Promise<unknown> {
  const kept = records.get(id);
  if (kept !== undefined) return kept;
  const reading = read();
  records.set(id, reading);
  reading.catch(() => {
    if (records.peek(id) === reading) records.delete(id);
  });
  return reading;
}

/** Bytes that are gone, or another object's, show that the record is old. */
async function readBody(
  records: LRUCache<string, Promise<unknown>>,
  args: readonly unknown[],
  read: () => Promise<unknown>,
): Promise<unknown> {
  let isOld = true;
  try {
    const stored = await read();
    isOld = stored === undefined;
    return stored;
  } catch (error) {
    isOld = isStorageError(error);
    throw error;
  } finally {
    if (isOld) forget(records, placesOf(args));
  }
}

/** Before, so that nothing old is given out once it may be seen; after, for reads in between. */
async function write(
  records: LRUCache<string, Promise<unknown>>,
  args: readonly unknown[],
  run: () => Promise<unknown>,
  { onWrite }: MetadataCacheOptions,
): Promise<unknown> {
  const places = placesOf(args);
  forget(records, places);
  try {
    return await run();
  } finally {
    forget(records, places);
    for (const { bucket, key } of places) if (key !== undefined) onWrite?.(bucket, key);
  }
}

interface Place {
  readonly bucket: string;
  readonly key: string | undefined;
}

/** `(bucket, key, …)`, and every argument that is `{ bucket, key }`. */
function placesOf(args: readonly unknown[]): readonly Place[] {
  const places: Place[] = [];
  const [bucket, key] = args;
  if (typeof bucket === 'string') {
    places.push({ bucket, key: typeof key === 'string' ? key : undefined });
  }
  for (const argument of args) {
    if (typeof argument !== 'object' || argument === null) continue;
    if (!('bucket' in argument) || typeof argument.bucket !== 'string') continue;
    const named = 'key' in argument && typeof argument.key === 'string' ? argument.key : undefined;
    places.push({ bucket: argument.bucket, key: named });
  }
  return places;
}

/** The name after the bucket may be an object's or a style's: both go. */
function forget(records: LRUCache<string, Promise<unknown>>, places: readonly Place[]): void {
  for (const { bucket, key } of places) {
    records.delete(`getBucket\n${bucket}`);
    if (key !== undefined) {
      records.delete(`headObject\n${bucket}\n${key}`);
      records.delete(`getStyle\n${bucket}\n${key}`);
      continue;
    }
    for (const id of Array.from(records.keys())) {
      if (id.split('\n', 2)[1] === bucket) records.delete(id);
    }
  }
}
