/**
 * The whole service in one process: store, workers, listeners, in the order they depend on each other,
 * and closed in the reverse one. Easily got wrong: a start that fails halfway must let go of the store.
 * @module
 */

import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { isImageError } from '@safelight/core';
import { isStorageError, type StorageDriver } from '@safelight/storage';
import type { Hono } from 'hono';
import { detectKernelSet } from 'safelight';
import { createApp } from '../app.ts';
import type { ResultTier } from '../cache/result-tier.ts';
import type { Logger } from '../service.ts';
import { createKeyRing, loadAccessKey, type ServiceKey } from './access-key.ts';
import { openTiers } from './cache/open-tiers.ts';
import { ConfigError, type ServerConfig } from './config.ts';
import { createDemo, DEMO_BUCKET } from './demo.ts';
import { closeListener, createListener, listen, nodeHeaders, nodeTarget } from './listener.ts';
import { createLogger } from './logger.ts';
import { openStore } from './open-store.ts';
import { createPrometheus } from './prometheus.ts';
import { createRenderPool, type RenderPool } from './render-pool.ts';
import { startUploadSweeper } from './upload-sweeper.ts';

export interface RunningServer {
  /** `http://localhost:9080`, without a slash at the end. */
  readonly url: string;
  /** Undefined without a certificate. */
  readonly httpsUrl: string | undefined;
  readonly accessKey: ServiceKey;
  /** Whether the demo's buckets are there to look at. */
  readonly hasDemo: boolean;
  /** Stops taking requests, finishes those under way, lets go of the store. */
  close(): Promise<void>;
}

const SLOW_KERNELS =
  'no WebAssembly SIMD here: pictures are the same, but take several times as long';

/** How long requests under way may take to end when the service stops. */
const CLOSE_GRACE_MS = 30_000;

/** How long a connection may be silent beside the time that its request may take. */
const IDLE_GRACE_MS = 10_000;

/** Changes with whatever reaches pixels: engine, codecs, default settings. */
const ENGINE_VERSION = '0.3.1';

