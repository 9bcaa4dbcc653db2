/**
 * Every vector of the real client: those it signed must verify and must come out of our own signer
 * bit for bit, those tampered with must be refused with the given status and code.
 * @module
 */

import { describe, expect, it } from 'vitest';
import {
  appendQuery,
  CREDENTIAL_PARAMETERS,
  findCredentialForm,
  parseQuery,
  parseTarget,
  signPolicyV1,
  signPolicyV4,
  signV1Header,
  signV1Query,
  signV4Header,
  signV4Query,
  SigningError,
  verifyPolicy,
  verifySignature,
  type SignedRequest,
  type SigningResult,
} from '../src/index.ts';
import {
  clientTimeMs,
  postVectors,
  requestVectors,
  vectorFile,
  vectorOptions,
  vectorRequest,
  type RequestVector,
} from './vectors.ts';

function refusal(act: () => unknown): SigningError {
  try {
    act();
  } catch (error) {
    if (error instanceof SigningError) return error;
    throw error;
  }
  throw new Error('expected a SigningError, got an answer');
}

/** The vector's request before it was signed. */
function unsigned(vector: RequestVector): SignedRequest {
  const request = vectorRequest(vector);
  const { rawPath, query } = parseTarget(request.target);
  const kept = query.filter(({ name }) => !CREDENTIAL_PARAMETERS.has(name));
  return {
    ...request,
    target: appendQuery(
      rawPath,
      kept.map(({ name, value }) => [name, value] as const),
    ),
    headers: request.headers.filter(
      ([name]) => name !== 'authorization' && name !== 'x-oss-security-token',
    ),
  };
}

function sign(vector: RequestVector): SigningResult {
  const text = JSON.stringify(vector.request);
  const query = new Map(
    parseTarget(vector.request.target).query.map(({ name, value }) => [name, value]),
  );
  const expires = query.get('x-oss-expires');
  const expiresInSec =
    expires === undefined ? Number(query.get('Expires')) - clientTimeMs / 1000 : Number(expires);
  const options = {
    accessKeyId: vectorFile.access_key_id,
    secret: vectorFile.access_key_secret,
    nowMs: clientTimeMs,
    ...(text.includes(vectorFile.sts_token) ? { securityToken: vectorFile.sts_token } : {}),
  };
  const v4 = {
    ...options,
    region: vectorFile.v4_region,
    additionalHeaders: query.get('x-oss-additional-headers')?.split(';') ?? [],
    emptyValues: vector.needs_empty_equals_variant === true ? 'equals' : 'bare',
  } as const;
  switch (vector.kind) {
    case 'v1-header':
      return signV1Header(unsigned(vector), options);
    case 'v1-query':
      return signV1Query(unsigned(vector), { ...options, expiresInSec });
    case 'v4-header':
      return signV4Header(unsigned(vector), v4);
    case 'v4-query':
      return signV4Query(unsigned(vector), { ...v4, expiresInSec });
    case 'anonymous':
      throw new Error('an anonymous vector is not signed');
  }
}

const good = requestVectors.filter((vector) => vector.expect === 'ok');
const bad = requestVectors.filter((vector) => typeof vector.expect === 'object');

describe('the vectors', () => {
  it('are all here', () => {
    expect(vectorFile.vectors).toHaveLength(76);
    expect([good.length, bad.length, postVectors.length]).toEqual([38, 35, 2]);
    expect(new Set(vectorFile.vectors.map(({ name }) => name)).size).toBe(76);
  });
});

describe('a request of the client', () => {
  for (const vector of good) {
    it(`verifies and is signed alike: ${vector.name}`, () => {
      const request = vectorRequest(vector);
      expect(request.key).toBe(vector.key);
      expect(findCredentialForm(request)).toBe(vector.kind);
      const verified = verifySignature(request, vectorOptions(vector));
      expect(verified.form).toBe(vector.kind);
      expect(verified.accessKeyId).toBe(vectorFile.access_key_id);

      const signed = sign(vector);
      expect(signed.signature).toBe(vector.signature);
      expect(signed.stringToSign).toBe(vector.string_to_sign);
      expect(signed.canonicalRequest).toBe(vector.canonical_request);
      expect(verifySignature(signed.request, vectorOptions(vector)).form).toBe(vector.kind);
    });
  }

  // Which of its two texts an empty value was signed by cannot be told, so the refusal shows one.
  for (const vector of good.filter((each) => each.needs_empty_equals_variant !== true)) {
    it(`shows its text when the secret is wrong: ${vector.name}`, () => {
      const options = { ...vectorOptions(vector), findKey: () => ({ secret: 'other' }) };
      const error = refusal(() => verifySignature(vectorRequest(vector), options));
      expect(error.code).toBe('SignatureDoesNotMatch');
      expect(error.details['StringToSign']).toBe(vector.string_to_sign);
      expect(error.details['CanonicalRequest']).toBe(vector.canonical_request);
    });
  }
});

describe('a tampered request', () => {
  for (const vector of bad) {
    it(`is refused: ${vector.name}`, () => {
      const error = refusal(() => verifySignature(vectorRequest(vector), vectorOptions(vector)));
      const expected = vector.expect as { status: number; code: string; message?: string };
      expect([error.status, error.code]).toEqual([expected.status, expected.code]);
      expect(error.publicMessage).toBe(expected.message ?? error.publicMessage);
    });
  }
});

describe('a request without credentials', () => {
  for (const vector of requestVectors.filter(({ expect: answer }) => answer === 'anonymous')) {
    it(`is anonymous: ${vector.name}`, () => {
      expect(verifySignature(vectorRequest(vector), vectorOptions(vector))).toEqual({
        form: 'anonymous',
        accessKeyId: undefined,
      });
    });
  }
});

describe('a form policy of the client', () => {
  for (const vector of postVectors) {
    it(`verifies and is signed alike: ${vector.name}`, () => {
      const { form } = vector;
      const policy = form['policy'] ?? '';
      const secret = vectorFile.access_key_secret;
      const date = vector.date ?? '';
      const region = vector.region ?? '';
      const fields: [string, string][] = Object.entries(form);
      if (vector.kind === 'v4-post') {
        fields.push(
          ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
          ['x-oss-credential', `test-id/${date.slice(0, 8)}/${region}/oss/aliyun_v4_request`],
          ['x-oss-date', date],
        );
      }
      const signature =
        vector.kind === 'v1-post'
          ? signPolicyV1(policy, { secret })
          : signPolicyV4(policy, { secret, region, date });
      expect(signature).toBe(form['Signature'] ?? form['x-oss-signature']);
      const options = { findKey: () => ({ secret }), nowMs: clientTimeMs };
      expect(verifyPolicy(fields, options)).toEqual({
        form: vector.kind,
        accessKeyId: vectorFile.access_key_id,
        policy,
      });
    });
  }
});

it('reads one list of parameters for signer and handler', () => {
  expect(parseQuery('x-oss-process=style%2Fs')).toEqual([
    { name: 'x-oss-process', value: 'style/s', hasEquals: true },
  ]);
});
