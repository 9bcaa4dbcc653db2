/**
 * What drivers are given and give back about uploads in parts. Easily got wrong: an upload id comes
 * from a stranger and belongs to one key, so it is looked up together with the key.
 * @module
 */

import type { ByteRange, ObjectPlace, ObjectSource } from './records.ts';

/** Which upload. The id comes from a stranger: drivers take no id that they have not given. */
export interface UploadPlace extends ObjectPlace {
  readonly uploadId: string;
}

export interface UploadRecord {
  readonly key: string;
  readonly uploadId: string;
  /** Unix time in ms. */
  readonly createdMs: number;
  readonly storageClass: string | undefined;
}

export interface PartRecord {
  /** 1 to 10,000. */
  readonly partNumber: number;
  /** In bytes. */
  readonly size: number;
  /** MD5 of the bytes in 32 upper-case hex digits. */
  readonly etag: string;
  /** Unix time in ms, a whole second, rounded down. */
  readonly lastModifiedMs: number;
}

export interface PutPartOptions {
  readonly contentMd5?: string | undefined;
  readonly maxBytes?: number | undefined;
}

export interface PartSource extends ObjectSource {
  /** @default the whole object */
  readonly range?: ByteRange | undefined;
}

/** How a client names a part when it completes an upload. */
export interface NamedPart {
  readonly partNumber: number;
  /** Without quotes; case does not matter. */
  readonly etag: string;
}

export interface CompleteUploadOptions {
  /** `EntityTooSmall` when a part other than the last has fewer. @default no limit */
  readonly minPartBytes?: number | undefined;
  readonly ifAbsent?: boolean | undefined;
}

export interface ListPartsOptions {
  /** Only parts after this number. @default 0 */
  readonly afterPart?: number | undefined;
  /** 1 to 1,000. @default 1000 */
  readonly maxParts?: number | undefined;
}

export interface PartPage {
  readonly upload: UploadRecord;
  readonly parts: readonly PartRecord[];
  /** `afterPart` of the next page. Only when there is one. */
  readonly nextAfterPart: number | undefined;
}

export interface ListUploadsOptions {
  /** Only of keys that start so. @default '' */
  readonly prefix?: string | undefined;
  /** Only uploads of keys after this one; with `afterUploadId` also later uploads of this very key. */
  readonly afterKey?: string | undefined;
  readonly afterUploadId?: string | undefined;
  /** 1 to 1,000. @default 1000 */
  readonly maxUploads?: number | undefined;
}

export interface UploadPage {
  readonly uploads: readonly UploadRecord[];
  /** Whether there are more, to be asked for with the last upload of this page. */
  readonly isTruncated: boolean;
}
