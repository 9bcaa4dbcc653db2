/**
 * Signing a request in each of the four forms. Every function returns the request as it must be sent;
 * nothing else about it may change afterwards, an added `x-oss-*` or content header least of all.
 * @module
 */

import { byteStringToShownText, type ByteString } from './byte-string.ts';
import { credentialFormOf, V4_ALGORITHM } from './credential-form.ts';
import { codeV1, codeV4, printBase64, printHex } from './message-code.ts';
import { checkTime, parseBasicDate, printBasicDate, printHttpDate } from './request-date.ts';
import { appendQuery, parseTarget } from './request-target.ts';
import {
  checkRequest,
  checkSingleHeaders,
  countHeaders,
  findSingleHeader,
  type HeaderList,
  type SignedRequest,
} from './signed-request.ts';
import { invalidArgument } from './signing-error.ts';
import { isAmbiguousV1, printV1Text } from './v1.ts';
import {
  createScope,
  MAX_V4_EXPIRES_SEC,
  printScope,
  printV4Text,
  readAdditionalHeaders,
  UNSIGNED_PAYLOAD,
  type EmptyValueForm,
  type V4Text,
} from './v4.ts';

/** Who signs, and when. */
export interface SignOptions {
  readonly accessKeyId: string;
  readonly secret: string;
  /** The signer's clock, in milliseconds since 1970. Parts of a second are cut off. */
  readonly nowMs: number;
  /** The token of temporary credentials. */
  readonly securityToken?: string;
}

export interface SignQueryOptions extends SignOptions {
  /** Validity of the URL in whole seconds, at least 1; version 4 allows at most 604800. */
  readonly expiresInSec: number;
}

export interface SignV4Options {
  /** Such as `cn-hangzhou`; an `oss-` before it is dropped. */
  readonly region: string;
  /** Names of further headers to sign; the request must have them. */
  readonly additionalHeaders?: readonly string[];
  /**
   * How parameters with an empty value are signed.
   * @default 'bare'
   */
  readonly emptyValues?: EmptyValueForm;
}

/** A signed request and how it came to its signature. */
export interface SigningResult {
  /** The request to send. */
  readonly request: SignedRequest;
  readonly signature: string;
  readonly stringToSign: string;
  /** Version 4 only. */
  readonly canonicalRequest: string | undefined;
}

/**
 * Adds `x-oss-date` (unless the request has it or `Date`), the security token and `Authorization`.
 * @throws SigningError `InvalidArgument` if the request is signed already or cannot be signed
 */
export function signV1Header(request: SignedRequest, options: SignOptions): SigningResult {
  checkV1Signer(request, options);
  const added: [string, string][] = [];
  const { headers } = request;
  if (countHeaders(headers, 'x-oss-date') + countHeaders(headers, 'date') === 0) {
    added.push(['x-oss-date', printHttpDate(options.nowMs)]);
  }
  const dated = addToken({ ...request, headers: [...headers, ...added] }, options);
  const date = findSingleHeader(dated.headers, 'date');
  const dateLine = findSingleHeader(dated.headers, 'x-oss-date') ?? date ?? '';
  const text = printV1Text(dated, parseTarget(request.target).query, dateLine);
  const signature = printBase64(codeV1(options.secret, text));
  const authorization = `OSS ${options.accessKeyId}:${signature}`;
  return v1Result(addHeaders(dated, [['authorization', authorization]]), signature, text);
}

/**
 * Adds the parameters of a signed URL to the target. The request's content and `x-oss-*` headers are
 * signed too: who uses the URL must send the same.
 * @throws SigningError `InvalidArgument` if the request is signed already or cannot be signed
 */
export function signV1Query(request: SignedRequest, options: SignQueryOptions): SigningResult {
  checkV1Signer(request, options);
  checkExpiresInSec(options.expiresInSec, Number.MAX_SAFE_INTEGER);
  const expires = String(Math.floor(options.nowMs / 1000) + options.expiresInSec);
  const target = appendQuery(request.target, [
    ['OSSAccessKeyId', options.accessKeyId],
    ['Expires', expires],
    ...tokenPair('security-token', options),
  ]);
  const text = printV1Text(request, parseTarget(target).query, expires);
  const signature = printBase64(codeV1(options.secret, text));
  const signed = { ...request, target: appendQuery(target, [['Signature', signature]]) };
  return v1Result(signed, signature, text);
}

/**
 * Adds `x-oss-date` and `x-oss-content-sha256` (unless the request has them), the security token and
 * `Authorization`.
 * @throws SigningError `InvalidArgument` if the request is signed already or cannot be signed
 */
