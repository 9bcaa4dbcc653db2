/**
 * Vectors of the language's own documentation, and what is not base64.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { decodeUrlSafeBase64, encodeUrlSafeBase64 } from './base64.ts';

const VECTORS: readonly (readonly [string, string])[] = [
  ['', ''],
  ['SGVsbG8g5Zu-54mH5pyN5YqhIQ', 'Hello 图片服务!'],
  ['SGVsbG8gV29ybGQ', 'Hello World'],
  ['cGFuZGEucG5n', 'panda.png'],
  ['aW1hZ2UvcGFuZGEucG5n', 'image/panda.png'],
  ['d3F5LXplbmhlaQ', 'wqy-zenhei'],
  ['Pz8_', '???'],
  ['77u_YQ', '\uFEFFa'],
];

describe('URL-safe base64', () => {
  it.each(VECTORS)('reads and writes %s', (encoded, text) => {
    expect(decodeUrlSafeBase64(encoded)).toBe(text);
    expect(encodeUrlSafeBase64(text)).toBe(encoded);
  });

  it.each([
    ['SGVsbG8g5Zu+54mH5pyN5YqhIQ==', 'Hello 图片服务!'],
    ['SGVsbG8g5Zu 54mH5pyN5YqhIQ', 'Hello 图片服务!'],
    ['Pz8/', '???'],
    ['YQ=', 'a'],
    ['YQ===', 'a'],
    ['YR', 'a'],
  ])('tolerates %s', (encoded, text) => {
    expect(decodeUrlSafeBase64(encoded)).toBe(text);
  });

  it.each(['notbase64', 'a', 'YWJj\n', 'YW=Jj', 'YQ*', '图片', '_w', '7aCA', '%59%51', 'YQ\u0159'])(
    'refuses %j',
    (encoded) => {
      expect(decodeUrlSafeBase64(encoded)).toBeUndefined();
    },
  );

  it('agrees with Node on random bytes of text', () => {
    for (let length = 0; length < 50; length++) {
      const text = Array.from({ length }, (_, at) => String.fromCodePoint(at * 677 + 1)).join('');
      expect(encodeUrlSafeBase64(text)).toBe(Buffer.from(text).toString('base64url'));
    }
  });
});
