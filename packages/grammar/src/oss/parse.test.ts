/**
 * The text as a whole: carriers, cascades, empty pieces, limits, strictness, positions.
 * @module
 */

import { format, info, OSS_LIMITS, quality, resize, rotate } from '@safelight/core';
import { describe, expect, it } from 'vitest';

import { accepts, chainOf, refusalOf } from '../../test/cases.ts';
import { isStyleName, parseProcess, printChain, processQuery } from '../index.ts';

const limits = OSS_LIMITS;

describe('a cascade', () => {
  it('keeps the order of the text and every occurrence', () => {
    expect(chainOf('image/resize,w_100/rotate,90/resize,w_50/quality,q_9/format,png')).toEqual([
      resize({ width: 100 }),
      rotate({ angleDeg: 90 }),
      resize({ width: 50 }),
      quality({ relativePercent: 9 }),
      format({ format: 'png' }),
    ]);
  });

  it('skips empty segments, empty arguments and trailing separators', () => {
    expect(chainOf('image//resize,,w_1,/')).toEqual([resize({ width: 1 })]);
    expect(chainOf('image/rotate,,90,/')).toEqual([rotate({ angleDeg: 90 })]);
  });

  it.each(['image', 'image/', 'image//', ''])('refuses %j as empty', (text) => {
    const { reason, status, code, ec } = refusalOf(text);
    expect({ reason, status, code, ec }).toEqual({
      reason: 'empty-chain',
      status: 400,
      code: 'InvalidArgument',
      ec: '0040-00000212',
    });
  });

  it.each([
    'slim,1',
    'Resize,w_1',
    'resize_w_1',
    'constructor',
    ',w_1',
    '%72esize,w_1',
    'resize w',
  ])('refuses the unknown action %s', (step) => {
    const { reason, status, ec, at } = refusalOf(`image/rotate,1/${step}`);
    expect({ reason, status, ec, at }).toEqual({
      reason: 'unknown-action',
      status: 400,
      ec: '0040-00000213',
      at: 15,
    });
  });

  it.each(['blindwatermark,content_YQ'])('recognises %s and says that it is not built', (step) => {
    const name = step.split(',')[0];
    expect(refusalOf(`image/resize,w_1/${step}`)).toEqual({
      reason: 'not-implemented',
      at: 17,
      status: 501,
      code: 'NotImplemented',
      message: `The action: ${name} is not implemented.`,
    });
  });

  it.each([
    'video/snapshot,t_7000',
    'images/resize,w_1',
    'Image/resize,w_1',
    '/image/resize,w_1',
    'x',
  ])('refuses %s, which is no process of pictures', (text) => {
    const { reason, status, code } = refusalOf(text);
    expect({ reason, status, code }).toEqual({
      reason: 'malformed',
      status: 400,
      code: 'InvalidArgument',
    });
  });
});

describe('info', () => {
  accepts([['info', info()]]);

  it.each(['image/info/rotate,90', 'image/rotate,90/info', 'image/info/info'])(
    'refuses %s: it stands alone',
    (text) => {
      const { reason, status, code, ec } = refusalOf(text);
      expect({ reason, status, code, ec }).toEqual({
        reason: 'not-combinable',
        status: 400,
        code: 'BadRequest',
        ec: undefined,
      });
    },
  );

  it('takes no argument', () => {
    expect(refusalOf('image/info,1').ec).toBe('0040-00000203');
  });
});

