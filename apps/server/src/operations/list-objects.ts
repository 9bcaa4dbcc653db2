/**
 * ListObjects, versions 1 and 2. Easily got wrong: `NextMarker` is given whenever the list is
 * truncated, and version 1 must name an owner on every entry, since ali-oss reads it unasked.
 * @module
 */

import type { ListedObject, ObjectPage } from '@safelight/storage';
import { checkOwner } from '../access.ts';
import { type Answer, xmlAnswer } from '../answer.ts';
import { integerOf, parameterOf, type BucketCall } from '../call.ts';
import { findBucket } from '../lookup.ts';
import { invalidArgument } from '../service-error.ts';
import type { Service } from '../service.ts';
import { printTime } from '../times.ts';
import type { XmlNode } from '../xml.ts';
import { ownerNode } from './acl.ts';
import { encodeListed, readEncoding } from './list-encoding.ts';

const PAGE = { min: 1, max: 1000, fallback: 100 } as const;

export async function listObjects(call: BucketCall, service: Service): Promise<Answer> {
  checkOwner(call.caller);
  await findBucket(call, service);
  const version = parameterOf(call, 'list-type');
  if (version === '2') return listObjectsV2(call, service);
  if (version === undefined || version === '') return listObjectsV1(call, service);
  throw invalidArgument('list-type', version, "'2'");
}

async function listObjectsV1(call: BucketCall, service: Service): Promise<Answer> {
  const query = readListQuery(call);
  const marker = parameterOf(call, 'marker') ?? '';
  const page = await listPage(call, service, query, marker);
  const { print } = query;
  const { nextMarker } = page;
  return xmlAnswer([
    'ListBucketResult',
    [
      ...listHead(call, query),
      ['Marker', print(marker)],
      ['IsTruncated', page.isTruncated],
      ...(nextMarker === undefined ? [] : [['NextMarker', print(nextMarker)] as const]),
      ...page.objects.map((record) => objectNode(record, print, ownerNode(service))),
      ...prefixNodes(page, print),
    ],
  ]);
}

async function listObjectsV2(call: BucketCall, service: Service): Promise<Answer> {
  const query = readListQuery(call);
  const startAfter = parameterOf(call, 'start-after') ?? '';
  const token = parameterOf(call, 'continuation-token') ?? '';
  const page = await listPage(call, service, query, token === '' ? startAfter : readToken(token));
  const { print } = query;
  const owner = parameterOf(call, 'fetch-owner') === 'true' ? ownerNode(service) : undefined;
  const { nextMarker } = page;
  return xmlAnswer([
    'ListBucketResult',
    [
      ...listHead(call, query),
      ['StartAfter', print(startAfter)],
      ['KeyCount', page.objects.length + page.commonPrefixes.length],
      ['IsTruncated', page.isTruncated],
      ...(token === '' ? [] : [['ContinuationToken', token] as const]),
      ...(nextMarker === undefined
        ? []
        : [['NextContinuationToken', printToken(nextMarker)] as const]),
      ...page.objects.map((record) => objectNode(record, print, owner)),
      ...prefixNodes(page, print),
    ],
  ]);
}

interface ListQuery {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly isEncoded: boolean;
  readonly print: (text: string) => string;
}

function readListQuery(call: BucketCall): ListQuery {
  const encoding = readEncoding(parameterOf(call, 'encoding-type'));
  return {
    prefix: parameterOf(call, 'prefix') ?? '',
    delimiter: parameterOf(call, 'delimiter') ?? '',
    maxKeys: integerOf(call, 'max-keys', PAGE),
    isEncoded: encoding === 'url',
    print: (text) => encodeListed(text, encoding),
  };
}

function listPage(
  call: BucketCall,
  service: Service,
  query: ListQuery,
  startAfter: string,
): Promise<ObjectPage> {
  const { prefix, delimiter, maxKeys } = query;
  return service.store.listObjects(call.address.bucket, {
    prefix,
    delimiter: delimiter === '' ? undefined : delimiter,
    startAfter: startAfter === '' ? undefined : startAfter,
    maxKeys,
  });
}

function listHead(call: BucketCall, query: ListQuery): XmlNode[] {
  return [
    ['Name', call.address.bucket],
    ['Prefix', query.print(query.prefix)],
    ['MaxKeys', query.maxKeys],
    ['Delimiter', query.print(query.delimiter)],
    ...(query.isEncoded ? [['EncodingType', 'url'] as const] : []),
  ];
}

function objectNode(
  record: ListedObject,
  print: (text: string) => string,
  owner: XmlNode | undefined,
): XmlNode {
  const children: XmlNode[] = [
    ['Key', print(record.key)],
    ['LastModified', printTime(record.lastModifiedMs)],
    ['ETag', `"${record.etag}"`],
    ['Type', record.type],
    ['Size', record.size],
    ['StorageClass', record.storageClass ?? 'Standard'],
  ];
  if (owner !== undefined) children.push(owner);
  return ['Contents', children];
}

function prefixNodes(page: ObjectPage, print: (text: string) => string): XmlNode[] {
  return page.commonPrefixes.map((prefix) => ['CommonPrefixes', [['Prefix', print(prefix)]]]);
}

/** Opaque to clients: the marker in base64 that needs no encoding in a query. */
function printToken(marker: string): string {
  const bytes = new TextEncoder().encode(marker);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}

/** @throws ServiceError `InvalidArgument` */
function readToken(token: string): string {
  try {
    const bytes = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(bytes, (char) => char.charCodeAt(0)),
    );
  } catch {
    throw invalidArgument('continuation-token', token, 'a token of an answer of ours');
  }
}
