/**
 * A result as it lies outside of this process: a checksum over everything, the whole key, the bytes.
 * Easily got wrong: a name is only a digest of the key, and a file may be cut short, so nothing is given
 * out before both were compared.
 * @module
 */

import { createHash } from 'node:crypto';
import type { CachedResult, PurgeScope, ResultKey } from '../../cache/result-tier.ts';

/** First bytes; the digit grows with the form. */
const MAGIC = Buffer.from('SLC1', 'latin1');
const CHECKSUM_BYTES = 32;
const LENGTH_AT = MAGIC.length + CHECKSUM_BYTES;
const HEADER_AT = LENGTH_AT + 4;

/** All but the result's bytes, which follow. */
export function encodeHead(key: ResultKey, result: CachedResult): Buffer {
  const header = Buffer.from(JSON.stringify({ key: key.text, mediaType: result.mediaType }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const checksum = checksumOf([length, header, result.bytes]);
  return Buffer.concat([MAGIC, checksum, length, header]);
}

/** Undefined for anything but a whole result of this very key. */
export function decodeResult(file: Uint8Array, key: ResultKey): CachedResult | undefined {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.length < HEADER_AT || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const checksum = bytes.subarray(MAGIC.length, LENGTH_AT);
  if (!checksumOf([bytes.subarray(LENGTH_AT)]).equals(checksum)) return undefined;
  const payloadAt = HEADER_AT + bytes.readUInt32LE(LENGTH_AT);
  const header: unknown = JSON.parse(bytes.toString('utf8', HEADER_AT, payloadAt));
  if (!isHeader(header) || header.key !== key.text) return undefined;
  return { bytes: Uint8Array.from(bytes.subarray(payloadAt)), mediaType: header.mediaType };
}

/** Digests that name a result, so that what it belongs to can be told from its name. */
export interface ResultName {
  readonly bucket: string;
  readonly object: string;
  readonly style: string;
  readonly whole: string;
}

export function nameOf(key: ResultKey): ResultName {
  return { ...placeNameOf(key), whole: wholeNameOf(key) };
}

/** What tells a result from all others. */
export function wholeNameOf({ text }: ResultKey): string {
  return digest(text, 32);
}

/** @returns 8, 16 and 8 hex digits: a collision costs a purge too many, never a wrong picture */
export function placeNameOf(place: PurgeScope): Omit<ResultName, 'whole'> {
  return {
    bucket: digest(place.bucket, 8),
    object: digest(`${place.bucket}/${place.key ?? ''}`, 16),
    style: digest(place.style ?? '', 8),
  };
}

function digest(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

function checksumOf(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function isHeader(value: unknown): value is { readonly key: string; readonly mediaType: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    'mediaType' in value &&
    typeof value.mediaType === 'string'
  );
}
