/**
 * The encoder's WebAssembly module and its constants. One instance owns the region of a memory.
 * @module
 */

import { ENCODER_WASM_BASE64 } from '../generated/encoder-wasm.ts';
import type { QuantizationTables } from '../quantization.ts';
import { DIVISORS, DIVISORS_BYTES, REGION_END, WEIGHTS } from './memory-map.ts';

/** The functions of assembly/encode/index.ts; addresses are bytes of the memory. */
export interface EncoderExports {
  transformPlane(
    source: number,
    width: number,
    height: number,
    stride: number,
    coefficients: number,
    masks: number,
    dcValues: number,
    across: number,
    down: number,
    paddedAcross: number,
    divisors: number,
    counts: number,
  ): void;
  padBlocks(
    coefficients: number,
    masks: number,
    dcValues: number,
    across: number,
    down: number,
    paddedAcross: number,
    paddedDown: number,
    horizontalSampling: number,
  ): void;
  startScan(components: number, mcusAcross: number, mcusDown: number, interval: number): void;
  makeProgressive(first: number, last: number, shift: number, isFurther: boolean): void;
  countScan(): void;
  codeScan(): number;
  windowLength(): number;
}

/** Compiled at most once: the bytes never change. */
let compiled: WebAssembly.Module | undefined;

/** The module over `memory`, its constants in place. The memory must hold the region. */
export function instantiateEncoder(memory: WebAssembly.Memory): EncoderExports {
  if (memory.buffer.byteLength < REGION_END) {
    throw new RangeError(
      `memory: expected at least ${REGION_END} bytes, got ${memory.buffer.byteLength}`,
    );
  }
  compiled ??= new WebAssembly.Module(encoderBytes());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  new Int16Array(memory.buffer, WEIGHTS, 8 * WEIGHT_PAIRS.length).set(weightVectors());
  return exports as unknown as EncoderExports;
}

/** The bytes of the WebAssembly module. */
export function encoderBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(ENCODER_WASM_BASE64), (character) => character.charCodeAt(0));
}

/**
 * The rotations of forward-dct.ts multiplied out, 13 bits of fraction, a vector for each pair. Outputs
 * 2 and 6 of the two even differences; then 1, 3, 5 and 7 of the odd differences 4 and 5, 6 and 7.
 */
const WEIGHT_PAIRS = [
  [4433, 4433 + 6270],
  [4433 - 15137, 4433],
  [9633 - 7373, 9633 - 3196],
  [9633, 12299 - 7373 + 9633 - 3196],
  [9633 - 16069, 9633 - 20995],
  [25172 - 20995 + 9633 - 16069, 9633],
  [9633, 16819 - 20995 + 9633 - 3196],
  [9633 - 20995, 9633 - 3196],
  [2446 - 7373 + 9633 - 16069, 9633],
  [9633 - 16069, 9633 - 7373],
] as const;

function weightVectors(): Int16Array {
  return Int16Array.from(
    { length: 8 * WEIGHT_PAIRS.length },
    (_, i) => WEIGHT_PAIRS[i >> 3][i & 1],
  );
}

/** Puts both tables of divisors where the module reads them. */
export function giveDivisors(memory: WebAssembly.Memory, tables: QuantizationTables): void {
  for (const [index, table] of [tables.luma, tables.chroma].entries()) {
    const target = new Int16Array(memory.buffer, DIVISORS + index * DIVISORS_BYTES, 192);
    target.set(divisorVectors(table));
  }
}

/**
 * Three vectors for each row of a table: 4q, and the reciprocals r = ceil(2^19 / q) of the lower and
 * of the upper four values in pairs (low, high) with r = low + 16 high. High stays below 2^15, so
 * that r = 2^19 comes as 16 + 16 * 32767. See `quantizeBlock` for why the reciprocal is exact.
 */
function divisorVectors(table: Uint16Array): Int16Array {
  const vectors = new Int16Array(192);
  for (let place = 0; place < 64; place++) {
    const row = 24 * (place >> 3);
    const column = place & 7;
    const reciprocal = Math.ceil((1 << 19) / table[place]);
    const high = Math.min(reciprocal >> 4, 32_767);
    vectors[row + column] = 4 * table[place];
    vectors[row + 8 + 2 * column] = reciprocal - 16 * high;
    vectors[row + 8 + 2 * column + 1] = high;
  }
  return vectors;
}
