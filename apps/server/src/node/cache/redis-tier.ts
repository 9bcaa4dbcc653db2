/**
 * Results in a Redis or Valkey that nodes share; how much it keeps is its own `maxmemory` and eviction
 * policy. Easily got wrong: a server that is slow or gone must cost a request next to nothing, so every
 * look has little time and none waits for a connection.
 * @module
 */

import { createClient, RESP_TYPES } from '@redis/client';
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
  const { url, maxVariants, maxAgeSec, onProblem } = options;
  const client = createClient({
    url,
    // Without a connection a command fails at once instead of waiting for one.
    disableOfflineQueue: true,
    socket: { connectTimeout: COMMAND_TIMEOUT_MS, reconnectStrategy: (tries) => Math.min(5_000, 100 * 2 ** Math.min(tries, 6)) },
  });
  client.on('error', onProblem);
  await untilTimeout(client.connect(), COMMAND_TIMEOUT_MS).catch(onProblem);
  const buffers = client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const pending = new Set<Promise<void>>();

  const look = async (key: ResultKey): Promise<CachedResult | undefined> => {
    if (!client.isReady) return undefined;
    try {
      const stored = await untilTimeout(buffers.get(entryOf(nameOf(key))), LOOK_TIMEOUT_MS);
      return stored === null ? undefined : decodeResult(stored, key);
    } catch (problem) {
      onProblem(problem);
      return undefined;
    }
  };
  const store = async (key: ResultKey, result: CachedResult): Promise<void> => {
    const name = nameOf(key);
    const entry = entryOf(name);
    const variants = variantsOf(name);
    const value = Buffer.concat([encodeHead(key, result), result.bytes]);
    const replies = await untilTimeout(
      client
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
    if (surplus.length > 0) await client.unlink(surplus);
  };
  const forget = async (scope: PurgeScope): Promise<number> => {
    let count = 0;
    for await (const names of client.scanIterator({ MATCH: patternOf(scope), COUNT: SCAN_COUNT })) {
      if (names.length > 0) count += await client.unlink(names);
    }
    return count;
  };
  return {
    name: 'redis',
    isShared: true,
    usage: undefined,
    get: look,
    put(key, result) {
      if (!client.isReady || pending.size >= MAX_PENDING) return;
      if (result.bytes.byteLength > MAX_RESULT_BYTES) return;
      const storing = store(key, result)
        .catch(onProblem)
        .finally(() => pending.delete(storing));
      pending.add(storing);
      return storing;
    },
    // A purge that did not happen must not look like one that did.
    purge: forget,
    async close() {
      await Promise.all(pending);
      if (client.isReady) await client.close();
      else client.destroy();
    },
  };
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
