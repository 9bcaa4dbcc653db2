/**
 * The few calls of the S3 protocol that the driver makes, with our errors and without the client's
 * types. Easily got wrong: a body that is a stream cannot be sent again by the client's own retries, so
 * bodies are made anew for each attempt.
 * @module
 */

import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

import { StorageError } from '../errors.ts';
import { CONFLICT, isTransient, orConflict, orFail, orMissing, unavailable } from './failures.ts';

/** One object as the store has it. */
export interface S3Object {
  /** With its quotes, as conditions want it. */
  readonly etag: string;
  /** Of the whole object, in bytes. */
  readonly size: number;
  readonly lastModifiedMs: number;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface S3Listed {
  readonly name: string;
  readonly etag: string;
  readonly size: number;
  readonly lastModifiedMs: number;
}

export interface S3Page {
  readonly objects: readonly S3Listed[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
}

/** What a write says beside its bytes. */
export interface S3Labels {
  readonly contentType?: string | undefined;
  readonly cacheControl?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** `*` for "there must be none", else the ETag that must still be there. */
export interface S3Condition {
  readonly ifNoneMatch?: '*' | undefined;
  readonly ifMatch?: string | undefined;
}

export interface S3Body {
  /** In bytes. */
  readonly size: number;
  /** A body for one attempt. */
  open(): Uint8Array | Readable;
}

/** An upload of the store's own, which it keeps until it is ended. */
export interface S3Upload {
  /** Of the object to come. */
  readonly name: string;
  readonly id: string;
}

/**
 * How the store takes the ETag of a condition: with its quotes, as HTTP has it, or without, as older
 * versions of Ceph do. `ignored`: conditions have no effect.
 */
export type ConditionForm = 'quoted' | 'bare' | 'ignored';

/** Attempts of one write, the first included. */
const MAX_ATTEMPTS = 4;
const FIRST_PAUSE_MS = 50;
const CONNECT_TIMEOUT_MS = 5_000;
/** Without a byte either way. */
const IDLE_TIMEOUT_MS = 30_000;

const ignore = (): void => undefined;
/** Without one, the client writes to the console; what fails is told by errors. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

export class S3Objects {
  readonly #client: S3Client;
  readonly #bucket: string;
  #form: ConditionForm = 'quoted';

  constructor(bucket: string, config: S3ClientConfig) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      ...config,
      maxAttempts: MAX_ATTEMPTS,
      logger: SILENT,
      requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: IDLE_TIMEOUT_MS },
      // The checksums of newer clients are unknown to many compatible stores.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  /**
   * Tries conditions on an object of this name, which is gone afterwards, and keeps the form that
   * works: writes then send theirs in that form, or none at all.
   */
  async learnConditions(name: string): Promise<ConditionForm> {
    try {
      for (const form of ['quoted', 'bare'] as const) {
        if (await this.#honours(form, `${name}-${form}`)) return (this.#form = form);
      }
      return (this.#form = 'ignored');
    } finally {
      for (const form of ['quoted', 'bare']) await this.delete(`${name}-${form}`);
    }
  }

  /** What must be refused is refused, and what must not is not. */
  async #honours(form: ConditionForm, name: string): Promise<boolean> {
    this.#form = form;
    const first = await this.putText(name, '1', { ifNoneMatch: '*' });
    if (first === CONFLICT) return false;
    if ((await this.putText(name, '2', { ifNoneMatch: '*' })) !== CONFLICT) return false;
    const second = await this.putText(name, '2', { ifMatch: first });
    if (second === CONFLICT) return false;
    return (await this.putText(name, '3', { ifMatch: first })) === CONFLICT;
  }

  async head(name: string): Promise<S3Object | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: name });
    const found = await orMissing(() => this.#client.send(command));
    return found && { ...describe(found), size: found.ContentLength ?? 0 };
  }

