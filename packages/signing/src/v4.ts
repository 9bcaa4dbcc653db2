/**
 * Version 4: HMAC-SHA256 over a canonical request with all parameters, by a key derived for day and
 * region. An empty value is signed as `name` by most clients and as `name=` by some; a URL does not
 * tell which, so both texts must be tried.
 * @module
 */

import { sortByName, type ByteString } from './byte-string.ts';
import { EC_AUTHORIZATION, V4_ALGORITHM } from './credential-form.ts';
import { hashText, type KeyScope } from './message-code.ts';
import { encodePath, encodeQueryText } from './percent-encoding.ts';
import { parseBasicDate } from './request-date.ts';
import { findSingleParameter, type QueryParameter } from './request-target.ts';
import {
  countHeaders,
  findSingleHeader,
  printHeaders,
  type SignedRequest,
} from './signed-request.ts';
import { invalidArgument } from './signing-error.ts';

/** What a version 4 request claims, before any of it is believed. */
export interface V4Claim {
  readonly form: 'v4-header' | 'v4-query';
  readonly accessKeyId: string;
  readonly scope: KeyScope;
  /** Lower-case hexadecimal, as given. */
  readonly signature: string;
  readonly dateText: string;
  /** When the request was made or the URL begins; undefined without a valid date. */
  readonly dateMs: number | undefined;
  /** The last valid time of a URL; undefined in the header form. */
  readonly expiresMs: number | undefined;
  /** Names of further signed headers: lower case, sorted, unique. */
  readonly additionalHeaders: readonly string[];
  /** `UNSIGNED-PAYLOAD` or the SHA-256 of the body in lower-case hexadecimal. */
  readonly payloadHash: string;
  readonly securityToken: string | undefined;
}

/** How parameters with an empty value are signed: `name` or `name=`. */
export type EmptyValueForm = 'bare' | 'equals';

/** The two texts of a version 4 signature. */
export interface V4Text {
  readonly canonicalRequest: ByteString;
  readonly stringToSign: ByteString;
}

/** The value that says that the body is not signed; all official clients send it. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** Longest validity of a version 4 URL in seconds: seven days. */
export const MAX_V4_EXPIRES_SEC = 604_800;

const PRODUCT = 'oss';
const TERMINATOR = 'aliyun_v4_request';

/** Builds the texts a version 4 signature covers. */
export function printV4Text(
  request: SignedRequest,
  query: readonly QueryParameter[],
  claim: Pick<V4Claim, 'additionalHeaders' | 'dateText' | 'payloadHash' | 'scope'>,
  emptyValues: EmptyValueForm,
): V4Text {
  const additional = new Set(claim.additionalHeaders);
  const canonicalRequest = [
    request.method,
    printCanonicalPath(request),
    printCanonicalQuery(query, emptyValues),
    printHeaders(request.headers, (name) => isAlwaysSigned(name) || additional.has(name)),
    claim.additionalHeaders.join(';'),
    claim.payloadHash,
  ].join('\n');
  const stringToSign = [
    V4_ALGORITHM,
    claim.dateText,
    printScope(claim.scope),
    hashText(canonicalRequest),
  ].join('\n');
  return { canonicalRequest, stringToSign };
}

/** `date/region/oss/aliyun_v4_request` */
export function printScope(scope: KeyScope): string {
  return `${scope.date}/${scope.region}/${scope.product}/${TERMINATOR}`;
}

/** A scope of the one product there is; a region may come with its `oss-` prefix. */
export function createScope(dateText: string, region: string): KeyScope {
  return { date: dateText.slice(0, 8), region: stripRegion(region), product: PRODUCT };
}

/** `cn-hangzhou` for `oss-cn-hangzhou`. */
export function stripRegion(region: string): string {
  return region.startsWith('oss-') ? region.slice('oss-'.length) : region;
}

/**
 * Reads the `Authorization` header and dates of a version 4 request. Clients disagree about order and
 * blanks of its fields, so they are read as a set.
 * @throws SigningError `InvalidArgument`
 */
export function readV4HeaderClaim(request: SignedRequest): V4Claim {
  const { headers } = request;
  const fields = readAuthorizationFields(findSingleHeader(headers, 'authorization') ?? '');
  const dateText = findSingleHeader(headers, 'x-oss-date') ?? '';
  const payloadHash = findSingleHeader(headers, 'x-oss-content-sha256');
  if (payloadHash === undefined) throw invalidArgument('x-oss-content-sha256', 'a header');
  return {
    form: 'v4-header',
    ...readCredential('Credential', fields.get('Credential') ?? '', dateText),
    signature: fields.get('Signature') ?? '',
    dateText,
    dateMs: parseBasicDate(dateText),
    expiresMs: undefined,
    additionalHeaders: readAdditionalHeaders(fields.get('AdditionalHeaders') ?? '', request),
    payloadHash: checkPayloadHash(payloadHash),
    securityToken: findSingleHeader(headers, 'x-oss-security-token'),
  };
}

/**
 * Reads the parameters of a version 4 URL, whose presence `findCredentialForm` has checked.
 * @throws SigningError `InvalidArgument`
 */
