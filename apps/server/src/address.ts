/**
 * Which bucket and key a request means, from its Host header and raw path (protocol, 1.2). The path is
 * never normalised: `a/../b` is a key. `localhost` is both a service domain (`bucket.localhost`) and a
 * host for path style.
 * @module
 */

import { decodePath } from '@safelight/signing';
import { ServiceError } from './service-error.ts';
import type { ServiceSettings } from './settings.ts';

export type Address =
  /** The service itself: listing buckets. */
  | { readonly level: 'service' }
  | { readonly level: 'bucket'; readonly bucket: string }
  | { readonly level: 'object'; readonly bucket: string; readonly key: string }
  /** A route of our own under `/-/`, which no bucket name can start with. */
  | { readonly level: 'internal'; readonly path: string };

/** What an address is resolved against. */
export type AddressRules = Pick<ServiceSettings, 'endpoints' | 'cnames'>;

/** Our own routes. Only where the first path segment would name a bucket: elsewhere it is a key. */
const INTERNAL_PREFIX = '/-/';

/** Longest key, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1023;

const BUCKET_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

/** A public, internal or VPC host of OSS, with or without a bucket before it. */
const OSS_HOST = /^(?:(?<label>[^.]*)\.)?(?:vpc100-)?oss-[a-z0-9-]+\.aliyuncs\.com$/;

/** What ali-oss puts before an IP endpoint's made-up host when a call is about no bucket. */
const NO_BUCKET_LABELS: ReadonlySet<string> = new Set(['undefined', '']);

/**
 * @param host the Host header as it came
 * @param rawPath the path of the raw request target, encoded
 * @throws ServiceError `NonStandardHostForbidden`, `InvalidBucketName`, `InvalidObjectName`
 * @throws SigningError `InvalidObjectName` when the path is not percent-encoded UTF-8
 */
export function resolveAddress(host: string, rawPath: string, rules: AddressRules): Address {
  const name = hostName(host);
  const cname = Object.hasOwn(rules.cnames, name) ? rules.cnames[name] : undefined;
  if (cname !== undefined) return virtualHost(cname, rawPath);
  for (const domain of [...rules.endpoints, 'localhost']) {
    if (name === domain) return pathStyle(rawPath);
    if (!name.endsWith(`.${domain}`)) continue;
    const label = name.slice(0, -domain.length - 1);
    if (!label.includes('.')) return virtualHost(label, rawPath);
  }
  const match = OSS_HOST.exec(name);
  if (match !== null) {
    const label = match.groups?.['label'];
    if (label === undefined) return pathStyle(rawPath);
    if (NO_BUCKET_LABELS.has(label) && rawPath === '/') return { level: 'service' };
    return virtualHost(label, rawPath);
  }
  // A health check may come under any name, since it asks about the process and not about a bucket.
  if (isIpLiteral(name) || rawPath.startsWith(INTERNAL_PREFIX)) return pathStyle(rawPath);
  throw new ServiceError(
    'NonStandardHostForbidden',
    'The host of this request is not an endpoint of this service. Set SAFELIGHT_ENDPOINTS to add it.',
    { details: { Host: name.slice(0, 255) } },
  );
}

/** @throws ServiceError `InvalidBucketName` */
function checkBucketName(bucket: string): void {
  if (BUCKET_NAME.test(bucket)) return;
  throw new ServiceError('InvalidBucketName', 'The specified bucket is not valid.', {
    ec: '0015-00000001',
    details: { BucketName: bucket.slice(0, 255) },
  });
}

function virtualHost(bucket: string, rawPath: string): Address {
  checkBucketName(bucket);
  return bucketAddress(bucket, rawPath.slice(1));
}

function pathStyle(rawPath: string): Address {
  if (rawPath === '/') return { level: 'service' };
  if (rawPath.startsWith(INTERNAL_PREFIX)) return { level: 'internal', path: rawPath };
  const slash = rawPath.indexOf('/', 1);
  const bucket = decodePath(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash));
  checkBucketName(bucket);
  return bucketAddress(bucket, slash < 0 ? '' : rawPath.slice(slash + 1));
}

function bucketAddress(bucket: string, rawKey: string): Address {
  if (rawKey === '') return { level: 'bucket', bucket };
  const key = decodePath(rawKey);
  const isTooLong = new TextEncoder().encode(key).length > MAX_KEY_BYTES;
  if (key === '' || isTooLong || key.startsWith('/') || key.startsWith('\\')) {
    throw new ServiceError('InvalidObjectName', 'The specified object is not valid.', {
      ec: '0016-00000001',
      details: { Key: key.slice(0, MAX_KEY_BYTES) },
    });
  }
  return { level: 'object', bucket, key };
}

/** Lower case, without port and without the dot that ends an absolute name. */
function hostName(host: string): string {
  const lower = host.trim().toLowerCase();
  const name = lower.startsWith('[') ? lower.replace(/\]:\d*$/, ']') : lower.replace(/:\d*$/, '');
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

function isIpLiteral(name: string): boolean {
  if (name.startsWith('[')) return /^\[[0-9a-f:.]+\]$/.test(name);
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(name);
}
