/**
 * Bodies for tests: from a seed, in pieces, and such that wait until they are let on.
 * @module
 */

/** Bytes from a seed (xorshift32). */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed * 0x9e3779b1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state;
  }
  return bytes;
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Node Buffers over one piece of memory that is overwritten each time. */
export async function* inPieces(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(pieceBytes);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
  }
}

interface Latch {
  readonly settled: Promise<void>;
  readonly settle: () => void;
}

function createLatch(): Latch {
  let settle: (() => void) | undefined;
  const settled = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return { settled, settle: () => settle?.() };
}

export interface Gate {
  /** Settles when the body waits at the gate. */
  readonly reached: Promise<void>;
  readonly passed: Promise<void>;
  readonly arrive: () => void;
  readonly open: () => void;
}

export function createGate(): Gate {
  const arrival = createLatch();
  const passage = createLatch();
  return {
    reached: arrival.settled,
    passed: passage.settled,
    arrive: arrival.settle,
    open: passage.settle,
  };
}

/** Gives half of the text, waits at the gate, gives the rest. */
export async function* gatedBody(gate: Gate, text: string): AsyncGenerator<Uint8Array> {
  yield utf8(text.slice(0, 2));
  gate.arrive();
  await gate.passed;
  yield utf8(text.slice(2));
}
