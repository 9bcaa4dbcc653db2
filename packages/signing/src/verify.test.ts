/**
 * Verifying: the edges of time, the order of checks, what errors say, and the ways to read a signed
 * text twice.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { parseTarget } from './request-target.ts';
import { signV1Header, signV1Query, signV4Header, signV4Query } from './sign.ts';
import type { HeaderList, SignedRequest } from './signed-request.ts';
import { SigningError } from './signing-error.ts';
import { verifySignature, type VerifyOptions } from './verify.ts';

const nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const secret = 'secret';
const keys = new Map([
  ['id', { secret }],
  ['a/b', { secret }],
  ['old', { secret, disabled: true }],
]);
const signer = { accessKeyId: 'id', secret, nowMs, region: 'oss-cn-test', expiresInSec: 60 };
const options: VerifyOptions = { findKey: (id) => keys.get(id), nowMs };

function get(target: string, headers: HeaderList = []): SignedRequest {
  return { method: 'GET', target, headers, bucket: 'bucket', key: 'a.jpg' };
}

function attempt(request: SignedRequest, changed: Partial<VerifyOptions>): string | SigningError {
  try {
    return verifySignature(request, { ...options, ...changed }).form;
  } catch (error) {
    if (error instanceof SigningError) return error;
    throw error;
  }
}

function outcome(request: SignedRequest, changed: Partial<VerifyOptions> = {}): string {
  const answer = attempt(request, changed);
  return typeof answer === 'string' ? answer : answer.code;
}

function refusal(request: SignedRequest, changed: Partial<VerifyOptions> = {}): SigningError {
  const answer = attempt(request, changed);
  if (typeof answer === 'string') throw new Error(`expected a SigningError, got '${answer}'`);
  return answer;
}

/** The fields of a version 4 `Authorization`, and one made of such fields with blanks. */
function splitFields(text: string): string[] {
  return text.slice('OSS4-HMAC-SHA256 '.length).split(',');
}

function joinFields(parts: string[]): string {
  return `OSS4-HMAC-SHA256 ${parts.join(', ')}`;
}

const headerForms = {
  'v1-header': signV1Header(get('/a.jpg'), signer).request,
  'v4-header': signV4Header(get('/a.jpg'), signer).request,
};
const queryForms = {
  'v1-query': signV1Query(get('/a.jpg'), signer).request,
  'v4-query': signV4Query(get('/a.jpg'), signer).request,
};

