/**
 * Which bytes of the shared memory this module may use for itself; `src/memory-map.ts` holds the same
 * numbers. Nothing here becomes a data segment: two modules share the memory, and segments would
 * overwrite a neighbour at every instantiation.
 * @module
 */

/** 64 bytes for rows' rests and masks. The tables that TypeScript copies in begin behind them. */
export const REST: usize = 4 << 20;
