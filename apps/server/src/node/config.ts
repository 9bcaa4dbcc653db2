/**
 * The settings of the Node entry: defaults, then the environment, then validation. The one place that
 * reads `process.env`. An unknown `SAFELIGHT_` variable or a malformed value stops the start and is
 * named; a secret never is shown.
 * @module
 */

import { availableParallelism, totalmem } from 'node:os';
import { LIMIT_PROFILES, type LimitProfile, type Limits } from '@safelight/core';
import * as v from 'valibot';
import {
  BUCKET,
  ConfigError,
  flag,
  HOST_NAME,
  hostsWithPorts,
  integer,
  missingPartner,
  oneOf,
  PREFIX,
  splitList,
  text,
} from './setting.ts';
import {
  STORE_SECRETS,
  STORE_VARIABLES,
  type StoreConfig,
  toStoreConfig,
} from './store-settings.ts';

export { ConfigError } from './setting.ts';

export interface ServerConfig extends StoreConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Both files in PEM; HTTPS is served beside HTTP. */
  readonly tls: TlsConfig | undefined;
  readonly dataFolder: string;
  readonly endpoints: readonly string[];
  readonly cnames: Readonly<Record<string, string>>;
  readonly region: string;
  /** `host` or `host:port` that callbacks may go to. */
  readonly callbackHosts: readonly string[];
  /** Undefined: generated on the first start. */
  readonly accessKey: AccessKeyPair | undefined;
  /** Further keys that may sign, so that clients can move from one to the next. */
  readonly moreAccessKeys: readonly AccessKeyPair[];
  /** Ids of keys that are refused as disabled, whatever they are. */
  readonly disabledKeys: readonly string[];
  readonly hasDemo: boolean;
  readonly workers: number;
  /** Renders that may wait for a worker. */
  readonly maxQueue: number;
  /** Predicted memory of all renders at work together. */
  readonly maxRendersBytes: number;
  readonly limits: Limits;
  readonly cache: CacheConfig;
  /** How long records of other nodes' writes may be unknown, ms. */
  readonly metadataMaxAgeMs: number;
  /** Bearer that may read metrics. */
  readonly metricsToken: string | undefined;
  /** How long a stopping service says that it is not ready before it takes nothing more, ms. */
  readonly drainMs: number;
  readonly isStrict: boolean;
  /** Styles that a bucket may have. */
  readonly maxStyles: number;
  /** How long nothing may come for an upload in parts before it is aborted, ms; 0 for ever. */
  readonly uploadMaxAgeMs: number;
  readonly isLenientHttp: boolean;
  readonly logLevel: LogLevel;
}

export interface AccessKeyPair {
  readonly id: string;
  readonly secret: string;
}

/** Where results are kept; 0 bytes mean not there. */
export interface CacheConfig {
  readonly memoryBytes: number;
  readonly diskBytes: number;
  readonly redisUrl: string | undefined;
  /** Results of one source in each tier. */
  readonly maxVariants: number;
}

export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly port: number;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** Variables of the project's own tests; a shell that has them set may still start the service. */
const TEST_VARIABLES: ReadonlySet<string> = new Set(['SAFELIGHT_CORPUS', 'SAFELIGHT_REQUIRE_ALL']);

const hosts = v.pipe(
  v.string(),
  v.transform((list) => splitList(list.toLowerCase())),
  v.everyItem((host) => HOST_NAME.test(host)),
  v.description('host names without ports, separated by commas'),
);
const cnames = v.pipe(
  v.string(),
  v.transform((list) => splitList(list.toLowerCase()).map((pair) => pair.split('='))),
  v.everyItem(
    ([host = '', bucket = '', ...rest]) =>
      HOST_NAME.test(host) && BUCKET.test(bucket) && rest.length === 0,
  ),
  v.transform((pairs) => Object.fromEntries(pairs) as Record<string, string>),
  v.description('host=bucket pairs, separated by commas'),
);

