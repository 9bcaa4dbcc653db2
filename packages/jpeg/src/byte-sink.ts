/**
 * A growing array of bytes: where the file is written. Room must be made before bytes are put.
 * @module
 */

/** Bytes written so far, with room for more. */
export class ByteSink {
  /** At least `length` bytes; replaced when it grows, so never keep it across `reserve`. */
  bytes: Uint8Array;
  length = 0;

  constructor(initialBytes: number) {
    this.bytes = new Uint8Array(initialBytes);
  }

  /** Makes room for `more` bytes after `length`; doubling keeps the copying linear. */
  reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  putByte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  /** Two bytes, high one first. */
  putUint16(value: number): void {
    this.reserve(2);
    this.bytes[this.length++] = value >> 8;
    this.bytes[this.length++] = value & 0xff;
  }

  putBytes(values: ArrayLike<number>): void {
    this.reserve(values.length);
    this.bytes.set(values, this.length);
    this.length += values.length;
  }

  /** What was written, in an array of exactly that size. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}
