/**
 * Blocks to tokens, the baseline way: a DC difference, then runs of zeros with the values that end
 * them (ITU-T T.81, F.1.2).
 * @module
 */
import type { CoefficientPlane } from './coefficient-plane.ts';
import { AC_TABLES, COUNT_SHIFT, DC_TABLES, SYMBOL_SHIFT } from './token.ts';
import type { TokenBuffer } from './token.ts';

/** Turns the blocks of one scan into tokens, in coding order. */
export interface BlockCoder {
  /** Codes one block; `component` is its place in the scan, which keeps its prediction apart. */
  codeBlock(plane: CoefficientPlane, component: number, block: number): void;
  /** Says what was held back and forgets predictions: at a restart and after the last block. */
  interrupt(): void;
}

/** The coder of a sequential scan. */
export class SequentialCoder implements BlockCoder {
  readonly #tokens: TokenBuffer;
  readonly #lastDc = new Int32Array(4);

  constructor(tokens: TokenBuffer) {
    this.#tokens = tokens;
  }

  codeBlock(plane: CoefficientPlane, component: number, block: number): void {
    const buffer = this.#tokens;
    const tokens = buffer.values;
    const dc = plane.coefficients[64 * block];
    tokens[buffer.length] = dcToken(DC_TABLES[plane.tableIndex], dc - this.#lastDc[component]);
    this.#lastDc[component] = dc;
    buffer.length = codeAc(
      plane.coefficients,
      64 * block,
      plane.masks[2 * block] & 0x7fffffff,
      plane.masks[2 * block + 1],
      AC_TABLES[plane.tableIndex],
      tokens,
      buffer.length + 1,
    );
  }

  interrupt(): void {
    this.#lastDc.fill(0);
  }
}

/** The token of a DC difference: its bit length as the symbol, then the bits. */
export function dcToken(table: number, difference: number): number {
  const size = 32 - Math.clz32(difference < 0 ? -difference : difference);
  const bits = difference < 0 ? difference + (1 << size) - 1 : difference;
  return table | (size << SYMBOL_SHIFT) | (size << COUNT_SHIFT) | bits;
}

/** Sixteen zeros (15 << 4) and the end of a block (0), as symbols. */
const ZERO_RUN = 0xf0 << SYMBOL_SHIFT;
const END_OF_BLOCK = 0;

/**
 * Codes the 63 AC values of the block at `offset` and returns the new number of tokens. The masks
 * name the values that are not zero, so zeros cost nothing. At most 64 tokens.
 */
function codeAc(
  coefficients: Int16Array,
  offset: number,
  lowMask: number,
  highMask: number,
  table: number,
  tokens: Int32Array,
  length: number,
): number {
  let mask = lowMask;
  let previous = 0;
  for (let first = 0; first < 64; first += 32) {
    while (mask !== 0) {
      const bit = Math.clz32(mask);
      mask &= 0x7fffffff >>> bit;
      const k = first + bit;
      let run = k - previous - 1;
      previous = k;
      while (run > 15) {
        tokens[length++] = table | ZERO_RUN;
        run -= 16;
      }
      const value = coefficients[offset + k];
      const size = 32 - Math.clz32(value < 0 ? -value : value);
      const bits = value < 0 ? value + (1 << size) - 1 : value;
      const symbol = (run << 4) | size;
      tokens[length++] = table | (symbol << SYMBOL_SHIFT) | (size << COUNT_SHIFT) | bits;
    }
    mask = highMask;
  }
  if (previous < 63) tokens[length++] = table | END_OF_BLOCK;
  return length;
}
