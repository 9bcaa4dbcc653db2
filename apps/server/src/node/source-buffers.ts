/**
 * Buffers that sources are read into, used again and again: a new one for each request made the
 * collector of garbage run every dozen requests. Easily got wrong: one that was moved to a thread is
 * detached here, and comes back as another object, or never when its thread was killed.
 * @module
 */

export interface SourceBuffers {
  /** A place for so many bytes, content unspecified; zeros lie behind it in its buffer. */
  take(byteLength: number): Uint8Array<ArrayBuffer>;
  /** Keeps the buffer for later, if it is worth it. Nobody may use it any more. */
  give(place: Uint8Array<ArrayBuffer>): void;
}

export interface SourceBuffersOptions {
  /** Buffers that are kept. */
  readonly maxKept: number;
  /** A larger one is not kept. @default 8 MiB */
  readonly maxBytes?: number;
}

const STEP_BYTES = 64 * 1024;
const DEFAULT_MAX_BYTES = 8 * 1024 ** 2;

export function createSourceBuffers({
  maxKept,
  maxBytes = DEFAULT_MAX_BYTES,
}: SourceBuffersOptions): SourceBuffers {
  /** The one given back longest ago first. */
  const kept: ArrayBuffer[] = [];
  return {
    take(byteLength) {
      if (byteLength > maxBytes) return new Uint8Array(byteLength);
      // Not one much larger than that: its rest would be held, and cleared, for nothing.
      const most = 2 * byteLength + STEP_BYTES;
      const at = kept.findLastIndex(
        (buffer) => buffer.byteLength >= byteLength && buffer.byteLength <= most,
      );
      const [reused] = at < 0 ? [] : kept.splice(at, 1);
      const stepped = Math.ceil(byteLength / STEP_BYTES) * STEP_BYTES;
      const buffer = reused ?? new ArrayBuffer(stepped);
      // A decoder that reads behind its picture must not find another one.
      new Uint8Array(buffer, byteLength).fill(0);
      return new Uint8Array(buffer, 0, byteLength);
    },
    give({ buffer }) {
      if (buffer.byteLength === 0 || buffer.byteLength > maxBytes) return;
      kept.push(buffer);
      if (kept.length > maxKept) kept.shift();
    },
  };
}
