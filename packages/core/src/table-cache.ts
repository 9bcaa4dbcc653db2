/**
 * Tables of earlier renders: one costs about as much as the pass that uses it, and a service is asked
 * for the same sizes and profiles again and again. Bounded, since both come from outside.
 * @module
 */

import { createColorGrid } from './color/color-grid.ts';
import type { ColorConversion } from './color/conversion.ts';
import { type Axis, lanczosTable } from './filter-table.ts';
import type { GridMap } from './kernels/color-map.ts';
import type { FilterTable } from './kernels/kernels.ts';

export interface TableCache {
  /** As `lanczosTable`; the result is shared and must not be written to. */
  lanczos(axis: Axis): FilterTable;
  /** As `createColorGrid`, of the conversion's profile; shared as well. */
  colorGrid(conversion: GridConversion): GridMap;
}

type GridConversion = Extract<ColorConversion, { readonly kind: 'grid' }>;

/** Bytes of weights that are kept: some hundred tables of usual sizes. */
const MAX_BYTES = 4 * 1024 * 1024;

export function createTableCache(maxBytes: number = MAX_BYTES): TableCache {
  // A Map keeps the order of insertion: the first key is the one that was not asked for longest.
  const kept = new Map<string, FilterTable>();
  let bytes = 0;
  return {
    colorGrid: createGridCache(),
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

/** Half a MiB each, and their profiles, of which those of presses have some more. */
const MAX_GRIDS = 4;

/** By the profiles' bytes: comparing them takes a hundredth of what a grid does. */
function createGridCache(): TableCache['colorGrid'] {
  const kept: { readonly profile: Uint8Array; readonly grid: GridMap }[] = [];
  return ({ profile, lookup, channels }) => {
    const at = kept.findIndex((entry) => areEqual(entry.profile, profile));
    const [entry] =
      at < 0
        ? [{ profile: profile.slice(), grid: createColorGrid(lookup, channels) }]
        : kept.splice(at, 1);
    kept.push(entry);
    if (kept.length > MAX_GRIDS) kept.shift();
    return entry.grid;
  };
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function bytesOf({ starts, weights }: FilterTable): number {
  return starts.byteLength + weights.byteLength;
}
