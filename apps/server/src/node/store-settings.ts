/**
 * The settings of where objects lie: the kind of store, the S3 store, origins in front of it. Easily
 * got wrong: an origin's URL is a prefix, so it ends with a slash, or `http://host` would be one of
 * `http://host.evil`.
 * @module
 */

import { BlockList, isIP } from 'node:net';
import * as v from 'valibot';
import {
  BUCKET,
  ConfigError,
  flag,
  hostsWithPorts,
  integer,
  matching,
  missingPartner,
  oneOf,
  PREFIX,
  splitList,
  text,
} from './setting.ts';

type StoreKind = 'fs' | 'memory' | 's3';

export interface S3Config {
  readonly bucket: string;
  /** Undefined: Amazon's. */
  readonly endpoint: string | undefined;
  readonly region: string | undefined;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  /** Undefined: where Amazon's tools look. */
  readonly accessKey: { readonly id: string; readonly secret: string } | undefined;
  readonly isPathStyle: boolean | undefined;
}

export interface OriginConfig {
  readonly origins: readonly { readonly bucket: string; readonly base: URL }[];
  /** `host` or `host:port` that redirects may lead to, beside the origins' own. */
  readonly redirectHosts: readonly string[];
  /** Whether an address that is not of the public internet may be connected to all the same. */
  readonly allowsPrivate: (address: string) => boolean;
  /** Of one object. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** How long an object is served before the origin is asked for a newer one. */
  readonly maxAgeMs: number;
}

export interface StoreConfig {
  readonly store: StoreKind;
  /** Defined for this store alone. */
  readonly s3: S3Config | undefined;
  readonly origins: OriginConfig;
}

const webUrl = v.pipe(
  v.string(),
  v.check((url) => isWebUrl(url)),
  v.description('an http:// or https:// URL without user, query and fragment'),
);

const originList = v.pipe(
  v.string(),
  v.transform((list) => splitList(list).map((pair) => toOrigin(pair))),
  v.everyItem((origin) => origin !== undefined),
  v.check((all) => new Set(all.map((origin) => origin?.bucket)).size === all.length),
  v.transform((all) => all.filter((origin) => origin !== undefined)),
  v.description(
    'bucket=https://host/path/ pairs with a slash at the end, one for a bucket, by comma',
  ),
);

const networks = v.pipe(
  v.string(),
  v.transform((list) => splitList(list).map((cidr) => /^([^/]+)\/(\d{1,3})$/.exec(cidr))),
  v.everyItem((match) => {
    const family = isIP(match?.[1] ?? '');
    return family !== 0 && Number(match?.[2]) <= (family === 4 ? 32 : 128);
  }),
  v.transform((all) => toBlockList(all)),
  v.description('networks such as 10.1.0.0/16, separated by commas'),
);

type Setting<Value> = v.OptionalSchema<v.GenericSchema<string, Value>, undefined>;

export interface StoreForms {
  readonly STORE: Setting<StoreKind>;
  readonly S3_BUCKET: Setting<string>;
  readonly S3_ENDPOINT: Setting<string>;
  readonly S3_REGION: Setting<string>;
  readonly S3_PREFIX: Setting<string>;
  readonly S3_KEY_ID: Setting<string>;
  readonly S3_SECRET: Setting<string>;
  readonly S3_PATH_STYLE: Setting<boolean>;
  readonly ORIGINS: Setting<OriginConfig['origins']>;
  readonly ORIGIN_REDIRECT_HOSTS: Setting<readonly string[]>;
  readonly ORIGIN_NETWORKS: Setting<OriginConfig['allowsPrivate']>;
  readonly ORIGIN_MAX_BYTES: Setting<number>;
  readonly ORIGIN_TIMEOUT_MS: Setting<number>;
  readonly ORIGIN_MAX_AGE_MS: Setting<number>;
}

