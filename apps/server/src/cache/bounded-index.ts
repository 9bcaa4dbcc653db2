/**
 * Results by name, the least recently used dropped first: bounded in bytes as a whole, and in count for
 * each source. Easily got wrong: without the second bound one picture, asked for in every width, pushes
 * out all others (the unbounded variant cache of CVE-2026-27980).
 * @module
 */

import { LRUCache } from 'lru-cache';

export interface BoundedIndexOptions<T> {
  readonly maxBytes: number;
  /** Results of one source. */
  readonly maxVariants: number;
  /** Called for every value that leaves the index, however it does. */
  readonly onDrop?: (id: string, value: T) => void;
}

export interface BoundedIndex<T> {
  readonly bytes: number;
  readonly count: number;
  get(id: string): T | undefined;
  /** @returns whether there was room: one value may take a quarter of the whole */
  set(id: string, value: T, of: { readonly source: string; readonly bytes: number }): boolean;
  delete(id: string): boolean;
  /** Drops every value that the test accepts, of one source or of all, and counts them. */
  deleteWhere(test: (value: T) => boolean, source?: string): number;
}

interface Held<T> {
  readonly value: T;
  readonly source: string;
}

/** Share of the whole that one value may take: a huge one must not push out everything. */
const LARGEST_SHARE = 4;

export function createBoundedIndex<T>(options: BoundedIndexOptions<T>): BoundedIndex<T> {
  /** Ids of each source, the least recently used first. */
  const variants = new Map<string, Set<string>>();
  const held = new LRUCache<string, Held<T>>({
    maxSize: Math.max(1, options.maxBytes),
    maxEntrySize: Math.max(1, Math.floor(options.maxBytes / LARGEST_SHARE)),
    dispose: ({ value, source }, id) => {
      const ids = variants.get(source);
      if (ids?.delete(id) === true && ids.size === 0) variants.delete(source);
      options.onDrop?.(id, value);
    },
  });
  return {
    get bytes() {
      return held.calculatedSize;
    },
    get count() {
      return held.size;
    },
    get(id) {
      const found = held.get(id);
      if (found === undefined) return undefined;
      const ids = variants.get(found.source);
      if (ids !== undefined && ids.size > 1) {
        ids.delete(id);
        ids.add(id);
      }
      return found.value;
    },
    set(id, value, { source, bytes }) {
      held.delete(id);
      held.set(id, { value, source }, { size: Math.max(1, bytes) });
      if (!held.has(id)) return false;
      const ids = variants.get(source) ?? new Set();
      variants.set(source, ids.add(id));
      const [oldest] = ids;
      if (ids.size > options.maxVariants && oldest !== undefined) held.delete(oldest);
      return true;
    },
    delete: (id) => held.delete(id),
    deleteWhere(test, source) {
      const ids = source === undefined ? held.keys() : (variants.get(source) ?? []);
      let count = 0;
      for (const id of Array.from(ids)) {
        const found = held.peek(id);
        if (found !== undefined && test(found.value) && held.delete(id)) count++;
      }
      return count;
    },
  };
}
