/**
 * Byte strings: JavaScript strings whose every char is one byte (0..255). Signatures cover bytes, and
 * in this form bytes can be joined, sorted and searched like text. Easily got wrong: `trim()` also
 * removes U+00A0, which here is the last byte of many UTF-8 letters, so only `trimBlanks` may be used.
 * @module
 */

import { invalidArgument } from './signing-error.ts';

/** A string whose chars are bytes. */
export type ByteString = string;

/**
 * The bytes of a header value on the wire. A value whose chars are all below 256 is taken as bytes
 * already (as Node's HTTP parser and `fetch` have them); any other is text, and its UTF-8 is meant.
 * Text whose chars all lie below 256 but above 127 is therefore ambiguous: make such values with
 * {@link textToHeaderValue}.
 * @throws SigningError `InvalidArgument` for half a surrogate pair
 */
export function headerValueToBytes(value: string): Uint8Array {
  return byteStringToBytes(toByteString(value));
}

/** The UTF-8 bytes of `text`, one char a byte: the unambiguous form of a header value. */
export function textToHeaderValue(text: string): string {
  return utf8ToByteString(text);
}

/** The same rule as {@link headerValueToBytes}, staying a string. */
export function toByteString(value: string): ByteString {
  return isByteString(value) ? value : utf8ToByteString(value);
}

/**
 * UTF-8 of `text` as a byte string.
 * @throws SigningError `InvalidArgument` for half a surrogate pair: it has no UTF-8, and the encoder's
 * substitute would make different texts sign alike
 */
export function utf8ToByteString(text: string): ByteString {
  if (/\p{Surrogate}/u.test(text)) throw invalidArgument('text', 'well-formed Unicode');
  return bytesToByteString(new TextEncoder().encode(text));
}

/** The text of UTF-8 bytes, or undefined if they are not valid UTF-8. A byte order mark stays. */
export function byteStringToText(bytes: ByteString): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      byteStringToBytes(bytes),
    );
  } catch {
    return undefined;
  }
}

/** Text for showing: bytes that are not UTF-8 become U+FFFD. */
export function byteStringToShownText(bytes: ByteString): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(byteStringToBytes(bytes));
}

/** The bytes themselves. */
export function byteStringToBytes(bytes: ByteString): Uint8Array {
  const target = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) target[i] = bytes.charCodeAt(i);
  return target;
}

/** Arguments of one `fromCharCode` call; engines allow at least some ten thousand. */
const CHUNK = 8192;

/** A byte string of `bytes`. */
export function bytesToByteString(bytes: Uint8Array): ByteString {
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  }
  return text;
}

/** Without the blanks and tabs at both ends. A loop: a pattern anchored at the end is quadratic. */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/**
 * Pairs in the order of their names' bytes (UTF-16 order, which for byte strings is the same). Pairs
 * of one name keep their order, so moving one of them changes what is signed.
 */
export function sortByName(
  pairs: Iterable<readonly [name: ByteString, value: ByteString]>,
): (readonly [name: ByteString, value: ByteString])[] {
  const sorted = [...pairs];
  sorted.sort(([first], [second]) => {
    if (first === second) return 0;
    return first < second ? -1 : 1;
  });
  return sorted;
}

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

function isByteString(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0xff) return false;
  return true;
}
