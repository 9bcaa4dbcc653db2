/**
 * Ranges of an object, checked against its size. What a `Range` header means is not decided here.
 * @module
 */

import type { ByteRange } from './driver.ts';
import { StorageError } from './errors.ts';

/** The range, or the whole of `size` bytes. Throws `InvalidRange` when it leaves the object. */
export function resolveRange(range: ByteRange | undefined, size: number): ByteRange {
  if (range === undefined) return { offset: 0, length: size };
  const { offset, length } = range;
  const fits =
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 1 &&
    offset + length <= size;
  if (fits) return range;
  throw new StorageError(
    'InvalidRange',
    `range: expected at least one byte within 0..${size}, got ${length} from ${offset}`,
  );
}