export function signV4Header(
  request: SignedRequest,
  options: SignOptions & SignV4Options,
): SigningResult {
  checkSigner(request, options);
  const added: [string, string][] = [];
  if (countHeaders(request.headers, 'x-oss-date') === 0) {
    added.push(['x-oss-date', printBasicDate(options.nowMs)]);
  }
  if (countHeaders(request.headers, 'x-oss-content-sha256') === 0) {
    added.push(['x-oss-content-sha256', UNSIGNED_PAYLOAD]);
  }
  const dated = addToken(addHeaders(request, added), options);
  const dateText = findSingleHeader(dated.headers, 'x-oss-date') ?? '';
  if (parseBasicDate(dateText) === undefined) {
    throw invalidArgument('x-oss-date', "a date as '20260102T030405Z'", dateText);
  }
  const { additionalHeaders, signature, text } = signV4(dated, dateText, options);
  const fields = [
    `Credential=${options.accessKeyId}/${printScope(createScope(dateText, options.region))}`,
    ...(additionalHeaders.length === 0 ? [] : [`AdditionalHeaders=${additionalHeaders.join(';')}`]),
    `Signature=${signature}`,
  ];
  const authorization = `${V4_ALGORITHM} ${fields.join(',')}`;
  return v4Result(addHeaders(dated, [['authorization', authorization]]), signature, text);
}

/**
 * Adds the parameters of a signed URL to the target; see {@link signV1Query} about headers.
 * @throws SigningError `InvalidArgument` if the request is signed already or cannot be signed
 */
export function signV4Query(
  request: SignedRequest,
  options: SignQueryOptions & SignV4Options,
): SigningResult {
  checkSigner(request, options);
  checkExpiresInSec(options.expiresInSec, MAX_V4_EXPIRES_SEC);
  const dateText = printBasicDate(options.nowMs);
  const names = readAdditionalHeaders((options.additionalHeaders ?? []).join(';'), request);
  const scope = createScope(dateText, options.region);
  const dated = {
    ...request,
    target: appendQuery(request.target, [
      ...(names.length === 0 ? [] : [['x-oss-additional-headers', names.join(';')] as const]),
      ['x-oss-credential', `${options.accessKeyId}/${printScope(scope)}`],
      ['x-oss-date', dateText],
      ['x-oss-expires', String(options.expiresInSec)],
      ...tokenPair('x-oss-security-token', options),
      ['x-oss-signature-version', V4_ALGORITHM],
    ]),
  };
  const { signature, text } = signV4(dated, dateText, options);
  const target = appendQuery(dated.target, [['x-oss-signature', signature]]);
  return v4Result({ ...dated, target }, signature, text);
}

function signV4(
  request: SignedRequest,
  dateText: string,
  options: SignOptions & SignV4Options,
): { additionalHeaders: readonly string[]; signature: string; text: V4Text } {
  const scope = createScope(dateText, options.region);
  const names = (options.additionalHeaders ?? []).join(';');
  const additionalHeaders = readAdditionalHeaders(names, request);
  const payloadHash = findSingleHeader(request.headers, 'x-oss-content-sha256') ?? UNSIGNED_PAYLOAD;
  const text = printV4Text(
    request,
    parseTarget(request.target).query,
    { additionalHeaders, dateText, payloadHash, scope },
    options.emptyValues ?? 'bare',
  );
  const signature = printHex(codeV4(options.secret, scope, text.stringToSign));
  return { additionalHeaders, signature, text };
}

/** An id with a comma or blank could not be read back out of the header. */
function checkSigner(request: SignedRequest, options: SignOptions): void {
  checkTime('nowMs', options.nowMs);
  checkRequest(request);
  checkSingleHeaders(request.headers);
  if (!/^[!-+\--~]+$/.test(options.accessKeyId)) {
    throw invalidArgument('accessKeyId', 'visible ASCII without commas', options.accessKeyId);
  }
  const form = credentialFormOf(request, parseTarget(request.target).query);
  if (form !== 'anonymous') throw invalidArgument('request', 'one without credentials', form);
}

function checkV1Signer(request: SignedRequest, options: SignOptions): void {
  checkSigner(request, options);
  if (isAmbiguousV1(parseTarget(request.target).query)) {
    throw invalidArgument('query', 'no sub-resource hidden in a name or value', request.target);
  }
}

function checkExpiresInSec(seconds: number, max: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > max) {
    throw invalidArgument('expiresInSec', `a whole number in 1..${max}`, String(seconds));
  }
}

function addHeaders(request: SignedRequest, headers: HeaderList): SignedRequest {
  return { ...request, headers: [...request.headers, ...headers] };
}

function addToken(request: SignedRequest, options: SignOptions): SignedRequest {
  return addHeaders(request, tokenPair('x-oss-security-token', options));
}

function tokenPair(name: string, options: SignOptions): readonly (readonly [string, string])[] {
  return options.securityToken === undefined ? [] : [[name, options.securityToken]];
}

function v1Result(request: SignedRequest, signature: string, text: ByteString): SigningResult {
  const stringToSign = byteStringToShownText(text);
  return { request, signature, stringToSign, canonicalRequest: undefined };
}

function v4Result(request: SignedRequest, signature: string, text: V4Text): SigningResult {
  return {
    request,
    signature,
    stringToSign: byteStringToShownText(text.stringToSign),
    canonicalRequest: byteStringToShownText(text.canonicalRequest),
  };
}
