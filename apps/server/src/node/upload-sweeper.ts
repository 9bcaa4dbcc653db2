/**
 * Sweeps abandoned uploads, soon after the start and then from time to time, until it is closed. Nobody
 * waits for it, and what goes wrong is told and tried again.
 * @module
 */

import type { StorageDriver } from '@safelight/storage';
import { sweepAbandonedUploads } from '../abandoned-uploads.ts';
import type { Logger } from '../service.ts';

/** Between two sweeps; where uploads get less time than that, they are swept more often. */
const MAX_INTERVAL_MS = 3_600_000;
const MIN_INTERVAL_MS = 1_000;

/**
 * Gives what ends it: a sweep under way is waited for, as the store may be closed then.
 * @param maxAgeMs how long nothing may come for an upload, in ms; 0 for ever: nothing is swept
 */
export function startUploadSweeper(
  store: StorageDriver,
  maxAgeMs: number,
  logger: Logger,
): () => Promise<void> {
  if (maxAgeMs === 0) return () => Promise.resolve();
  let running: Promise<void> | undefined;
  const sweep = async (): Promise<void> => {
    try {
      const count = await sweepAbandonedUploads(store, { maxAgeMs, nowMs: Date.now() });
      if (count > 0) logger.info({ count }, 'abandoned uploads aborted');
    } catch (error) {
      logger.warn({ err: error }, 'abandoned uploads');
    }
  };
  const start = (): void => {
    running ??= sweep().finally(() => {
      running = undefined;
    });
  };
  start();
  const intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, maxAgeMs));
  const timer = setInterval(start, intervalMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
