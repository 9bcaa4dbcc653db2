/**
 * The bytes of the shared memory that the SIMD module writes besides its targets: copies of weights and
 * a padded row. Whoever lays out the memory keeps planes and other modules away from them.
 * @module
 *
 * [64 KiB, 64 KiB + 2 MiB) belongs to `@safelight/jpeg`. The compiler is told these numbers in
 * `scripts/build-wasm.mjs` and `assembly/memory-map.ts`.
 */

/** First byte of the region. */
export const SIMD_REGION_BEGIN: number = 4 << 20;
/** First byte behind it: planes may lie from here on, and a memory must be at least this large. */
export const SIMD_REGION_END: number = 6 << 20;

/** The module's own 64 bytes come first; what is copied in begins behind them. */
export const TABLE_BEGIN: number = SIMD_REGION_BEGIN + 64;
/** Vectors are loaded from weights on, so up to this many bytes behind the last one are read. */
export const SLACK_BYTES = 16;
/** Bytes there are for what is copied in. */
export const TABLE_BYTES: number = SIMD_REGION_END - TABLE_BEGIN - SLACK_BYTES;
