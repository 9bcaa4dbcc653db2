/**
 * Our own routes under `/-/`, which no bucket name can start with. Health and readiness need no
 * signature, so they tell nothing about what is stored; all else does. Easily got wrong: version 1
 * signs no query of ours, so whatever an administrative call is about stands in its path.
 * @module
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { decodePath, equalsInConstantTime } from '@safelight/signing';
import { isStorageError } from '@safelight/storage';
import { checkOwner } from './access.ts';
import type { Answer } from './answer.ts';
import { authenticate } from './authentication.ts';
import { notePurge } from './cache/purge-notes.ts';
import type { PurgeScope } from './cache/result-tier.ts';
import { headerOf, type RawCall } from './call.ts';
import { FORMAT_AUTO_ON, FORMAT_AUTO_SETTING } from './format-negotiation.ts';
import { noSuchBucket, ServiceError } from './service-error.ts';
import type { Service } from './service.ts';

/** The bucket that administrative calls are signed for; no bucket can have this name. */
const INTERNAL_BUCKET = '-';

const PREFIX = `/${INTERNAL_BUCKET}/`;

/** @throws ServiceError `NoSuchKey`, `MethodNotAllowed`, `AccessDenied`; SigningError */
export async function answerInternal(
  service: Service,
  raw: RawCall,
  path: string,
): Promise<Answer> {
  switch (path) {
    case '/-/health':
      requireMethod(raw, 'GET', 'HEAD');
      return jsonAnswer({ status: 'ok' });
    case '/-/ready':
      requireMethod(raw, 'GET', 'HEAD');
      return answerReadiness(service);
    case '/-/metrics':
      requireMethod(raw, 'GET', 'HEAD');
      return answerMetrics(service, raw);
    default:
      return answerAdministration(service, raw, path);
  }
}

async function answerReadiness(service: Service): Promise<Answer> {
  if (await service.isReady()) return jsonAnswer({ status: 'ready' });
  throw new ServiceError('ServiceUnavailable', 'The service does not take new requests.');
}

async function answerMetrics(service: Service, raw: RawCall): Promise<Answer> {
  const { metricsToken } = service.settings;
  const given = headerOf(raw, 'authorization') ?? '';
  const isBearer = metricsToken !== undefined && isSameSecret(given, `Bearer ${metricsToken}`);
  if (!isBearer) requireOwner(service, raw, '/-/metrics');
  const { mediaType, text } = await service.telemetry.print();
  return { status: 200, headers: { 'content-type': mediaType, ...NOT_STORED }, body: text };
}

/** Hashes have one length, so the time tells nothing, not even the token's length. */
function isSameSecret(given: string, expected: string): boolean {
  return equalsInConstantTime(sha256(utf8ToBytes(given)), sha256(utf8ToBytes(expected)));
}

async function answerAdministration(service: Service, raw: RawCall, path: string): Promise<Answer> {
  const [area = '', rawBucket = '', kind, ...rest] = path.slice(PREFIX.length).split('/');
  if (rawBucket === '' || !(area === 'cache' || area === 'format-auto')) throw noSuchRoute(path);
  const name = kind === undefined ? undefined : decodePath(rest.join('/'));
  requireOwner(service, raw, path);
  const bucket = decodePath(rawBucket);
  if (area === 'format-auto' && kind === undefined) return answerFormatAuto(service, raw, bucket);
  const scope = area === 'cache' ? scopeOf(bucket, kind, name) : undefined;
  if (scope === undefined) throw noSuchRoute(path);
  requireMethod(raw, 'DELETE');
  await tellOtherNodes(service, raw, scope);
  try {
    return jsonAnswer({ purged: await service.results.purge(scope) });
  } catch (cause) {
    const message = 'Not every tier of the cache could be reached. Please purge again.';
    throw new ServiceError('ServiceUnavailable', message, { cause });
  }
}

/** Of a bucket that is gone, others keep results that nobody can ask for until they are pushed out. */
async function tellOtherNodes(service: Service, raw: RawCall, scope: PurgeScope): Promise<void> {
  const note = { id: raw.requestId, nowMs: raw.nowMs };
  try {
    const record = await service.store.updateBucket(scope.bucket, (old) =>
      notePurge(old, scope, note),
    );
    service.purges.follow(record, note.id);
  } catch (error) {
    if (!isStorageError(error) || !GONE.has(error.code)) throw error;
  }
}

const GONE: ReadonlySet<string> = new Set(['NoSuchBucket', 'InvalidBucketName']);

/** `/-/cache/BUCKET`, and behind it `/objects/KEY` or `/styles/NAME`. */
function scopeOf(
  bucket: string,
  kind: string | undefined,
  name: string | undefined,
): PurgeScope | undefined {
  if (kind === undefined) return { bucket };
  if (name === undefined || name === '') return undefined;
  if (kind === 'objects') return { bucket, key: name };
  return kind === 'styles' ? { bucket, style: name } : undefined;
}

/** Whether all pictures of a bucket are negotiated: told, switched on, switched off. */
async function answerFormatAuto(service: Service, raw: RawCall, bucket: string): Promise<Answer> {
  requireMethod(raw, 'GET', 'HEAD', 'PUT', 'DELETE');
  const { store } = service;
  if (raw.method === 'PUT' || raw.method === 'DELETE') {
    const value = raw.method === 'PUT' ? FORMAT_AUTO_ON : undefined;
    await store.updateBucket(bucket, { settings: { [FORMAT_AUTO_SETTING]: value } });
  }
  const record = await store.getBucket(bucket);
  if (record === undefined) throw noSuchBucket(bucket);
  return jsonAnswer({ formatAuto: record.settings[FORMAT_AUTO_SETTING] === FORMAT_AUTO_ON });
}

/** @throws ServiceError `AccessDenied`; SigningError */
function requireOwner(service: Service, raw: RawCall, path: string): void {
  const key = decodePath(path.slice(PREFIX.length));
  checkOwner(authenticate(service, raw, { bucket: INTERNAL_BUCKET, key }));
}

function requireMethod(raw: RawCall, ...methods: readonly string[]): void {
  if (methods.includes(raw.method)) return;
  throw new ServiceError('MethodNotAllowed', 'The specified method is not allowed here.');
}

function noSuchRoute(path: string): ServiceError {
  return new ServiceError('NoSuchKey', 'The service has no such route.', {
    details: { Key: path.slice(0, 256) },
  });
}

const NOT_STORED = { 'cache-control': 'no-store' };

function jsonAnswer(value: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', ...NOT_STORED },
    body: `${JSON.stringify(value)}\n`,
  };
}
