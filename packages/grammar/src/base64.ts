/**
 * URL-safe base64 of UTF-8 text (RFC 4648 section 5), written strictly and read tolerantly. The length
 * rule is the only thing that tells many plain words from base64: `notbase64` is nine legal characters.
 * @module
 */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Sextet of each ASCII character, 255 for those outside of both alphabets. */
const SEXTETS: Uint8Array = buildSextets();

/**
 * Text from base64 of either alphabet, padded or not; a space counts as the `+` it was in a query.
 * `undefined` when it is not base64 or its bytes are not UTF-8.
 */
export function decodeUrlSafeBase64(text: string): string | undefined {
  let length = text.length;
  while (length > 0 && text[length - 1] === '=') length--;
  if (length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let held = 0;
  let count = 0;
  for (let at = 0; at < length; at++) {
    const unit = text.charCodeAt(at);
    const sextet = unit < 128 ? (SEXTETS[unit] ?? 255) : 255;
    if (sextet === 255) return undefined;
    bits = ((bits << 6) | sextet) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[count++] = bits >>> held;
    }
  }
  try {
    // A byte order mark is part of the text: dropping it would change what is printed back.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** URL-safe base64 without padding. */
export function encodeUrlSafeBase64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let encoded = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff;
    held += 8;
    while (held >= 6) {
      held -= 6;
      encoded += ALPHABET[(bits >>> held) & 63];
    }
  }
  if (held > 0) encoded += ALPHABET[(bits << (6 - held)) & 63];
  return encoded;
}

function buildSextets(): Uint8Array {
  const sextets = new Uint8Array(128).fill(255);
  for (let value = 0; value < ALPHABET.length; value++) sextets[ALPHABET.charCodeAt(value)] = value;
  for (const plus of '+ ') sextets[plus.charCodeAt(0)] = 62;
  sextets['/'.charCodeAt(0)] = 63;
  return sextets;
}
