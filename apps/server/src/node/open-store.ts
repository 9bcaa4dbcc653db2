/**
 * The store that the settings ask for, with its mirrors. Easily got wrong: the S3 client is large, so
 * it is loaded where that store is used and nowhere else.
 * @module
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isStorageError, type StorageDriver } from '@safelight/storage';
import { openFsDriver } from '@safelight/storage/fs';
import { createMemoryDriver } from '@safelight/storage/memory';
import type { Logger } from '../service.ts';
import type { ServerConfig } from './config.ts';
import { ConfigError } from './setting.ts';
import type { OriginConfig, S3Config } from './store-settings.ts';

type StoreSettings = Pick<ServerConfig, 'store' | 's3' | 'origins' | 'dataFolder'>;
type OnProblem = (problem: unknown) => void;

/** @throws ConfigError for an S3 store that does not answer as one */
export async function openStore(config: StoreSettings, logger: Logger): Promise<StorageDriver> {
  const onProblem: OnProblem = (problem) => logger.error({ err: problem }, 'store');
  const driver = await openDriver(config, onProblem);
  if (config.origins.origins.length === 0) return driver;
  try {
    return await openMirror(driver, config.origins, onProblem);
  } catch (error) {
    await driver.close();
    throw error;
  }
}

async function openDriver(config: StoreSettings, onProblem: OnProblem): Promise<StorageDriver> {
  if (config.s3 !== undefined) return openS3(config.s3, onProblem);
  if (config.store === 'memory') return createMemoryDriver();
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  return openFsDriver({ folder: join(config.dataFolder, 'store'), onProblem });
}

async function openS3(config: S3Config, onProblem: OnProblem): Promise<StorageDriver> {
  const { openS3Driver } = await import('@safelight/storage/s3');
  const { bucket, endpoint, region, prefix, accessKey, isPathStyle } = config;
  try {
    return await openS3Driver({
      bucket,
      endpoint,
      region,
      prefix,
      accessKeyId: accessKey?.id,
      secretAccessKey: accessKey?.secret,
      isPathStyle,
      onProblem,
    });
  } catch (cause) {
    if (!isStorageError(cause)) throw cause;
    const expected = `expected a bucket to read and write at ${endpoint ?? 'Amazon S3'}`;
    const message = `SAFELIGHT_S3_BUCKET: ${expected}, got '${bucket}' (${cause.message}).`;
    throw new ConfigError('SAFELIGHT_S3_BUCKET', message.replaceAll(/\s+/g, ' '), { cause });
  }
}

async function openMirror(
  driver: StorageDriver,
  config: OriginConfig,
  onProblem: OnProblem,
): Promise<StorageDriver> {
  const { isPublicAddress, mirrorOrigins } = await import('@safelight/storage/origin');
  const { origins, redirectHosts, allowsPrivate, maxBytes, timeoutMs, maxAgeMs } = config;
  return mirrorOrigins(driver, {
    origins: origins.map(({ bucket, base }) => ({ bucket, base, redirectHosts })),
    allowsAddress: (address) => isPublicAddress(address) || allowsPrivate(address),
    maxBytes,
    timeoutMs,
    freshMs: maxAgeMs,
    onProblem,
  });
}
