/**
 * Signatures of form uploads.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { signPolicyV1, signPolicyV4, verifyPolicy } from './post-policy.ts';
import { isSigningError } from './signing-error.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const secret = 'secret';
const policy = 'eyJjb25kaXRpb25zIjpbXX0=';
const date = '20260102T030405Z';

const keys = new Map([['id', { secret }]]);

type Fields = readonly (readonly [string, string])[];

const v1: Fields = [
  ['OSSAccessKeyId', 'id'],
  ['policy', policy],
  ['signature', signPolicyV1(policy, { secret })],
];
const v4: Fields = [
  ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
  ['x-oss-credential', 'id/20260102/cn-test/oss/aliyun_v4_request'],
  ['x-oss-date', date],
  ['policy', policy],
  ['x-oss-signature', signPolicyV4(policy, { secret, region: 'cn-test', date })],
];

function outcome(fields: Fields, changed: { nowMs?: number; region?: string } = {}): string {
  try {
    return verifyPolicy(fields, { findKey: (id) => keys.get(id), nowMs, ...changed }).form;
  } catch (error) {
    if (!isSigningError(error)) throw error;
    return error.code;
  }
}

function replace(fields: Fields, name: string, value: string): Fields {
  return fields.map(([each, old]) => [each, each === name ? value : old]);
}

describe('verifyPolicy', () => {
  it('verifies both versions, field names in any case', () => {
    expect(outcome(v1)).toBe('v1-post');
    expect(outcome(v4)).toBe('v4-post');
    expect(outcome([['key', 'a']])).toBe('anonymous');
    expect(outcome([['policy', policy]])).toBe('anonymous');
  });

  it('refuses a changed policy, another key and another text of the signature', () => {
    for (const fields of [v1, v4]) {
      expect(outcome(replace(fields, 'policy', 'e30='))).toBe('SignatureDoesNotMatch');
    }
    expect(outcome(replace(v1, 'OSSAccessKeyId', 'x'))).toBe('InvalidAccessKeyId');
    expect(outcome(replace(v1, 'signature', '?'))).toBe('SignatureDoesNotMatch');
    expect(outcome(replace(v4, 'x-oss-signature', 'AB'))).toBe('SignatureDoesNotMatch');
  });

  it('never takes a part of the credentials for none', () => {
    for (const fields of [v1, v4]) {
      for (const left of fields.filter(([name]) => name !== 'policy')) {
        const kept = fields.filter((field) => field !== left);
        expect(outcome(kept)).toBe('AccessDenied');
      }
    }
  });

  it('refuses repeated credential fields, other versions and other regions', () => {
    expect(outcome([...v1, ['POLICY', 'e30=']])).toBe('InvalidArgument');
    expect(outcome([...v4, ['x-oss-signature', 'x']])).toBe('InvalidArgument');
    expect(outcome(replace(v4, 'x-oss-signature-version', 'OSS2'))).toBe('InvalidArgument');
    expect(outcome(v4, { region: 'oss-cn-test' })).toBe('v4-post');
    expect(outcome(v4, { region: 'cn-other' })).toBe('InvalidArgument');
  });

  it('refuses dates of the future and no dates', () => {
    expect(outcome(v4, { nowMs: nowMs - 900_000 })).toBe('v4-post');
    expect(outcome(v4, { nowMs: nowMs - 900_001 })).toBe('RequestTimeTooSkewed');
    expect(outcome(replace(v4, 'x-oss-date', 'soon'))).toBe('AccessDenied');
    expect(outcome(replace(v4, 'x-oss-date', '20260103T030405Z'))).toBe('InvalidArgument');
  });
});