export function readV4QueryClaim(
  request: SignedRequest,
  query: readonly QueryParameter[],
): V4Claim {
  const parameter = (name: string): string => findSingleParameter(query, name) ?? '';
  const dateText = parameter('x-oss-date');
  const dateMs = parseBasicDate(dateText);
  const expiresSec = readExpiresSec(parameter('x-oss-expires'));
  const payloadHash = findSingleHeader(request.headers, 'x-oss-content-sha256');
  return {
    form: 'v4-query',
    ...readCredential('x-oss-credential', parameter('x-oss-credential'), dateText),
    signature: parameter('x-oss-signature'),
    dateText,
    dateMs,
    expiresMs: dateMs === undefined ? undefined : dateMs + expiresSec * 1000,
    additionalHeaders: readAdditionalHeaders(parameter('x-oss-additional-headers'), request),
    payloadHash: checkPayloadHash(payloadHash ?? UNSIGNED_PAYLOAD),
    securityToken: findSingleParameter(query, 'x-oss-security-token'),
  };
}

/**
 * `id/yyyymmdd/region/oss/aliyun_v4_request`, split from the right so that a slash in the id cannot
 * shift the scope. The day must be that of the request's date, if that is a date at all.
 * @throws SigningError `InvalidArgument`
 */
export function readCredential(
  name: string,
  text: string,
  dateText: string,
): Pick<V4Claim, 'accessKeyId' | 'scope'> {
  const expected = `'id/yyyymmdd/region/${PRODUCT}/${TERMINATOR}'`;
  const parts = text.split('/');
  const [date = '', region = '', product, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (
    accessKeyId === '' ||
    !/^\d{8}$/.test(date) ||
    !/^[a-z0-9-]+$/.test(region) ||
    product !== PRODUCT ||
    terminator !== TERMINATOR
  ) {
    throw invalidArgument(name, expected, text);
  }
  if (parseBasicDate(dateText) !== undefined && dateText.slice(0, 8) !== date) {
    throw invalidArgument(name, `the day of x-oss-date, ${dateText.slice(0, 8)}`, date);
  }
  return { accessKeyId, scope: { date, region, product } };
}

/**
 * The names of further signed headers, normalised. Those that are always signed are left out.
 * @throws SigningError `InvalidArgument` for a name that is not on the request
 */
export function readAdditionalHeaders(text: string, request: SignedRequest): readonly string[] {
  const names = new Set<string>();
  for (const piece of text.split(';')) {
    const name = piece.trim().toLowerCase();
    if (name === '') continue;
    if (countHeaders(request.headers, name) === 0) {
      throw invalidArgument('AdditionalHeaders', 'names of headers on the request', name);
    }
    if (!isAlwaysSigned(name)) names.add(name);
  }
  const sorted = [...names];
  sorted.sort();
  return sorted;
}

function readAuthorizationFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  const expected = `'${V4_ALGORITHM} Credential=…,AdditionalHeaders=…,Signature=…'`;
  for (const piece of text.slice(V4_ALGORITHM.length + 1).split(',')) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(equals, 0)).trim();
    const isKnown = ['AdditionalHeaders', 'Credential', 'Signature'].includes(name);
    if (!isKnown || fields.has(name)) {
      throw invalidArgument('Authorization', expected, undefined, EC_AUTHORIZATION);
    }
    fields.set(name, piece.slice(equals + 1).trim());
  }
  if (!fields.get('Credential') || !fields.get('Signature')) {
    throw invalidArgument('Authorization', expected, undefined, EC_AUTHORIZATION);
  }
  return fields;
}

function readExpiresSec(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(seconds >= 1 && seconds <= MAX_V4_EXPIRES_SEC)) {
    const expected = `whole seconds in 1..${MAX_V4_EXPIRES_SEC}`;
    throw invalidArgument('x-oss-expires', expected, text, '0002-00000232');
  }
  return seconds;
}

function checkPayloadHash(text: string): string {
  if (text !== UNSIGNED_PAYLOAD && !/^[0-9a-f]{64}$/.test(text)) {
    const expected = `${UNSIGNED_PAYLOAD} or a SHA-256 in lower-case hexadecimal`;
    throw invalidArgument('x-oss-content-sha256', expected, text);
  }
  return text;
}

function isAlwaysSigned(name: string): boolean {
  return name === 'content-type' || name === 'content-md5' || name.startsWith('x-oss-');
}

function printCanonicalPath(request: SignedRequest): string {
  if (request.bucket === undefined) return '/';
  return `/${encodePath(request.bucket)}/${encodePath(request.key ?? '')}`;
}

function printCanonicalQuery(
  query: readonly QueryParameter[],
  emptyValues: EmptyValueForm,
): string {
  const separator = emptyValues === 'equals' ? '=' : '';
  const pairs = query
    .filter(({ name }) => name !== 'x-oss-signature')
    .map(({ name, value }) => [encodeQueryText(name), encodeQueryText(value)] as const);
  return sortByName(pairs)
    .map(([name, value]) => (value === '' ? `${name}${separator}` : `${name}=${value}`))
    .join('&');
}
