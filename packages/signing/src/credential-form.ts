/**
 * Which of the five credential forms a request uses. The rule that matters: whatever has a trace of a
 * credential is never anonymous, so that a signed URL cut in half fails on a public bucket too.
 * @module
 */

import { findSingleParameter, parseTarget, type QueryParameter } from './request-target.ts';
import { countHeaders, findSingleHeader, type SignedRequest } from './signed-request.ts';
import { accessDenied, invalidArgument } from './signing-error.ts';

/** How a request says who sent it. */
export type CredentialForm = 'anonymous' | 'v1-header' | 'v1-query' | 'v4-header' | 'v4-query';

/** The word both version 4 forms begin with. */
export const V4_ALGORITHM = 'OSS4-HMAC-SHA256';

/** The service's id for an `Authorization` header it cannot read. */
export const EC_AUTHORIZATION = '0002-00000021';

const V1_MARKERS: ReadonlySet<string> = new Set(['OSSAccessKeyId', 'Signature']);

/** `x-oss-access-key-id` is version 2's; `x-oss-security-token` alone proves nothing. */
const V4_MARKERS: ReadonlySet<string> = new Set([
  'x-oss-access-key-id',
  'x-oss-additional-headers',
  'x-oss-credential',
  'x-oss-date',
  'x-oss-expires',
  'x-oss-signature',
  'x-oss-signature-version',
]);

/** The parameters of the query forms themselves: what a signer adds to a target. */
export const CREDENTIAL_PARAMETERS: ReadonlySet<string> = new Set([
  ...V1_MARKERS,
  ...V4_MARKERS,
  'Expires',
  'security-token',
  'x-oss-security-token',
]);

/**
 * Finds the form. Form uploads carry their credentials in the body and count as anonymous here.
 * @throws SigningError `AccessDenied` for an incomplete query form; `InvalidArgument` for two forms at
 * once, a foreign or repeated `Authorization`, version 2, repeated credential parameters
 */
export function findCredentialForm(request: SignedRequest): CredentialForm {
  return credentialFormOf(request, parseTarget(request.target).query);
}

/** The same for a query that was parsed already. */
export function credentialFormOf(
  request: SignedRequest,
  query: readonly QueryParameter[],
): CredentialForm {
  const header = headerFormOf(request);
  const v1 = query.some(({ name }) => V1_MARKERS.has(name));
  const v4 = query.some(({ name }) => V4_MARKERS.has(name));
  if (Number(header !== undefined) + Number(v1) + Number(v4) > 1) {
    throw invalidArgument('credentials', 'one form, in the header or in the query', 'several');
  }
  if (header !== undefined) return header;
  if (!v1 && !v4) return 'anonymous';
  for (const name of CREDENTIAL_PARAMETERS) findSingleParameter(query, name);
  if (v1) {
    requireV1Query(query);
    return 'v1-query';
  }
  requireV4Query(query);
  return 'v4-query';
}

function headerFormOf(request: SignedRequest): 'v1-header' | 'v4-header' | undefined {
  if (countHeaders(request.headers, 'authorization') === 0) return undefined;
  const text = findSingleHeader(request.headers, 'authorization') ?? '';
  if (text.startsWith(`${V4_ALGORITHM} `)) return 'v4-header';
  if (text.startsWith('OSS ')) return 'v1-header';
  // The value may be a password of another scheme, so it is not shown.
  throw invalidArgument('Authorization', `'OSS' or '${V4_ALGORITHM}'`, undefined, EC_AUTHORIZATION);
}

function requireV1Query(query: readonly QueryParameter[]): void {
  for (const name of V1_MARKERS) requireParameter(query, name);
  const expires = findSingleParameter(query, 'Expires');
  if (expires === undefined) {
    throw accessDenied('Query-string authentication requires Expires.', '0002-00000067');
  }
  if (expires === '') throw accessDenied('Expires must not be empty.', '0002-00000068');
  if (!/^\d+$/.test(expires)) {
    throw accessDenied('Expires must be a number of seconds.', '0002-00000070');
  }
}

function requireV4Query(query: readonly QueryParameter[]): void {
  const version = requireParameter(query, 'x-oss-signature-version');
  if (version !== V4_ALGORITHM) {
    throw invalidArgument('x-oss-signature-version', `'${V4_ALGORITHM}'`, version);
  }
  for (const name of ['x-oss-credential', 'x-oss-date', 'x-oss-expires', 'x-oss-signature']) {
    requireParameter(query, name);
  }
}

function requireParameter(query: readonly QueryParameter[], name: string): string {
  const value = findSingleParameter(query, name);
  if (value === undefined || value === '') {
    throw accessDenied(`Query-string authentication requires ${name}.`);
  }
  return value;
}
