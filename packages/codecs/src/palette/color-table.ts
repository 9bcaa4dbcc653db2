/**
 * Up to 256 colours in the order in which they were met, each under an index, by open addressing.
 * @module
 */

export const MAX_COLORS = 256;
/** Four times the colours, so that probes stay short. A power of two. */
const SLOTS = 1024;
const SLOT_SHIFT = 22;

export class ColorTable {
  readonly found: number[] = [];
  readonly #slots = new Int16Array(SLOTS).fill(-1);

  /** The index of a 32-bit colour, which joins the table; -1 when that is full. */
  add(color: number): number {
    const slot = this.#slotOf(color);
    const index = this.#slots[slot];
    if (index >= 0) return index;
    if (this.found.length === MAX_COLORS) return -1;
    this.#slots[slot] = this.found.length;
    this.found.push(color);
    return this.found.length - 1;
  }

  /** The index of a colour, or -1. */
  find(color: number): number {
    return this.#slots[this.#slotOf(color)];
  }

  /** Where the colour is, or where it would be. Ends, since three quarters of the slots are free. */
  #slotOf(color: number): number {
    // Knuth's multiplier; the highest bits of the product are the best mixed ones.
    let slot = Math.imul(color, 0x9e37_79b1) >>> SLOT_SHIFT;
    for (;;) {
      const index = this.#slots[slot];
      if (index < 0 || this.found[index] === color) return slot;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
}
