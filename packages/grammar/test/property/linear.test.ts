/**
 * The parser looks at each character a bounded number of times, whatever the text: counted, not timed.
 * @module
 */

import { isImageError } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import type { Meter } from '../../src/segments.ts';
import { parseMetered } from '../../src/oss/parse.ts';

/** One look for forbidden characters, one for each level of separators, one for decoding. */
const MOST_LOOKS = 8;

const HOSTILE: Readonly<Record<string, (length: number) => string>> = {
  'empty segments': (n) => `image/${'/'.repeat(n)}`,
  'empty arguments': (n) => `image/resize${','.repeat(n)}`,
  'many actions': (n) => `image${'/rotate,90'.repeat(n / 10)}`,
  'many duplicates': (n) => `image/resize${',w_1'.repeat(n / 4)}`,
  'many unknown keys': (n) => `image/resize,w_1${',k_v'.repeat(n / 4)}`,
  'many underscores': (n) => `image/resize,w_1,${'_'.repeat(n)}`,
  'one long number': (n) => `image/resize,w_${'1'.repeat(n)}`,
  'one long colour': (n) => `image/resize,w_1,color_${'F'.repeat(n)}`,
  'one long base64': (n) => `image/watermark,text_${'YWJj'.repeat(n / 4)}`,
  'base64 of padding': (n) => `image/watermark,text_${'='.repeat(n)}`,
  'one long name': (n) => `image/${'a'.repeat(n)}`,
  'one long style': (n) => `style/${'a'.repeat(n)}`,
  'no separator': (n) => 'i'.repeat(n),
  'zeros together': (n) => `image/resize${',w_0,h_0'.repeat(n / 8)}`,
};

function looksAt(text: string): number {
  const meter: Meter = { steps: 0 };
  const limits = { maxChainChars: text.length, maxSteps: text.length };
  try {
    parseMetered(text, { limits }, meter);
  } catch (error) {
    if (!isImageError(error)) throw error;
  }
  return meter.steps;
}

describe('the parser', () => {
  it.each(Object.keys(HOSTILE))('looks a bounded number of times at %s', (kind) => {
    const make = HOSTILE[kind];
    if (make === undefined) throw new Error(kind);
    const looks = [1_000, 8_000, 64_000].map((length) => {
      const text = make(length);
      return looksAt(text) / text.length;
    });
    for (const each of looks) {
      expect(each).toBeGreaterThanOrEqual(1);
      expect(each).toBeLessThan(MOST_LOOKS);
    }
    // Eight times the text costs at most eight times the looks, with little room for rounding.
    expect(looks[2]).toBeLessThanOrEqual((looks[1] ?? 0) * 1.05);
  });
});