/** Every variable without its prefix. */
export const STORE_VARIABLES: StoreForms = {
  STORE: v.optional(oneOf(['fs', 'memory', 's3'] satisfies StoreKind[])),
  S3_BUCKET: v.optional(matching(/^[\w.-]{3,255}$/, "a bucket's name")),
  S3_ENDPOINT: v.optional(webUrl),
  S3_REGION: v.optional(matching(/^[\w-]{1,64}$/, "a region such as 'us-east-1'")),
  S3_PREFIX: v.optional(
    matching(/^(?:[\w.-]+\/)+$/, 'names of letters, digits, - _ . with a slash after each'),
  ),
  S3_KEY_ID: v.optional(text),
  S3_SECRET: v.optional(text),
  S3_PATH_STYLE: v.optional(flag),
  ORIGINS: v.optional(originList),
  ORIGIN_REDIRECT_HOSTS: v.optional(hostsWithPorts),
  ORIGIN_NETWORKS: v.optional(networks),
  ORIGIN_MAX_BYTES: v.optional(integer(1, 5 * 1024 ** 3)),
  ORIGIN_TIMEOUT_MS: v.optional(integer(1, 3_600_000)),
  ORIGIN_MAX_AGE_MS: v.optional(integer(0, 365 * 24 * 3_600_000)),
};

/** Values of these are never shown: secrets, and what may hold one by mistake. */
export const STORE_SECRETS: readonly string[] = [
  'S3_SECRET',
  'S3_KEY_ID',
  'S3_ENDPOINT',
  'ORIGINS',
];

type StoreVariables = {
  readonly [Name in keyof typeof STORE_VARIABLES]?: v.InferOutput<(typeof STORE_VARIABLES)[Name]>;
};

/** @throws ConfigError for settings that do not fit together */
export function toStoreConfig(variables: StoreVariables): StoreConfig {
  const store = variables.STORE ?? 'fs';
  return { store, s3: toS3(store, variables), origins: toOrigins(variables) };
}

function toS3(store: StoreKind, variables: StoreVariables): S3Config | undefined {
  if (store !== 's3') {
    const given = Object.keys(variables).find((name) => name.startsWith('S3_'));
    if (given === undefined) return undefined;
    const message = `${PREFIX}STORE: expected s3, since ${PREFIX}${given} is set, got ${store}.`;
    throw new ConfigError(`${PREFIX}STORE`, message);
  }
  const { S3_BUCKET: bucket, S3_KEY_ID: id, S3_SECRET: secret } = variables;
  if (bucket === undefined) throw missingPartner('S3_BUCKET', 'STORE');
  if (id === undefined && secret !== undefined) throw missingPartner('S3_KEY_ID', 'S3_SECRET');
  if (id !== undefined && secret === undefined) throw missingPartner('S3_SECRET', 'S3_KEY_ID');
  return {
    bucket,
    endpoint: variables.S3_ENDPOINT,
    region: variables.S3_REGION,
    prefix: variables.S3_PREFIX ?? '',
    accessKey: id === undefined || secret === undefined ? undefined : { id, secret },
    isPathStyle: variables.S3_PATH_STYLE,
  };
}

function toOrigins(variables: StoreVariables): OriginConfig {
  const origins = variables.ORIGINS ?? [];
  if (origins.length === 0) {
    const given = Object.keys(variables).find((name) => name.startsWith('ORIGIN_'));
    if (given !== undefined) throw missingPartner('ORIGINS', given);
  }
  return {
    origins,
    redirectHosts: variables.ORIGIN_REDIRECT_HOSTS ?? [],
    allowsPrivate: variables.ORIGIN_NETWORKS ?? (() => false),
    maxBytes: variables.ORIGIN_MAX_BYTES ?? 100 * 1024 ** 2,
    timeoutMs: variables.ORIGIN_TIMEOUT_MS ?? 10_000,
    maxAgeMs: variables.ORIGIN_MAX_AGE_MS ?? 3_600_000,
  };
}

function isWebUrl(url: string): boolean {
  if (!/^https?:\/\/[^@?#\s\\]+$/i.test(url)) return false;
  return URL.canParse(url);
}

function toOrigin(pair: string): { bucket: string; base: URL } | undefined {
  const equals = pair.indexOf('=');
  const [bucket, url] = [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)];
  if (!BUCKET.test(bucket) || !isWebUrl(url) || !url.endsWith('/')) return undefined;
  return { bucket, base: new URL(url) };
}

function toBlockList(all: readonly (RegExpExecArray | null)[]): (address: string) => boolean {
  const list = new BlockList();
  for (const match of all) {
    const [, address = '', bits = ''] = match ?? [];
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return (address) => list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
