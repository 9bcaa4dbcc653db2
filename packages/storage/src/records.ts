/**
 * What drivers are given and give back about buckets, objects and styles. Easily got wrong: absent
 * fields of a patch stay as they are, absent fields of a write are empty.
 * @module
 */

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

/** A patch, or how to make one of the record as it is in the moment of the change. */
export type BucketChange = BucketPatch | ((record: BucketRecord) => BucketPatch);

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
  /**
   * Without quotes. Of a `Normal` object the MD5 of its bytes in 32 upper-case hex digits; of one that
   * was joined from parts the MD5 of the parts' MD5s, a hyphen and their count. Other bytes have
   * another ETag.
   */
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
  /** In the order they were given; each key once. */
  readonly tags: readonly ObjectTag[];
  /** Of a `Symlink`: the key in the same bucket that it stands for, which need not exist. */
  readonly symlinkTarget: string | undefined;
}

export interface ObjectTag {
  readonly key: string;
  readonly value: string;
}

/** Which object. */
export interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

export interface ObjectSource extends ObjectPlace {
  /** `PreconditionFailed` unless the source still has this ETag. */
  readonly ifEtag?: string | undefined;
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
  /** @default 'Normal', or what the call makes of it */
  readonly type?: ObjectType | undefined;
  readonly storageClass?: string | undefined;
  readonly tags?: readonly ObjectTag[] | undefined;
  readonly symlinkTarget?: string | undefined;
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

export interface CopyObjectOptions extends ObjectMetadata {
  /** `FileAlreadyExists` when the target is there. */
  readonly ifAbsent?: boolean | undefined;
}

export interface AppendObjectOptions extends ObjectMetadata {
  /** Of this piece alone. */
  readonly contentMd5?: string | undefined;
  /** Of the object with the piece. */
  readonly maxBytes?: number | undefined;
  /** `FileAlreadyExists` instead of beginning an object in place of another. */
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
  /**
   * A record that this driver gave for this object before. A driver may then give the bytes of that
   * very write without looking for the record again, as long as it has them.
   */
  readonly known?: ObjectRecord | undefined;
}

export interface StoredObject {
  readonly record: ObjectRecord;
  /** The range, or all. Read it to the end or `cancel()` it: it may hold an open file. */
  readonly body: ReadableStream<Uint8Array>;
  /**
   * Reads all of the body into `target`, which is exactly as long, and ends it: a store that can need
   * not cut its bytes into chunks. Instead of `body`, never beside it.
   */
  readonly fill?: (target: Uint8Array) => Promise<void>;
}

/**
 * Absent or `undefined` fields stay as they are; `headers`, `userMetadata` and `tags` are replaced
 * whole.
 */
export interface ObjectPatch {
  readonly contentType?: string | undefined;
  readonly headers?: StoredHeaders | undefined;
  readonly userMetadata?: Readonly<Record<string, string>> | undefined;
  readonly acl?: ObjectAcl | undefined;
  readonly storageClass?: string | undefined;
  readonly tags?: readonly ObjectTag[] | undefined;
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

/**
 * What a list tells of an object; `headObject` tells the rest. A store that does not know the type
 * from its list alone says `Normal`.
 */
export type ListedObject = Pick<
  ObjectRecord,
  'key' | 'size' | 'etag' | 'lastModifiedMs' | 'type' | 'storageClass'
>;

export interface ObjectPage {
  readonly objects: readonly ListedObject[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /**
   * `startAfter` of the next page: the last key or common prefix of this one. Only when truncated.
   */
  readonly nextMarker: string | undefined;
}

export interface PutStyleOptions {
  /** How many styles the bucket may have. @default no limit */
  readonly maxStyles?: number | undefined;
}

export interface StyleRecord {
  readonly name: string;
  readonly content: string;
  /** Unix time in ms. */
  readonly createdMs: number;
  readonly modifiedMs: number;
}
