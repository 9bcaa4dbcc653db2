/**
 * What is signed verifies, and whatever of it is changed afterwards does not.
 * @module
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isSigningError,
  printTarget,
  signV1Header,
  signV1Query,
  signV4Header,
  signV4Query,
  textToHeaderValue,
  verifySignature,
  type SignedRequest,
} from '../../src/index.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const signer = {
  accessKeyId: 'id',
  secret: 'secret',
  nowMs,
  region: 'cn-test',
  expiresInSec: 60,
};

function outcome(request: SignedRequest, secret = 'secret'): string {
  try {
    const keys = new Map([['id', { secret }]]);
    return verifySignature(request, { findKey: (id) => keys.get(id), nowMs }).form;
  } catch (error) {
    if (!isSigningError(error)) throw error;
    return error.code;
  }
}

/** Text of any well-formed Unicode, control characters too. */
const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((s) => !/\p{Cs}/u.test(s));

const word = fc.string({
  unit: fc.constantFrom(...'abcXYZ019-'),
  minLength: 1,
  maxLength: 6,
});

/** Header values have no line breaks, and blanks at their ends are not signed. */
const headerValue = text.map((value) => textToHeaderValue(`v${value.replaceAll(/\p{Cc}/gu, '')}v`));

/** Version 1 does not escape ampersands; what it must refuse there has tests of its own. */
const queryValue = text.map((value) => value.replaceAll('&', ''));

const requests: fc.Arbitrary<SignedRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST', 'DELETE'),
    bucket: fc.constantFrom('bucket', 'other-bucket'),
    key: text.map((tail) => `k${tail}`),
    process: queryValue,
    query: fc.uniqueArray(fc.tuple(word, queryValue), { maxLength: 4, selector: ([name]) => name }),
    headers: fc.uniqueArray(fc.tuple(word, headerValue), {
      maxLength: 3,
      selector: ([name]) => name.toLowerCase(),
    }),
  })
  .map(({ method, bucket, key, process, query, headers }) => ({
    method,
    bucket,
    key,
    target: printTarget(key, [
      ...query.map(([name, value]) => [`x-oss-q-${name}`, value] as const),
      ['x-oss-process', process] as const,
    ]),
    headers: [
      ['content-type', 'image/jpeg'] as const,
      ...headers.map(([name, value]) => [`X-Oss-Meta-${name}`, value] as const),
    ],
  }));

const forms = {
  'v1-header': (request: SignedRequest) => signV1Header(request, signer).request,
  'v1-query': (request: SignedRequest) => signV1Query(request, signer).request,
  'v4-header': (request: SignedRequest) => signV4Header(request, signer).request,
  'v4-query': (request: SignedRequest) => signV4Query(request, signer).request,
};

/** Changes of a signed request, each of something that every form signs. */
const changes: Readonly<Record<string, (request: SignedRequest) => SignedRequest>> = {
  method: (request) => ({ ...request, method: request.method === 'GET' ? 'PUT' : 'GET' }),
  bucket: (request) => ({ ...request, bucket: `${request.bucket}x` }),
  key: (request) => ({ ...request, key: `${request.key}x` }),
  'a longer process': (request) => ({
    ...request,
    target: request.target.replace(/(x-oss-process)=?/, '$1=x'),
  }),
  'a removed process': (request) => ({
    ...request,
    target: request.target.replace(/x-oss-process(=[^&]*)?/, ''),
  }),
  'an added parameter': (request) => ({ ...request, target: `${request.target}&x-oss-z=1` }),
  'an added header': (request) => ({
    ...request,
    headers: [...request.headers, ['x-oss-object-acl', 'public-read']],
  }),
  'another content type': (request) => ({
    ...request,
    headers: request.headers.map(([name, value]) => [
      name,
      name === 'content-type' ? 'text/html' : value,
    ]),
  }),
  'no content type': (request) => ({
    ...request,
    headers: request.headers.filter(([name]) => name !== 'content-type'),
  }),
  'a content checksum': (request) => ({
    ...request,
    headers: [...request.headers, ['Content-MD5', 'XUFAKrxLKna5cZ2REBfFkg==']],
  }),
};

for (const [form, sign] of Object.entries(forms)) {
  describe(`the form ${form}`, () => {
    it('verifies what it signs', () => {
      fc.assert(
        fc.property(requests, (request) => {
          expect(outcome(sign(request))).toBe(form);
        }),
      );
    });

    it('is bound to the secret', () => {
      fc.assert(
        fc.property(requests, (request) => {
          expect(outcome(sign(request), 'Secret')).toBe('SignatureDoesNotMatch');
        }),
      );
    });

    for (const [name, change] of Object.entries(changes)) {
      it(`breaks with ${name}`, () => {
        fc.assert(
          fc.property(requests, (request) => {
            expect(outcome(change(sign(request)))).toBe('SignatureDoesNotMatch');
          }),
          { numRuns: 50 },
        );
      });
    }

    it('does not care about the order of headers, their case and blanks around them', () => {
      fc.assert(
        fc.property(requests, (request) => {
          const signed = sign(request);
          const headers = signed.headers
            .toReversed()
            .map(([name, value]) => [name.toUpperCase(), ` ${value}\t`] as const);
          expect(outcome({ ...signed, headers })).toBe(form);
        }),
        { numRuns: 50 },
      );
    });
  });
}
