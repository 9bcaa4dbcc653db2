/**
 * The memory of one render: one buffer, bump-allocated from both ends. A step reads planes that lie
 * at one end and writes to the other, so the peak is source + target + scratch of the dearest step.
 * Views of a released end are dead: reading them gives another step's samples.
 * @module
 */

import { assert, ImageError } from './errors.ts';

export interface Arena {
  readonly capacityBytes: number;
  readonly usedBytes: number;
  /** The most that was in use at any time since the last reset. */
  readonly highWaterBytes: number;
  /** Makes room for a render whose peak is known. Only while the arena is empty. */
  reserve(peakBytes: number): void;
  /** Bytes at the current end, aligned to 16, with unspecified content. */
  allocate(byteLength: number): Uint8Array;
  /** The current end's position, for scratch that a step gives back with `release`. */
  mark(): number;
  release(mark: number): void;
  /** From here on the other end serves; what lies there must have been freed by `endStep`. */
  beginStep(): void;
  /** Frees the end that the step read from. */
  endStep(): void;
  /** Frees everything; memory above `keptBytes` is dropped. */
  reset(): void;
}

export interface ArenaOptions {
  /** Capacity that survives a reset, in bytes. @default 64 MiB */
  readonly keptBytes?: number;
}

const ALIGNMENT = 16;
const DEFAULT_KEPT_BYTES = 64 * 1024 * 1024;

/** Bytes an allocation of `byteLength` takes, alignment included. */
export function arenaBytes(byteLength: number): number {
  return Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
}

export function createArena(options: ArenaOptions = {}): Arena {
  return new TwoEndedArena(options.keptBytes ?? DEFAULT_KEPT_BYTES);
}

class TwoEndedArena implements Arena {
  highWaterBytes = 0;
  #bytes = new Uint8Array(0);
  #low = 0;
  #high = 0;
  #fromLow = true;
  readonly #keptBytes: number;

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  get capacityBytes(): number {
    return this.#bytes.length;
  }

  get usedBytes(): number {
    return this.#low + (this.#bytes.length - this.#high);
  }

  reserve(peakBytes: number): void {
    assert(this.usedBytes === 0, 'an arena grows only while it is empty');
    const wanted = arenaBytes(peakBytes);
    if (wanted <= this.#bytes.length) return;
    this.#bytes = new Uint8Array(0);
    this.#bytes = new Uint8Array(wanted);
    this.#high = wanted;
  }

  allocate(byteLength: number): Uint8Array {
    const taken = arenaBytes(byteLength);
    if (this.#low + taken > this.#high) {
      throw new ImageError(
        'Internal',
        'prediction-failed',
        `arena: expected at most ${this.#high - this.#low} more bytes, got ${taken}`,
      );
    }
    let start: number;
    if (this.#fromLow) {
      start = this.#low;
      this.#low += taken;
    } else {
      this.#high -= taken;
      start = this.#high;
    }
    this.highWaterBytes = Math.max(this.highWaterBytes, this.usedBytes);
    return this.#bytes.subarray(start, start + byteLength);
  }

  mark(): number {
    return this.#fromLow ? this.#low : this.#high;
  }

  release(mark: number): void {
    if (this.#fromLow) this.#low = mark;
    else this.#high = mark;
  }

  beginStep(): void {
    this.#fromLow = !this.#fromLow;
    assert(this.mark() === this.#emptyMark(), 'a step begins at an empty end');
  }

  endStep(): void {
    if (this.#fromLow) this.#high = this.#bytes.length;
    else this.#low = 0;
  }

  reset(): void {
    if (this.#bytes.length > this.#keptBytes) this.#bytes = new Uint8Array(0);
    this.#low = 0;
    this.#high = this.#bytes.length;
    this.#fromLow = true;
    this.highWaterBytes = 0;
  }

  #emptyMark(): number {
    return this.#fromLow ? 0 : this.#bytes.length;
  }
}
