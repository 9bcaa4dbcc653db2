/**
 * Taking targets apart and putting them together.
 * @module
 */

import { describe, expect, it } from 'vitest';
import { encodePath, encodeQueryText } from './percent-encoding.ts';
import {
  appendQuery,
  decodePath,
  findProcess,
  parseQuery,
  parseTarget,
  printTarget,
} from './request-target.ts';
import { isSigningError, SigningError } from './signing-error.ts';

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return isSigningError(error) ? error.code : String(error);
  }
}

describe('parseTarget', () => {
  it('splits at the first question mark and normalises nothing', () => {
    expect(parseTarget('/a/../b//c?x=1?2')).toEqual({
      rawPath: '/a/../b//c',
      rawQuery: 'x=1?2',
      query: [{ name: 'x', value: '1?2', hasEquals: true }],
    });
    expect(parseTarget('/a')).toEqual({ rawPath: '/a', rawQuery: '', query: [] });
  });

  it('refuses targets without a path', () => {
    for (const target of ['', '*', 'a', 'http://host/a', '?a']) {
      expect(codeOf(() => parseTarget(target))).toBe('InvalidArgument');
    }
  });
});

describe('parseQuery', () => {
  it('splits at ampersands, then at the first equals sign', () => {
    expect(parseQuery('a=b=c&d&&e=&=f')).toEqual([
      { name: 'a', value: 'b=c', hasEquals: true },
      { name: 'd', value: '', hasEquals: false },
      { name: 'e', value: '', hasEquals: true },
      { name: '', value: 'f', hasEquals: true },
    ]);
  });

  it('decodes names and values, a plus as a blank', () => {
    expect(parseQuery('%61+b=%E4%B8%AD+%2B')).toEqual([
      { name: 'a b', value: '中 +', hasEquals: true },
    ]);
  });

  it('keeps repeated names and does not trip over names of Object', () => {
    const names = parseQuery('a=1&__proto__=2&a=3').map(({ name }) => name);
    expect(names).toEqual(['a', '__proto__', 'a']);
  });

  it('decodes once', () => {
    expect(parseQuery('a=%2541')[0]?.value).toBe('%41');
  });

  it('refuses broken escapes and bytes that are not UTF-8, with a typed error', () => {
    for (const raw of ['a=%', 'a=%4', 'a=%zz', '%=b', 'a=%FF', 'a=%C0%80', 'a=%ED%A0%80']) {
      expect(codeOf(() => parseQuery(raw))).toBe('InvalidArgument');
    }
  });
});

describe('decodePath', () => {
  it('decodes once; a plus and an encoded slash are what they are', () => {
    expect(decodePath('a+b%2Bc%2Fd%252F%E4%B8%AD')).toBe('a+b+c/d%2F中');
  });

  it('refuses what has no name, with the code of names', () => {
    for (const raw of ['%', '%G0', '%FF', 'a%C3']) {
      expect(codeOf(() => decodePath(raw))).toBe('InvalidObjectName');
    }
  });
});

describe('encoding', () => {
  it('leaves unreserved characters, and the slash in paths alone', () => {
    expect(encodePath("aZ0-._~/!'()*+ 中")).toBe('aZ0-._~/%21%27%28%29%2A%2B%20%E4%B8%AD');
    expect(encodeQueryText('a/b')).toBe('a%2Fb');
  });

  it('refuses text without UTF-8', () => {
    expect(codeOf(() => encodePath('\udfff'))).toBe('InvalidArgument');
  });
});

describe('printTarget', () => {
  it('writes what parseTarget and decodePath read', () => {
    const target = printTarget('photos/a b+中?.jpg', [
      ['x-oss-process', 'image/resize,w_1+&='],
      ['acl', ''],
    ]);
    const { rawPath, query } = parseTarget(target);
    expect(decodePath(rawPath)).toBe('/photos/a b+中?.jpg');
    expect(query.map(({ name, value }) => [name, value])).toEqual([
      ['x-oss-process', 'image/resize,w_1+&='],
      ['acl', ''],
    ]);
  });

  it('appends with the right separator', () => {
    expect(appendQuery('/a', [['b', '1']])).toBe('/a?b=1');
    expect(appendQuery('/a?c', [['b', '1']])).toBe('/a?c&b=1');
    expect(appendQuery('/a?', [['b', '1']])).toBe('/a?b=1');
    expect(appendQuery('/a', [])).toBe('/a');
  });
});

describe('findProcess', () => {
  it('finds the one process', () => {
    expect(findProcess(parseQuery('a=1&x-oss-process=style%2Fs'))).toBe('style/s');
    expect(findProcess(parseQuery('X-Oss-Process=style%2Fs'))).toBeUndefined();
    expect(findProcess(parseQuery('x-oss-process'))).toBe('');
  });

  it('refuses several, ampersands and control characters as 400', () => {
    for (const raw of [
      'x-oss-process=a&x-oss-process=a',
      'x-oss-process=a%26versionId=b',
      'x-oss-process=a%0A',
    ]) {
      expect(codeOf(() => findProcess(parseQuery(raw)))).toBe('InvalidArgument');
    }
    expect(new SigningError({ code: 'InvalidArgument', publicMessage: '' }).status).toBe(400);
  });
});
