import { describe, expect, it } from 'vitest';
import { createMemoryTier } from './memory-tier.ts';
import { createResultCache } from './result-cache.ts';
import type { CachedResult, ResultKey } from './result-tier.ts';

const never = new AbortController().signal;

const key: ResultKey = { text: 'a picture', bucket: 'box', key: 'a.jpg', style: undefined };
const result: CachedResult = { bytes: new Uint8Array(3), mediaType: 'image/png' };

/** A render that ends when told to. */
function createJob(): {
  make: (signal: AbortSignal) => Promise<CachedResult>;
  signals: AbortSignal[];
  finish: (value: CachedResult | Error) => void;
} {
  const signals: AbortSignal[] = [];
  let finish: (value: CachedResult | Error) => void = () => {};
  return {
    signals,
    finish: (value) => finish(value),
    make: (signal) =>
      new Promise((resolve, reject) => {
        signals.push(signal);
        finish = (value) => (value instanceof Error ? reject(value) : resolve(value));
      }),
  };
}

const createCache = (): ReturnType<typeof createResultCache> =>
  createResultCache([createMemoryTier({ maxBytes: 10_000, maxVariants: 9 })]);

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('requests for the same', () => {
  it('share one run, and who goes away does not end it for the others', async () => {
    const cache = createCache();
    const job = createJob();
    const gone = new AbortController();
    const first = cache.obtain(key, gone.signal, job.make);
    const second = cache.obtain(key, never, job.make);
    await settle();
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(job.signals.map(({ aborted }) => aborted)).toEqual([false]);
    job.finish(result);
    expect(await second).toEqual({ result, origin: 'shared' });
    expect(cache.peek(key)).toEqual({ result, origin: 'memory' });
  });

  it('end the run when all went away; who comes then starts a new one', async () => {
    const cache = createCache();
    const job = createJob();
    const gone = new AbortController();
    const first = cache.obtain(key, gone.signal, job.make);
    await settle();
    gone.abort(new Error('gone'));
    await expect(first).rejects.toThrow('gone');
    expect(job.signals[0]?.aborted).toBe(true);
    const later = cache.obtain(key, never, job.make);
    await settle();
    job.finish(result);
    expect(await later).toEqual({ result, origin: 'render' });
    expect(job.signals.length).toBe(2);
  });

  it('fail together, and the failure is not kept', async () => {
    const cache = createCache();
    const job = createJob();
    const both = [cache.obtain(key, never, job.make), cache.obtain(key, never, job.make)];
    await settle();
    job.finish(new Error('damaged'));
    for (const one of both) await expect(one).rejects.toThrow('damaged');
    const again = cache.obtain(key, never, job.make);
    await settle();
    job.finish(result);
    expect((await again).origin).toBe('render');
  });

  it('are answered by a run that a purge overtook, which is not kept', async () => {
    const cache = createCache();
    const job = createJob();
    const running = cache.obtain(key, never, job.make);
    await settle();
    await cache.purge({ bucket: 'box', key: 'a.jpg' });
    job.finish(result);
    expect((await running).result).toBe(result);
    expect(cache.peek(key)).toBeUndefined();
  });

  it('find in a lower tier what they then have in the upper one', async () => {
    const lower = createMemoryTier({ maxBytes: 10_000, maxVariants: 9 });
    lower.put(key, result);
    const upper = createMemoryTier({ maxBytes: 10_000, maxVariants: 9 });
    const cache = createResultCache([upper, { ...lower, name: 'disk' }]);
    const make = (): Promise<CachedResult> => Promise.reject(new Error('not needed'));
    expect(await cache.obtain(key, never, make)).toEqual({ result, origin: 'disk' });
    expect(upper.get(key)).toBe(result);
  });
});

describe('the memory tier', () => {
  it('stays within its bytes and takes nothing that would push out most of the rest', () => {
    const tier = createMemoryTier({ maxBytes: 20_000, maxVariants: 100 });
    const put = (text: string, bytes: number): void =>
      void tier.put({ ...key, text }, { ...result, bytes: new Uint8Array(bytes) });
    for (let i = 0; i < 50; i++) {
      put(`${i}`, 1_000);
      expect(tier.usage?.bytes).toBeLessThanOrEqual(20_000);
    }
    const { results } = tier.usage ?? {};
    put('huge', 15_000);
    expect(tier.usage?.results).toBe(results);
    expect(tier.get({ ...key, text: '49' })).toEqual({ ...result, bytes: new Uint8Array(1_000) });
  });
});
