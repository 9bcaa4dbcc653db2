/**
 * ListParts and ListMultipartUploads. Easily got wrong: an upload id marker without a key marker means
 * nothing, and is ignored.
 * @module
 */

import type { ListUploadsOptions, UploadRecord } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, xmlAnswer } from '../answer.ts';
import { integerOf, parameterOf, type BucketCall, type ObjectCall } from '../call.ts';
import { findBucket, findPermittedObject } from '../lookup.ts';
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
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  const print = (key: string): string => encodeListed(key, encoding);
  const maxUploads = integerOf(call, 'max-uploads', PAGE);
  const [prefix, afterKey, marker] = [text('prefix'), text('key-marker'), text('upload-id-marker')];
  const delimiter = text('delimiter');
  const page = await collectUploads(service, bucket.name, {
    prefix,
    delimiter,
    maxUploads,
    ...(afterKey === '' ? {} : { afterKey }),
    ...(afterKey === '' || marker === '' ? {} : { afterUploadId: marker }),
  });
  const { next } = page;
  return xmlAnswer([
    'ListMultipartUploadsResult',
    [
      ...(encoding === 'url' ? [['EncodingType', 'url'] as const] : []),
      ['Bucket', bucket.name],
      ['KeyMarker', print(afterKey)],
      ['UploadIdMarker', marker],
      ['NextKeyMarker', print(next?.key ?? '')],
      ['NextUploadIdMarker', next?.uploadId ?? ''],
      ['Delimiter', print(delimiter)],
      ['Prefix', print(prefix)],
      ['MaxUploads', maxUploads],
      ['IsTruncated', next !== undefined],
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
      ...page.prefixes.map((name): XmlNode => ['CommonPrefixes', [['Prefix', print(name)]]]),
    ],
  ]);
}

interface UploadListing {
  readonly uploads: readonly UploadRecord[];
  readonly prefixes: readonly string[];
  /** The last upload that was counted, when there are more; under a prefix, the last of its own. */
  readonly next: UploadRecord | undefined;
}

/**
 * Keys that go on behind a delimiter show as one common prefix, which counts like one upload. The
 * store knows no delimiters here: uploads under way are few, so all under a prefix are read.
 */
async function collectUploads(
  service: Service,
  bucket: string,
  { delimiter, ...options }: ListUploadsOptions & { delimiter: string; maxUploads: number },
): Promise<UploadListing> {
  const { prefix = '', maxUploads } = options;
  const uploads: UploadRecord[] = [];
  const prefixes: string[] = [];
  let last: UploadRecord | undefined;
  for (let from: ListUploadsOptions = options; ;) {
    const page = await service.store.listUploads(bucket, {
      ...from,
      maxUploads: delimiter === '' ? maxUploads : PAGE.max,
    });
    for (const upload of page.uploads) {
      const name = commonPrefixOf(upload.key, prefix, delimiter);
      const isCounted = name !== undefined && name === prefixes.at(-1);
      if (!isCounted && uploads.length + prefixes.length === maxUploads) {
        return { uploads, prefixes, next: last };
      }
      if (name === undefined) uploads.push(upload);
      else if (!isCounted) prefixes.push(name);
      last = upload;
    }
    if (!page.isTruncated || last === undefined) return { uploads, prefixes, next: undefined };
    if (delimiter === '') return { uploads, prefixes, next: last };
    from = { ...options, afterKey: last.key, afterUploadId: last.uploadId };
  }
}

function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
