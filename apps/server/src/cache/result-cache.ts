/**
 * Finished results in tiers, the quickest first, and one run for requests that ask for the same at the
 * same time. Who may see a result was decided before. Easily got wrong: the run belongs to all who
 * wait for it, so it ends early only when all of them went away.
 * @module
 */

import {
  type CachedResult,
  isInScope,
  type PurgeScope,
  type ResultKey,
  type ResultTier,
} from './result-tier.ts';

export interface Obtained {
  readonly result: CachedResult;
  /** A tier's name, `render`, or `shared` with the render of another request. */
  readonly origin: string;
}

/** Makes what no tier has. The signal ends when nobody waits any more. */
type MakeResult = (signal: AbortSignal) => Promise<CachedResult>;

export interface ResultCache {
  /**
   * The result under this key, from a tier or from `make`.
   * @throws what `make` throws, to all who waited for it; the signal's reason to who went away
   */
  obtain(key: ResultKey, signal: AbortSignal, make: MakeResult): Promise<Obtained>;
  /** The result when the first tier has it: no waiting, for answers that cost nothing. */
  peek(key: ResultKey): Obtained | undefined;
  /** Forgets in every tier, and tells how many results: one in two tiers counts twice. */
  purge(scope: PurgeScope): Promise<number>;
  /**
   * Forgets what this node alone holds, because another node was told to purge.
   * @param beforeMs only what was kept before this Unix time in ms, where that is known
   */
  dropOwn(scope: PurgeScope, beforeMs: number | undefined): void;
  /** Forgets what this node holds of an object that has just been written: it cannot be asked for. */
  forgetObject(bucket: string, key: string): void;
  readonly tiers: readonly ResultTier[];
  close(): Promise<void>;
}

interface Flight {
  readonly done: Promise<Obtained>;
  readonly controller: AbortController;
  readonly key: ResultKey;
  /** Set by a purge: what was made of older bytes is given to who waits, and not kept. */
  isStale: boolean;
  waiting: number;
}

/** @param tiers the quickest first; without any, results are shared while they are made */
export function createResultCache(tiers: readonly ResultTier[]): ResultCache {
  const flights = new Map<string, Flight>();
  const peek = (key: ResultKey): Obtained | undefined => {
    const [first] = tiers;
    const result = first?.get(key);
    if (first === undefined || result === undefined || result instanceof Promise) return undefined;
    return { result, origin: first.name };
  };
  const start = (key: ResultKey, make: MakeResult): Flight => {
    const controller = new AbortController();
    const isKept = (): boolean => !flight.isStale;
    const flight: Flight = {
      controller,
      key,
      isStale: false,
      waiting: 0,
      done: lookOrMake(tiers, key, () => make(controller.signal), isKept).finally(() => {
        if (flights.get(key.text) === flight) flights.delete(key.text);
      }),
    };
    // All who waited may be gone when it fails: then nobody hears of it.
    flight.done.catch(() => {});
    flights.set(key.text, flight);
    return flight;
  };
  const leave = (key: ResultKey, flight: Flight): void => {
    flight.waiting--;
    if (flight.waiting > 0) return;
    // Who comes now must not join a run that is about to end without a result.
    if (flights.get(key.text) === flight) flights.delete(key.text);
    flight.controller.abort();
  };
  return {
    tiers,
    peek,
    async obtain(key, signal, make) {
      const found = peek(key);
      if (found !== undefined) return found;
      signal.throwIfAborted();
      const running = flights.get(key.text);
      const flight = running ?? start(key, make);
      flight.waiting++;
      try {
        const obtained = await untilAborted(flight.done, signal);
        return running === undefined ? obtained : { ...obtained, origin: 'shared' };
      } finally {
        leave(key, flight);
      }
    },
    async purge(scope) {
      markStale(flights, scope);
      const counts = await Promise.all(tiers.map((tier) => tier.purge(scope)));
      return counts.reduce((sum, count) => sum + count, 0);
    },
    dropOwn(scope, beforeMs) {
      markStale(flights, scope);
      for (const tier of tiers) if (!tier.isShared) void tier.purge(scope, beforeMs);
    },
    forgetObject(bucket, key) {
      for (const tier of tiers) if (!tier.isShared) void tier.purge({ bucket, key });
    },
    async close() {
      await Promise.all(tiers.map((tier) => tier.close()));
    },
  };
}

/** Who comes now starts anew; who waits gets what was under way. */
function markStale(flights: Map<string, Flight>, scope: PurgeScope): void {
  for (const [text, flight] of flights) {
    if (!isInScope(flight.key, scope)) continue;
    flight.isStale = true;
    flights.delete(text);
  }
}

async function lookOrMake(
  tiers: readonly ResultTier[],
  key: ResultKey,
  make: () => Promise<CachedResult>,
  isKept: () => boolean,
): Promise<Obtained> {
  for (const [level, tier] of tiers.entries()) {
    const result = await tier.get(key);
    if (result === undefined) continue;
    if (isKept()) keep(tiers.slice(0, level), key, result);
    return { result, origin: tier.name };
  }
  const result = await make();
  if (isKept()) keep(tiers, key, result);
  return { result, origin: 'render' };
}

/** Nobody waits for a slow tier to have written. */
function keep(tiers: readonly ResultTier[], key: ResultKey, result: CachedResult): void {
  for (const tier of tiers) void tier.put(key, result);
}

/** The promise's outcome, or the signal's reason when that comes first. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