const KEY_ID = /^[\w.-]{1,128}$/;
const MIN_SECRET_CHARS = 8;
const keyPairs = v.pipe(
  v.string(),
  v.transform((list) =>
    list.split(',').map((pair): AccessKeyPair => {
      const colon = pair.indexOf(':');
      return { id: pair.slice(0, Math.max(0, colon)).trim(), secret: pair.slice(colon + 1).trim() };
    }),
  ),
  v.everyItem(({ id, secret }) => KEY_ID.test(id) && secret.length >= MIN_SECRET_CHARS),
  v.description(
    `id:secret pairs, separated by commas, secrets of at least ${MIN_SECRET_CHARS} characters`,
  ),
);
const keyIds = v.pipe(
  v.string(),
  v.transform((list) => list.split(',').map((id) => id.trim())),
  v.everyItem((id) => KEY_ID.test(id)),
  v.description('access key ids, separated by commas'),
);
const redisUrl = v.pipe(
  v.string(),
  v.regex(/^rediss?:\/\/\S+$/),
  v.description('a redis:// or rediss:// URL'),
);
const BYTES = integer(0, 1024 ** 5);
const DAY_MS = 24 * 3_600_000;

/** Variables whose value is never shown. */
const SECRETS: ReadonlySet<string> = new Set([
  'ACCESS_KEY_SECRET',
  'ACCESS_KEYS',
  'CACHE_REDIS',
  'METRICS_TOKEN',
  ...STORE_SECRETS,
]);

/** Every variable without its prefix. */
const VARIABLES = v.object({
  HOST: v.optional(text),
  PORT: v.optional(integer(0, 65_535)),
  TLS_CERT: v.optional(text),
  TLS_KEY: v.optional(text),
  TLS_PORT: v.optional(integer(0, 65_535)),
  DATA: v.optional(text),
  ENDPOINTS: v.optional(hosts),
  CNAMES: v.optional(cnames),
  CALLBACK_HOSTS: v.optional(hostsWithPorts),
  REGION: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^oss-[a-z0-9-]+$/),
      v.description("a region such as 'oss-cn-hangzhou'"),
    ),
  ),
  ACCESS_KEY_ID: v.optional(
    v.pipe(v.string(), v.regex(KEY_ID), v.description('1 to 128 letters, digits, - _ .')),
  ),
  ACCESS_KEY_SECRET: v.optional(
    v.pipe(v.string(), v.minLength(MIN_SECRET_CHARS), v.description('at least 8 characters')),
  ),
  ACCESS_KEYS: v.optional(keyPairs),
  DISABLED_KEYS: v.optional(keyIds),
  CACHE_MEMORY_BYTES: v.optional(BYTES),
  CACHE_DISK_BYTES: v.optional(BYTES),
  CACHE_REDIS: v.optional(redisUrl),
  CACHE_VARIANTS: v.optional(integer(1, 1_000_000)),
  METADATA_MAX_AGE_MS: v.optional(integer(0, 3_600_000)),
  METRICS_TOKEN: v.optional(
    v.pipe(v.string(), v.minLength(MIN_SECRET_CHARS), v.description('at least 8 characters')),
  ),
  DRAIN_MS: v.optional(integer(0, 600_000)),
  MEMORY_BYTES: v.optional(integer(16 * 1024 ** 2, 1024 ** 5)),
  DEMO: v.optional(flag),
  WORKERS: v.optional(integer(1, 256)),
  QUEUE: v.optional(integer(0, 100_000)),
  LIMITS: v.optional(oneOf(['oss', 'generous'] satisfies LimitProfile[])),
  MAX_RENDER_BYTES: v.optional(integer(16 * 1024 ** 2, 64 * 1024 ** 3)),
  TIMEOUT_MS: v.optional(integer(100, 3_600_000)),
  STRICT: v.optional(flag),
  MAX_STYLES: v.optional(integer(0, 10_000)),
  UPLOAD_MAX_AGE_MS: v.optional(integer(0, 365 * DAY_MS)),
  LENIENT_HTTP: v.optional(flag),
  LOG_LEVEL: v.optional(oneOf(['silent', 'error', 'warn', 'info', 'debug'])),
  ...STORE_VARIABLES,
});

type Variables = v.InferOutput<typeof VARIABLES>;

