/**
 * The parts of a request that signatures speak about, and reading its headers. Repeated headers are
 * kept apart until here: a framework that joined or dropped them would hide a tampered one.
 * @module
 */

import {
  sortByName,
  toByteString,
  trimBlanks,
  utf8ToByteString,
  type ByteString,
} from './byte-string.ts';
import { invalidArgument } from './signing-error.ts';

/**
 * Headers in the order they came, repeated ones too, names in any case. Values are byte strings or
 * text, see `headerValueToBytes`.
 */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** A request as far as it is signed. */
export interface SignedRequest {
  /** As on the request line; case matters. */
  readonly method: string;
  /** Raw request target: path and query as they came, undecoded. */
  readonly target: string;
  readonly headers: HeaderList;
  /** The bucket the request is for, found from host or path; undefined on the service level. */
  readonly bucket: string | undefined;
  /** The decoded key; undefined or empty on the bucket and service levels. */
  readonly key: string | undefined;
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Refuses what would make the signed text ambiguous: line breaks in headers, a slash in the bucket.
 * @throws SigningError `InvalidArgument`
 */
export function checkRequest(request: SignedRequest): void {
  if (!TOKEN.test(request.method)) throw invalidArgument('method', 'a token', request.method);
  for (const [name, value] of request.headers) {
    if (!TOKEN.test(name)) throw invalidArgument('header name', 'a token', name);
    if (/[\r\n\0]/.test(value)) throw invalidArgument(name, 'a header value of one line');
  }
  const { bucket, key } = request;
  if (bucket !== undefined && (bucket === '' || /[/?]/.test(bucket))) {
    throw invalidArgument('bucket', 'a bucket name', bucket);
  }
  if (bucket === undefined && key !== undefined && key !== '') {
    throw invalidArgument('bucket', 'one, since there is a key');
  }
}

/** `bucket/key` without encoding, as version 1 signs it: `/bucket/key`, `/bucket/` or `/`. */
export function printResource(request: SignedRequest): ByteString {
  if (request.bucket === undefined) return '/';
  return `/${utf8ToByteString(request.bucket)}/${utf8ToByteString(request.key ?? '')}`;
}

/**
 * The trimmed value of the one header of this name, undefined without any. `name` is lower case.
 * @throws SigningError `InvalidArgument` if it comes more than once
 */
export function findSingleHeader(headers: HeaderList, name: string): ByteString | undefined {
  let found: ByteString | undefined;
  for (const [candidate, value] of headers) {
    if (candidate.toLowerCase() !== name) continue;
    if (found !== undefined) throw invalidArgument(name, 'at most one such header');
    found = trimBlanks(toByteString(value));
  }
  return found;
}

/**
 * `name:value` lines, each with its line feed, of all headers whose lower-case name is wanted: sorted
 * by name, repeated ones joined with a comma in their order.
 */
export function printHeaders(
  headers: HeaderList,
  isWanted: (lowerCaseName: string) => boolean,
): ByteString {
  const values = new Map<string, ByteString>();
  for (const [anyCase, raw] of headers) {
    const name = anyCase.toLowerCase();
    if (!isWanted(name)) continue;
    const value = trimBlanks(toByteString(raw));
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return sortByName(values)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');
}

const SINGLE_HEADERS = [
  'authorization',
  'content-md5',
  'content-type',
  'date',
  'x-oss-content-sha256',
  'x-oss-date',
  'x-oss-security-token',
];

/**
 * Refuses repeated headers of which a handler would use only one.
 * @throws SigningError `InvalidArgument`
 */
export function checkSingleHeaders(headers: HeaderList): void {
  for (const name of SINGLE_HEADERS) findSingleHeader(headers, name);
}

/** How many headers have this lower-case name. */
export function countHeaders(headers: HeaderList, name: string): number {
  return headers.filter(([candidate]) => candidate.toLowerCase() === name).length;
}
