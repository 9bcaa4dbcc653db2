/**
 * Verifying a request: form, syntax, key, time, signature, in this order. The order is what OSS
 * documents, and an expired URL must say so even if its signature is wrong as well.
 * @module
 */

import { byteStringToShownText, byteStringToBytes, type ByteString } from './byte-string.ts';
import { credentialFormOf, type CredentialForm } from './credential-form.ts';
import { codeV1, codeV4, equalsInConstantTime, parseBase64, parseHex } from './message-code.ts';
import { checkTime, printIsoDate } from './request-date.ts';
import { parseTarget, PROCESS_PARAMETER, type QueryParameter } from './request-target.ts';
import {
  checkRequest,
  checkSingleHeaders,
  countHeaders,
  type SignedRequest,
} from './signed-request.ts';
import { accessDenied, invalidArgument, SigningError } from './signing-error.ts';
import {
  isAmbiguousV1,
  printV1Text,
  readV1HeaderClaim,
  readV1QueryClaim,
  type V1Claim,
} from './v1.ts';
import {
  printV4Text,
  readV4HeaderClaim,
  readV4QueryClaim,
  stripRegion,
  UNSIGNED_PAYLOAD,
  type V4Claim,
} from './v4.ts';

/** Greatest difference between the clocks of client and server: 15 minutes, as OSS has it. */
export const MAX_SKEW_MS = 900_000;

/** A secret by its id. */
export interface AccessKey {
  readonly secret: string;
  readonly disabled?: boolean;
}

/** Finds a key. Ids come from the request: look them up in a `Map`, never in a plain object. */
export type FindKey = (accessKeyId: string) => AccessKey | undefined;

export interface VerifyOptions {
  readonly findKey: FindKey;
  /** The server's clock, in milliseconds since 1970. */
  readonly nowMs: number;
  /** @default MAX_SKEW_MS */
  readonly maxSkewMs?: number;
  /**
   * The one region that version 4 requests may name, with or without `oss-`.
   * @default any
   */
  readonly region?: string;
  /**
   * Whether version 4 requests may sign their body's hash. Who sets this must compare
   * `payloadSha256Hex` with the body; otherwise such requests are refused.
   * @default false
   */
  readonly acceptsPayloadHash?: boolean;
}

/** A request without any credential. */
export interface AnonymousRequest {
  readonly form: 'anonymous';
  readonly accessKeyId: undefined;
}

/** A request whose signature is right. */
export interface VerifiedRequest {
  readonly form: Exclude<CredentialForm, 'anonymous'>;
  readonly accessKeyId: string;
  /** The token of temporary credentials as it came: signed, but what it says is not checked. */
  readonly securityToken: string | undefined;
  /** The last valid time of a signed URL, in milliseconds since 1970. */
  readonly expiresMs: number | undefined;
  /** The region a version 4 request names. */
  readonly region: string | undefined;
  /** What the body's SHA-256 must be, if the request signs it. */
  readonly payloadSha256Hex: string | undefined;
}

/**
 * Verifies the credentials of a request, if it has any. The key in `request` must be what its target
 * decodes to: it is the key that is signed.
 * @throws SigningError for every request that is not anonymous and not rightly signed
 * @throws RangeError if the given clock is not a time
 */
export function verifySignature(
  request: SignedRequest,
  options: VerifyOptions,
): AnonymousRequest | VerifiedRequest {
  const maxSkewMs = options.maxSkewMs ?? MAX_SKEW_MS;
  checkTime('nowMs', options.nowMs);
  checkTime('maxSkewMs', maxSkewMs);
  checkRequest(request);
  const { query } = parseTarget(request.target);
  const form = credentialFormOf(request, query);
  if (form === 'anonymous') return { form, accessKeyId: undefined };
  checkSingleHeaders(request.headers);
  const claim = readClaim(form, request, query);
  checkScope(claim, options);
  const secret = findSecret(claim.accessKeyId, options.findKey);
  checkClaimTime(claim, options.nowMs, maxSkewMs);
  checkSignature(request, query, claim, secret);
  return {
    form,
    accessKeyId: claim.accessKeyId,
    securityToken: claim.securityToken,
    expiresMs: claim.expiresMs,
    region: isV4(claim) ? claim.scope.region : undefined,
    payloadSha256Hex:
      isV4(claim) && claim.payloadHash !== UNSIGNED_PAYLOAD ? claim.payloadHash : undefined,
  };
}

/**
 * The secret of an enabled key. The answer itself tells whether an id exists, as OSS's does, so
 * hiding the time of the search would hide nothing.
 * @throws SigningError `InvalidAccessKeyId`
 */
export function findSecret(accessKeyId: string, findKey: FindKey): string {
  const key = findKey(accessKeyId);
  if (key !== undefined && key.disabled !== true) return key.secret;
  const state = key === undefined ? 'does not exist in our records' : 'is disabled';
  throw new SigningError({
    code: 'InvalidAccessKeyId',
    publicMessage: `The OSS Access Key Id you provided ${state}.`,
    details: { OSSAccessKeyId: accessKeyId },
  });
}

