/**
 * GET and HEAD of an object through a process: style text, parse, exists, conditional, render, in this
 * order. The answer has no checksum of the source and ignores Range, since other bytes are sent.
 * @module
 */

import { isImageError } from '@safelight/core';
import { parseProcess, type ParsedImage, placeError } from '@safelight/grammar';
import { type ObjectRecord, readObject, type StyleRecord } from '@safelight/storage';
import { type Answer, emptyAnswer } from '../answer.ts';
import { headerOf, type ObjectCall } from '../call.ts';
import { isNotModified } from '../conditions.ts';
import { findReadableObject } from '../lookup.ts';
import { checkSourceSize, findMarks, type Marks } from '../mark-pictures.ts';
import { overriddenHeaders, sharedObjectHeaders } from '../object-headers.ts';
import { noSuchKey, ServiceError } from '../service-error.ts';
import type { RenderedPicture, Service } from '../service.ts';
import type { ProcessText } from './process-text.ts';

/** EC of a source that is missing. */
const NO_SOURCE_EC = '0040-00000024';

/** A chain and where its text came from. */
interface Resolved {
  readonly image: ParsedImage;
  readonly style: StyleRecord | undefined;
}

export async function getProcessedObject(
  call: ObjectCall,
  service: Service,
  process: ProcessText,
): Promise<Answer> {
  const overrides = overriddenHeaders(call);
  const purpose = process.text.startsWith('style/') ? 'style' : 'chain';
  const found = await findReadableObject(call, service, purpose);
  const { image, style } = await resolveProcess(call, service, process);
  if (found === undefined) throw noSuchKey(call.address.key, NO_SOURCE_EC);
  const marks = await findMarks(call, service, image, purpose);
  const record = await versionedRecord(found, { style, marks }, service.renderer.version);
  const headers = processedHeaders(call, record, process, overrides);
  if (isNotModified((name) => headerOf(call, name), record)) return emptyAnswer(304, headers);
  const picture = await renderObject(call, service, found, { image, marks });
  return {
    status: 200,
    headers: { 'content-type': picture.mediaType, ...headers },
    body: picture.bytes,
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
  if (translated !== undefined) return { image: translated, style: undefined };
  const options = { limits: service.limits, strict: service.settings.strict };
  const parsed = parseProcess(text, options);
  if (parsed.kind === 'image') return { image: parsed, style: undefined };
  const style = await service.store.getStyle(call.address.bucket, parsed.name);
  if (style === undefined) {
    throw new ServiceError('NoSuchStyle', 'The style you get is not found.', {
      details: { StyleName: parsed.name },
    });
  }
  const image = parseProcess(style.content, options);
  if (image.kind === 'image') return { image, style };
  throw new ServiceError(
    'InvalidArgument',
    `style ${parsed.name}: expected 'image/…', got a style.`,
    {
      details: { ArgumentName: 'style', ArgumentValue: style.content.slice(0, 256) },
    },
  );
}

/**
 * What caches compare. A literal chain has the source's own validators, as OSS has it. A style or the
 * picture of a mark may change under the same URL, so they and the engine enter the ETag, and their
 * dates the date.
 */
async function versionedRecord(
  source: ObjectRecord,
  { style, marks }: Pick<Resolved, 'style'> & { readonly marks: Marks | undefined },
  engineVersion: string,
): Promise<ObjectRecord> {
  if (style === undefined && marks === undefined) return source;
  const etags = marks?.records.map((record) => `\n${record.etag}`).join('') ?? '';
  const text = new TextEncoder().encode(`${engineVersion}\n${style?.content ?? ''}${etags}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text), 0, 4);
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const dates = marks?.records.map((record) => record.lastModifiedMs) ?? [];
  if (style !== undefined) dates.push(Math.floor(style.modifiedMs / 1000) * 1000);
  return {
    ...source,
    etag: `${source.etag}-${hex.toUpperCase()}`,
    lastModifiedMs: Math.max(source.lastModifiedMs, ...dates),
  };
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

/** Renders the object of this record, which must still be the same when its turn comes. */
export async function renderObject(
  call: ObjectCall,
  service: Service,
  record: ObjectRecord,
  { image, marks }: Pick<Resolved, 'image'> & { readonly marks: Marks | undefined },
): Promise<RenderedPicture> {
  const { bucket } = call.address;
  const { key } = record;
  const maxBytes = service.limits.maxSourceBytes;
  checkSourceSize(record, maxBytes);
  const readSource = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const source = await readObject(service.store, bucket, key, { maxBytes, ifEtag: record.etag });
    if (source === undefined) throw noSuchKey(key, NO_SOURCE_EC);
    return source.bytes;
  };
  try {
    const { chain } = image;
    const readMarks = marks?.readBytes;
    return await service.renderer.render({ chain, readSource, readMarks }, call.signal);
  } catch (error) {
    throw isImageError(error) ? placeError(error, image.steps) : error;
  }
}
