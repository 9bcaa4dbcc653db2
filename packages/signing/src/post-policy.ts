/**
 * The signature of a browser's form upload. It covers the base64 text of the policy alone, so the
 * policy's own conditions and expiration must still be checked, by whoever receives the form.
 * @module
 */

import { utf8ToByteString } from './byte-string.ts';
import { V4_ALGORITHM } from './credential-form.ts';
import {
  codeV1,
  codeV4,
  equalsInConstantTime,
  parseBase64,
  parseHex,
  printBase64,
  printHex,
} from './message-code.ts';
import { checkTime, parseBasicDate } from './request-date.ts';
import { accessDenied, invalidArgument } from './signing-error.ts';
import { createScope, readCredential, stripRegion } from './v4.ts';
import {
  findSecret,
  MAX_SKEW_MS,
  missingDate,
  requestTimeTooSkewed,
  signatureDoesNotMatch,
  type AnonymousRequest,
  type VerifyOptions,
} from './verify.ts';

/** A form whose policy is rightly signed. */
export interface VerifiedPolicy {
  readonly form: 'v1-post' | 'v4-post';
  readonly accessKeyId: string;
  /** The policy's base64 text. */
  readonly policy: string;
}

/** Signs the base64 text of a policy by version 1: base64 of HMAC-SHA1. */
export function signPolicyV1(policy: string, options: { readonly secret: string }): string {
  return printBase64(codeV1(options.secret, utf8ToByteString(policy)));
}

/** Signs the base64 text of a policy by version 4; `date` is the form's `x-oss-date`. */
export function signPolicyV4(
  policy: string,
  options: { readonly secret: string; readonly region: string; readonly date: string },
): string {
  const scope = createScope(options.date, options.region);
  return printHex(codeV4(options.secret, scope, utf8ToByteString(policy)));
}

const MARKERS = ['ossaccesskeyid', 'signature', 'x-oss-credential', 'x-oss-signature'];

/**
 * Verifies the credential fields of a form. Field names are compared without case, since the
 * manual's own examples write both `Signature` and `signature`.
 * @throws SigningError for every form that has some credential and is not rightly signed
 * @throws RangeError if the given clock is not a time
 */
export function verifyPolicy(
  fields: readonly (readonly [name: string, value: string])[],
  options: VerifyOptions,
): AnonymousRequest | VerifiedPolicy {
  checkTime('nowMs', options.nowMs);
  const values = readFields(fields);
  const version = values.get('x-oss-signature-version');
  if (version === undefined && !MARKERS.some((name) => values.has(name))) {
    return { form: 'anonymous', accessKeyId: undefined };
  }
  if (version !== undefined && version !== V4_ALGORITHM) {
    throw invalidArgument('x-oss-signature-version', `'${V4_ALGORITHM}'`, version);
  }
  const policy = requireField(values, 'policy');
  return version === undefined
    ? verifyV1(values, policy, options)
    : verifyV4(values, policy, options);
}

function verifyV1(
  values: ReadonlyMap<string, string>,
  policy: string,
  options: VerifyOptions,
): VerifiedPolicy {
  const accessKeyId = requireField(values, 'ossaccesskeyid');
  const signature = requireField(values, 'signature');
  const secret = findSecret(accessKeyId, options.findKey);
  const text = utf8ToByteString(policy);
  const given = parseBase64(signature);
  if (given === undefined || !equalsInConstantTime(given, codeV1(secret, text))) {
    throw signatureDoesNotMatch({ accessKeyId, signature }, '0002-00000040', text);
  }
  return { form: 'v1-post', accessKeyId, policy };
}

function verifyV4(
  values: ReadonlyMap<string, string>,
  policy: string,
  options: VerifyOptions,
): VerifiedPolicy {
  const date = requireField(values, 'x-oss-date');
  const signature = requireField(values, 'x-oss-signature');
  const credential = requireField(values, 'x-oss-credential');
  const { accessKeyId, scope } = readCredential('x-oss-credential', credential, date);
  if (options.region !== undefined && scope.region !== stripRegion(options.region)) {
    throw invalidArgument('region', `'${stripRegion(options.region)}'`, scope.region);
  }
  const secret = findSecret(accessKeyId, options.findKey);
  const maxSkewMs = options.maxSkewMs ?? MAX_SKEW_MS;
  checkTime('maxSkewMs', maxSkewMs);
  const dateMs = parseBasicDate(date);
  if (dateMs === undefined) throw missingDate();
  if (dateMs - options.nowMs > maxSkewMs) {
    throw requestTimeTooSkewed(dateMs, options.nowMs, maxSkewMs);
  }
  const text = utf8ToByteString(policy);
  const given = parseHex(signature);
  if (given === undefined || !equalsInConstantTime(given, codeV4(secret, scope, text))) {
    throw signatureDoesNotMatch({ accessKeyId, signature }, '0002-00000201', text);
  }
  return { form: 'v4-post', accessKeyId, policy };
}

function readFields(
  fields: readonly (readonly [name: string, value: string])[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [anyCase, value] of fields) {
    const name = anyCase.toLowerCase();
    if (values.has(name) && (name === 'policy' || isCredentialField(name))) {
      throw invalidArgument(anyCase, 'at most one such field');
    }
    values.set(name, value);
  }
  return values;
}

function isCredentialField(name: string): boolean {
  return MARKERS.includes(name) || name === 'x-oss-date' || name === 'x-oss-signature-version';
}

function requireField(values: ReadonlyMap<string, string>, name: string): string {
  const value = values.get(name);
  if (value === undefined || value === '') {
    throw accessDenied(`A signed form requires the field ${name}.`);
  }
  return value;
}
