/**
 * Percent-encoding by RFC 3986, section 2. Encoded forms differ between clients, so nothing may
 * compare them: decode once, then encode again by the one table here.
 * @module
 */

import { byteStringToText, toByteString, utf8ToByteString } from './byte-string.ts';

/** Encodes a key for a path: everything but unreserved characters and `/` is encoded. */
export function encodePath(text: string): string {
  return encodeBytes(utf8ToByteString(text), /[^A-Za-z0-9._~/-]/g);
}

/** Encodes a name or value of a query: everything but unreserved characters, `/` too. */
export function encodeQueryText(text: string): string {
  return encodeBytes(utf8ToByteString(text), /[^A-Za-z0-9._~-]/g);
}

/**
 * Decodes once. `plus` says what a `+` means: itself (paths) or a blank (queries). Returns undefined
 * for a `%` without two hexadecimal digits and for bytes that are not UTF-8.
 */
export function decodePercent(raw: string, plus: '+' | ' '): string | undefined {
  // Most names and values are plain ASCII: they stand for themselves.
  if (/^[\x20-$&-*,-~]*$/.test(raw)) return raw;
  const bytes = toByteString(raw);
  if (/%(?![0-9A-Fa-f]{2})/.test(bytes)) return undefined;
  const spaced = plus === ' ' ? bytes.replaceAll('+', ' ') : bytes;
  const decoded = spaced.replaceAll(/%([0-9A-Fa-f]{2})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return byteStringToText(decoded);
}

function encodeBytes(bytes: string, reserved: RegExp): string {
  return bytes.replaceAll(
    reserved,
    (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
