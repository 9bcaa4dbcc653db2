/**
 * Where a render's kernels come from. The plain set works on any buffer; a twin set is bound to the
 * memory it was made for, so each arena's memory gets one of its own.
 * @module
 */

import { type Arena, type ArenaOptions, createArena } from './arena.ts';
import { assert } from './errors.ts';
import type { Kernels } from './kernels/kernels.ts';
import { createTableCache, type TableCache } from './table-cache.ts';

/** Kernels that work inside one WebAssembly memory, made anew for each. */
export interface MemoryKernels {
  /** Bytes at the start of the memory that the modules own. */
  readonly moduleBytes: number;
  create(memory: WebAssembly.Memory): Kernels;
}

/** An arena factory, the kernels that fit its arenas, and the tables that all of them share. */
export interface KernelSource {
  readonly tables: TableCache;
  createArena(options?: Pick<ArenaOptions, 'keptBytes'>): Arena;
  /** Once the arena has reserved its memory, which a reset may change. */
  kernelsFor(arena: Arena): Kernels;
}

export function createKernelSource(kernels: Kernels | MemoryKernels): KernelSource {
  const tables = createTableCache();
  if (!('create' in kernels)) return { tables, createArena, kernelsFor: () => kernels };
  const { moduleBytes } = kernels;
  const made = new WeakMap<WebAssembly.Memory, Kernels>();
  return {
    tables,
    createArena: (options) => createArena({ ...options, wasm: true, moduleBytes }),
    kernelsFor({ memory }) {
      assert(memory !== undefined, 'kernels of a memory are asked for after it is reserved');
      let set = made.get(memory);
      if (set === undefined) {
        set = kernels.create(memory);
        made.set(memory, set);
      }
      return set;
    },
  };
}
