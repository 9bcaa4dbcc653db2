/**
 * Results in a Redis or Valkey that nodes share; how much it keeps is its own `maxmemory` and eviction
 * policy. Easily got wrong: a server that is slow or gone must cost a request next to nothing, so every
 * look has little time and none waits for a connection.
 * @module
 */

import { createClient, type RedisClientType, RESP_TYPES } from '@redis/client';
import type { CachedResult, PurgeScope, ResultKey, ResultTier } from '../../cache/result-tier.ts';
import { decodeResult, encodeHead, nameOf, placeNameOf, type ResultName } from './cache-file.ts';

export interface RedisTierOptions {
  /** `redis://` or `rediss://` */
  readonly url: string;
  /** Results of one source. */
  readonly maxVariants: number;
  /** How long a result is kept that nobody replaces. */
  readonly maxAgeSec: number;
  readonly onProblem: (problem: unknown) => void;
}

/** Everything of ours starts so. */
const PREFIX = 'safelight:';

/** A render of a thumbnail takes some 30 ms: a look that takes longer than this is no gain. */
const LOOK_TIMEOUT_MS = 100;

/** A write or purge under way. */
const COMMAND_TIMEOUT_MS = 5_000;

/** Larger results stay with the node that made them. */
const MAX_RESULT_BYTES = 16 * 1024 ** 2;

/** Results on their way, beyond which new ones are not sent. */
const MAX_PENDING = 64;

const SCAN_COUNT = 1_000;

/** Never fails: without the server the tier is empty, and is tried again until it is there. */
export async function openRedisTier(options: RedisTierOptions): Promise<ResultTier> {
  const client = createClient({
    url: options.url,
    // Without a connection a command fails at once instead of waiting for one.
    disableOfflineQueue: true,
    socket: { connectTimeout: COMMAND_TIMEOUT_MS, reconnectStrategy: retryDelayMs },
  });
  client.on('error', options.onProblem);
  await untilTimeout(client.connect(), COMMAND_TIMEOUT_MS).catch(options.onProblem);
  return new RedisTier(client, options);
}

function retryDelayMs(retries: number): number {
  return Math.min(5_000, 100 * 2 ** Math.min(retries, 6));
}

type Client = RedisClientType<NoModules, NoModules, NoModules, 3, NoModules>;

/** Plain commands alone. */
type NoModules = Record<never, never>;

class RedisTier implements ResultTier {
  readonly name = 'redis';
  readonly isShared = true;
  readonly usage = undefined;
  readonly #client: Client;
  readonly #options: RedisTierOptions;
  readonly #pending = new Set<Promise<void>>();

  constructor(client: Client, options: RedisTierOptions) {
    this.#client = client;
    this.#options = options;
  }

  async get(key: ResultKey): Promise<CachedResult | undefined> {
    if (!this.#client.isReady) return undefined;
    try {
      const buffers = this.#client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const stored = await untilTimeout(buffers.get(entryOf(nameOf(key))), LOOK_TIMEOUT_MS);
      return stored === null ? undefined : decodeResult(stored, key);
    } catch (problem) {
      this.#options.onProblem(problem);
      return undefined;
    }
  }

  put(key: ResultKey, result: CachedResult): Promise<void> | void {
    if (!this.#client.isReady || this.#pending.size >= MAX_PENDING) return;
    if (result.bytes.byteLength > MAX_RESULT_BYTES) return;
    const storing = this.#store(key, result)
      .catch(this.#options.onProblem)
      .finally(() => this.#pending.delete(storing));
    this.#pending.add(storing);
    return storing;
  }

  /** Fails when the server is gone: a purge that did not happen must not look like one that did. */
  async purge(scope: PurgeScope): Promise<number> {
    let count = 0;
    const search = { MATCH: patternOf(scope), COUNT: SCAN_COUNT };
    for await (const names of this.#client.scanIterator(search)) {
      if (names.length > 0) count += await this.#client.unlink(names);
    }
    return count;
  }

  async close(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#client.isReady) await this.#client.close();
    else this.#client.destroy();
  }

  async #store(key: ResultKey, result: CachedResult): Promise<void> {
    const { maxAgeSec, maxVariants } = this.#options;
    const name = nameOf(key);
    const entry = entryOf(name);
    const variants = variantsOf(name);
    const value = Buffer.concat([encodeHead(key, result), result.bytes]);
    const replies = await untilTimeout(
      this.#client
        .multi()
        .set(entry, value, { expiration: { type: 'EX', value: maxAgeSec } })
        .zAdd(variants, { score: Date.now(), value: entry })
        .expire(variants, maxAgeSec)
        .zRange(variants, 0, -maxVariants - 1)
        .zRemRangeByRank(variants, 0, -maxVariants - 1)
        .exec(),
      COMMAND_TIMEOUT_MS,
    );
    const surplus = replies[3] as unknown as string[];
    if (surplus.length > 0) await this.#client.unlink(surplus);
  }
}

/** `safelight:result:BUCKET:OBJECT:STYLE:WHOLE`, of digests, so that no part has a wildcard. */
function entryOf({ bucket, object, style, whole }: ResultName): string {
  return `${PREFIX}result:${bucket}:${object}:${style}:${whole}`;
}

function variantsOf({ bucket, object }: ResultName): string {
  return `${PREFIX}variants:${bucket}:${object}`;
}

function patternOf(scope: PurgeScope): string {
  const { bucket, object, style } = placeNameOf(scope);
  const objectPart = scope.key === undefined ? '*' : object;
  const stylePart = scope.style === undefined ? '*' : style;
  return `${PREFIX}result:${bucket}:${objectPart}:${stylePart}:*`;
}

async function untilTimeout<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `redis: expected an answer within ${timeoutMs} ms`;
    timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    // What comes too late must not end the process.
    work.catch(() => {});
  }
}
