/**
 * What every storage driver offers: buckets, objects, styles. All state of the service lives behind
 * this interface. Easily got wrong: a missing bucket throws `NoSuchBucket`, while a missing object
 * or style is `undefined`; and a body that was asked for must be read to its end or cancelled.
 * @module
 */

/**
 * A store of buckets, objects and styles. Every driver passes the same suite.
 *
 * Names are checked by every method: `InvalidBucketName`, `InvalidObjectName`, `InvalidStyleName`.
 * Every method but the bucket methods throws `NoSuchBucket` when the bucket is missing.
 * Records are frozen and never change: a later write makes a new record.
 */
export interface StorageDriver {
  /** For logs: `memory`, `fs`. */
  readonly name: string;

  /** Throws `BucketAlreadyExists`; the old bucket is left as it is. */
  createBucket(bucket: string, options?: CreateBucketOptions): Promise<BucketRecord>;
  /** `undefined` when missing. */
  getBucket(bucket: string): Promise<BucketRecord | undefined>;
  /**
   * Merges the patch atomically: concurrent patches of different fields are all kept. Throws
   * `NoSuchBucket`.
   */
  updateBucket(bucket: string, patch: BucketPatch): Promise<BucketRecord>;
  /** Removes the bucket, its settings and styles. Throws `NoSuchBucket`, `BucketNotEmpty`. */
  deleteBucket(bucket: string): Promise<void>;
  /** All buckets, by name. */
  listBuckets(): Promise<readonly BucketRecord[]>;

  /**
   * Stores an object whole or not at all; of concurrent writers the last to complete wins. When the
   * body fails, that error passes through and nothing is stored. The metadata is that of this call
   * alone: nothing of a replaced object stays, so its ACL is `default` again unless given.
   * Throws `InvalidDigest`, `EntityTooLarge`, `FileAlreadyExists`.
   */
  putObject(
    bucket: string,
    key: string,
    body: ObjectBody,
    options?: PutObjectOptions,
  ): Promise<ObjectRecord>;
  /** `undefined` when missing. */
  headObject(bucket: string, key: string): Promise<ObjectRecord | undefined>;
  /**
   * `undefined` when missing. The body is of the same write as the record, whatever is written
   * meanwhile. Throws `InvalidRange`, `PreconditionFailed`. `readObject` collects it into bytes.
   */
  getObject(
    bucket: string,
    key: string,
    options?: GetObjectOptions,
  ): Promise<StoredObject | undefined>;
  /**
   * Changes metadata, never bytes. A change of the ACL alone keeps `lastModifiedMs`; any other sets
   * it to now. Throws `NoSuchKey`, `PreconditionFailed`.
   */
  updateObject(
    bucket: string,
    key: string,
    patch: ObjectPatch,
    options?: { readonly ifEtag?: string },
  ): Promise<ObjectRecord>;
  /** A missing object is no error. */
  deleteObject(bucket: string, key: string): Promise<void>;
  /** One page of a bucket, in the order of UTF-8 bytes. */
  listObjects(bucket: string, options?: ListObjectsOptions): Promise<ObjectPage>;

  /** Creates or replaces; replacing keeps `createdMs` and the place in the list. */
  putStyle(bucket: string, style: string, content: string): Promise<StyleRecord>;
  /** `undefined` when missing. */
  getStyle(bucket: string, style: string): Promise<StyleRecord | undefined>;
  /** In order of creation. */
  listStyles(bucket: string): Promise<readonly StyleRecord[]>;
  /** A missing style is no error. */
  deleteStyle(bucket: string, style: string): Promise<void>;

  /** Waits for running writes and lets go of the store. Every later call throws `StoreLocked`. */
  close(): Promise<void>;
}

export type BucketAcl = 'private' | 'public-read' | 'public-read-write';
/** `default` inherits the bucket's. */
export type ObjectAcl = 'default' | BucketAcl;
export type ObjectType = 'Normal' | 'Multipart' | 'Appendable' | 'Symlink';