describe('time', () => {
  for (const [form, request] of Object.entries(headerForms)) {
    it(`lets a ${form} request differ by 15 minutes exactly, either way`, () => {
      for (const sign of [-1, 1]) {
        expect(outcome(request, { nowMs: nowMs + sign * 900_000 })).toBe(form);
        expect(outcome(request, { nowMs: nowMs + sign * 900_001 })).toBe('RequestTimeTooSkewed');
      }
    });

    it(`takes another allowance for a ${form} request`, () => {
      expect(outcome(request, { nowMs: nowMs + 5, maxSkewMs: 5 })).toBe(form);
      expect(outcome(request, { nowMs: nowMs + 6, maxSkewMs: 5 })).toBe('RequestTimeTooSkewed');
    });
  }

  for (const [form, request] of Object.entries(queryForms)) {
    it(`lets a ${form} URL live to its last millisecond`, () => {
      expect(outcome(request, { nowMs: nowMs + 60_000 })).toBe(form);
      expect(outcome(request, { nowMs: nowMs + 60_001 })).toBe('AccessDenied');
      expect(refusal(request, { nowMs: nowMs + 60_001 }).details).toEqual({
        Expires: '2026-01-02T03:05:05.000Z',
        ServerTime: '2026-01-02T03:05:05.001Z',
      });
    });
  }

  it('refuses a version 4 URL of the future, but any version 1 URL begins at once', () => {
    const earlier = { nowMs: nowMs - 900_001 };
    expect(outcome(queryForms['v4-query'], { nowMs: nowMs - 900_000 })).toBe('v4-query');
    expect(outcome(queryForms['v4-query'], earlier)).toBe('RequestTimeTooSkewed');
    expect(outcome(queryForms['v1-query'], earlier)).toBe('v1-query');
  });

  it('has no upper limit for Expires of version 1', () => {
    const request = get(`/a.jpg?OSSAccessKeyId=id&Expires=${'9'.repeat(400)}&Signature=x`);
    expect(outcome(request)).toBe('SignatureDoesNotMatch');
  });

  it('tells a client how far its clock is off', () => {
    const error = refusal(headerForms['v1-header'], { nowMs: nowMs + 3_600_000 });
    expect(error.status).toBe(403);
    expect(error.details).toEqual({
      MaxAllowedSkewMilliseconds: '900000',
      RequestTime: '2026-01-02T03:04:05.000Z',
      ServerTime: '2026-01-02T04:04:05.000Z',
    });
  });

  it('refuses a broken clock instead of letting everything pass', () => {
    for (const broken of [{ nowMs: Number.NaN }, { maxSkewMs: Number.NaN }, { nowMs: -1 }]) {
      expect(() => verifySignature(queryForms['v1-query'], { ...options, ...broken })).toThrow(
        RangeError,
      );
    }
  });

  it('wants a valid date, and does not fall back from an empty x-oss-date to Date', () => {
    const date: [string, string] = ['date', 'Fri, 02 Jan 2026 03:04:05 GMT'];
    const authorization: [string, string] = ['authorization', 'OSS id:x'];
    for (const headers of [
      [authorization],
      [authorization, ['date', 'yesterday'] as const],
      [authorization, date, ['x-oss-date', ''] as const],
    ]) {
      expect(refusal(get('/a.jpg', headers)).publicMessage).toBe(
        'OSS authentication requires a valid Date.',
      );
    }
    expect(outcome(get('/a.jpg', [authorization, date]))).toBe('SignatureDoesNotMatch');
  });

  it('takes the Date header and both date forms in version 1', () => {
    for (const header of [
      ['Date', 'Fri, 02 Jan 2026 03:04:05 GMT'],
      ['x-oss-date', '20260102T030405Z'],
    ] as const) {
      expect(outcome(signV1Header(get('/a.jpg', [header]), signer).request)).toBe('v1-header');
    }
  });
});

describe('the order of checks', () => {
  const target = queryForms['v1-query'].target;

  it('names an unknown key before an expiry', () => {
    const request = get(target.replace('=id&', '=nobody&'));
    expect(outcome(request, { nowMs: nowMs + 99_999_999 })).toBe('InvalidAccessKeyId');
  });

  it('names an expiry before a wrong signature', () => {
    const request = get(`${target}&x-oss-process=image%2Finfo`);
    expect(refusal(request, { nowMs: nowMs + 99_999_999 }).publicMessage).toBe(
      'Request has expired.',
    );
    expect(outcome(request)).toBe('SignatureDoesNotMatch');
  });

  it('names bad syntax before an unknown key', () => {
    const request = get(queryForms['v4-query'].target.replace('id%2F', 'nobody%2F'));
    expect(outcome(request)).toBe('InvalidAccessKeyId');
    expect(outcome(get(request.target.replace('=60', '=0')))).toBe('InvalidArgument');
  });

  it('says that a key is disabled', () => {
    const request = signV1Query(get('/a.jpg'), { ...signer, accessKeyId: 'old' }).request;
    expect(refusal(request).publicMessage).toBe('The OSS Access Key Id you provided is disabled.');
  });
});

describe('an answer', () => {
  it('tells what was verified', () => {
    const headers: HeaderList = [['x-oss-security-token', 'token']];
    expect(verifySignature(signV4Header(get('/a.jpg', headers), signer).request, options)).toEqual({
      form: 'v4-header',
      accessKeyId: 'id',
      securityToken: 'token',
      expiresMs: undefined,
      region: 'cn-test',
      payloadSha256Hex: undefined,
    });
    const signed = signV1Query(get('/a.jpg'), { ...signer, securityToken: 't/+=' }).request;
    expect(verifySignature(signed, options)).toMatchObject({
      securityToken: 't/+=',
      expiresMs: nowMs + 60_000,
      region: undefined,
    });
  });

  it('shows the signed text of a refusal, its bytes, and nothing that would sign it', () => {
    const request = get('/a.jpg?OSSAccessKeyId=id&Expires=1767323105&Signature=AAAA');
    const error = refusal(request);
    expect(error.ec).toBe('0002-00000040');
    expect(error.details).toEqual({
      OSSAccessKeyId: 'id',
      SignatureProvided: 'AAAA',
      StringToSign: 'GET\n\n\n1767323105\n/bucket/a.jpg',
      StringToSignBytes:
        '47 45 54 0A 0A 0A 31 37 36 37 33 32 33 31 30 35 0A 2F 62 75 63 6B 65 74 2F 61 2E 6A 70 67',
    });
    const v4 = refusal(get(`${queryForms['v4-query'].target.slice(0, -1)}g`));
    expect(v4.ec).toBe('0002-00000201');
    expect(v4.details['CanonicalRequest']).toMatch(/^GET\n\/bucket\/a\.jpg\n/);
    expect(JSON.stringify(v4.details)).not.toContain(secret);
  });
});

