/**
 * Keyed hashes against published vectors, and the strictness of their texts.
 * @module
 */

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  codeV1,
  codeV4,
  equalsInConstantTime,
  hashText,
  parseBase64,
  parseHex,
  printBase64,
  printHex,
} from './message-code.ts';

function step(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function equals(first: number[], second: number[]): boolean {
  return equalsInConstantTime(Uint8Array.from(first), Uint8Array.from(second));
}

describe('message codes', () => {
  it('agree with RFC 2202 and FIPS 180-4', () => {
    expect(printHex(codeV1('Jefe', 'what do ya want for nothing?'))).toBe(
      'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
    );
    expect(hashText('abc')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('derive the version 4 key as an independent implementation does', () => {
    const key = ['20260102', 'cn-x', 'oss', 'aliyun_v4_request'].reduce<string | Buffer>(
      step,
      'aliyun_v4geheim',
    );
    const scope = { date: '20260102', region: 'cn-x', product: 'oss' };
    expect(printHex(codeV4('geheim', scope, 'text'))).toBe(step(key, 'text').toString('hex'));
  });

  it('refuse an empty secret, by which anyone could sign', () => {
    expect(() => codeV1('', 'text')).toThrow('secret: expected');
  });
});

describe('texts of codes', () => {
  it('come back as bytes', () => {
    expect([...(parseBase64('AP8=') ?? [])]).toEqual([0, 255]);
    expect([...(parseHex('00ff') ?? [])]).toEqual([0, 255]);
    expect(printBase64(Uint8Array.of(0, 255))).toBe('AP8=');
  });

  it('have one spelling', () => {
    for (const text of ['AP8', 'AP9=', 'AP8= ', 'A', 'A-8=', '====', 'AP8=AP8=']) {
      expect(parseBase64(text)).toBeUndefined();
    }
    for (const text of ['0', '00FF', '0x', ' 00', 'é0']) expect(parseHex(text)).toBeUndefined();
  });
});

it('compares bytes and lengths', () => {
  expect(equals([1, 2], [1, 2])).toBe(true);
  expect(equals([], [])).toBe(true);
  expect(equals([1, 2], [1, 3])).toBe(false);
  expect(equals([1, 2], [0, 2])).toBe(false);
  expect(equals([1], [1, 2])).toBe(false);
});
