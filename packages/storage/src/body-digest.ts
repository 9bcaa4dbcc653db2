/**
 * Passes a body on to where it is stored, once, and proves it on the way: size, MD5, CRC-64. Easily
 * got wrong: the limit must stop a body without an end, not judge it afterwards.
 * @module
 */

import { createHash } from 'node:crypto';

import { combineCrc64, createCrc64 } from './crc64.ts';
import type { ObjectBody, ObjectRecord, PutObjectOptions } from './driver.ts';
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

/** The digest of parts that are joined, from those of the parts: no byte is read again. */
export function joinDigests(parts: readonly BodyDigest[]): BodyDigest {
  const md5 = createHash('md5');
  let size = 0;
  let crc64 = '0';
  for (const part of parts) {
    md5.update(part.etag, 'hex');
    size += part.size;
    crc64 = combineCrc64(crc64, part.crc64, part.size);
  }
  return { size, etag: `${md5.digest('hex').toUpperCase()}-${parts.length}`, crc64 };
}

/**
 * The digest of an object with a piece added. Its MD5 would need all bytes again, so the ETag is a
 * digest of the old ETag and the piece's MD5: another one after every append, also of nothing.
 */
export function appendDigest(before: BodyDigest, piece: BodyDigest): BodyDigest {
  const md5 = createHash('md5').update(before.etag).update(piece.etag);
  return {
    size: before.size + piece.size,
    etag: md5.digest('hex').toUpperCase(),
    crc64: combineCrc64(before.crc64, piece.crc64, piece.size),
  };
}

/** The digest that a record tells. Drivers that digest bodies know the checksum of everything. */
export function recordDigest({ size, etag, crc64 = '' }: ObjectRecord): BodyDigest {
  return { size, etag, crc64 };
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