/** @throws ConfigError for a setting that turns out not to work */
export async function startServer(
  config: ServerConfig,
  options: { readonly logger?: Logger } = {},
): Promise<RunningServer> {
  const logger = options.logger ?? createLogger(config.logLevel);
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    const tls = await readTls(config);
    const accessKey = await inDataFolder(config, () => loadAccessKey(config));
    if (accessKey.mendedFile !== undefined) {
      const file = accessKey.mendedFile;
      logger.warn(
        { file },
        'others could read the access key: now they cannot; think of a new one',
      );
    }
    const store = await inDataFolder(config, () => openStore(config, logger));
    closers.push(() => store.close());
    closers.push(startUploadSweeper(store, config.uploadMaxAgeMs, logger));
    const renderer = openPool(config);
    closers.push(() => renderer.close());
    const tiers = await inDataFolder(config, () => openTiers(config, logger));
    for (const tier of tiers) closers.push(() => tier.close());
    const { limits, region } = config;
    if (config.hasDemo)
      await tryDemo(() => createDemo(store, renderer, { limits, region }), logger);
    const hasDemo = (await store.getBucket(DEMO_BUCKET)) !== undefined;
    let isStopping = false;
    const isReady = async (): Promise<boolean> => !isStopping && (await answers(store));
    const app = createNodeApp(config, { accessKey, store, renderer, logger, tiers, isReady });
    const start = async (server: Server, port: number, variable: string): Promise<number> => {
      const taken = await listenOrExplain(server, config.host, port, variable);
      closers.push(() => closeListener(server, CLOSE_GRACE_MS));
      return taken;
    };
    const { isLenientHttp } = config;
    // A request waits for a place, for its source and for its render, each at most that long.
    const idleTimeoutMs = IDLE_GRACE_MS + 4 * limits.timeoutMs;
    const plain = createListener({ app, isLenientHttp, idleTimeoutMs });
    const port = await start(plain, config.port, 'SAFELIGHT_PORT');
    const url = `http://${shownHost(config.host)}:${port}`;
    let httpsUrl: string | undefined;
    if (tls !== undefined) {
      const secure = createListener({ app, isLenientHttp, idleTimeoutMs, tls });
      const tlsPort = await start(secure, tls.port, 'SAFELIGHT_TLS_PORT');
      httpsUrl = `https://${shownHost(config.host)}:${tlsPort}`;
    }
    const kernels = detectKernelSet();
    logger.info(
      { url, httpsUrl, store: store.name, workers: config.workers, kernels },
      'listening',
    );
    if (kernels === 'portable') logger.warn({ kernels }, SLOW_KERNELS);
    const stop = async (): Promise<void> => {
      isStopping = true;
      if (config.drainMs > 0) await sleep(config.drainMs);
      await close();
    };
    return { url, httpsUrl, accessKey, hasDemo, close: once(stop) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Limits too tight for the demo's picture are no reason not to serve. */
async function tryDemo(create: () => Promise<unknown>, logger: Logger): Promise<void> {
  try {
    await create();
  } catch (error) {
    // Another node on this store that starts at the same time makes it.
    if (isStorageError(error) && error.code === 'BucketAlreadyExists') return;
    if (!isImageError(error)) throw error;
    logger.warn({ err: error }, 'no demo: the limits do not allow its picture');
  }
}

function createNodeApp(
  config: ServerConfig,
  parts: {
    readonly accessKey: ServiceKey;
    readonly store: StorageDriver;
    readonly renderer: RenderPool;
    readonly logger: Logger;
    readonly tiers: readonly ResultTier[];
    readonly isReady: () => Promise<boolean>;
  },
): Hono {
  const { accessKey, store, renderer, logger, tiers, isReady } = parts;
  return createApp({
    store,
    renderer,
    logger,
    cache: tiers,
    telemetry: createPrometheus({ tiers, load: () => renderer.load }),
    isReady,
    findKey: createKeyRing(accessKey, config),
    limits: config.limits,
    settings: {
      region: config.region,
      endpoints: config.endpoints,
      cnames: config.cnames,
      strict: config.isStrict,
      metadataMaxAgeMs: config.metadataMaxAgeMs,
      metricsToken: config.metricsToken,
      maxStyles: config.maxStyles,
      callbackHosts: config.callbackHosts,
    },
    rawTarget: nodeTarget,
    rawHeaders: nodeHeaders,
  });
}

function openPool(config: ServerConfig): RenderPool {
  const { workers, maxQueue, maxRendersBytes: maxMemoryBytes, limits } = config;
  return createRenderPool({ workers, maxQueue, maxMemoryBytes, limits, version: ENGINE_VERSION });
}

/** Whether the store can be asked at all; that there is no such bucket is an answer. */
async function answers(store: StorageDriver): Promise<boolean> {
  try {
    await store.getBucket('safelight-ready');
    return true;
  } catch {
    return false;
  }
}

async function readTls(
  config: ServerConfig,
): Promise<{ cert: string; key: string; port: number } | undefined> {
  if (config.tls === undefined) return undefined;
  const { certFile, keyFile, port } = config.tls;
  const cert = await readPem(certFile, 'SAFELIGHT_TLS_CERT');
  const key = await readPem(keyFile, 'SAFELIGHT_TLS_KEY');
  checkPem({ cert }, 'SAFELIGHT_TLS_CERT', `a certificate, got '${certFile}'`);
  checkPem({ cert, key }, 'SAFELIGHT_TLS_KEY', `the certificate's key, got '${keyFile}'`);
  return { cert, key, port };
}

/** A half copied certificate, or the key of another one, shows when a context is made of them. */
function checkPem(pem: SecureContextOptions, variable: string, expected: string): void {
  try {
    createSecureContext(pem);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : 'unreadable';
    throw new ConfigError(variable, `${variable}: expected ${expected} (${why}).`, { cause });
  }
}

/** What the folder of the data is to blame for is told with the name of its setting. */
async function inDataFolder<T>(config: ServerConfig, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    if (!isStorageError(cause) && !(cause instanceof Error && 'syscall' in cause)) throw cause;
    const expected = `expected a folder of this service's own, got '${config.dataFolder}'`;
    const message = `SAFELIGHT_DATA: ${expected} (${cause.message}).`;
    throw new ConfigError('SAFELIGHT_DATA', message, { cause });
  }
}

async function readPem(file: string, variable: string): Promise<string> {
  const pem = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      variable,
      `${variable}: expected a readable file, got '${file}' (${error.code ?? error.message}).`,
    );
  });
  if (pem.includes('-----BEGIN ')) return pem;
  throw new ConfigError(variable, `${variable}: expected a PEM file, got '${file}'.`);
}

/** @param portVariable the setting that `port` comes from */
async function listenOrExplain(
  server: Server,
  host: string,
  port: number,
  portVariable: string,
): Promise<number> {
  try {
    return await listen(server, host, port);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    const variable = code === 'EADDRINUSE' || code === 'EACCES' ? portVariable : 'SAFELIGHT_HOST';
    throw new ConfigError(
      variable,
      `${variable}: expected an address to listen on, got ${host}:${port} (${code}).`,
    );
  }
}

/** A host that a browser on this machine can follow. */
function shownHost(host: string): string {
  if (['127.0.0.1', '::1', '0.0.0.0', '::'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= run());
}