export interface BucketRecord {
  readonly name: string;
  readonly acl: BucketAcl;
  /** Unix time in ms. */
  readonly createdMs: number;
  readonly location: string | undefined;
  readonly storageClass: string | undefined;
  /** Configuration documents (`cors`, `processConfiguration`, ...) by sub-resource, verbatim. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface CreateBucketOptions {
  /** @default 'private' */
  readonly acl?: BucketAcl | undefined;
  readonly location?: string | undefined;
  readonly storageClass?: string | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export interface BucketPatch {
  readonly acl?: BucketAcl | undefined;
  /** Merged by name; `undefined` removes a document. */
  readonly settings?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Response headers that are stored with an object and given back verbatim. */
export type StoredHeaderName =
  | 'cache-control'
  | 'content-disposition'
  | 'content-encoding'
  | 'content-language'
  | 'expires';
export type StoredHeaders = Readonly<Partial<Record<StoredHeaderName, string>>>;

export interface ObjectRecord {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  /** MD5 of the bytes in 32 upper-case hex digits, without quotes. */
  readonly etag: string;
  /** CRC-64/XZ of the bytes as a decimal, when the driver knows it. */
  readonly crc64: string | undefined;
  /** Unix time in ms, a whole second, rounded down: never later than the answer to the write. */
  readonly lastModifiedMs: number;
  readonly contentType: string | undefined;
  readonly headers: StoredHeaders;
  /**
   * Names without `x-oss-meta-`, lower-case. Values are kept verbatim as opaque strings: a header
   * with UTF-8 bytes, which Node hands over one byte a character, comes back byte for byte.
   */
  readonly userMetadata: Readonly<Record<string, string>>;
  readonly acl: ObjectAcl;
  readonly type: ObjectType;
  readonly storageClass: string | undefined;
}

/** A `ReadableStream` of a request is an AsyncIterable too. */
export type ObjectBody = Uint8Array | AsyncIterable<Uint8Array>;

/** What a writer says of an object; absent fields are empty, `default`, `Normal`. */
export interface ObjectMetadata {
  readonly contentType?: string | undefined;
  readonly headers?: StoredHeaders | undefined;
  readonly userMetadata?: Readonly<Record<string, string>> | undefined;
  /** @default 'default' */
  readonly acl?: ObjectAcl | undefined;
  /** @default 'Normal' */
  readonly type?: ObjectType | undefined;
  readonly storageClass?: string | undefined;
}

export interface PutObjectOptions extends ObjectMetadata {
  /** The `Content-MD5` header: base64 of the 16 bytes. On mismatch nothing is stored. */
  readonly contentMd5?: string | undefined;
  /** `EntityTooLarge` as soon as the body is longer. @default no limit */
  readonly maxBytes?: number | undefined;
  /**
   * `FileAlreadyExists` when the key is there, at the latest at the end: of racing writers one
   * wins.
   */
  readonly ifAbsent?: boolean | undefined;
}

/** A range that lies within the object. How a `Range` header maps to it is the server's affair. */
export interface ByteRange {
  /** First byte, from 0. */
  readonly offset: number;
  /** Count of bytes, at least 1. */
  readonly length: number;
}

export interface GetObjectOptions {
  readonly range?: ByteRange | undefined;
  /**
   * `PreconditionFailed` unless the object still has this ETag: a range was resolved against its
   * size.
   */
  readonly ifEtag?: string | undefined;
}

export interface StoredObject {
  readonly record: ObjectRecord;
  /** The range, or all. Read it to the end or `cancel()` it: it may hold an open file. */
  readonly body: ReadableStream<Uint8Array>;
}

/**
 * Absent or `undefined` fields stay as they are; `headers` and `userMetadata` are replaced whole.
 */
export interface ObjectPatch {
  readonly contentType?: string | undefined;
  readonly headers?: StoredHeaders | undefined;
  readonly userMetadata?: Readonly<Record<string, string>> | undefined;
  readonly acl?: ObjectAcl | undefined;
  readonly storageClass?: string | undefined;
}

export interface ListObjectsOptions {
  /** Only keys that start so. @default '' */
  readonly prefix?: string | undefined;
  /** Keys that hold it after the prefix are rolled up into one common prefix, up to and with it. */
  readonly delimiter?: string | undefined;
  /**
   * The marker: only keys after it, which need not exist. A common prefix is listed when a key
   * under it comes after, unless it *is* the marker: then the page before has listed it.
   */
  readonly startAfter?: string | undefined;
  /** Objects and common prefixes together, 0 to 1,000. @default 1000 */
  readonly maxKeys?: number | undefined;
}

export interface ObjectPage {
  readonly objects: readonly ObjectRecord[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /**
   * `startAfter` of the next page: the last key or common prefix of this one. Only when truncated.
   */
  readonly nextMarker: string | undefined;
}

export interface StyleRecord {
  readonly name: string;
  readonly content: string;
  /** Unix time in ms. */
  readonly createdMs: number;
  readonly modifiedMs: number;
}
