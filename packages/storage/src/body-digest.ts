/**
 * Passes a body on to where it is stored, once, and proves it on the way: size, MD5, CRC-64. Easily
 * got wrong: the limit must stop a body without an end, not judge it afterwards.
 * @module
 */

import { createHash } from 'node:crypto';

import { createCrc64 } from './crc64.ts';
import type { ObjectBody, PutObjectOptions } from './driver.ts';
import { StorageError } from './errors.ts';

export interface BodyDigest {
  /** In bytes. */
  readonly size: number;
  /** MD5, 32 upper-case hex digits. */
  readonly etag: string;
  readonly crc64: string;
}

/**
 * Gives every chunk of `body` to `write`, one after the other. Throws `EntityTooLarge` before the
 * chunk that passes the limit is written, `InvalidDigest` at the end, and what the body throws.
 */
export async function digestBody(
  body: ObjectBody,
  limits: Pick<PutObjectOptions, 'contentMd5' | 'maxBytes'>,
  write: (chunk: Uint8Array) => void | Promise<void>,
): Promise<BodyDigest> {
  const expectedEtag = limits.contentMd5 === undefined ? undefined : parseMd5(limits.contentMd5);
  const maxBytes = limits.maxBytes ?? Number.POSITIVE_INFINITY;
  const md5 = createHash('md5');
  const checksum = createCrc64();
  let size = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new StorageError(
        'EntityTooLarge',
        `body: expected at most ${maxBytes} bytes, got at least ${size}`,
      );
    }
    md5.update(chunk);
    checksum.update(chunk);
    await write(chunk);
  }
  const etag = md5.digest('hex').toUpperCase();
  if (expectedEtag !== undefined && expectedEtag !== etag) {
    throw new StorageError('InvalidDigest', `body: expected MD5 ${expectedEtag}, got ${etag}`);
  }
  return { size, etag, crc64: checksum.decimal() };
}

/** Base64 of a `Content-MD5` header to the form of an ETag. */
function parseMd5(text: string): string {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64; encoding again shows whether anything was.
  if (bytes.byteLength === 16 && bytes.toString('base64') === text) {
    return bytes.toString('hex').toUpperCase();
  }
  throw new StorageError(
    'InvalidDigest',
    `contentMd5: expected base64 of 16 bytes, got ${JSON.stringify(text.slice(0, 80))}`,
  );
}