/** The refusal of a request made too long ago or too far ahead. */
export function requestTimeTooSkewed(
  dateMs: number,
  nowMs: number,
  maxSkewMs: number,
): SigningError {
  return new SigningError({
    code: 'RequestTimeTooSkewed',
    publicMessage: 'The difference between the request time and the current time is too large.',
    details: {
      MaxAllowedSkewMilliseconds: String(maxSkewMs),
      RequestTime: printIsoDate(dateMs),
      ServerTime: printIsoDate(nowMs),
    },
  });
}

/** The refusal of a request whose date is missing or unreadable. */
export function missingDate(): SigningError {
  return accessDenied('OSS authentication requires a valid Date.');
}

function readClaim(
  form: VerifiedRequest['form'],
  request: SignedRequest,
  query: readonly QueryParameter[],
): V1Claim | V4Claim {
  switch (form) {
    case 'v1-header':
      return readV1HeaderClaim(request);
    case 'v1-query':
      return readV1QueryClaim(query);
    case 'v4-header':
      return readV4HeaderClaim(request);
    case 'v4-query':
      return readV4QueryClaim(request, query);
  }
}

function isV4(claim: V1Claim | V4Claim): claim is V4Claim {
  return claim.form === 'v4-header' || claim.form === 'v4-query';
}

function checkScope(claim: V1Claim | V4Claim, options: VerifyOptions): void {
  if (!isV4(claim)) return;
  if (options.region !== undefined && claim.scope.region !== stripRegion(options.region)) {
    throw invalidArgument('region', `'${stripRegion(options.region)}'`, claim.scope.region);
  }
  if (claim.payloadHash !== UNSIGNED_PAYLOAD && options.acceptsPayloadHash !== true) {
    throw invalidArgument('x-oss-content-sha256', UNSIGNED_PAYLOAD, claim.payloadHash);
  }
}

/** Comparisons are written so that both ends are valid: now = Expires and a skew of 15:00 pass. */
function checkClaimTime(claim: V1Claim | V4Claim, nowMs: number, maxSkewMs: number): void {
  const { dateMs, expiresMs, form } = claim;
  if (form !== 'v1-query') {
    if (dateMs === undefined) throw missingDate();
    const aheadMs = dateMs - nowMs;
    const differenceMs = form === 'v4-query' ? aheadMs : Math.abs(aheadMs);
    if (differenceMs > maxSkewMs) throw requestTimeTooSkewed(dateMs, nowMs, maxSkewMs);
  }
  if (expiresMs !== undefined && nowMs > expiresMs) {
    throw accessDenied('Request has expired.', undefined, {
      Expires: printIsoDate(expiresMs),
      ServerTime: printIsoDate(nowMs),
    });
  }
}

function checkSignature(
  request: SignedRequest,
  query: readonly QueryParameter[],
  claim: V1Claim | V4Claim,
  secret: string,
): void {
  const isRepeated = hasRepeatedProcess(request, query);
  if (!isV4(claim)) {
    const text = printV1Text(request, query, claim.dateLine);
    const given = parseBase64(claim.signature);
    const isRight = given !== undefined && equalsInConstantTime(given, codeV1(secret, text));
    if (!isRight || isRepeated || isAmbiguousV1(query))
      throw signatureDoesNotMatch(claim, '0002-00000040', text);
    return;
  }
  const given = parseHex(claim.signature);
  const text = printV4Text(request, query, claim, 'bare');
  const isRight = (stringToSign: ByteString): boolean =>
    given !== undefined && equalsInConstantTime(given, codeV4(secret, claim.scope, stringToSign));
  const isSigned =
    isRight(text.stringToSign) ||
    (query.some(({ value }) => value === '') &&
      isRight(printV4Text(request, query, claim, 'equals').stringToSign));
  if (!isSigned || isRepeated) {
    throw signatureDoesNotMatch(claim, '0002-00000201', text.stringToSign, text.canonicalRequest);
  }
}

/**
 * Several processes are refused even when all are signed: handlers could disagree about which one
 * counts. Repeated headers would sign like one header with a comma.
 */
function hasRepeatedProcess(request: SignedRequest, query: readonly QueryParameter[]): boolean {
  return (
    query.filter(({ name }) => name === PROCESS_PARAMETER).length > 1 ||
    countHeaders(request.headers, PROCESS_PARAMETER) > 1
  );
}

/** Shows what was to be signed, never what the signature should have been. */
export function signatureDoesNotMatch(
  claim: { readonly accessKeyId: string; readonly signature: string },
  ec: string,
  stringToSign: ByteString,
  canonicalRequest?: ByteString,
): SigningError {
  const hex = Array.from(byteStringToBytes(stringToSign), (byte) =>
    byte.toString(16).toUpperCase().padStart(2, '0'),
  );
  return new SigningError({
    code: 'SignatureDoesNotMatch',
    publicMessage:
      'The request signature we calculated does not match the signature you provided. ' +
      'Check your key and signing method.',
    ec,
    details: {
      OSSAccessKeyId: claim.accessKeyId,
      SignatureProvided: claim.signature,
      StringToSign: byteStringToShownText(stringToSign),
      StringToSignBytes: hex.join(' '),
      ...(canonicalRequest === undefined
        ? {}
        : { CanonicalRequest: byteStringToShownText(canonicalRequest) }),
    },
  });
}
