/**
 * The two consumers of tokens: one counts them, so that tables can be made, and one writes them as
 * bits. A byte of ones in the data is followed by a zero byte, or it would look like a marker.
 * @module
 */
import type { ByteSink } from './byte-sink.ts';
import { COUNT_SHIFT, EXTRA_MASK, SYMBOL_SHIFT, SYMBOL_SLOTS } from './token.ts';
import type { TokenSink } from './token.ts';

/** Counts how often each symbol of each table occurs. */
export class SymbolCounter implements TokenSink {
  /** Indexed by `token >> SYMBOL_SHIFT`, that is table * 256 + symbol. */
  readonly frequencies: Uint32Array = new Uint32Array(SYMBOL_SLOTS);

  consume(tokens: Int32Array, length: number): void {
    const frequencies = this.frequencies;
    for (let i = 0; i < length; i++) {
      if (tokens[i] >= 0) frequencies[tokens[i] >> SYMBOL_SHIFT]++;
    }
  }
}

/** A token is at most 16 + 15 bits, or a padded byte and a marker; stuffing can double it. */
const MAX_BYTES_PER_TOKEN = 8;

/** Writes tokens as Huffman codes and extra bits. */
export class EntropyWriter implements TokenSink {
  readonly #output: ByteSink;
  readonly #codes: Int32Array;
  readonly #sizes: Uint8Array;
  /** Bits not yet written are the low 32 - #free ones of #pending; what is above them is waste. */
  #pending = 0;
  #free = 32;
  #restarts = 0;

  /** @param codes code and length of each symbol, indexed by `token >> SYMBOL_SHIFT` */
  constructor(output: ByteSink, codes: Int32Array, sizes: Uint8Array) {
    this.#output = output;
    this.#codes = codes;
    this.#sizes = sizes;
  }

  consume(tokens: Int32Array, length: number): void {
    const output = this.#output;
    output.reserve(length * MAX_BYTES_PER_TOKEN + 16);
    const codes = this.#codes;
    const sizes = this.#sizes;
    const bytes = output.bytes;
    let at = output.length;
    let pending = this.#pending;
    let free = this.#free;
    for (let i = 0; i < length; i++) {
      const token = tokens[i];
      if (token < 0) {
        at = writeTail(bytes, at, pending, free);
        bytes[at++] = 0xff;
        bytes[at++] = 0xd0 + (this.#restarts++ & 7);
        pending = 0;
        free = 32;
        continue;
      }
      const slot = token >> SYMBOL_SHIFT;
      const extra = (token >> COUNT_SHIFT) & 15;
      const value = (codes[slot] << extra) | (token & EXTRA_MASK);
      const size = sizes[slot] + extra;
      // At most 31 bits come, so a full word is left only when some were pending: shifts stay < 32.
      if (size < free) {
        pending = (pending << size) | value;
        free -= size;
      } else {
        const over = size - free;
        at = writeWord(bytes, at, (pending << free) | (value >>> over));
        pending = value;
        free = 32 - over;
      }
    }
    output.length = at;
    this.#pending = pending;
    this.#free = free;
  }

  /** Fills the last byte with ones and writes it. */
  finish(): void {
    const output = this.#output;
    output.reserve(8);
    output.length = writeTail(output.bytes, output.length, this.#pending, this.#free);
    this.#pending = 0;
    this.#free = 32;
  }
}

/** Writes 32 bits, highest first, and returns the new place. */
function writeWord(bytes: Uint8Array, at: number, word: number): number {
  // A byte is 0xff when adding one to it carries out of its top bit, which was set: rare.
  if ((word & 0x80808080 & ~(word + 0x01010101)) === 0) {
    bytes[at] = word >>> 24;
    bytes[at + 1] = word >>> 16;
    bytes[at + 2] = word >>> 8;
    bytes[at + 3] = word;
    return at + 4;
  }
  for (let shift = 24; shift >= 0; shift -= 8) {
    const byte = (word >>> shift) & 0xff;
    bytes[at++] = byte;
    if (byte === 0xff) bytes[at++] = 0;
  }
  return at;
}

/** Writes the pending bits, filled up with ones to a whole byte, and returns the new place. */
function writeTail(bytes: Uint8Array, at: number, pending: number, free: number): number {
  for (let left = 32 - free; left > 0; left -= 8) {
    const byte =
      (left >= 8 ? pending >>> (left - 8) : (pending << (8 - left)) | (0xff >> left)) & 0xff;
    bytes[at++] = byte;
    if (byte === 0xff) bytes[at++] = 0;
  }
  return at;
}
