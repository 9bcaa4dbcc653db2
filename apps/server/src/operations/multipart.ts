/**
 * Uploads in parts: begin, part, part by copy, complete, abort. Easily got wrong: clients repeat the
 * metadata of the beginning on parts and completion, where it means nothing.
 * @module
 */

import type { NamedPart, UploadPlace } from '@safelight/storage';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { resolveRange } from '../byte-range.ts';
import {
  bodyChunks,
  bodyText,
  headerOf,
  integerOf,
  parameterOf,
  type ObjectCall,
} from '../call.ts';
import { readCallback, sendCallback } from '../callback.ts';
import { findCopySource } from '../copy-source.ts';
import { findPermittedObject, readConsistently } from '../lookup.ts';
import {
  readIfAbsent,
  readObjectMetadata,
  refuseHeaders,
  UNBUILT_HEADERS,
} from '../object-metadata.ts';
import { invalidArgument, ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printTime } from '../times.ts';
import { childOf, childrenOf, childText, parseXml } from '../xml.ts';
import { encodeListed, readEncoding } from './list-encoding.ts';
import { checkLength } from './put-object.ts';
import { storedHeaders } from './stored-headers.ts';

const PART_NUMBER = { min: 1, max: 10_000, fallback: Number.NaN } as const;

/** Ten thousand parts of at most some hundred bytes each. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

export async function initiateUpload(call: ObjectCall, service: Service): Promise<Answer> {
  refuseHeaders(call, [...UNBUILT_HEADERS, 'x-oss-callback']);
  const existing = await findPermittedObject(call, service, 'write');
  const metadata = readObjectMetadata(call);
  if (existing !== undefined && readIfAbsent(call, existing)) {
    throw new ServiceError('FileAlreadyExists', 'The object you specified already exists.');
  }
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const { bucket, key } = call.address;
  const { uploadId } = await service.store.createUpload(bucket, key, metadata);
  return xmlAnswer([
    'InitiateMultipartUploadResult',
    [
      ...(encoding === 'url' ? [['EncodingType', 'url'] as const] : []),
      ['Bucket', bucket],
      ['Key', encodeListed(key, encoding)],
      ['UploadId', uploadId],
    ],
  ]);
}

export async function uploadPart(call: ObjectCall, service: Service): Promise<Answer> {
  await findPermittedObject(call, service, 'write');
  const partNumber = readPartNumber(call);
  if (headerOf(call, 'x-oss-copy-source') !== undefined) {
    return uploadPartCopy(call, service, partNumber);
  }
  checkLength(call);
  const part = await service.store.putPart(uploadOf(call), partNumber, bodyChunks(call), {
    contentMd5: headerOf(call, 'content-md5'),
    maxBytes: service.settings.maxObjectBytes,
  });
  return emptyAnswer(200, { etag: `"${part.etag}"` });
}

function uploadPartCopy(call: ObjectCall, service: Service, partNumber: number): Promise<Answer> {
  return readConsistently(async () => {
    const { bucket, record, isNotModified } = await findCopySource(call, service);
    if (isNotModified) return emptyAnswer(304);
    const range = readCopyRange(call, record.size);
    const source = { bucket, key: record.key, ifEtag: record.etag, range };
    const part = await service.store.copyPart(source, uploadOf(call), partNumber);
    const etag = `"${part.etag}"`;
    const answer = xmlAnswer([
      'CopyPartResult',
      [
        ['LastModified', printTime(part.lastModifiedMs)],
        ['ETag', etag],
      ],
    ]);
    return { ...answer, headers: { ...answer.headers, etag } };
  });
}

/** A range that cannot be met as it stands is ignored, as it is on GET. */
function readCopyRange(
  call: ObjectCall,
  sizeBytes: number,
): { readonly offset: number; readonly length: number } | undefined {
  const range = resolveRange(headerOf(call, 'x-oss-copy-source-range'), sizeBytes, 'oss');
  if (range.kind === 'part') return { offset: range.offset, length: range.length };
  if (range.kind === 'whole') return undefined;
  throw new ServiceError('InvalidRange', 'The requested range cannot be satisfied.');
}

export async function completeUpload(call: ObjectCall, service: Service): Promise<Answer> {
  const callback = readCallback(call, service);
  const existing = await findPermittedObject(call, service, 'write');
  const upload = uploadOf(call);
  const body = await bodyText(call, MAX_DOCUMENT_BYTES);
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const parts = asksForAll(call) ? await allParts(upload, service) : readParts(body);
  const record = await service.store.completeUpload(upload, parts, {
    minPartBytes: service.settings.minPartBytes,
    ifAbsent: readIfAbsent(call, existing),
  });
  if (callback !== undefined) return sendCallback(callback, call, service, record);
  const { bucket, key } = call.address;
  const answer = xmlAnswer([
    'CompleteMultipartUploadResult',
    [
      ...(encoding === 'url' ? [['EncodingType', 'url'] as const] : []),
      ['Location', `/${bucket}/${encodeListed(key, 'url')}`],
      ['Bucket', bucket],
      ['Key', encodeListed(key, encoding)],
      ['ETag', `"${record.etag}"`],
    ],
  ]);
  return { ...answer, headers: { ...answer.headers, ...storedHeaders(record) } };
}

export async function abortUpload(call: ObjectCall, service: Service): Promise<Answer> {
  await findPermittedObject(call, service, 'write');
  await service.store.abortUpload(uploadOf(call));
  return emptyAnswer(204);
}

/** @throws SigningError `InvalidArgument` when the upload is named twice */
export function uploadOf(call: ObjectCall): UploadPlace {
  const { bucket, key } = call.address;
  return { bucket, key, uploadId: parameterOf(call, 'uploadId') ?? '' };
}

function readPartNumber(call: ObjectCall): number {
  const partNumber = integerOf(call, 'partNumber', PART_NUMBER);
  if (Number.isInteger(partNumber)) return partNumber;
  throw invalidArgument('partNumber', '', 'an integer in 1..10000');
}

function asksForAll(call: ObjectCall): boolean {
  return headerOf(call, 'x-oss-complete-all')?.toLowerCase() === 'yes';
}

async function allParts(upload: UploadPlace, service: Service): Promise<readonly NamedPart[]> {
  const parts: NamedPart[] = [];
  let afterPart: number | undefined = 0;
  while (afterPart !== undefined) {
    const page = await service.store.listParts(upload, { afterPart });
    parts.push(...page.parts);
    afterPart = page.nextAfterPart;
  }
  return parts;
}

/** @throws ServiceError `MalformedXML` */
function readParts(body: string): readonly NamedPart[] {
  const root = childOf(parseXml(body), 'CompleteMultipartUpload');
  const parts = childrenOf(root, 'Part').map((part) => {
    const number = (childText(part, 'PartNumber') ?? '').trim();
    const etag = (childText(part, 'ETag') ?? '').trim().replace(/^"(.*)"$/, '$1');
    return { partNumber: /^\d{1,5}$/.test(number) ? Number(number) : Number.NaN, etag };
  });
  if (parts.length > 0 && parts.every(({ partNumber }) => partNumber > 0)) return parts;
  throw new ServiceError('MalformedXML', 'CompleteMultipartUpload: expected parts with numbers.');
}
