/**
 * What is not read is told by its name.
 * @module
 */

import { isImageError, OSS_LIMITS } from '@safelight/core';
import { describe, expect, it } from 'vitest';
import { createUnreadCodecs } from './unread.ts';

const HEADS: readonly (readonly [name: string, head: string])[] = [
  ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
];

describe('formats that are not read yet', () => {
  it('are one', () => expect(createUnreadCodecs()).toHaveLength(HEADS.length));

  it.each(HEADS)('%s is recognised and refused by name', (name, text) => {
    const head = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const [codec, ...others] = createUnreadCodecs().filter((one) => one.sniff(head));
    expect([codec?.format, others]).toEqual([name.toLowerCase(), []]);
    let error: unknown;
    try {
      codec?.readHeader(head, OSS_LIMITS);
    } catch (thrown) {
      error = thrown;
    }
    if (!isImageError(error)) throw new Error('expected a refusal');
    expect([error.code, error.reason]).toEqual(['UnsupportedFormat', 'unsupported-kind']);
    expect(error.publicMessage).toContain(name);
  });
});
