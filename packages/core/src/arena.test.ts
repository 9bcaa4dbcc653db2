/**
 * The two ends of the arena.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { arenaBytes, createArena } from './arena.ts';

describe('the arena', () => {
  it('writes to one end while a step reads from the other', () => {
    const arena = createArena();
    arena.reserve(96);
    const source = arena.allocate(40).fill(1);
    arena.beginStep();
    const target = arena.allocate(30).fill(2);
    expect([arenaBytes(40), arena.usedBytes]).toEqual([48, 80]);
    expect(new Set(source)).toEqual(new Set([1]));
    arena.endStep();
    expect(arena.usedBytes).toBe(32);
    arena.beginStep();
    expect(arena.allocate(64).fill(3).length).toBe(64);
    expect(new Set(target)).toEqual(new Set([2]));
    expect(arena.highWaterBytes).toBe(96);
  });

  it('gives scratch back, and fails when a plan was wrong', () => {
    const arena = createArena();
    arena.reserve(64);
    arena.allocate(16);
    const mark = arena.mark();
    arena.allocate(48);
    expect(() => arena.allocate(1)).toThrow(/expected at most 0 more bytes/);
    arena.release(mark);
    expect(arena.usedBytes).toBe(16);
  });

  it('keeps a small buffer and drops a large one', () => {
    const arena = createArena({ keptBytes: 100 });
    arena.reserve(64);
    arena.reset();
    expect(arena.capacityBytes).toBe(64);
    arena.reserve(200);
    arena.allocate(200);
    arena.reset();
    expect([arena.capacityBytes, arena.usedBytes]).toEqual([0, 0]);
    arena.reserve(32);
    expect(arena.allocate(32).length).toBe(32);
  });
});
