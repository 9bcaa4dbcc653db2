/**
 * Byte strings: what counts as bytes, what as text, and what trimming may take away.
 * @module
 */

import { describe, expect, it } from 'vitest';
import {
  bytesToByteString,
  byteStringToText,
  headerValueToBytes,
  sortByName,
  textToHeaderValue,
  trimBlanks,
} from './byte-string.ts';
import { SigningError } from './signing-error.ts';

describe('headerValueToBytes', () => {
  it('takes chars below 256 as the bytes of the wire', () => {
    expect([...headerValueToBytes('a\u00e9')]).toEqual([0x61, 0xe9]);
  });

  it('takes any other value as text and gives its UTF-8', () => {
    expect([...headerValueToBytes('中')]).toEqual([0xe4, 0xb8, 0xad]);
  });

  it('sees the same bytes in text and in its prepared form', () => {
    expect(headerValueToBytes(textToHeaderValue('中é'))).toEqual(headerValueToBytes('中é'));
    expect([...headerValueToBytes(textToHeaderValue('é'))]).toEqual([0xc3, 0xa9]);
  });

  it('refuses half a surrogate pair', () => {
    expect(() => headerValueToBytes('\ud800')).toThrow(SigningError);
  });
});

describe('trimBlanks', () => {
  it('takes blanks and tabs from both ends', () => {
    expect(trimBlanks(' \t a b\t ')).toBe('a b');
    expect(trimBlanks(' \t ')).toBe('');
  });

  it('leaves the byte 0xa0, which ends the UTF-8 of many letters', () => {
    const letter = textToHeaderValue('à');
    expect(letter.endsWith('\u00a0')).toBe(true);
    expect(trimBlanks(letter)).toBe(letter);
  });
});

describe('byteStringToText', () => {
  it('keeps a byte order mark', () => {
    expect(byteStringToText('\u00ef\u00bb\u00bfa')).toBe('\ufeffa');
  });

  it('has no text for bytes that are not UTF-8', () => {
    for (const bytes of ['\u0080', '\u00c0\u0080', '\u00ed\u00a0\u0080', '\u00f5\u0080']) {
      expect(byteStringToText(bytes)).toBeUndefined();
    }
  });
});

it('makes byte strings of more bytes than a call may have arguments', () => {
  const bytes = new Uint8Array(300_000).fill(0x61);
  expect(bytesToByteString(bytes)).toBe('a'.repeat(300_000));
});

it('sorts by bytes, pairs of one name in their order', () => {
  const sorted = sortByName([
    ['b', '2'],
    ['a', '9'],
    ['Z', '0'],
    ['a', '1'],
  ]);
  expect(sorted.map(([name, value]) => name + value)).toEqual(['Z0', 'a9', 'a1', 'b2']);
});
