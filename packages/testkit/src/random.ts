/**
 * Reproducible random numbers for tests: a failure's seed is enough to see it again.
 * @module
 */

/** A generator of whole numbers in 0..2^32 - 1 from a seed (an LCG's state, mixed as murmur3 ends). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return (mixed ^ (mixed >>> 16)) >>> 0;
  };
}
