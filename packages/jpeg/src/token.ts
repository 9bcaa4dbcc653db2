/**
 * Tokens: what a scan says before its Huffman tables exist. One number holds a symbol, the table it
 * belongs to and the bits that follow it, so that the same tokens are first counted and then written.
 *
 * Layout, from bit 0: 15 bits of extra value, 4 bits of their count (0..15), 8 bits of symbol,
 * 3 bits of table. That is a small positive integer; a restart is the only negative token.
 * @module
 */

/** A token without extra bits is `table | symbol << SYMBOL_SHIFT`. */
export const SYMBOL_SHIFT = 19;
/** Extra bits are or-ed in as `count << COUNT_SHIFT | value`. */
export const COUNT_SHIFT = 15;
export const MAX_EXTRA_BITS = 15;
export const EXTRA_MASK = 0x7fff;

const TABLE_SHIFT = 27;
/** The tables of DC differences: luma and chroma. */
export const DC_TABLES: readonly [number, number] = [0, 1 << TABLE_SHIFT];
/** The tables of AC runs: luma and chroma. */
export const AC_TABLES: readonly [number, number] = [2 << TABLE_SHIFT, 3 << TABLE_SHIFT];
/** Extra bits alone, without a Huffman code before them. */
export const RAW: number = 4 << TABLE_SHIFT;
/** Ends a restart interval. */
export const RESTART = -1;

/** Tables times 256 symbols: the length of an array indexed by `token >> SYMBOL_SHIFT`. */
export const SYMBOL_SLOTS: number = 5 * 256;

/** Takes tokens in batches, in order. */
export interface TokenSink {
  consume(tokens: Int32Array, length: number): void;
}

/**
 * Tokens a block can add at most, with what a coder held back before it: 65 for a block itself, one
 * restart, an end-of-band run, and 1,000 correction bits in groups of up to 15.
 */
const MAX_TOKENS_PER_BLOCK = 256;
/** 512 KiB. A scan that fits, up to about a megapixel of a photograph, is coded once, not twice. */
const MAX_TOKENS = 128 * 1024;

/** A bounded batch of tokens. Memory stays the same however large and noisy the picture is. */
export class TokenBuffer {
  readonly values: Int32Array;
  length = 0;
  /** At or above this length the next block may not fit. */
  readonly limit: number;

  /** @param blocks the blocks of the largest scan; few blocks need little room */
  constructor(blocks: number) {
    this.limit = Math.min(MAX_TOKENS, blocks * MAX_TOKENS_PER_BLOCK);
    this.values = new Int32Array(this.limit + 2 * MAX_TOKENS_PER_BLOCK);
  }

  /** Hands everything on and starts anew. */
  drain(sink: TokenSink): void {
    sink.consume(this.values, this.length);
    this.length = 0;
  }
}
