/**
 * Hostile credentials: every answer is a typed refusal or, where a change means nothing, the same
 * identity as before; nothing else is ever thrown and nobody else is ever let in.
 * @module
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  findCredentialForm,
  isSigningError,
  parseQuery,
  parseTarget,
  verifyPolicy,
  verifySignature,
  type SignedRequest,
} from '../../src/index.ts';
import { requestVectors, vectorOptions, vectorRequest } from '../vectors.ts';

const seed = 20_260_102;
const good = requestVectors.filter((vector) => vector.expect === 'ok');
const options = {
  findKey: (id: string): { secret: string } | undefined =>
    id === 'test-id' ? { secret: 'test-secret' } : undefined,
  nowMs: Date.UTC(2026, 0, 2, 3, 4, 5),
};

/** The form or the error's code; any other throw fails the test. */
function outcome(act: () => { form: string }): string {
  try {
    return act().form;
  } catch (error) {
    if (!isSigningError(error)) throw error;
    return error.code;
  }
}

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        'Credential=',
        'Signature=',
        'AdditionalHeaders=',
        ',',
        '/',
        ':',
        '=',
        ';',
        ' ',
        '%',

        'test-id',
        '20260102',
        'cn-hangzhou',
        'oss',
        'aliyun_v4_request',
        'host',
        '\u00ff',
        '中',
        '__proto__',
        'constructor',
        '&',
        '?',
        '%zz',
        '%FF',
        '\0',
        '\r\n',
        '0'.repeat(64),
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

function withAuthorization(authorization: string): SignedRequest {
  return {
    method: 'GET',
    target: '/a',
    headers: [
      ['host', 'h'],
      ['x-oss-date', '20260102T030405Z'],
      ['x-oss-content-sha256', 'UNSIGNED-PAYLOAD'],
      ['authorization', authorization],
    ],
    bucket: 'bucket',
    key: 'a',
  };
}

describe('hostile credentials', () => {
  it('in Authorization are refused with a typed error', () => {
    const schemes = fc.constantFrom('', 'OSS ', 'OSS4-HMAC-SHA256 ', 'OSS test-id:', 'OSS2 ');
    fc.assert(
      fc.property(schemes, hostileText, (scheme, text) => {
        const request = withAuthorization(scheme + text);
        expect(outcome(() => verifySignature(request, options))).toMatch(/^[A-Z]/);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('in the query are refused with a typed error, or are none', () => {
    const names = fc.constantFrom(
      'OSSAccessKeyId',
      'Expires',
      'Signature',
      'x-oss-signature-version',
      'x-oss-credential',
      'x-oss-date',
      'x-oss-expires',
      'x-oss-signature',
      'x-oss-additional-headers',
      'acl',
      '',
    );
    const values = fc.oneof(
      hostileText,
      hostileText.map((text) => encodeURIComponent(text.replaceAll(/\p{Cs}/gu, ''))),
      fc.constantFrom('OSS4-HMAC-SHA256', '20260102T030405Z', '60', '9'.repeat(30), 'test-id'),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, values), { maxLength: 7 }), (pairs) => {
        const target = `/a?${pairs.map((pair) => pair.join('=')).join('&')}`;
        const request: SignedRequest = { ...withAuthorization(''), target, headers: [] };
        expect(outcome(() => verifySignature(request, options))).toMatch(/^([A-Z]|anonymous)/);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it('in targets never throw anything else', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const request = { ...withAuthorization('OSS a:b'), target: `/${text}` };
        const answers = [
          outcome(() => ({ form: `parsed ${parseTarget(request.target).query.length}` })),
          outcome(() => ({ form: `parsed ${parseQuery(text).length}` })),
          outcome(() => ({ form: findCredentialForm(request) })),
        ];
        expect(answers.join()).toMatch(
          /^(parsed \d+|Inv\w+),(parsed \d+|Inv\w+),(v1-header|Inv\w+)$/,
        );
      }),
      { seed, numRuns: 1000 },
    );
  });

  it('in forms are refused with a typed error, or are none', () => {
    const names = fc.constantFrom(
      'OSSAccessKeyId',
      'policy',
      'signature',
      'x-oss-signature-version',
      'x-oss-credential',
      'x-oss-date',
      'x-oss-signature',
      'key',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, hostileText), { maxLength: 7 }), (fields) => {
        expect(outcome(() => verifyPolicy(fields, options))).toMatch(/^([A-Z]|anonymous)/);
      }),
      { seed, numRuns: 1000 },
    );
  });
});

describe('a good request', () => {
  for (const vector of good.filter(({ kind }) => kind.endsWith('header'))) {
    it(`lets nobody else in with any one char of Authorization changed: ${vector.name}`, () => {
      const request = vectorRequest(vector);
      const text = vector.request.headers['authorization'] ?? '';
      for (let at = 0; at < text.length; at++) {
        for (const unit of [text.charCodeAt(at) ^ 1, text.charCodeAt(at) ^ 0x20, 0x20]) {
          const changed = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
          const headers = request.headers.map(
            ([name, value]) => [name, name === 'authorization' ? changed : value] as const,
          );
          if (changed === text) continue;
          const act = (): { form: string } =>
            verifySignature({ ...request, headers }, vectorOptions(vector));
          expect(outcome(act)).toMatch(/^[A-Z]/);
        }
        const cut = request.headers.map(
          ([name, value]) => [name, name === 'authorization' ? value.slice(0, at) : value] as const,
        );
        expect(
          outcome(() => verifySignature({ ...request, headers: cut }, vectorOptions(vector))),
        ).toMatch(/^[A-Z]/);
      }
    });
  }

  it('loses its right with every cut of its target', () => {
    for (const vector of good.filter(({ kind }) => kind.endsWith('query'))) {
      const request = vectorRequest(vector);
      const first = request.target.indexOf('?');
      for (let end = first + 1; end < request.target.length; end++) {
        const target = request.target.slice(0, end);
        const form = outcome(() => verifySignature({ ...request, target }, vectorOptions(vector)));
        // What is left of it may hold no credential at all; then it is a request like any other.
        expect(form).toMatch(/^([A-Z]|anonymous)/);
      }
    }
  });
});
