/**
 * The WebAssembly module and its constants. One instance owns the region of a memory: another one
 * over the same memory would share tables whose places only the first knows.
 * @module
 */

import { DECODER_WASM_BASE64 } from '../generated/decoder-wasm.ts';
import { positionOf, weightsOf } from './block-layout.ts';
import type { HuffmanTable } from './tables.ts';
import {
  DONE,
  DUMMY_POSITION,
  KIND_AC,
  LOW_POSITIONS,
  POSITIONS,
  REGION_END,
  SLOT_BYTES,
  SLOT_COUNT,
  SLOTS,
  TABLE_INPUT,
  WEIGHTS,
  WEIGHTS_BYTES,
} from './memory-map.ts';
import { damaged } from './markers.ts';

/** The functions of assembly/index.ts. */
export interface DecoderExports {
  buildTable(slot: number, kind: number): number;
  buildSkip(slot: number): void;
  buildDcSkip(slot: number): void;
  giveInput(length: number, isLast: boolean): void;
  inputTaken(): number;
  setSize(size: number, lastNeeded: number, blockBytes: number): void;
  setBand(first: number, last: number, lowBit: number): void;
  startScan(
    kind: number,
    components: number,
    mcusAcross: number,
    mcus: number,
    restartInterval: number,
  ): void;
  advance(untilRow: number): number;
  writeComponent(component: number): void;
  readonly segmentEnded: WebAssembly.Global;
  readonly marker: WebAssembly.Global;
}

/** Compiled at most once: the bytes never change. */
let compiled: WebAssembly.Module | undefined;

/** The module over `memory`, its constants in place. The memory must hold the region. */
export function instantiateDecoder(memory: WebAssembly.Memory): DecoderExports {
  if (memory.buffer.byteLength < REGION_END) {
    throw new RangeError(
      `memory: expected at least ${REGION_END} bytes, got ${memory.buffer.byteLength}`,
    );
  }
  compiled ??= new WebAssembly.Module(decoderBytes());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  for (let k = 0; k < 256; k++) {
    const position = k < 64 ? 2 * positionOf(k) : DUMMY_POSITION;
    bytes[POSITIONS + k] = position;
    bytes[LOW_POSITIONS + k] = position < 32 ? position : DUMMY_POSITION;
  }
  for (let size = 2; size <= 8; size++) bytes.set(weightsOf(size), WEIGHTS + size * WEIGHTS_BYTES);
  return exports as unknown as DecoderExports;
}

/** The bytes of the WebAssembly module. */
export function decoderBytes(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(DECODER_WASM_BASE64), (character) => character.charCodeAt(0));
}

interface Slot {
  key: string;
  /** Number of the scan that last used it. */
  lastUse: number;
  skips: boolean;
}

/** Huffman tables that have been built, by their bytes; the one unused for longest gives way. */
export class TableCache {
  readonly #decoder: DecoderExports;
  readonly #memory: WebAssembly.Memory;
  readonly #slots: Slot[] = [];
  #scan = 0;

  constructor(decoder: DecoderExports, memory: WebAssembly.Memory) {
    this.#decoder = decoder;
    this.#memory = memory;
  }

  /** From here on tables serve another scan: at most 8, so none of them is given up for another. */
  beginScan(): void {
    this.#scan++;
  }

  /**
   * The address of a built table. `skips` asks for the part that steps over coefficients.
   *
   * @throws ImageError BadImage when its codes do not fit
   */
  slotOf(table: HuffmanTable, kind: number, skips: boolean): number {
    const key = kind + table.key;
    let index = this.#slots.findIndex((slot) => slot.key === key);
    if (index < 0) index = this.#build(table, kind, key);
    const slot = this.#slots[index];
    slot.lastUse = this.#scan;
    const address = SLOTS + index * SLOT_BYTES;
    if (skips && !slot.skips) {
      if (kind === KIND_AC) this.#decoder.buildSkip(address);
      else this.#decoder.buildDcSkip(address);
      slot.skips = true;
    }
    return address;
  }

  #build(table: HuffmanTable, kind: number, key: string): number {
    let index = this.#slots.length;
    if (index === SLOT_COUNT) {
      index = 0;
      this.#slots.forEach((slot, i) => {
        if (slot.lastUse < this.#slots[index].lastUse) index = i;
      });
    }
    // Nobody finds a slot whose table turns out to be bad.
    this.#slots[index] = { key: '', lastUse: this.#scan, skips: false };
    const bytes = new Uint8Array(this.#memory.buffer);
    bytes.set(table.bytes, TABLE_INPUT);
    if (this.#decoder.buildTable(SLOTS + index * SLOT_BYTES, kind) !== DONE) {
      throw damaged('DHT: expected codes that fit their lengths, got too many');
    }
    this.#slots[index].key = key;
    return index;
  }
}
