/**
 * From views to pointers: a kernel call on views of the memory becomes a call of its twin, in the order
 * of core's parameters.
 * @module
 */

import type { Twin } from './simd-module.ts';

/** Parameters of a kernel that takes nothing but planes and numbers. */
export type Values = readonly (Uint8Array | number)[];
export type PlaneKernel<V extends Values> = (...values: V) => void;

/** `twin` where every view lies in `memory`, `original` elsewhere. */
export function overMemory<V extends Values>(
  memory: WebAssembly.Memory,
  twin: Twin,
  original: PlaneKernel<V>,
): PlaneKernel<V> {
  // One short array a plane, nothing a sample.
  return (...values) => {
    const numbers: number[] = [];
    for (const value of values) {
      if (typeof value === 'number') {
        numbers.push(value);
      } else if (liesIn(memory, value)) {
        numbers.push(value.byteOffset);
      } else {
        return original(...values);
      }
    }
    return twin(...numbers);
  };
}

/** `memory.buffer` is another object after a growth, so it is asked anew for every view. */
export function liesIn(memory: WebAssembly.Memory, view: Uint8Array): boolean {
  return view.buffer === memory.buffer;
}
