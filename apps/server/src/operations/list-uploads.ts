/**
 * ListParts and ListMultipartUploads. Easily got wrong: an upload id marker without a key marker means
 * nothing, and is ignored.
 * @module
 */

import { checkOwner } from '../access.ts';
import { type Answer, xmlAnswer } from '../answer.ts';
import { integerOf, parameterOf, type BucketCall, type ObjectCall } from '../call.ts';
import { findBucket, findPermittedObject } from '../lookup.ts';
import { notImplemented } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printTime } from '../times.ts';
import type { XmlNode } from '../xml.ts';
import { encodeListed, readEncoding } from './list-encoding.ts';
import { uploadOf } from './multipart.ts';

const PAGE = { min: 1, max: 1000, fallback: 1000 } as const;
const MARKER = { min: 0, max: 10_000, fallback: 0 } as const;

export async function listParts(call: ObjectCall, service: Service): Promise<Answer> {
  await findPermittedObject(call, service, 'write');
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const maxParts = integerOf(call, 'max-parts', PAGE);
  const afterPart = integerOf(call, 'part-number-marker', MARKER);
  const place = uploadOf(call);
  const page = await service.store.listParts(place, { maxParts, afterPart });
  const last = page.parts.at(-1)?.partNumber ?? afterPart;
  return xmlAnswer([
    'ListPartsResult',
    [
      ...(encoding === 'url' ? [['EncodingType', 'url'] as const] : []),
      ['Bucket', place.bucket],
      ['Key', encodeListed(place.key, encoding)],
      ['UploadId', place.uploadId],
      ['StorageClass', page.upload.storageClass ?? 'Standard'],
      ['PartNumberMarker', afterPart],
      ['NextPartNumberMarker', last],
      ['MaxParts', maxParts],
      ['IsTruncated', page.nextAfterPart !== undefined],
      ...page.parts.map((part): XmlNode => {
        return [
          'Part',
          [
            ['PartNumber', part.partNumber],
            ['LastModified', printTime(part.lastModifiedMs)],
            ['ETag', `"${part.etag}"`],
            ['Size', part.size],
          ],
        ];
      }),
    ],
  ]);
}

export async function listUploads(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  const bucket = await findBucket(call, service);
  const text = (name: string): string => parameterOf(call, name) ?? '';
  if (text('delimiter') !== '') throw notImplemented('GET ?uploads with a delimiter');
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const print = (key: string): string => encodeListed(key, encoding);
  const maxUploads = integerOf(call, 'max-uploads', PAGE);
  const [prefix, afterKey, marker] = [text('prefix'), text('key-marker'), text('upload-id-marker')];
  const page = await service.store.listUploads(bucket.name, {
    prefix,
    maxUploads,
    ...(afterKey === '' ? {} : { afterKey }),
    ...(afterKey === '' || marker === '' ? {} : { afterUploadId: marker }),
  });
  const last = page.isTruncated ? page.uploads.at(-1) : undefined;
  return xmlAnswer([
    'ListMultipartUploadsResult',
    [
      ...(encoding === 'url' ? [['EncodingType', 'url'] as const] : []),
      ['Bucket', bucket.name],
      ['KeyMarker', print(afterKey)],
      ['UploadIdMarker', marker],
      ['NextKeyMarker', print(last?.key ?? '')],
      ['NextUploadIdMarker', last?.uploadId ?? ''],
      ['Delimiter', ''],
      ['Prefix', print(prefix)],
      ['MaxUploads', maxUploads],
      ['IsTruncated', page.isTruncated],
      ...page.uploads.map((upload): XmlNode => {
        return [
          'Upload',
          [
            ['Key', print(upload.key)],
            ['UploadId', upload.uploadId],
            ['StorageClass', upload.storageClass ?? 'Standard'],
            ['Initiated', printTime(upload.createdMs)],
          ],
        ];
      }),
    ],
  ]);
}
