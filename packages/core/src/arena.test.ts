/**
 * The arena, over both kinds of buffer.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { type ArenaOptions, createArena } from './arena.ts';

describe.each<[string, ArenaOptions]>([
  ['a plain buffer', {}],
  ['a WebAssembly memory', { wasm: true, moduleBytes: 100_000 }],
])('an arena over %s', (_, options) => {
  it('gives aligned views that do not overlap, from one end', () => {
    const arena = createArena(options);
    arena.reserve(100);
    const first = arena.allocate(5).fill(1);
    const second = arena.allocate(16).fill(2);
    expect(first.byteOffset % 16).toBe(0);
    expect(second.byteOffset - first.byteOffset).toBe(16);
    expect([...first]).toEqual([1, 1, 1, 1, 1]);
  });

  it('lets a step read from one end while it writes to the other, then frees the first', () => {
    const arena = createArena(options);
    arena.reserve(64);
    const source = arena.allocate(32).fill(7);
    arena.beginStep();
    const target = arena.allocate(32);
    target.set(source);
    arena.endStep();
    expect(arena.usedBytes).toBe(32);
    arena.beginStep();
    arena.allocate(arena.capacityBytes - 32).fill(0);
    expect([...target]).toEqual(Array.from({ length: 32 }, () => 7));
  });

  it('gives scratch back to a mark', () => {
    const arena = createArena(options);
    arena.reserve(64);
    const mark = arena.mark();
    arena.allocate(32);
    arena.release(mark);
    expect(arena.usedBytes).toBe(0);
    expect(arena.highWaterBytes).toBe(32);
  });

  it('refuses what was not reserved instead of growing', () => {
    const arena = createArena(options);
    arena.reserve(32);
    expect(() => arena.allocate(arena.capacityBytes + 1)).toThrow(
      expect.objectContaining({ code: 'Internal', reason: 'prediction-failed' }),
    );
  });

  it('does not grow while something is allocated', () => {
    const arena = createArena(options);
    arena.reserve(32);
    arena.allocate(1);
    expect(() => arena.reserve(1_000_000)).toThrow(/empty/);
  });

  it('keeps its buffer over a reset up to the kept size and drops a larger one', () => {
    const arena = createArena({ ...options, keptBytes: 200_000 });
    arena.reserve(1000);
    const kept = arena.capacityBytes;
    arena.reset();
    expect(arena.capacityBytes).toBe(kept);
    arena.reserve(1_000_000);
    expect(arena.capacityBytes).toBeGreaterThanOrEqual(1_000_000);
    arena.reset();
    expect(arena.capacityBytes).toBe(0);
    arena.reserve(10);
    expect(arena.allocate(10).length).toBe(10);
  });
});

describe('an arena over a WebAssembly memory', () => {
  it('never allocates what belongs to the modules', () => {
    const arena = createArena({ wasm: true, moduleBytes: 100_000 });
    arena.reserve(10);
    const view = arena.allocate(10);
    expect(view.buffer).toBe(arena.memory?.buffer);
    expect(view.byteOffset).toBeGreaterThanOrEqual(100_000);
  });

  it('grows one memory and drops it for another', () => {
    const arena = createArena({ wasm: true, keptBytes: 1_000_000 });
    arena.reserve(10);
    const memory = arena.memory;
    arena.reserve(500_000);
    expect(arena.memory).toBe(memory);
    arena.reserve(2_000_000);
    arena.reset();
    expect(arena.memory).toBeUndefined();
  });

  it('says that there is too much asked when the runtime has no more', () => {
    const arena = createArena({ wasm: true });
    expect(() => arena.reserve(5 * 1024 ** 3)).toThrow(
      expect.objectContaining({ code: 'LimitExceeded', reason: 'too-much-memory' }),
    );
    arena.reserve(10);
    expect(arena.allocate(10).length).toBe(10);
  });
});
