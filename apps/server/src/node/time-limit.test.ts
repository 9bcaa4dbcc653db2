import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTimeLimit } from './time-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('createTimeLimit', () => {
  it('aborts when the time is over, and tells that it was the time', () => {
    const limit = createTimeLimit(new AbortController().signal, { limitMs: 100 });
    vi.advanceTimersByTime(99);
    expect([limit.signal.aborted, limit.isOver]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([limit.signal.aborted, limit.isOver]).toEqual([true, true]);
    limit.end();
  });

  it('aborts with the earlier signal and its reason, at once or after the grace', () => {
    for (const graceMs of [0, 50]) {
      const earlier = new AbortController();
      const limit = createTimeLimit(earlier.signal, { limitMs: 100, graceMs });
      earlier.abort('gone');
      expect(limit.signal.aborted).toBe(graceMs === 0);
      vi.advanceTimersByTime(50);
      expect([limit.signal.aborted, limit.signal.reason, limit.isOver]).toEqual([
        true,
        'gone',
        false,
      ]);
      vi.advanceTimersByTime(100);
      expect(limit.isOver).toBe(false);
      limit.end();
    }
  });

  it('aborts for a signal that was aborted before', () => {
    const limit = createTimeLimit(AbortSignal.abort('gone'), { limitMs: 100 });
    expect([limit.signal.aborted, limit.signal.reason]).toEqual([true, 'gone']);
    limit.end();
  });

  it('leaves no timer behind when it has ended', () => {
    const earlier = new AbortController();
    const limit = createTimeLimit(earlier.signal, { limitMs: 100, graceMs: 50 });
    earlier.abort();
    expect(vi.getTimerCount()).toBe(2);
    limit.end();
    expect(vi.getTimerCount()).toBe(0);
    expect(limit.signal.aborted).toBe(false);
  });
});