describe('regions and payloads of version 4', () => {
  const request = headerForms['v4-header'];

  it('may be any region, or the pinned one in either spelling', () => {
    expect(outcome(request, { region: 'cn-test' })).toBe('v4-header');
    expect(outcome(request, { region: 'oss-cn-test' })).toBe('v4-header');
    expect(outcome(request, { region: 'cn-other' })).toBe('InvalidArgument');
  });

  it('refuses a signed body unless the caller promises to check it', () => {
    const hash = 'ab'.repeat(32);
    const signed = signV4Header(get('/a.jpg', [['x-oss-content-sha256', hash]]), signer).request;
    expect(outcome(signed)).toBe('InvalidArgument');
    const verified = verifySignature(signed, { ...options, acceptsPayloadHash: true });
    expect(verified).toMatchObject({ payloadSha256Hex: hash });
    const odd = signV4Header(get('/a.jpg', [['x-oss-content-sha256', 'x']]), signer).request;
    expect(outcome(odd, { acceptsPayloadHash: true })).toBe('InvalidArgument');
  });

  it('wants the payload header in the header form', () => {
    const headers = request.headers.filter(([name]) => name !== 'x-oss-content-sha256');
    expect(outcome({ ...request, headers })).toBe('InvalidArgument');
  });

  it('reads the fields of Authorization in any order, with blanks', () => {
    const signed = signV4Header(get('/a.jpg', [['Host', 'h:80']]), {
      ...signer,
      additionalHeaders: ['Host'],
    }).request;
    const rewrite = (change: (text: string) => string): SignedRequest => ({
      ...signed,
      headers: signed.headers.map(([name, value]) => [
        name,
        name === 'authorization' ? change(value) : value,
      ]),
    });
    expect(outcome(rewrite((text) => joinFields(splitFields(text).toReversed())))).toBe(
      'v4-header',
    );
    expect(outcome(rewrite((text) => joinFields([...splitFields(text), 'Signature=x'])))).toBe(
      'InvalidArgument',
    );
    expect(outcome(rewrite((text) => joinFields(splitFields(text).slice(1))))).toBe(
      'InvalidArgument',
    );
    const unknown = rewrite((text) => text.replace('=host', '=host;range'));
    expect(outcome(unknown)).toBe('InvalidArgument');
    expect(outcome(rewrite((text) => text.replace('AdditionalHeaders=host,', '')))).toBe(
      'SignatureDoesNotMatch',
    );
    const otherHost = signed.headers.map(
      ([name, value]) => [name, name === 'Host' ? 'h:81' : value] as const,
    );
    expect(outcome({ ...signed, headers: otherHost })).toBe('SignatureDoesNotMatch');
  });

  it('splits a credential from the right and checks its scope', () => {
    const withSlash = { ...signer, accessKeyId: 'a/b' };
    expect(outcome(signV4Header(get('/a.jpg'), withSlash).request)).toBe('v4-header');
    const target = queryForms['v4-query'].target;
    for (const [from, to] of [
      ['id%2F', '%2F'],
      ['20260102%2F', '20260103%2F'],
      ['20260102%2F', 'today%2F'],
      ['%2Foss%2F', '%2Foss-cloudbox%2F'],
      ['aliyun_v4_request', 'aws4_request'],
      ['cn-test', ''],
      ['cn-test', 'CN%0ATEST'],
    ] as const) {
      expect(outcome(get(target.replace(from, to)))).toBe('InvalidArgument');
    }
  });

  it('wants 1 to 604800 whole seconds', () => {
    const target = queryForms['v4-query'].target;
    for (const text of ['0', '604801', '-1', '1.5', '1e3', 'x', '%2060']) {
      const error = refusal(get(target.replace('x-oss-expires=60', `x-oss-expires=${text}`)));
      expect([error.code, error.ec]).toEqual(['InvalidArgument', '0002-00000232']);
    }
    for (const expiresInSec of [1, 604_800]) {
      const signed = signV4Query(get('/a.jpg'), { ...signer, expiresInSec }).request;
      expect(outcome(signed)).toBe('v4-query');
    }
  });

  it('takes both readings of empty values, for all of them at once', () => {
    const request2 = get('/a.jpg?acl&foo=&x=1');
    for (const emptyValues of ['bare', 'equals'] as const) {
      expect(outcome(signV4Header(request2, { ...signer, emptyValues }).request)).toBe('v4-header');
    }
  });
});

