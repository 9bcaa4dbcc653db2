/**
 * The signers' own duties: what they add, leave and refuse.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { signV1Header, signV1Query, signV4Header, signV4Query } from './sign.ts';
import type { SignedRequest } from './signed-request.ts';
import { isSigningError } from './signing-error.ts';

const signer = {
  accessKeyId: 'id',
  secret: 'secret',
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5) + 678,
  region: 'cn-test',
  expiresInSec: 60,
};
const request: SignedRequest = {
  method: 'GET',
  target: '/a.jpg',
  headers: [['Host', 'h']],
  bucket: 'b',
  key: 'a.jpg',
};

const signers = { signV1Header, signV1Query, signV4Header, signV4Query };

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'signed';
  } catch (error) {
    return isSigningError(error) ? error.code : String(error);
  }
}

describe('signers', () => {
  it('add what their form needs and leave the rest', () => {
    expect(signV1Header(request, signer).request.headers.map(([name]) => name)).toEqual([
      'Host',
      'x-oss-date',
      'authorization',
    ]);
    expect(signV4Header(request, signer).request.headers.map(([name]) => name)).toEqual([
      'Host',
      'x-oss-date',
      'x-oss-content-sha256',
      'authorization',
    ]);
    expect(signV1Query(request, signer).request.headers).toEqual(request.headers);
    expect(signV1Query(request, signer).request.target).toMatch(
      /^\/a\.jpg\?OSSAccessKeyId=id&Expires=1767323105&Signature=[\w%]+$/,
    );
    expect(signV4Query(request, signer).request.target).toMatch(
      /^\/a\.jpg\?x-oss-credential=id%2F20260102%2Fcn-test%2Foss%2Faliyun_v4_request&x-oss-date=20260102T030405Z&x-oss-expires=60&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-signature=[0-9a-f]{64}$/,
    );
  });

  it('keep a date the request has', () => {
    const dated: SignedRequest = { ...request, headers: [['x-oss-date', '20260101T000000Z']] };
    expect(signV4Header(dated, signer).stringToSign).toContain('\n20260101T000000Z\n20260101/');
    const undated: SignedRequest = { ...request, headers: [['x-oss-date', 'soon']] };
    expect(codeOf(() => signV4Header(undated, signer))).toBe('InvalidArgument');
  });

  it('sign services and buckets', () => {
    const bucket = signV1Header({ ...request, target: '/', key: undefined }, signer);
    expect(bucket.stringToSign.endsWith('\n/b/')).toBe(true);
    const service = { ...request, target: '/', bucket: undefined, key: undefined };
    expect(signV1Header(service, signer).stringToSign.endsWith('\n/')).toBe(true);
    expect(signV4Header(service, signer).canonicalRequest).toMatch(/^GET\n\/\n/);
  });

  for (const [name, sign] of Object.entries(signers)) {
    it(`refuse what could not be verified: ${name}`, () => {
      expect(codeOf(() => sign(request, signer))).toBe('signed');
      for (const accessKeyId of ['', 'a,b', 'a b', 'ü']) {
        expect(codeOf(() => sign(request, { ...signer, accessKeyId }))).toBe('InvalidArgument');
      }
      for (const target of ['a.jpg', '/a.jpg?Signature=x', '/a.jpg?x=%']) {
        expect(codeOf(() => sign({ ...request, target }, signer))).not.toBe('signed');
      }
      const again = sign(request, signer).request;
      expect(codeOf(() => sign(again, signer))).toBe('InvalidArgument');
      expect(() => sign(request, { ...signer, nowMs: Number.NaN })).toThrow(RangeError);
      expect(() => sign(request, { ...signer, secret: '' })).toThrow('secret: expected');
    });
  }

  it('refuse a validity out of range', () => {
    for (const expiresInSec of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      const options = { ...signer, expiresInSec };
      expect(codeOf(() => signV1Query(request, options))).toBe('InvalidArgument');
      expect(codeOf(() => signV4Query(request, options))).toBe('InvalidArgument');
    }
    const options = { ...signer, expiresInSec: 604_801 };
    expect(codeOf(() => signV1Query(request, options))).toBe('signed');
    expect(codeOf(() => signV4Query(request, options))).toBe('InvalidArgument');
  });

  it('refuse by version 1 a query that another one would sign like', () => {
    const hidden = { ...request, target: '/a.jpg?acl=x%26x-oss-process=y' };
    expect(codeOf(() => signV1Query(hidden, signer))).toBe('InvalidArgument');
    expect(codeOf(() => signV4Query(hidden, signer))).toBe('signed');
  });

  it('refuse to sign a header that is not there', () => {
    const options = { ...signer, additionalHeaders: ['range'] };
    expect(codeOf(() => signV4Header(request, options))).toBe('InvalidArgument');
    expect(codeOf(() => signV4Query(request, options))).toBe('InvalidArgument');
  });
});
