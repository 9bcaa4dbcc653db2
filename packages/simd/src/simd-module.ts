/**
 * The compiled module and its instances. Every instance writes the memory it was linked to, so a new
 * memory needs a new instance; the compiled code is shared by all.
 * @module
 */

import type { Kernels } from '@safelight/core';

import { SIMD_WASM_BASE64 } from './generated/simd-wasm.ts';

/** The kernels that have a twin. The others are a native call already, or gain nothing. */
type TwinName = Exclude<keyof Kernels, 'name' | 'fill' | 'mapSamples' | 'warp' | 'warpCoverage'>;

/** Pointers and numbers, in the order of core's parameters; the first of each plane is its pointer. */
export type Twin = (...values: readonly number[]) => void;

/** Loops of PNG, which are no kernels of core's. */
interface PngTwins {
  unfilterRows(first: number, rowBytes: number, pixelBytes: number, rows: number): number;
  filterRow(filter: number, source: number, prior: number, target: number, width: number): void;
  sumResiduals(source: number, prior: number, width: number, step: number, sums: number): void;
}

/** Loops of deflate by runs, on bytes and tables in the memory. */
export interface RunTwins {
  countRuns(source: number, length: number, counts: number): void;
  writeRuns(
    source: number,
    length: number,
    codes: number,
    target: number,
    filledBits: number,
  ): number;
  adler32(source: number, length: number): number;
}

/** What the module exports beside its memory. */
export type SimdTwins = Readonly<Record<TwinName, Twin> & PngTwins & RunTwins>;

/** Constant once made: compiling costs milliseconds, and optimised code would be lost with it. */
let compiled: WebAssembly.Module | undefined;

/** @throws WebAssembly.LinkError when `memory` is smaller than `SIMD_REGION_END`. */
export function instantiateSimd(memory: WebAssembly.Memory): SimdTwins {
  compiled ??= new WebAssembly.Module(simdBytes());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as SimdTwins;
}

/** The committed bytes. */
export function simdBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(SIMD_WASM_BASE64), (letter) => letter.charCodeAt(0));
}
