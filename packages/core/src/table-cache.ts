/**
 * Filter tables of earlier renders: one costs about as much as the pass that uses it, and a service is
 * asked for the same sizes again and again. Bounded, since sizes come from outside.
 * @module
 */

import { type Axis, lanczosTable } from './filter-table.ts';
import type { FilterTable } from './kernels/kernels.ts';

export interface TableCache {
  /** As `lanczosTable`; the result is shared and must not be written to. */
  lanczos(axis: Axis): FilterTable;
}

/** Bytes of weights that are kept: some hundred tables of usual sizes. */
const MAX_BYTES = 4 * 1024 * 1024;

export function createTableCache(maxBytes: number = MAX_BYTES): TableCache {
  // A Map keeps the order of insertion: the first key is the one that was not asked for longest.
  const kept = new Map<string, FilterTable>();
  let bytes = 0;
  return {
    lanczos(axis) {
      const key = `${axis.sourceSize} ${axis.targetSize} ${axis.offset} ${axis.scale}`;
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const table = lanczosTable(axis);
      const size = bytesOf(table);
      if (size > maxBytes) return table;
      kept.set(key, table);
      bytes += size;
      for (const [oldest, old] of kept) {
        if (bytes <= maxBytes) break;
        kept.delete(oldest);
        bytes -= bytesOf(old);
      }
      return table;
    },
  };
}

function bytesOf({ starts, weights }: FilterTable): number {
  return starts.byteLength + weights.byteLength;
}
