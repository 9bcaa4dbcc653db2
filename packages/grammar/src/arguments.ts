/**
 * Kinds of argument that a dialect is made of: how each is read, written and described. A decoder
 * never throws: it answers a value or a reason, and the parser knows the place.
 * @module
 */

import type { Color, ImageErrorReason } from '@safelight/core';

import { decodeUrlSafeBase64, encodeUrlSafeBase64 } from './base64.ts';

type Decoded<T> =
  | { readonly value: T; readonly reason?: never }
  | { readonly value?: never; readonly reason: ImageErrorReason };

export interface Argument<T> {
  readonly kind: 'integer' | 'keyword' | 'color' | 'base64';
  /** What is accepted, as the middle of a sentence: `an integer in 1..100`. */
  readonly expected: string;
  /** Of an integer. */
  readonly min?: number;
  readonly max?: number;
  /** Of a keyword: what may be written. */
  readonly words?: readonly string[];
  /** Of a base64 text: UTF-8 bytes it may decode to. */
  readonly maxBytes?: number;
  decode(text: string): Decoded<T>;
  encode(value: T): string;
}

const INTEGER = /^-?\d{1,9}$/;
const HEX_COLOR = /^[0-9A-Fa-f]{6}$/;

/** A decimal integer, at most nine digits, leading zeros allowed, no plus sign. */
export function integer(min: number, max: number): Argument<number> {
  return {
    kind: 'integer',
    expected: `an integer in ${min}..${max}`,
    min,
    max,
    decode(text) {
      if (!INTEGER.test(text)) return { reason: 'out-of-range' };
      // Adding 0 turns the -0 of `-0` into 0.
      const value = Number(text) + 0;
      return value < min || value > max ? { reason: 'out-of-range' } : { value };
    },
    encode: (value) => String(value),
  };
}

/** One of some words, case sensitive. Of two words with one value the first is printed. */
export function keyword<const T extends string>(
  meanings: Readonly<Record<string, T>>,
): Argument<T> {
  const words = Object.keys(meanings);
  const values = new Map(Object.entries<T>(meanings));
  const printed = new Map<T, string>();
  for (const [word, value] of values) if (!printed.has(value)) printed.set(value, word);
  return {
    kind: 'keyword',
    expected: `one of ${words.join(' ')}`,
    words,
    decode(text) {
      const value = values.get(text);
      return value === undefined ? { reason: 'out-of-range' } : { value };
    },
    encode: (value) => printed.get(value) ?? value,
  };
}

/** Six hexadecimal digits, RRGGBB, of either case; printed in upper case. */
export function hexColor(): Argument<Color> {
  return {
    kind: 'color',
    expected: 'six hexadecimal digits RRGGBB',
    decode(text) {
      if (!HEX_COLOR.test(text)) return { reason: 'out-of-range' };
      const rgb = Number.parseInt(text, 16);
      return { value: { red: rgb >>> 16, green: (rgb >>> 8) & 255, blue: rgb & 255 } };
    },
    encode: ({ red, green, blue }) =>
      ((red << 16) | (green << 8) | blue).toString(16).padStart(6, '0').toUpperCase(),
  };
}

/** UTF-8 text as URL-safe base64. */
export function base64Text(maxBytes: number): Argument<string> {
  return {
    kind: 'base64',
    expected: `URL-safe base64 of at most ${maxBytes} bytes of UTF-8`,
    maxBytes,
    decode(text) {
      const value = decodeUrlSafeBase64(text);
      if (value === undefined) return { reason: 'not-base64' };
      if (value === '') return { reason: 'empty-value' };
      return new TextEncoder().encode(value).length > maxBytes
        ? { reason: 'text-too-long' }
        : { value };
    },
    encode: encodeUrlSafeBase64,
  };
}
