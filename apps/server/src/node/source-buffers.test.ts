import { describe, expect, it } from 'vitest';
import { createSourceBuffers } from './source-buffers.ts';

const KIB = 1024;

describe('createSourceBuffers', () => {
  it('gives a buffer that came back to the next source that fits', () => {
    const buffers = createSourceBuffers({ maxKept: 2 });
    const first = buffers.take(100 * KIB);
    expect([first.byteLength, first.byteOffset]).toEqual([100 * KIB, 0]);
    const moved = structuredClone(first, { transfer: [first.buffer] });
    buffers.give(moved);
    expect(buffers.take(101 * KIB).buffer).toBe(moved.buffer);
    expect(buffers.take(101 * KIB).buffer).not.toBe(moved.buffer);
  });

  it('leaves nothing of an earlier source behind the new one', () => {
    const buffers = createSourceBuffers({ maxKept: 1 });
    const first = buffers.take(128 * KIB);
    buffers.give(first.fill(7));
    const second = buffers.take(100 * KIB);
    expect(second.buffer).toBe(first.buffer);
    const behind = new Uint8Array(second.buffer, second.byteLength);
    expect([behind.byteLength, behind.every((byte) => byte === 0)]).toEqual([28 * KIB, true]);
  });

  it('does not hold a large buffer for a small source', () => {
    const buffers = createSourceBuffers({ maxKept: 2 });
    const large = buffers.take(1000 * KIB);
    buffers.give(large);
    expect(buffers.take(100 * KIB).buffer).not.toBe(large.buffer);
    expect(buffers.take(900 * KIB).buffer).toBe(large.buffer);
  });

  it('keeps so many, the newest, and none that is too large or was moved away', () => {
    const buffers = createSourceBuffers({ maxKept: 2, maxBytes: 200 * KIB });
    const taken = [1, 2, 3].map(() => buffers.take(100 * KIB));
    for (const place of taken) buffers.give(place);
    const large = buffers.take(201 * KIB);
    expect(large.buffer.byteLength).toBe(201 * KIB);
    buffers.give(large);
    const gone = buffers.take(50 * KIB);
    structuredClone(gone, { transfer: [gone.buffer] });
    buffers.give(gone);
    const again = [1, 2, 3].map(() => buffers.take(100 * KIB).buffer);
    expect(again.slice(0, 2)).toEqual([taken[2]?.buffer, taken[1]?.buffer]);
    expect(taken.map(({ buffer }) => buffer)).not.toContain(again[2]);
  });

  it('has places for nothing at all', () => {
    expect(createSourceBuffers({ maxKept: 1 }).take(0).byteLength).toBe(0);
  });
});
