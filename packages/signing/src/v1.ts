/**
 * Version 1: HMAC-SHA1 over the method, a few headers and the resource. The key and the values of
 * sub-resources are signed decoded; parameters that are no sub-resources are not signed at all.
 * @module
 */

import { sortByName, utf8ToByteString, type ByteString } from './byte-string.ts';
import { EC_AUTHORIZATION } from './credential-form.ts';
import { parseDate } from './request-date.ts';
import { findSingleParameter, type QueryParameter } from './request-target.ts';
import {
  findSingleHeader,
  printHeaders,
  printResource,
  type SignedRequest,
} from './signed-request.ts';
import { invalidArgument } from './signing-error.ts';
import { isSubresource } from './sub-resources.ts';

/** What a version 1 request claims, before any of it is believed. */
export interface V1Claim {
  readonly form: 'v1-header' | 'v1-query';
  readonly accessKeyId: string;
  /** Base64, as given. */
  readonly signature: string;
  /** The fourth line of the signed text, as given. */
  readonly dateLine: ByteString;
  /** When the request was made; undefined in the query form or without a valid date. */
  readonly dateMs: number | undefined;
  /** The last valid time of a URL; undefined in the header form. */
  readonly expiresMs: number | undefined;
  readonly securityToken: string | undefined;
}

/** The text a version 1 signature covers. */
export function printV1Text(
  request: SignedRequest,
  query: readonly QueryParameter[],
  dateLine: ByteString,
): ByteString {
  const { headers } = request;
  return [
    request.method,
    findSingleHeader(headers, 'content-md5') ?? '',
    findSingleHeader(headers, 'content-type') ?? '',
    dateLine,
    printHeaders(headers, (name) => name.startsWith('x-oss-')) +
      printResource(request) +
      printSubresources(query),
  ].join('\n');
}

/**
 * Whether the parameters could be read in two ways from the signed text, which does not escape them.
 * `response-expires=a&x-oss-process=s` as two parameters, as one whose value holds `&`, or
 * `x-oss-process=s` as a bare name: all sign alike, and only some of them name a process. Without
 * this check whoever has a signed URL of a thumbnail could fetch the original.
 */
export function isAmbiguousV1(query: readonly QueryParameter[]): boolean {
  const signed = query.filter(({ name }) => isSubresource(name));
  if (signed.some(({ name }) => /[=&]/.test(name))) return true;
  return signed.some(({ value }) =>
    value
      .split('&')
      .slice(1)
      .some((piece) => isSubresource(piece.split('=', 1)[0] ?? '')),
  );
}

/**
 * Reads the `Authorization` header (`OSS id:signature`) and the date of a version 1 request.
 * @throws SigningError `InvalidArgument`
 */
export function readV1HeaderClaim(request: SignedRequest): V1Claim {
  const { headers } = request;
  const text = (findSingleHeader(headers, 'authorization') ?? '').slice('OSS '.length);
  // Base64 has no colon, so the last one ends the id, whatever the id holds.
  const colon = text.lastIndexOf(':');
  if (colon < 1 || colon === text.length - 1) {
    throw invalidArgument('Authorization', "'OSS id:signature'", undefined, EC_AUTHORIZATION);
  }
  const date = findSingleHeader(headers, 'date');
  const dateLine = findSingleHeader(headers, 'x-oss-date') ?? date ?? '';
  return {
    form: 'v1-header',
    accessKeyId: text.slice(0, colon),
    signature: text.slice(colon + 1),
    dateLine,
    dateMs: parseDate(dateLine),
    expiresMs: undefined,
    securityToken: findSingleHeader(headers, 'x-oss-security-token'),
  };
}

/** Reads the parameters of a version 1 URL, whose presence `findCredentialForm` has checked. */
export function readV1QueryClaim(query: readonly QueryParameter[]): V1Claim {
  const expires = findSingleParameter(query, 'Expires') ?? '';
  return {
    form: 'v1-query',
    accessKeyId: findSingleParameter(query, 'OSSAccessKeyId') ?? '',
    signature: findSingleParameter(query, 'Signature') ?? '',
    dateLine: utf8ToByteString(expires),
    dateMs: undefined,
    expiresMs: Number(expires) * 1000,
    securityToken: findSingleParameter(query, 'security-token'),
  };
}

/** `?a&b=value`, sorted by name; repeated names all count, in their order. */
function printSubresources(query: readonly QueryParameter[]): ByteString {
  const signed = query.filter(({ name }) => isSubresource(name));
  if (signed.length === 0) return '';
  const pairs = signed.map(
    ({ name, value }) => [utf8ToByteString(name), utf8ToByteString(value)] as const,
  );
  const texts = sortByName(pairs).map(([name, value]) =>
    value === '' ? name : `${name}=${value}`,
  );
  return `?${texts.join('&')}`;
}
