/**
 * What every storage driver offers: buckets, objects, uploads, styles. All state of the service lives
 * behind this interface. Easily got wrong: a missing bucket throws `NoSuchBucket`, while a missing object
 * or style is `undefined`; and a body that was asked for must be read to its end or cancelled.
 * @module
 */

import type {
  AppendObjectOptions,
  BucketChange,
  BucketRecord,
  CopyObjectOptions,
  CreateBucketOptions,
  GetObjectOptions,
  ListObjectsOptions,
  ObjectBody,
  ObjectMetadata,
  ObjectPage,
  ObjectPatch,
  ObjectPlace,
  ObjectRecord,
  ObjectSource,
  PutObjectOptions,
  PutStyleOptions,
  StoredObject,
  StyleRecord,
} from './records.ts';
import type {
  CompleteUploadOptions,
  ListPartsOptions,
  ListUploadsOptions,
  NamedPart,
  PartPage,
  PartRecord,
  PartSource,
  PutPartOptions,
  UploadPage,
  UploadPlace,
  UploadRecord,
} from './upload.ts';

export type * from './records.ts';
export type * from './upload.ts';

/**
 * A store of buckets, objects and styles. Every driver passes the same suite.
 *
 * Names are checked by every method: `InvalidBucketName`, `InvalidObjectName`, `InvalidStyleName`.
 * Every method but the bucket methods throws `NoSuchBucket` when the bucket is missing.
 * Records are frozen and never change: a later write makes a new record.
 */
export interface StorageDriver {
  /** For logs: `memory`, `fs`, `s3`. */
  readonly name: string;

  /** Throws `BucketAlreadyExists`; the old bucket is left as it is. */
  createBucket(bucket: string, options?: CreateBucketOptions): Promise<BucketRecord>;
  /** `undefined` when missing. */
  getBucket(bucket: string): Promise<BucketRecord | undefined>;
  /**
   * Merges the patch atomically: concurrent patches of different fields are all kept. A function is given
   * the record that nobody else changes meanwhile, may be asked more than once, and must be pure. Throws
   * `NoSuchBucket`, and what the function throws.
   */
  updateBucket(bucket: string, change: BucketChange): Promise<BucketRecord>;
  /** Removes the bucket, its settings, styles and unfinished uploads. Throws `NoSuchBucket`, `BucketNotEmpty`. */
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
   * Changes metadata, never bytes. A change of ACL and tags alone keeps `lastModifiedMs`; any other
   * sets it to now. Throws `NoSuchKey`, `PreconditionFailed`.
   */
  updateObject(
    bucket: string,
    key: string,
    patch: ObjectPatch,
    options?: { readonly ifEtag?: string },
  ): Promise<ObjectRecord>;
  /**
   * Stores the bytes of an object under another name, with the metadata of this call alone. Without
   * reading them where the store can, and with the same ETag where the store allows. The source may
   * be the target. Throws `NoSuchKey`, and `NoSuchBucket` of either, `PreconditionFailed` when the
   * source is another object by now, `FileAlreadyExists`.
   */
  copyObject(
    source: ObjectSource,
    target: ObjectPlace,
    options?: CopyObjectOptions,
  ): Promise<ObjectRecord>;
  /**
   * Adds to the end of an object of type `Appendable`; at position 0 it may begin one. Metadata counts
   * at the beginning alone. The ETag is another one after every append and no MD5. Throws
   * `PositionNotEqualToLength`, `ObjectNotAppendable`, `InvalidDigest`, `EntityTooLarge` (of the body),
   * `NotSupported` by a store that cannot.
   */
  appendObject(
    bucket: string,
    key: string,
    position: number,
    body: ObjectBody,
    options?: AppendObjectOptions,
  ): Promise<ObjectRecord>;
  /** A missing object is no error. */
  deleteObject(bucket: string, key: string): Promise<void>;
  /** One page of a bucket, in the order of UTF-8 bytes. */
  listObjects(bucket: string, options?: ListObjectsOptions): Promise<ObjectPage>;

  /** Begins an upload in parts. The metadata is that of the object to come. */
  createUpload(bucket: string, key: string, options?: ObjectMetadata): Promise<UploadRecord>;
  /**
   * Stores a part whole or not at all; a part of the same number is replaced. Throws `NoSuchUpload`,
   * `InvalidDigest`, `EntityTooLarge`.
   */
  putPart(
    upload: UploadPlace,
    partNumber: number,
    body: ObjectBody,
    options?: PutPartOptions,
  ): Promise<PartRecord>;
  /** A part out of a stored object. Throws as `putPart` and `getObject` do, and `NoSuchKey`. */
  copyPart(source: PartSource, upload: UploadPlace, partNumber: number): Promise<PartRecord>;
  /**
   * Joins the named parts into an object, whole or not at all, and ends the upload: parts that are not
   * named are gone. A call that failed may be made again. Throws `NoSuchUpload`, `InvalidPart`,
   * `InvalidPartOrder`, `EntityTooSmall`, `FileAlreadyExists`.
   */
  completeUpload(
    upload: UploadPlace,
    parts: readonly NamedPart[],
    options?: CompleteUploadOptions,
  ): Promise<ObjectRecord>;
  /** Ends the upload and forgets its parts. Throws `NoSuchUpload`. */
  abortUpload(upload: UploadPlace): Promise<void>;
  /** One page of the parts, by number. Throws `NoSuchUpload`. */
  listParts(upload: UploadPlace, options?: ListPartsOptions): Promise<PartPage>;
  /** One page of the uploads that were begun and not ended, by key, then by id. */
  listUploads(bucket: string, options?: ListUploadsOptions): Promise<UploadPage>;

  /**
   * Creates or replaces; replacing keeps `createdMs` and the place in the list. Throws `TooManyStyles`
   * instead of creating one more than `maxStyles`.
   */
  putStyle(
    bucket: string,
    style: string,
    content: string,
    options?: PutStyleOptions,
  ): Promise<StyleRecord>;
  /** `undefined` when missing. */
  getStyle(bucket: string, style: string): Promise<StyleRecord | undefined>;
  /** In order of creation. */
  listStyles(bucket: string): Promise<readonly StyleRecord[]>;
  /** A missing style is no error. */
  deleteStyle(bucket: string, style: string): Promise<void>;

  /** Waits for running writes and lets go of the store. Every later call throws `StoreLocked`. */
  close(): Promise<void>;
}
