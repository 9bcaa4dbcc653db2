/**
 * Formats that are known from their first bytes but not read yet: refused by name, so that whoever
 * stored such a picture learns why. One of them gives way to a codec that stands before it.
 * @module
 */

import { type Codec, ImageError, type ImageFormat } from '@safelight/core';
import { sniffFormat } from './sniff.ts';

/** As people write them. */
const UNREAD = {
  heic: 'HEIC',
} as const satisfies Partial<Record<ImageFormat, string>>;

/** One codec a format, which only recognises; give them last. */
export function createUnreadCodecs(): readonly Codec[] {
  return (Object.keys(UNREAD) as (keyof typeof UNREAD)[]).map((format) => ({
    format,
    sniff: (head) => sniffFormat(head) === format,
    readHeader: () => {
      throw new ImageError(
        'UnsupportedFormat',
        'unsupported-kind',
        `source: expected a format that is read, got ${format}`,
        { publicMessage: `This image format is not supported: ${UNREAD[format]}.` },
      );
    },
  }));
}