describe('style', () => {
  it('gives the name and its place', () => {
    expect(parseProcess('style/oss-pic_style.W-100', { limits })).toEqual({
      kind: 'style',
      name: 'oss-pic_style.W-100',
      at: 6,
    });
  });

  it.each(['a'.repeat(64), 'a b', 'a/b', 'ä', 'a,b', 'a/', ''])('refuses the name %j', (name) => {
    const { status, code, message, ec } = refusalOf(`style/${name}`);
    expect({ status, code, message, ec }).toEqual({
      status: 400,
      code: 'InvalidArgument',
      message: `The value: ${name} of parameter: stylename is invalid.`,
      ec: '0017-00000250',
    });
  });

  it('knows names of 1 to 63 characters', () => {
    expect(['a', 'a'.repeat(63), '', 'a'.repeat(64), 'a\n'].map(isStyleName)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('limits of the text', () => {
  it('refuses one character more than allowed, before all else', () => {
    const text = 'image/resize,w_1';
    const exact = { limits: { maxChainChars: text.length, maxSteps: 1 } };
    expect(chainOf(text, exact)).toHaveLength(1);
    const { reason, status, code, ec } = refusalOf(`${text}\n`, exact);
    expect({ reason, status, code, ec }).toEqual({
      reason: 'chain-too-long',
      status: 400,
      code: 'InvalidArgument',
      ec: '0017-00000288',
    });
  });

  it('refuses one action more than allowed', () => {
    const options = { limits: { maxChainChars: 2_048, maxSteps: 3 } };
    const text = `image${'/rotate,90'.repeat(3)}`;
    expect(chainOf(`${text}//`, options)).toHaveLength(3);
    const refusal = refusalOf(`${text}/slim`, options);
    expect(refusal).toMatchObject({ reason: 'too-many-steps', status: 400, at: text.length + 1 });
  });

  it.each(['&', '|', '\0', '\n', '\u007F', '\u0085', '\uD800', '\uDC00x', '\uFFFF'])(
    'refuses %j wherever it stands, and does not repeat it',
    (character) => {
      for (const [before, after] of [
        ['image/resize,w_1', ''],
        ['image/resize,unknown_', ',w_1'],
        ['style/', 'a'],
        ['', 'image/resize,w_1'],
      ]) {
        const refusal = refusalOf(`${before}${character}${after}`);
        expect(refusal).toMatchObject({ reason: 'malformed', status: 400, at: before?.length });
        expect(refusal.message).not.toContain(character);
      }
    },
  );

  it('has no word to say against a whole pair of surrogates', () => {
    expect(chainOf('image/resize,w_1,unknown_\u{1F5BC}')).toHaveLength(1);
  });

  it('refuses a second stage, which is for writing calls', () => {
    expect(refusalOf('image/resize,w_1|sys/saveas,o_YQ').at).toBe(16);
  });
});

describe('strict', () => {
  const strict = { limits, strict: true };

  it('refuses keys and values that the action does not know', () => {
    expect(refusalOf('image/resize,w_1,foo_2', strict)).toMatchObject({
      reason: 'unknown-key',
      at: 17,
      message: 'The value: 2 of parameter: foo is invalid.',
    });
    expect(refusalOf('image/resize,w_1,P_2', strict).reason).toBe('unknown-key');
    expect(refusalOf('image/resize,w_1,foo', strict)).toMatchObject({
      reason: 'unexpected-value',
      message: 'The value: foo of parameter: resize is invalid.',
    });
    expect(refusalOf('image/quality,200', strict).ec).toBe('0040-00000310');
    expect(refusalOf('image/resize,__proto___1,w_1', strict).reason).toBe('unknown-key');
  });

  it('accepts what is known, empty pieces too', () => {
    expect(chainOf('image//resize,,w_1,/', strict)).toEqual([resize({ width: 1 })]);
  });
});

describe('positions', () => {
  it('tells where each step and argument stands', () => {
    const text = 'image//resize,,w_100,x_1/rotate,90';
    const parsed = parseProcess(text, { limits });
    if (parsed.kind !== 'image') throw new Error('expected actions');
    const cut = (token: { at: number; length: number }): string =>
      text.slice(token.at, token.at + token.length);
    expect(parsed.steps.map(cut)).toEqual(['resize,,w_100,x_1', 'rotate,90']);
    expect(parsed.steps.flatMap((step) => step.arguments.map(cut))).toEqual(['w_100', 'x_1', '90']);
    expect(parsed.steps.flatMap((step) => step.arguments.map((one) => one.unknown))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('points at the faulty argument, or at the action when one is missing', () => {
    expect(refusalOf('image/rotate,90/resize,h_1,w_abc').at).toBe(27);
    expect(refusalOf('image/rotate,90/resize,m_pad').at).toBe(16);
    expect(refusalOf('image/rotate,90,91').at).toBe(16);
  });
});

describe('printing', () => {
  it('has one canonical text for texts that mean the same', () => {
    expect(printChain(chainOf('image//resize,limit_1,h_007,w_1,junk_1,m_lfit/flip,0,'))).toBe(
      'image/resize,w_1,h_7/flip,0',
    );
  });

  it('makes a query parameter', () => {
    expect(processQuery(chainOf('image/resize,w_1/rotate,90'))).toBe(
      'x-oss-process=image%2Fresize%2Cw_1%2Frotate%2C90',
    );
  });
});
