/**
 * LZW as GIF has it, the way out: codes from the lowest bit up in sub-blocks of 255 bytes. The trap is
 * when codes grow: the reader is one entry behind, so an entry may take the width it just outgrew.
 * @module
 */

const MAX_CODES = 4096;
const MAX_CODE_BITS = 12;
/** Four times the codes, so that probes stay short. A power of two. */
const SLOTS = 16_384;
const SLOT_SHIFT = 18;
const BLOCK_BYTES = 255;

/** Most bytes that `count` indices can come to: 12 bits each, lengths of blocks, clear codes. */
export function lzwBytes(count: number): number {
  return Math.ceil(count * 1.51) + 64;
}

/** Sub-blocks with the codes of `indices`, each below 2^`indexBits`, and the empty block that ends them. */
export function compressLzw(indices: Uint8Array, indexBits: number): Uint8Array {
  const clearCode = 1 << indexBits;
  const endCode = clearCode + 1;
  const keys = new Int32Array(SLOTS).fill(-1);
  const codes = new Uint16Array(SLOTS);
  const target = new SubBlockWriter(lzwBytes(indices.length));
  let codeBits = indexBits + 1;
  let next = endCode + 1;
  target.write(clearCode, codeBits);
  let prefix = indices[0];
  for (let i = 1; i < indices.length; i++) {
    const index = indices[i];
    const key = (prefix << 8) | index;
    // Knuth's multiplier; the highest bits of the product are the best mixed ones.
    let slot = Math.imul(key, 0x9e37_79b1) >>> SLOT_SHIFT;
    while (keys[slot] >= 0 && keys[slot] !== key) slot = (slot + 1) & (SLOTS - 1);
    if (keys[slot] === key) {
      prefix = codes[slot];
      continue;
    }
    target.write(prefix, codeBits);
    prefix = index;
    if (next === 1 << codeBits && codeBits < MAX_CODE_BITS) codeBits++;
    keys[slot] = key;
    codes[slot] = next++;
    if (next === MAX_CODES) {
      target.write(clearCode, codeBits);
      keys.fill(-1);
      codeBits = indexBits + 1;
      next = endCode + 1;
    }
  }
  target.write(prefix, codeBits);
  // The reader makes an entry of the last code too.
  if (next === 1 << codeBits && codeBits < MAX_CODE_BITS) codeBits++;
  target.write(endCode, codeBits);
  return target.finish();
}

/** Bits into bytes into sub-blocks, each behind its length. */
class SubBlockWriter {
  readonly #bytes: Uint8Array;
  #bits = 0;
  #held = 0;
  #lengthAt = 0;
  #at = 1;

  constructor(mostBytes: number) {
    this.#bytes = new Uint8Array(mostBytes);
  }

  write(code: number, codeBits: number): void {
    // At most 7 + 12 bits are held.
    this.#bits |= code << this.#held;
    this.#held += codeBits;
    while (this.#held >= 8) {
      this.#put(this.#bits & 0xff);
      this.#bits >>>= 8;
      this.#held -= 8;
    }
  }

  finish(): Uint8Array {
    if (this.#held > 0) this.#put(this.#bits);
    const length = this.#at - this.#lengthAt - 1;
    this.#bytes[this.#lengthAt] = length;
    if (length > 0) this.#bytes[this.#at++] = 0;
    return this.#bytes.slice(0, this.#at);
  }

  #put(byte: number): void {
    this.#bytes[this.#at++] = byte;
    if (this.#at - this.#lengthAt <= BLOCK_BYTES) return;
    this.#bytes[this.#lengthAt] = BLOCK_BYTES;
    this.#lengthAt = this.#at++;
  }
}
