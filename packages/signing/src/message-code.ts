/**
 * Keyed hashes, their texts and their comparison. Signatures are compared as bytes in constant time;
 * a text that is not the one canonical encoding of a code counts as a wrong signature.
 * @module
 */

import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  byteStringToBytes,
  bytesToByteString,
  utf8ToByteString,
  type ByteString,
} from './byte-string.ts';

/** HMAC-SHA1 of a text: 20 bytes. */
export function codeV1(secret: string, text: ByteString): Uint8Array {
  return hmac(sha1, keyBytes(secret), byteStringToBytes(text));
}

/** What a version 4 signing key is derived for. */
export interface KeyScope {
  /** `yyyymmdd` */
  readonly date: string;
  readonly region: string;
  readonly product: string;
}

/** HMAC-SHA256 of a text by the key derived for the scope: 32 bytes. */
export function codeV4(secret: string, scope: KeyScope, text: ByteString): Uint8Array {
  let key: Uint8Array = keyBytes(secret, 'aliyun_v4');
  for (const part of [scope.date, scope.region, scope.product, 'aliyun_v4_request']) {
    key = hmac(sha256, key, byteStringToBytes(utf8ToByteString(part)));
  }
  return hmac(sha256, key, byteStringToBytes(text));
}

/** SHA-256 in lower-case hexadecimal. */
export function hashText(text: ByteString): string {
  return bytesToHex(sha256(byteStringToBytes(text)));
}

/** Base64 with padding, as version 1 writes signatures. */
export function printBase64(code: Uint8Array): string {
  return btoa(bytesToByteString(code));
}

/** Lower-case hexadecimal, as version 4 writes signatures. */
export function printHex(code: Uint8Array): string {
  return bytesToHex(code);
}

/** The bytes of canonical base64, undefined for any other text. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = byteStringToBytes(atob(text));
  return printBase64(bytes) === text ? bytes : undefined;
}

/** The bytes of lower-case hexadecimal, undefined for any other text. */
export function parseHex(text: string): Uint8Array | undefined {
  return /^(?:[0-9a-f]{2})*$/.test(text) ? hexToBytes(text) : undefined;
}

/** Whether both hold the same bytes, in a time that depends on their lengths alone. */
export function equalsInConstantTime(first: Uint8Array, second: Uint8Array): boolean {
  if (first.length !== second.length) return false;
  let difference = 0;
  for (let i = 0; i < first.length; i++) difference |= (first[i] ?? 0) ^ (second[i] ?? 0);
  return difference === 0;
}

/** An empty secret would let anyone sign; it can only come from a broken key store. */
function keyBytes(secret: string, prefix = ''): Uint8Array {
  if (secret === '') throw new Error('secret: expected at least one character, got none');
  return byteStringToBytes(utf8ToByteString(prefix + secret));
}
