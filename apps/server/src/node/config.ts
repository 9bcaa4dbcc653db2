/**
 * The settings of the Node entry: defaults, then the environment, then validation. The one place that
 * reads `process.env`. An unknown `SAFELIGHT_` variable or a malformed value stops the start and is
 * named; a secret never is shown.
 * @module
 */

import { availableParallelism } from 'node:os';
import { LIMIT_PROFILES, type LimitProfile, type Limits } from '@safelight/core';
import * as v from 'valibot';

export interface ServerConfig {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Both files in PEM; HTTPS is served beside HTTP. */
  readonly tls: TlsConfig | undefined;
  readonly store: 'fs' | 'memory';
  readonly dataFolder: string;
  readonly endpoints: readonly string[];
  readonly cnames: Readonly<Record<string, string>>;
  readonly region: string;
  /** `host` or `host:port` that callbacks may go to. */
  readonly callbackHosts: readonly string[];
  /** Undefined: generated on the first start. */
  readonly accessKey: { readonly id: string; readonly secret: string } | undefined;
  readonly hasDemo: boolean;
  readonly workers: number;
  /** Renders that may wait for a worker. */
  readonly maxQueue: number;
  readonly limits: Limits;
  readonly isStrict: boolean;
  /** Styles that a bucket may have. */
  readonly maxStyles: number;
  readonly isLenientHttp: boolean;
  readonly logLevel: LogLevel;
}

export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  readonly port: number;
}

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug';

/** A setting that is wrong; the message names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly variable: string;

  constructor(variable: string, message: string, options?: { readonly cause: unknown }) {
    super(message, options);
    this.variable = variable;
  }
}

const PREFIX = 'SAFELIGHT_';

/** Variables of the project's own tests; a shell that has them set may still start the service. */
const TEST_VARIABLES: ReadonlySet<string> = new Set(['SAFELIGHT_CORPUS', 'SAFELIGHT_REQUIRE_ALL']);

const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const HOST_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Words of a setting and what they mean. */
const SWITCH: Readonly<Record<string, boolean>> = { '0': false, '1': true };

function integer(min: number, max: number): v.GenericSchema<string, number> {
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
    v.description(`an integer in ${min}..${max}`),
  );
}

function oneOf<const T extends string>(words: readonly T[]): v.GenericSchema<string, T> {
  return v.pipe(v.string(), v.picklist(words), v.description(`one of ${words.join(', ')}`));
}

const text = v.pipe(v.string(), v.description('a text'));
const flag = v.pipe(
  v.string(),
  v.picklist(Object.keys(SWITCH)),
  v.transform((word) => SWITCH[word] === true),
  v.description('0 or 1'),
);
const hosts = v.pipe(
  v.string(),
  v.transform((list) => splitList(list)),
  v.everyItem((host) => HOST_NAME.test(host)),
  v.description('host names without ports, separated by commas'),
);
const callbackHosts = v.pipe(
  v.string(),
  v.transform((list) => splitList(list)),
  v.everyItem((host) => HOST_NAME.test(host.replace(/:\d{1,5}$/, ''))),
  v.description('host or host:port, separated by commas'),
);
const cnames = v.pipe(
  v.string(),
  v.transform((list) => splitList(list).map((pair) => pair.split('='))),
  v.everyItem(
    ([host = '', bucket = '', ...rest]) =>
      HOST_NAME.test(host) && BUCKET.test(bucket) && rest.length === 0,
  ),
  v.transform((pairs) => Object.fromEntries(pairs) as Record<string, string>),
  v.description('host=bucket pairs, separated by commas'),
);

/** Every variable without its prefix. */
const VARIABLES = v.object({
  HOST: v.optional(text),
  PORT: v.optional(integer(0, 65_535)),
  TLS_CERT: v.optional(text),
  TLS_KEY: v.optional(text),
  TLS_PORT: v.optional(integer(0, 65_535)),
  STORE: v.optional(oneOf(['fs', 'memory'])),
  DATA: v.optional(text),
  ENDPOINTS: v.optional(hosts),
  CNAMES: v.optional(cnames),
  CALLBACK_HOSTS: v.optional(callbackHosts),
  REGION: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^oss-[a-z0-9-]+$/),
      v.description("a region such as 'oss-cn-hangzhou'"),
    ),
  ),
  ACCESS_KEY_ID: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[\w.-]{1,128}$/),
      v.description('1 to 128 letters, digits, - _ .'),
    ),
  ),
  ACCESS_KEY_SECRET: v.optional(
    v.pipe(v.string(), v.minLength(8), v.description('at least 8 characters')),
  ),
  DEMO: v.optional(flag),
  WORKERS: v.optional(integer(1, 256)),
  QUEUE: v.optional(integer(0, 100_000)),
  LIMITS: v.optional(oneOf(['oss', 'generous'] satisfies LimitProfile[])),
  MAX_RENDER_BYTES: v.optional(integer(16 * 1024 ** 2, 64 * 1024 ** 3)),
  TIMEOUT_MS: v.optional(integer(100, 3_600_000)),
  STRICT: v.optional(flag),
  MAX_STYLES: v.optional(integer(0, 10_000)),
  LENIENT_HTTP: v.optional(flag),
  LOG_LEVEL: v.optional(oneOf(['silent', 'error', 'warn', 'info', 'debug'])),
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
  const got = name === 'ACCESS_KEY_SECRET' ? 'something else' : `'${given[name] ?? ''}'`;
  throw new ConfigError(PREFIX + name, `${PREFIX}${name}: expected ${expected}, got ${got}.`);
}

function toConfig(variables: Variables): ServerConfig {
  const workers = variables.WORKERS ?? availableParallelism();
  const profile = LIMIT_PROFILES[variables.LIMITS ?? 'generous'];
  return {
    host: variables.HOST ?? '127.0.0.1',
    port: variables.PORT ?? 9080,
    tls: toTls(variables),
    store: variables.STORE ?? 'fs',
    dataFolder: variables.DATA ?? 'data',
    endpoints: variables.ENDPOINTS ?? [],
    cnames: variables.CNAMES ?? {},
    callbackHosts: variables.CALLBACK_HOSTS ?? [],
    region: variables.REGION ?? 'oss-cn-hangzhou',
    accessKey: toAccessKey(variables),
    hasDemo: variables.DEMO ?? true,
    workers,
    maxQueue: variables.QUEUE ?? workers * 32,
    limits: {
      ...profile,
      maxMemoryBytes: variables.MAX_RENDER_BYTES ?? profile.maxMemoryBytes,
      timeoutMs: variables.TIMEOUT_MS ?? profile.timeoutMs,
    },
    isStrict: variables.STRICT ?? false,
    maxStyles: variables.MAX_STYLES ?? 50,
    isLenientHttp: variables.LENIENT_HTTP ?? false,
    logLevel: variables.LOG_LEVEL ?? 'info',
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

function missingPartner(missing: string, given: string): ConfigError {
  return new ConfigError(
    PREFIX + missing,
    `${PREFIX}${missing}: expected a value, since ${PREFIX}${given} is set.`,
  );
}

function splitList(list: string): string[] {
  return list
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}
