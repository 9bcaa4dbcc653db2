/**
 * The tiers that the settings ask for, the quickest first.
 * @module
 */

import { join } from 'node:path';
import { createMemoryTier } from '../../cache/memory-tier.ts';
import type { ResultTier } from '../../cache/result-tier.ts';
import type { Logger } from '../../service.ts';
import type { ServerConfig } from '../config.ts';
import { openDiskTier } from './disk-tier.ts';

/** A tier that goes on failing is told of this often, ms. */
const PROBLEM_INTERVAL_MS = 10_000;

export async function openTiers(
  { cache, dataFolder }: Pick<ServerConfig, 'cache' | 'dataFolder'>,
  logger: Logger,
): Promise<readonly ResultTier[]> {
  const { memoryBytes, diskBytes, redisUrl, maxVariants } = cache;
  const tiers: ResultTier[] = [];
  if (memoryBytes > 0) tiers.push(createMemoryTier({ maxBytes: memoryBytes, maxVariants }));
  if (diskBytes > 0) {
    const folder = join(dataFolder, 'cache');
    const onProblem = warner(logger, 'cache on disk');
    tiers.push(await openDiskTier({ folder, maxBytes: diskBytes, maxVariants, onProblem }));
  }
  if (redisUrl !== undefined) {
    // Loaded only where it is used.
    const { openRedisTier } = await import('./redis-tier.ts');
    const onProblem = warner(logger, 'cache in Redis');
    tiers.push(await openRedisTier({ url: redisUrl, maxVariants, maxAgeSec: DAY_SEC, onProblem }));
  }
  return tiers;
}

/** Results in Redis that nobody replaced or evicted. */
const DAY_SEC = 24 * 3600;

function warner(logger: Logger, what: string): (problem: unknown) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return (problem) => {
    const nowMs = performance.now();
    if (nowMs - toldMs < PROBLEM_INTERVAL_MS) return;
    toldMs = nowMs;
    logger.warn({ err: problem }, what);
  };
}
