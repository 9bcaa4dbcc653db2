/**
 * A body on its way to the store, kept until its length and digest are known: in memory while short,
 * then in a file that is gone as soon as it is closed. So the store never sees a body that turns out
 * too long, wrong or broken off.
 * @module
 */

import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { type BodyDigest, digestBody } from '../body-digest.ts';
import type { ObjectBody, PutObjectOptions } from '../records.ts';
import type { S3Body } from './s3-objects.ts';

/** Bodies up to here stay in memory. */
const MAX_MEMORY_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

export interface Spooled extends S3Body {
  readonly digest: BodyDigest;
}

/**
 * Gives the whole body to `use`, as often as that likes. Throws what `digestBody` throws, before `use`
 * is called.
 */
export async function withSpooled<Result>(
  body: ObjectBody,
  limits: Pick<PutObjectOptions, 'contentMd5' | 'maxBytes'>,
  use: (spooled: Spooled) => Promise<Result>,
): Promise<Result> {
  const spool = new Spool();
  try {
    const digest = await digestBody(body, limits, (chunk) => spool.write(chunk));
    return await use({ digest, size: digest.size, open: () => spool.open() });
  } finally {
    await spool.close();
  }
}

class Spool {
  #chunks: Uint8Array[] = [];
  #size = 0;
  #file: FileHandle | undefined;

  async write(chunk: Uint8Array): Promise<void> {
    if (this.#file === undefined && this.#size + chunk.byteLength > MAX_MEMORY_BYTES) {
      this.#file = await openUnlinked();
      for (const kept of this.#chunks) await this.#append(kept);
      this.#chunks = [];
    }
    // Copied, since a stream may use its buffer again.
    if (this.#file === undefined) this.#chunks.push(new Uint8Array(chunk));
    else await this.#append(chunk);
    this.#size += chunk.byteLength;
  }

  open(): Uint8Array | Readable {
    const file = this.#file;
    return file === undefined ? Buffer.concat(this.#chunks) : Readable.from(readFile(file));
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  /** A write may take less than it is given. */
  async #append(chunk: Uint8Array): Promise<void> {
    for (let from = 0; from < chunk.byteLength;) {
      const { bytesWritten } = await this.#file!.write(chunk, from);
      from += bytesWritten;
    }
  }
}

/** By position, so that an attempt that is given up leaves the next one alone. */
async function* readFile(file: FileHandle): AsyncGenerator<Uint8Array> {
  for (let position = 0; ;) {
    const { bytesRead, buffer } = await file.read({
      buffer: Buffer.alloc(CHUNK_BYTES),
      position,
    });
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** The name goes at once: whatever ends this process, no file is left. */
async function openUnlinked(): Promise<FileHandle> {
  const path = join(tmpdir(), `safelight-spool-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
