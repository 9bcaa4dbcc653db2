/**
 * The signed text of version 1: its bytes, and that it can be read in one way only.
 * @module
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textToHeaderValue, utf8ToByteString } from './byte-string.ts';
import { parseQuery, type QueryParameter } from './request-target.ts';
import type { SignedRequest } from './signed-request.ts';
import { SigningError } from './signing-error.ts';
import { isSubresource } from './sub-resources.ts';
import { isAmbiguousV1, printV1Text } from './v1.ts';

const request: SignedRequest = {
  method: 'GET',
  target: '/a',
  headers: [],
  bucket: 'b',
  key: 'a',
};

/** Reads the parameters back out of a signed text whose key has no question mark. */
function readBack(text: string): [string, string][] {
  const found: [string, string][] = [];
  const query = text.split('?').slice(1).join('?');
  for (const piece of query === '' ? [] : query.split('&')) {
    const equals = piece.indexOf('=');
    const name = equals < 0 ? piece : piece.slice(0, equals);
    const last = found.at(-1);
    if (isSubresource(name)) found.push([name, equals < 0 ? '' : piece.slice(equals + 1)]);
    else if (last !== undefined) last[1] += `&${piece}`;
  }
  return found;
}

describe('the text of version 1', () => {
  it('has header values as the bytes of the wire, and keys as UTF-8', () => {
    const text = printV1Text(
      { ...request, key: '中', headers: [['X-Oss-Meta-A', textToHeaderValue(' é ')]] },
      [],
      'date',
    );
    expect(text).toBe(utf8ToByteString('GET\n\n\ndate\nx-oss-meta-a:é\n/b/中'));
    const sameText = printV1Text(
      { ...request, key: '中', headers: [['x-oss-meta-a', '中']] },
      [],
      'date',
    );
    expect(sameText).toBe(utf8ToByteString('GET\n\n\ndate\nx-oss-meta-a:中\n/b/中'));
  });

  it('has no place for keys without UTF-8', () => {
    expect(() => printV1Text({ ...request, key: '\ud800' }, [], 'date')).toThrow(SigningError);
  });

  it('leaves out parameters that are no sub-resources', () => {
    const text = printV1Text(request, parseQuery('prefix=x&uploadId=2&acl=&foo'), 'date');
    expect(text).toBe('GET\n\n\ndate\n/b/a?acl&uploadId=2');
  });

  it('stands for one list of sub-resources, unless it is called ambiguous', () => {
    const parts = fc.constantFrom('acl', 'x-oss-process', '=', '&', 'foo', 'style/s', '?', '');
    const words = fc.array(parts, { maxLength: 5 }).map((pieces) => pieces.join(''));
    let unambiguous = 0;
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words), { maxLength: 4 }), (pairs) => {
        const query: QueryParameter[] = pairs.map(([name, value]) => ({
          name,
          value,
          hasEquals: true,
        }));
        fc.pre(!isAmbiguousV1(query));
        unambiguous++;
        const signed = pairs.filter(([name]) => isSubresource(name));
        signed.sort(([first], [second]) => (first < second ? -1 : Number(first > second)));
        expect(readBack(printV1Text(request, query, 'date'))).toEqual(signed);
      }),
      { numRuns: 500 },
    );
    expect(unambiguous).toBeGreaterThanOrEqual(500);
  });
});
