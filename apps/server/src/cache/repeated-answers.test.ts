/**
 * Answers that are given again: to whom, and until when. Whether the whole service stays right with
 * them is tested over its cached results.
 * @module
 */

import { beforeEach, describe, expect, it } from 'vitest';
import type { RawCall } from '../call.ts';
import { createRepeatedAnswers, type RepeatedAnswers } from './repeated-answers.ts';
import type { CachedResult } from './result-tier.ts';

const result: CachedResult = { bytes: new Uint8Array(3), mediaType: 'image/jpeg' };
const key = { text: 'id', bucket: 'box', key: 'a.jpg', style: undefined };

let isHeld: boolean;
let isCurrent: boolean;
let answers: RepeatedAnswers;

beforeEach(() => {
  isHeld = true;
  isCurrent = true;
  answers = createRepeatedAnswers({
    peek: () => (isHeld ? { result, origin: 'memory' } : undefined),
  });
});

function call(changed: Partial<RawCall> = {}): RawCall {
  return {
    method: 'GET',
    target: '/box/a.jpg?x-oss-process=image/resize,w_9',
    headers: [
      ['Host', 'localhost'],
      ['User-Agent', 'test'],
    ],
    body: null,
    signal: new AbortController().signal,
    requestId: 'ID',
    nowMs: 0,
    ...changed,
  };
}

const withHeader = (name: string, value = 'x'): RawCall =>
  call({ headers: [...call().headers, [name, value]] });

function keep(raw: RawCall): void {
  answers.keep(raw, 'GetObject', {
    status: 200,
    headers: { etag: '"1"', age: '0' },
    body: result.bytes,
    repetition: { key, isCurrent: () => isCurrent, ageSec: () => 7 },
  });
}

describe('a repeated answer', () => {
  it('has the bytes of the tier, the headers of before, and the age of now', () => {
    keep(call());
    expect(answers.find(withHeader('Accept', 'image/webp'))).toEqual({
      operation: 'GetObject',
      answer: {
        status: 200,
        headers: { etag: '"1"', age: '7' },
        body: result.bytes,
        origin: 'memory',
      },
    });
  });

  it('is not kept for an answer that does not say how', () => {
    answers.keep(call(), 'GetObject', { status: 200, headers: {}, body: result.bytes });
    expect(answers.find(call())).toBeUndefined();
  });

  it.each([
    'Authorization',
    'If-None-Match',
    'If-Modified-Since',
    'Origin',
    'Range',
    'X-Oss-Date',
    'X-Oss-Process',
    'X-Oss-Security-Token',
    'X-Unknown',
    'Host',
  ])('is neither kept nor given to a request with a further %s', (name) => {
    keep(withHeader(name));
    expect(answers.find(withHeader(name))).toBeUndefined();
    keep(call());
    expect(answers.find(withHeader(name))).toBeUndefined();
    expect(answers.find(call())?.answer.body).toBe(result.bytes);
  });

  it.each<[string, Partial<RawCall>]>([
    ['method', { method: 'HEAD' }],
    ['target', { target: '/box/a.jpg?x-oss-process=image/resize,w_8' }],
    ['spelling', { target: '/box/%61.jpg?x-oss-process=image/resize,w_9' }],
    ['host', { headers: [['Host', 'box.localhost']] }],
    ['lack of a host', { headers: [] }],
  ])('is not given to a request of another %s', (_what, changed) => {
    keep(call());
    expect(answers.find(call(changed))).toBeUndefined();
  });

  it('ends when a record is read anew, and does not come back', () => {
    keep(call());
    isCurrent = false;
    expect(answers.find(call())).toBeUndefined();
    isCurrent = true;
    expect(answers.find(call())).toBeUndefined();
  });

  it('ends when the tier has dropped the result', () => {
    keep(call());
    isHeld = false;
    expect(answers.find(call())).toBeUndefined();
  });
});
