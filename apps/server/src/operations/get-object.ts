/**
 * GET and HEAD of an object: plain, or processed when a process is named. HEAD never opens the body:
 * nobody would read it to its end.
 * @module
 */

import type { ObjectRecord } from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import { resolveRange, type RangeAnswer } from '../byte-range.ts';
import { headerOf, type ObjectCall } from '../call.ts';
import { isNotModified, matchesEtag } from '../conditions.ts';
import { readConsistently, requireReadableObject } from '../lookup.ts';
import { overriddenHeaders, plainObjectHeaders } from '../object-headers.ts';
import { resolveKey } from '../key-process.ts';
import { noSuchKey, ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { getProcessedObject } from './get-processed-object.ts';
import { readProcess } from './process-text.ts';

export function getObject(call: ObjectCall, service: Service): Promise<Answer> {
  return readConsistently(async () => {
    const process = readProcess(call);
    if (process !== undefined) return getProcessedObject(call, service, process);
    const named = await resolveKey(call, service);
    return named === undefined
      ? getPlainObject(call, service)
      : getProcessedObject(named.call, service, named.process);
  });
}

async function getPlainObject(call: ObjectCall, service: Service): Promise<Answer> {
  const overrides = overriddenHeaders(call);
  const record = await requireReadableObject(call, service, 'plain');
  const headers = { ...plainObjectHeaders(call, record), ...overrides };
  if (isNotModified((name) => headerOf(call, name), record)) return emptyAnswer(304, headers);
  const range = rangeOf(call, record);
  if (range.kind === 'unsatisfiable') throw invalidRange(call, record);
  const { status, size, rangeHeaders } = describeRange(range, record);
  const framed = { ...headers, ...rangeHeaders, 'content-length': String(size) };
  if (call.method === 'HEAD') return { status, headers: framed, body: null };
  const stored = await service.store.getObject(call.address.bucket, record.key, {
    ...(range.kind === 'part' ? { range } : {}),
    // A write in between would pair old headers with new bytes.
    ifEtag: record.etag,
  });
  if (stored === undefined) throw noSuchKey(call.address.key);
  return { status, headers: framed, body: stored.body };
}

/** The few facts of `?objectMeta`. */
export async function getObjectMeta(call: ObjectCall, service: Service): Promise<Answer> {
  const record = await requireReadableObject(call, service, 'plain');
  const headers = {
    etag: `"${record.etag}"`,
    'last-modified': new Date(record.lastModifiedMs).toUTCString(),
  };
  if (isNotModified((name) => headerOf(call, name), record)) return emptyAnswer(304, headers);
  // A GET has no body, so only a HEAD may give the object's size as its length.
  const length = call.method === 'HEAD' ? String(record.size) : '0';
  return { status: 200, headers: { ...headers, 'content-length': length }, body: null };
}

function rangeOf(call: ObjectCall, record: ObjectRecord): RangeAnswer {
  const ifRange = headerOf(call, 'if-range');
  if (ifRange !== undefined && !isSameVersion(ifRange, record)) return { kind: 'whole' };
  const behavior = headerOf(call, 'x-oss-range-behavior') === 'standard' ? 'standard' : 'oss';
  return resolveRange(headerOf(call, 'range'), record.size, behavior);
}

/** If-Range takes a strong ETag or the exact date (RFC 9110, 13.1.5). */
function isSameVersion(ifRange: string, record: ObjectRecord): boolean {
  if (ifRange.startsWith('W/')) return false;
  return (
    matchesEtag(ifRange, record.etag) || ifRange === new Date(record.lastModifiedMs).toUTCString()
  );
}

function describeRange(
  range: Exclude<RangeAnswer, { kind: 'unsatisfiable' }>,
  record: ObjectRecord,
): { status: number; size: number; rangeHeaders: Readonly<Record<string, string>> } {
  if (range.kind === 'whole') {
    const { crc64 } = record;
    return {
      status: 200,
      size: record.size,
      rangeHeaders: crc64 === undefined ? {} : { 'x-oss-hash-crc64ecma': crc64 },
    };
  }
  const last = range.offset + range.length - 1;
  return {
    status: 206,
    size: range.length,
    rangeHeaders: { 'content-range': `bytes ${range.offset}-${last}/${record.size}` },
  };
}

function invalidRange(call: ObjectCall, record: ObjectRecord): ServiceError {
  return new ServiceError('InvalidRange', 'The requested range cannot be satisfied.', {
    details: {
      ActualObjectSize: String(record.size),
      RangeRequested: headerOf(call, 'range') ?? '',
    },
    headers: { 'content-range': `bytes */${record.size}` },
  });
}
