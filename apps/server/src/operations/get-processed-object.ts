/**
 * GET and HEAD of an object through a process: style text, parse, exists, conditional, cache, render, in
 * this order. The answer has no checksum of the source and ignores Range, since other bytes are sent.
 * @module
 */

import { isImageError } from '@safelight/core';
import { placeError } from '@safelight/grammar';
import { type ObjectRecord, readObject, type StyleRecord } from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import type { ReadImage } from '../cache/chain-cache.ts';
import type { Obtained } from '../cache/result-cache.ts';
import type { ResultParts } from '../cache/result-identity.ts';
import type { ResultKey } from '../cache/result-tier.ts';
import { headerOf, type ObjectCall } from '../call.ts';
import { isNotModified } from '../conditions.ts';
import { negotiateFormat } from '../format-negotiation.ts';
import { findReadableObject } from '../lookup.ts';
import { checkSourceSize, findMarks, type Marks } from '../mark-pictures.ts';
import { overriddenHeaders, PROCESS_NAME, sharedObjectHeaders } from '../object-headers.ts';
import { REFERER } from '../referer.ts';
import { noSuchKey, ServiceError } from '../service-error.ts';
import type { RenderedPicture, RenderRequest, Service } from '../service.ts';
import { traceStep } from '../telemetry.ts';
import type { ProcessText } from './process-text.ts';

/** EC of a source that is missing. */
const NO_SOURCE_EC = '0040-00000024';

/** A chain and where its text came from. */
interface Resolved {
  readonly image: ReadImage;
  readonly style: StyleRecord | undefined;
}

export async function getProcessedObject(
  call: ObjectCall,
  service: Service,
  process: ProcessText,
): Promise<Answer> {
  const overrides = overriddenHeaders(call);
  const isCurrent = service.holdRecords(call.address.bucket, call.address.key);
  const purpose = process.text.startsWith('style/') ? 'style' : 'chain';
  const found = await findReadableObject(call, service, purpose);
  const read = await resolveProcess(call, service, process);
  if (found === undefined) throw noSuchKey(call.address.key, NO_SOURCE_EC);
  const bucket = await service.store.getBucket(call.address.bucket);
  const { image, word } = await negotiateFormat(call, service, {
    image: read.image,
    bucket,
    source: found,
  });
  const marks = await findMarks(call, service, image, purpose);
  const parts: ResultParts = {
    bucket: call.address.bucket,
    source: found,
    style: read.style,
    canonical: image.canonical,
    negotiated: word,
    dependencies: marks?.records ?? [],
  };
  const record = service.identity.versionOf(parts);
  const headers = processedHeaders(call, record, process, overrides);
  if (word !== undefined) headers['vary'] = `${PROCESS_NAME}, Accept`;
  if (isNotModified((name) => headerOf(call, name), record)) return emptyAnswer(304, headers);
  const key = service.identity.keyOf(parts);
  const { result, origin } = await obtainResult(call, service, { key, parts, image, marks });
  headers['content-type'] ??= result.mediaType;
  const answer = { status: 200, headers, body: result.bytes, origin };
  if (origin === 'render' || origin === 'shared') return answer;
  headers['age'] = String(ageSecOf(call, service));
  // A call that depends on no more than these two records is the same until one of them is read anew.
  const isSelfContained =
    call.caller.kind === 'anonymous' &&
    process.carrier === 'query' &&
    read.style === undefined &&
    word === undefined &&
    marks === undefined &&
    found.symlinkTarget === undefined &&
    bucket?.settings[REFERER] === undefined;
  if (!isSelfContained || isCurrent?.() !== true) return answer;
  return {
    ...answer,
    repetition: { key, isCurrent, ageSec: () => ageSecOf(call, service) },
  };
}

/**
 * The chain of a text, or of the style it names in the bucket of the call.
 * @throws ServiceError `NoSuchStyle`; ImageError for a text that is wrong
 */
export async function resolveProcess(
  call: ObjectCall,
  service: Service,
  { image: translated, text }: Pick<ProcessText, 'image' | 'text'>,
): Promise<Resolved> {
  if (translated !== undefined) {
    // Other languages say what ours cannot: the chain itself tells such results apart.
    const canonical = JSON.stringify(translated.chain);
    return { image: { ...translated, canonical }, style: undefined };
  }
  const parsed = service.readChain(text);
  if (parsed.kind === 'image') return { image: parsed, style: undefined };
  const style = await service.store.getStyle(call.address.bucket, parsed.name);
  if (style === undefined) {
    throw new ServiceError('NoSuchStyle', 'The style you get is not found.', {
      details: { StyleName: parsed.name },
    });
  }
  const image = service.readChain(style.content);
  if (image.kind === 'image') return { image, style };
  throw new ServiceError(
    'InvalidArgument',
    `style ${parsed.name}: expected 'image/…', got a style.`,
    {
      details: { ArgumentName: 'style', ArgumentValue: style.content.slice(0, 256) },
    },
  );
}

function processedHeaders(
  call: ObjectCall,
  record: ObjectRecord,
  process: ProcessText,
  overrides: Readonly<Record<string, string>>,
): Record<string, string> {
  const headers = { ...sharedObjectHeaders(call, record), ...overrides };
  // A cache that does not know Vary would give this picture to everyone who asks for the plain URL.
  if (process.carrier === 'header') headers['cache-control'] = 'no-store';
  return headers;
}

/**
 * Seconds since the cached result was last compared with the store (RFC 9111, 4.2.3), not since it was
 * made: a caller's cache may keep it as long as a fresh one.
 */
function ageSecOf(call: ObjectCall, service: Service): number {
  const { bucket, key } = call.address;
  return Math.floor(service.recordAgeMs(bucket, key) / 1000);
}

/** From the cache, or rendered. Whether the caller may have it was decided before. */
function obtainResult(
  call: ObjectCall,
  service: Service,
  wanted: {
    readonly key: ResultKey;
    readonly parts: ResultParts;
    readonly image: ReadImage;
    readonly marks: Marks | undefined;
  },
): Obtained | Promise<Obtained> {
  const { key, parts } = wanted;
  return (
    service.results.peek(key) ??
    service.results.obtain(key, call.signal, (signal) =>
      renderObject({ ...call, signal }, service, parts.source, wanted),
    )
  );
}

/** Renders the object of this record, which must still be the same when its turn comes. */
export async function renderObject(
  call: ObjectCall,
  service: Service,
  record: ObjectRecord,
  { image, marks }: Pick<Resolved, 'image'> & { readonly marks: Marks | undefined },
): Promise<RenderedPicture> {
  const { bucket } = call.address;
  const { key } = record;
  const { maxSourceBytes: maxBytes, timeoutMs } = service.limits;
  checkSourceSize(record, maxBytes);
  const readSource: RenderRequest['readSource'] = async (allocate) => {
    const options = { maxBytes, timeoutMs, ifEtag: record.etag, known: record, allocate };
    const source = await readObject(service.store, bucket, key, options);
    if (source === undefined) throw noSuchKey(key, NO_SOURCE_EC);
    return source.bytes;
  };
  try {
    const { chain, canonical } = image;
    const readMarks = marks?.readBytes;
    const sourceBytes = record.size;
    return await traceStep(
      'render',
      { 'safelight.chain': canonical, 'safelight.bucket': bucket },
      () => service.renderer.render({ chain, sourceBytes, readSource, readMarks }, call.signal),
    );
  } catch (error) {
    throw isImageError(error) ? placeError(error, image.steps) : error;
  }
}