  /** `range` is a `Range` header; a range outside of the object throws `InvalidRange`. */
  async get(
    name: string,
    range?: string,
  ): Promise<{ readonly object: S3Object; readonly body: Readable } | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: name, Range: range });
    const found = await orMissing(() => this.#client.send(command));
    if (found === undefined) return undefined;
    const total = /\/(\d+)$/.exec(found.ContentRange ?? '')?.[1];
    if (range !== undefined && total === undefined) {
      (found.Body as Readable).destroy();
      throw new StorageError(
        'NotSupported',
        's3: this store answers a range with the whole object',
      );
    }
    const size = total === undefined ? (found.ContentLength ?? 0) : Number(total);
    return { object: { ...describe(found), size }, body: found.Body as Readable };
  }

  /** A small object of our own as text. */
  async getText(
    name: string,
  ): Promise<{ readonly text: string; readonly etag: string } | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: name });
    const found = await orMissing(() => this.#client.send(command));
    if (found?.Body === undefined) return undefined;
    return { text: await found.Body.transformToString(), etag: found.ETag ?? '' };
  }

  /** The new ETag, or `CONFLICT`. */
  async put(
    name: string,
    body: S3Body,
    options: S3Labels & S3Condition = {},
  ): Promise<string | typeof CONFLICT> {
    return this.#retry(async () => {
      const command = new PutObjectCommand({
        Bucket: this.#bucket,
        Key: name,
        Body: body.open(),
        ContentLength: body.size,
        ContentType: options.contentType,
        CacheControl: options.cacheControl,
        Metadata: { ...options.metadata },
        ...this.#condition(options),
      });
      return orConflict(async () => (await this.#client.send(command)).ETag ?? '');
    });
  }

  /**
   * Stores a body as an upload of one part. Its ETag in lists then shows that it came in parts, so
   * that a reader of a list knows where to ask for more.
   * @param onBegun awaited before any byte is sent: who is told the id can abort what is cut off
   */
  async putAsUpload(
    name: string,
    body: S3Body,
    options: S3Labels & S3Condition,
    onBegun: (upload: S3Upload) => Promise<void>,
  ): Promise<string | typeof CONFLICT> {
    const place = { Bucket: this.#bucket, Key: name };
    const begin = new CreateMultipartUploadCommand({
      ...place,
      ContentType: options.contentType,
      Metadata: { ...options.metadata },
    });
    const { UploadId } = await orFail(() => this.#client.send(begin));
    const upload = { ...place, UploadId };
    try {
      await onBegun({ name, id: UploadId ?? '' });
      const { ETag } = await this.#retry(() =>
        this.#client.send(
          new UploadPartCommand({
            ...upload,
            PartNumber: 1,
            Body: body.open(),
            ContentLength: body.size,
          }),
        ),
      );
      const end = new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        ...this.#condition(options),
      });
      const done = await orConflict(async () => (await this.#client.send(end)).ETag ?? '');
      if (done === CONFLICT) await this.#tryAbort(upload);
      return done;
    } catch (error) {
      await this.#tryAbort(upload);
      throw unavailable(error);
    }
  }

  /** Ends an upload of the store's own that was cut off. One that has ended is no error. */
  async abortUpload({ name, id }: S3Upload): Promise<void> {
    const place = { Bucket: this.#bucket, Key: name, UploadId: id };
    await orMissing(() => this.#client.send(new AbortMultipartUploadCommand(place)));
  }

  async putText(
    name: string,
    text: string,
    condition: S3Condition = {},
  ): Promise<string | typeof CONFLICT> {
    return this.put(name, bytesBody(new TextEncoder().encode(text)), {
      contentType: 'application/json',
      ...condition,
    });
  }

  /** Within the store. `undefined` when the source is missing, `CONFLICT` when it is another one. */
  async copy(
    source: { readonly name: string; readonly etag: string },
    target: string,
    labels: S3Labels,
  ): Promise<string | typeof CONFLICT | undefined> {
    const path = source.name.split('/').map(encodeURIComponent).join('/');
    const command = new CopyObjectCommand({
      Bucket: this.#bucket,
      Key: target,
      CopySource: `${this.#bucket}/${path}`,
      CopySourceIfMatch: source.etag,
      MetadataDirective: 'REPLACE',
      ContentType: labels.contentType,
      CacheControl: labels.cacheControl,
      Metadata: { ...labels.metadata },
    });
    return orMissing(() =>
      orConflict(async () => (await this.#client.send(command)).CopyObjectResult?.ETag ?? ''),
    );
  }

  async delete(name: string): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: this.#bucket, Key: name });
    await orMissing(() => this.#client.send(command));
  }

  async list(options: {
    readonly prefix: string;
    readonly delimiter?: string | undefined;
    readonly startAfter?: string | undefined;
    readonly maxKeys?: number | undefined;
  }): Promise<S3Page> {
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      Prefix: options.prefix,
      Delimiter: options.delimiter === '' ? undefined : options.delimiter,
      StartAfter: options.startAfter === '' ? undefined : options.startAfter,
      MaxKeys: options.maxKeys,
      EncodingType: 'url',
    });
    const page = await orFail(() => this.#client.send(command));
    const decode = page.EncodingType === 'url' ? decodeName : (name: string) => name;
    return {
      objects: (page.Contents ?? []).map((entry) => ({
        name: decode(entry.Key ?? ''),
        etag: entry.ETag ?? '',
        size: entry.Size ?? 0,
        lastModifiedMs: entry.LastModified?.getTime() ?? 0,
      })),
      prefixes: (page.CommonPrefixes ?? []).map((entry) => decode(entry.Prefix ?? '')),
      isTruncated: page.IsTruncated ?? false,
    };
  }

  /** All of them, page by page. */
  async *listAll(prefix: string): AsyncGenerator<S3Listed> {
    let startAfter: string | undefined;
    for (;;) {
      const page = await this.list({ prefix, startAfter });
      yield* page.objects;
      startAfter = page.objects.at(-1)?.name;
      if (!page.isTruncated || startAfter === undefined) return;
    }
  }

  close(): void {
    this.#client.destroy();
  }

  #condition({ ifNoneMatch, ifMatch }: S3Condition): {
    IfNoneMatch?: string | undefined;
    IfMatch?: string | undefined;
  } {
    if (this.#form === 'ignored') return {};
    const bare = this.#form === 'bare';
    return { IfNoneMatch: ifNoneMatch, IfMatch: bare ? ifMatch?.replaceAll('"', '') : ifMatch };
  }

  /** As well as it goes: what failed before is what the caller is told. */
  async #tryAbort(upload: {
    Bucket: string;
    Key: string;
    UploadId: string | undefined;
  }): Promise<void> {
    await this.#client.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
  }

  /** For bodies that the client cannot rewind. What the caller or the request is to blame for is final. */
  async #retry<Result>(attempt: () => Promise<Result>): Promise<Result> {
    for (let count = 1; ; count++) {
      try {
        return await attempt();
      } catch (error) {
        if (count >= MAX_ATTEMPTS || !isTransient(error)) throw unavailable(error);
        await new Promise((done) => setTimeout(done, FIRST_PAUSE_MS * 2 ** count));
      }
    }
  }
}

export function bytesBody(bytes: Uint8Array): S3Body {
  return { size: bytes.byteLength, open: () => bytes };
}

function describe(found: {
  readonly ETag?: string | undefined;
  readonly LastModified?: Date | undefined;
  readonly ContentType?: string | undefined;
  readonly Metadata?: Record<string, string> | undefined;
}): Omit<S3Object, 'size'> {
  return {
    etag: found.ETag ?? '',
    lastModifiedMs: found.LastModified?.getTime() ?? 0,
    contentType: found.ContentType,
    metadata: found.Metadata ?? {},
  };
}

/** Names in lists are percent-encoded, a space as `+`. */
function decodeName(name: string): string {
  return decodeURIComponent(name.replaceAll('+', '%20'));
}