/**
 * The configuration that the environment asks for. An empty value counts as absent.
 * @throws ConfigError
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerConfig {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || TEST_VARIABLES.has(name)) continue;
    if (value === undefined || value === '') continue;
    given[name.slice(PREFIX.length)] = value;
  }
  return toConfig(validate(given));
}

function validate(given: Readonly<Record<string, string>>): Variables {
  const { entries } = VARIABLES;
  for (const name of Object.keys(given)) {
    if (Object.hasOwn(entries, name)) continue;
    const known = Object.keys(entries).map((entry) => PREFIX + entry);
    const variable = PREFIX + name;
    throw new ConfigError(variable, `${variable}: expected one of ${known.join(', ')}.`);
  }
  const result = v.safeParse(VARIABLES, given);
  if (result.success) return result.output;
  const name = String(result.issues[0].path?.[0].key) as keyof typeof entries;
  const expected = v.getDescription(entries[name].wrapped) ?? 'another value';
  const got = SECRETS.has(name) ? 'something else' : `'${given[name] ?? ''}'`;
  throw new ConfigError(PREFIX + name, `${PREFIX}${name}: expected ${expected}, got ${got}.`);
}

function toConfig(variables: Variables): ServerConfig {
  const workers = variables.WORKERS ?? availableParallelism();
  const profile = LIMIT_PROFILES[variables.LIMITS ?? 'generous'];
  return {
    host: variables.HOST ?? '127.0.0.1',
    port: variables.PORT ?? 9080,
    tls: toTls(variables),
    ...toStoreConfig(variables),
    dataFolder: variables.DATA ?? 'data',
    endpoints: variables.ENDPOINTS ?? [],
    cnames: variables.CNAMES ?? {},
    callbackHosts: variables.CALLBACK_HOSTS ?? [],
    region: variables.REGION ?? 'oss-cn-hangzhou',
    accessKey: toAccessKey(variables),
    moreAccessKeys: variables.ACCESS_KEYS ?? [],
    disabledKeys: variables.DISABLED_KEYS ?? [],
    // A store that others share is filled with nothing that nobody asked for.
    hasDemo: variables.DEMO ?? variables.STORE !== 's3',
    workers,
    maxQueue: variables.QUEUE ?? workers * 32,
    maxRendersBytes: variables.MEMORY_BYTES ?? Math.floor(totalmem() / 2),
    limits: {
      ...profile,
      maxMemoryBytes: variables.MAX_RENDER_BYTES ?? profile.maxMemoryBytes,
      timeoutMs: variables.TIMEOUT_MS ?? profile.timeoutMs,
    },
    cache: toCache(variables),
    metadataMaxAgeMs: variables.METADATA_MAX_AGE_MS ?? 1000,
    metricsToken: variables.METRICS_TOKEN,
    drainMs: variables.DRAIN_MS ?? 0,
    isStrict: variables.STRICT ?? false,
    maxStyles: variables.MAX_STYLES ?? 50,
    uploadMaxAgeMs: variables.UPLOAD_MAX_AGE_MS ?? 7 * DAY_MS,
    isLenientHttp: variables.LENIENT_HTTP ?? false,
    logLevel: variables.LOG_LEVEL ?? 'info',
  };
}

/** What is asked for again after a restart is worth a disk; what a memory store forgets is not. */
function toCache(variables: Variables): CacheConfig {
  const isPersistent = (variables.STORE ?? 'fs') !== 'memory';
  return {
    memoryBytes: variables.CACHE_MEMORY_BYTES ?? 128 * 1024 ** 2,
    diskBytes: variables.CACHE_DISK_BYTES ?? (isPersistent ? 1024 ** 3 : 0),
    redisUrl: variables.CACHE_REDIS,
    maxVariants: variables.CACHE_VARIANTS ?? 256,
  };
}

function toTls(variables: Variables): TlsConfig | undefined {
  const { TLS_CERT: certFile, TLS_KEY: keyFile, TLS_PORT: port } = variables;
  if (certFile === undefined && keyFile === undefined) {
    if (port !== undefined) throw missingPartner('TLS_CERT', 'TLS_PORT');
    return undefined;
  }
  if (certFile === undefined) throw missingPartner('TLS_CERT', 'TLS_KEY');
  if (keyFile === undefined) throw missingPartner('TLS_KEY', 'TLS_CERT');
  return { certFile, keyFile, port: port ?? 9443 };
}

function toAccessKey(variables: Variables): ServerConfig['accessKey'] {
  const { ACCESS_KEY_ID: id, ACCESS_KEY_SECRET: secret } = variables;
  if (id === undefined && secret === undefined) return undefined;
  if (id === undefined) throw missingPartner('ACCESS_KEY_ID', 'ACCESS_KEY_SECRET');
  if (secret === undefined) throw missingPartner('ACCESS_KEY_SECRET', 'ACCESS_KEY_ID');
  return { id, secret };
}
