/**
 * Twins of the codecs' loops for runs, over bytes in one WebAssembly memory. What they write goes
 * through the module's region, since a file lies outside of the memory.
 * @module
 */

import { TABLE_BEGIN, TABLE_BYTES } from './memory-map.ts';
import type { RunTwins } from './simd-module.ts';
import { liesIn } from './view-pointers.ts';

/** The shape of the codecs' `RunKernels`, where the contracts stand. */
export interface RunLoops {
  countRuns(source: Uint8Array, counts: Uint32Array): void;
  writeRuns(
    source: Uint8Array,
    codes: Uint32Array,
    target: Uint8Array,
    at: number,
    filledBits: number,
  ): number;
  adler32(source: Uint8Array): number;
}

const BYTE_VALUES = 256;
/** Bytes are counted in four tables. */
const TABLES = 4;
/** One for each byte and each length of a run, and the end. */
const CODES = 513;
const CODES_BYTES = 4 * (CODES + 3);
/** Codes have less than two bytes for each byte; a word is written beyond the last one. */
const MAX_WRITTEN_BYTES = Math.floor((TABLE_BYTES - CODES_BYTES - 16) / 2);

/** `original` takes bytes of another memory, and more than the region holds. */
export function createRunLoops(
  memory: WebAssembly.Memory,
  twins: RunTwins,
  original: RunLoops,
): RunLoops {
  return {
    countRuns(source, counts) {
      if (!liesIn(memory, source)) return original.countRuns(source, counts);
      const tables = new Uint32Array(memory.buffer, TABLE_BEGIN, (TABLES + 1) * BYTE_VALUES);
      tables.fill(0);
      twins.countRuns(source.byteOffset, source.length, TABLE_BEGIN);
      for (let i = 0; i < TABLES * BYTE_VALUES; i++) counts[i % BYTE_VALUES] += tables[i];
      for (let i = 0; i < BYTE_VALUES; i++) {
        counts[BYTE_VALUES + i] += tables[TABLES * BYTE_VALUES + i];
      }
    },
    writeRuns(source, codes, target, at, filledBits) {
      if (!liesIn(memory, source) || source.length > MAX_WRITTEN_BYTES) {
        return original.writeRuns(source, codes, target, at, filledBits);
      }
      new Uint32Array(memory.buffer, TABLE_BEGIN, CODES).set(codes);
      const outAt = TABLE_BEGIN + CODES_BYTES;
      const out = new Uint8Array(memory.buffer, outAt, TABLE_BYTES - CODES_BYTES);
      out[0] = target[at];
      const { byteOffset, length } = source;
      const bits = twins.writeRuns(byteOffset, length, TABLE_BEGIN, outAt, filledBits);
      target.set(out.subarray(0, Math.ceil(bits / 8)), at);
      return bits - filledBits;
    },
    adler32(source) {
      if (!liesIn(memory, source)) return original.adler32(source);
      return twins.adler32(source.byteOffset, source.length) >>> 0;
    },
  };
}
