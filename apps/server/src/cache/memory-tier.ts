/**
 * The first tier: results in this process, given out without a copy and without waiting.
 * @module
 */

import { createBoundedIndex } from './bounded-index.ts';
import {
  type CachedResult,
  isInScope,
  type ResultKey,
  type ResultPlace,
  type ResultTier,
} from './result-tier.ts';

export interface MemoryTierOptions {
  readonly maxBytes: number;
  /** Results of one source. */
  readonly maxVariants: number;
}

/** What a result costs beside its bytes: two entries in maps, the place, the array's own header. */
const OVERHEAD_BYTES = 512;

export function createMemoryTier(options: MemoryTierOptions): ResultTier & {
  get(key: ResultKey): CachedResult | undefined;
} {
  const index = createBoundedIndex<{ result: CachedResult; place: ResultPlace }>(options);
  return {
    name: 'memory',
    isShared: false,
    get usage() {
      return { bytes: index.bytes, results: index.count };
    },
    get: (key) => index.get(key.text)?.result,
    put(key, result) {
      const { bucket, style, text } = key;
      index.set(
        text,
        { result, place: { bucket, key: key.key, style } },
        {
          source: sourceOf(bucket, key.key),
          bytes: result.bytes.byteLength + 2 * text.length + OVERHEAD_BYTES,
        },
      );
    },
    purge(scope) {
      const source = scope.key === undefined ? undefined : sourceOf(scope.bucket, scope.key);
      return index.deleteWhere(({ place }) => isInScope(place, scope), source);
    },
    close: () => Promise.resolve(),
  };
}

/** No bucket name has a slash. */
function sourceOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
