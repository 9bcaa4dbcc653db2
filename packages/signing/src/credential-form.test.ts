/**
 * Finding the credential form; whatever has a trace of a credential must not pass as anonymous.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { findCredentialForm } from './credential-form.ts';
import type { HeaderList } from './signed-request.ts';
import { isSigningError } from './signing-error.ts';

function formOf(query: string, headers: HeaderList = []): string {
  const target = query === '' ? '/a' : `/a?${query}`;
  const request = { method: 'GET', target, headers, bucket: 'bucket', key: 'a' };
  try {
    return findCredentialForm(request);
  } catch (error) {
    if (!isSigningError(error)) throw error;
    return [error.status, error.code, error.ec].filter(Boolean).join(' ');
  }
}

const v4 =
  'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c&x-oss-date=d&x-oss-expires=1&x-oss-signature=s';

describe('findCredentialForm', () => {
  it('knows the five forms', () => {
    expect(formOf('')).toBe('anonymous');
    expect(formOf('x-oss-process=image%2Finfo&acl&Expires=1')).toBe('anonymous');
    expect(formOf('', [['AUTHORIZATION', 'OSS a:b']])).toBe('v1-header');
    expect(formOf('', [['authorization', 'OSS4-HMAC-SHA256 Credential=x']])).toBe('v4-header');
    expect(formOf('OSSAccessKeyId=i&Expires=1&Signature=s')).toBe('v1-query');
    expect(formOf(v4)).toBe('v4-query');
  });

  it('never takes a part of a signed URL for an anonymous one', () => {
    for (const kept of ['OSSAccessKeyId=i', 'Signature=s', 'Signature', 'OSSAccessKeyId=']) {
      expect(formOf(kept)).toBe('403 AccessDenied');
    }
    const pieces = v4.split('&');
    for (const piece of pieces) {
      expect(formOf(piece)).toBe('403 AccessDenied');
      expect(formOf(pieces.filter((other) => other !== piece).join('&'))).toBe('403 AccessDenied');
    }
    expect(formOf('x-oss-additional-headers=host')).toBe('403 AccessDenied');
  });

  it('says what is wrong with Expires', () => {
    const others = 'OSSAccessKeyId=i&Signature=s';
    expect(formOf(others)).toBe('403 AccessDenied 0002-00000067');
    expect(formOf(`${others}&Expires=`)).toBe('403 AccessDenied 0002-00000068');
    for (const text of ['abc', '-1', '1.5', '1e9', '+1', '%201', '0x10', 'Infinity']) {
      expect(formOf(`${others}&Expires=${text}`)).toBe('403 AccessDenied 0002-00000070');
    }
  });

  it('refuses foreign schemes and version 2', () => {
    for (const text of ['', 'OSS', 'OSS2 x:y', 'oss a:b', 'Basic YTpi', 'Bearer OSS a:b']) {
      expect(formOf('', [['authorization', text]])).toBe('400 InvalidArgument 0002-00000021');
    }
    expect(formOf('x-oss-signature-version=OSS2&x-oss-signature=s')).toBe('400 InvalidArgument');
  });

  it('refuses two forms at once', () => {
    const v1 = 'OSSAccessKeyId=i&Expires=1&Signature=s';
    expect(formOf(`${v1}&${v4}`)).toBe('400 InvalidArgument');
    for (const scheme of ['OSS a:b', 'OSS4-HMAC-SHA256 x']) {
      for (const query of [v1, v4, 'Signature=s', 'x-oss-expires=1']) {
        expect(formOf(query, [['Authorization', scheme]])).toBe('400 InvalidArgument');
      }
    }
  });

  it('refuses repeated credentials', () => {
    for (const extra of ['Expires=2', 'Signature=t', 'OSSAccessKeyId=j']) {
      const query = `OSSAccessKeyId=i&Expires=1&Signature=s&${extra}`;
      expect(formOf(query)).toBe('400 InvalidArgument');
    }
    for (const piece of v4.split('&')) expect(formOf(`${v4}&${piece}`)).toBe('400 InvalidArgument');
    const twice: HeaderList = [
      ['authorization', 'OSS a:b'],
      ['Authorization', 'OSS a:b'],
    ];
    expect(formOf('', twice)).toBe('400 InvalidArgument');
  });
});
