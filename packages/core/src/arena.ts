/**
 * The memory of one render: one buffer, bump-allocated from both ends. A step reads planes that lie
 * at one end and writes to the other, so the peak is source + target + scratch of the dearest step.
 * Views of a released end are dead: reading them gives another step's samples.
 *
 * Where WebAssembly is there, the buffer is a WebAssembly memory, so that modules work on planes where
 * they lie. It grows only while the arena is empty, since growth detaches every view; and since it
 * cannot shrink, a large one is dropped as a whole, and the modules' instances with it.
 * @module
 */

import { assert, ImageError } from './errors.ts';

export interface Arena {
  /** What the views lie in, for modules; another one after a reset that dropped it. */
  readonly memory: WebAssembly.Memory | undefined;
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
  /** Frees everything, so that the next frame of a render finds the same memory empty. */
  clear(): void;
  /** Frees everything after a render; memory above `keptBytes` is dropped. */
  reset(): void;
}

export interface ArenaOptions {
  /** Capacity that survives a reset, in bytes. @default 64 MiB */
  readonly keptBytes?: number;
  /** Whether the buffer is a WebAssembly memory. @default false */
  readonly wasm?: boolean;
  /** Bytes at the start of the memory that modules own, never allocated. @default 0 */
  readonly moduleBytes?: number;
}

const ALIGNMENT = 16;
const DEFAULT_KEPT_BYTES = 64 * 1024 * 1024;

/** Bytes an allocation of `byteLength` takes, alignment included. */
export function arenaBytes(byteLength: number): number {
  return Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
}

export function createArena(options: ArenaOptions = {}): Arena {
  const { keptBytes = DEFAULT_KEPT_BYTES, wasm = false, moduleBytes = 0 } = options;
  return new TwoEndedArena(keptBytes, wasm ? new WasmBuffer(moduleBytes) : new PlainBuffer());
}

/** Where the bytes come from. `grow` may detach what `bytes` gave before. */
interface GrowingBuffer {
  readonly memory: WebAssembly.Memory | undefined;
  readonly bytes: Uint8Array;
  grow(byteLength: number): void;
  drop(): void;
}

class PlainBuffer implements GrowingBuffer {
  readonly memory = undefined;
  bytes: Uint8Array = new Uint8Array(0);

  grow(byteLength: number): void {
    this.drop();
    this.bytes = new Uint8Array(byteLength);
  }

  drop(): void {
    this.bytes = new Uint8Array(0);
  }
}

const PAGE_BYTES = 65_536;
/** All that 32-bit addresses reach. */
const MAX_PAGES = 65_536;

class WasmBuffer implements GrowingBuffer {
  memory: WebAssembly.Memory | undefined;
  bytes: Uint8Array = new Uint8Array(0);
  readonly #moduleBytes: number;

  constructor(moduleBytes: number) {
    this.#moduleBytes = arenaBytes(moduleBytes);
  }

  grow(byteLength: number): void {
    const pages = Math.ceil((this.#moduleBytes + byteLength) / PAGE_BYTES);
    try {
      if (this.memory === undefined) {
        this.memory = new WebAssembly.Memory({ initial: pages, maximum: MAX_PAGES });
      } else {
        this.memory.grow(pages - this.memory.buffer.byteLength / PAGE_BYTES);
      }
    } catch (cause) {
      this.drop();
      throw outOfMemory(byteLength, cause);
    }
    this.bytes = new Uint8Array(this.memory.buffer, this.#moduleBytes);
  }

  drop(): void {
    this.memory = undefined;
    this.bytes = new Uint8Array(0);
  }
}

function outOfMemory(byteLength: number, cause: unknown): ImageError {
  return new ImageError(
    'LimitExceeded',
    'too-much-memory',
    `arena: expected room for ${byteLength} bytes, the runtime has none`,
    { publicMessage: 'The picture needs more memory than one render may use.', cause },
  );
}

class TwoEndedArena implements Arena {
  highWaterBytes = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  #low = 0;
  #high = 0;
  #fromLow = true;
  readonly #keptBytes: number;
  readonly #buffer: GrowingBuffer;

  constructor(keptBytes: number, buffer: GrowingBuffer) {
    this.#keptBytes = keptBytes;
    this.#buffer = buffer;
  }

  get memory(): WebAssembly.Memory | undefined {
    return this.#buffer.memory;
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
    if (wanted > this.#bytes.length || this.#bytes.length === 0) {
      this.#buffer.grow(wanted);
      this.#bytes = this.#buffer.bytes;
    }
    this.#low = 0;
    this.#high = this.#bytes.length;
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

  clear(): void {
    this.#low = 0;
    this.#high = this.#bytes.length;
    this.#fromLow = true;
  }

  reset(): void {
    if (this.#bytes.length > this.#keptBytes) {
      this.#buffer.drop();
      this.#bytes = this.#buffer.bytes;
    }
    this.clear();
    this.highWaterBytes = 0;
  }

  #emptyMark(): number {
    return this.#fromLow ? 0 : this.#bytes.length;
  }
}