describe('texts that read in two ways', () => {
  const style = 'x-oss-process=style%2Fs';

  it('refuses several processes even if all of them are signed', () => {
    const twice = get(`/a.jpg?${style}&${style}`);
    for (const signed of [
      signV1Header(twice, signer),
      signV1Query(twice, signer),
      signV4Header(twice, signer),
      signV4Query(twice, signer),
    ]) {
      expect(outcome(signed.request)).toBe('SignatureDoesNotMatch');
    }
    const headers: HeaderList = [
      ['x-oss-process', 'style/a'],
      ['X-Oss-Process', 'style/b'],
    ];
    expect(outcome(signV4Header(get('/a.jpg', headers), signer).request)).toBe(
      'SignatureDoesNotMatch',
    );
  });

  it('does not let a version 1 process hide in the name or value of another parameter', () => {
    const signed = signV1Query(get(`/a.jpg?response-expires=0&${style}`), signer).request;
    expect(outcome(signed)).toBe('v1-query');
    const hidden = [
      ['response-expires=0&x-oss-process=', 'response-expires=0%26x-oss-process='],
      ['x-oss-process=style', 'x-oss-process%3Dstyle'],
    ] as const;
    for (const [from, to] of hidden) {
      const target = signed.target.replace(from, to);
      expect(target).not.toBe(signed.target);
      const { query } = parseTarget(target);
      expect(query.some(({ name }) => name === 'x-oss-process')).toBe(false);
      const error = refusal(get(target));
      expect(error.code).toBe('SignatureDoesNotMatch');
      // The signed text is indeed the same, so the signature alone would have let it pass.
      expect(error.details['StringToSign']).toBe(
        signV1Query(get(`/a.jpg?response-expires=0&${style}`), signer).stringToSign,
      );
    }
  });

  it('leaves ampersands in values that hide nothing', () => {
    const request = get('/a.jpg?response-content-disposition=inline%3B%20filename%3D%22a%26b.jpg');
    expect(outcome(signV1Query(request, signer).request)).toBe('v1-query');
  });

  it('sees repeated parameters in their order', () => {
    const signed = signV4Header(get('/a.jpg?b=1&b=2'), signer).request;
    expect(outcome(signed)).toBe('v4-header');
    expect(outcome({ ...signed, target: '/a.jpg?b=2&b=1' })).toBe('SignatureDoesNotMatch');
    expect(outcome({ ...signed, target: '/a.jpg?b=2' })).toBe('SignatureDoesNotMatch');
  });

  it('refuses line breaks, slashes in buckets, and keys without bucket', () => {
    const base = get('/a.jpg');
    for (const odd of [
      { ...base, headers: [['x-oss-meta-a', 'b\nx-oss-object-acl:public-read']] as HeaderList },
      { ...base, headers: [['x oss', 'b']] as HeaderList },
      { ...base, method: 'GET\n' },
      { ...base, bucket: 'a/b' },
      { ...base, bucket: '' },
      { ...base, bucket: undefined },
    ]) {
      expect(outcome(odd)).toBe('InvalidArgument');
    }
  });

  it('refuses repeated headers of which only one can count', () => {
    for (const [name, value] of [
      ['content-type', 'image/png'],
      ['content-md5', 'x'],
      ['x-oss-date', '20260102T030405Z'],
    ] as const) {
      const signed = signV4Header(get('/a.jpg', [[name, value]]), signer).request;
      const headers: HeaderList = [...signed.headers, [name.toUpperCase(), value]];
      expect(outcome({ ...signed, headers })).toBe('InvalidArgument');
    }
  });
});
