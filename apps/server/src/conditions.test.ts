import { describe, expect, it } from 'vitest';
import { isNotModified } from './conditions.ts';

const validators = { etag: 'ABC', lastModifiedMs: Date.UTC(2026, 0, 2, 3, 4, 5) };
const AT = 'Fri, 02 Jan 2026 03:04:05 GMT';
const BEFORE = 'Fri, 02 Jan 2026 03:04:04 GMT';
const AFTER = 'Fri, 02 Jan 2026 03:04:06 GMT';

type Headers = Readonly<Record<string, string>>;
const evaluate = (headers: Headers): boolean => isNotModified((name) => headers[name], validators);

const ROWS: readonly (readonly [Headers, boolean | string])[] = [
  [{}, false],
  [{ 'if-match': '"ABC"' }, false],
  [{ 'if-match': 'ABC' }, false],
  [{ 'if-match': 'abc' }, false],
  [{ 'if-match': '*' }, false],
  [{ 'if-match': '"X", "ABC"' }, false],
  [{ 'if-match': '"X"' }, 'If-Match'],
  [{ 'if-none-match': '"ABC"' }, true],
  [{ 'if-none-match': 'W/"ABC"' }, true],
  [{ 'if-none-match': '*' }, true],
  [{ 'if-none-match': '"X"' }, false],
  [{ 'if-modified-since': AT }, true],
  [{ 'if-modified-since': AFTER }, true],
  [{ 'if-modified-since': BEFORE }, false],
  [{ 'if-modified-since': 'yesterday' }, false],
  [{ 'if-unmodified-since': AT }, false],
  [{ 'if-unmodified-since': AFTER }, false],
  [{ 'if-unmodified-since': BEFORE }, 'If-Unmodified-Since'],
  [{ 'if-unmodified-since': '1' }, false],
  // RFC 9110, 13.2.2: ETags outrank dates.
  [{ 'if-none-match': '"X"', 'if-modified-since': AFTER }, false],
  [{ 'if-match': '"ABC"', 'if-unmodified-since': BEFORE }, false],
  [{ 'if-match': '"X"', 'if-none-match': '"ABC"' }, 'If-Match'],
];

describe('isNotModified', () => {
  it.each(ROWS)('%j -> %j', (headers, expected) => {
    if (typeof expected === 'boolean') expect(evaluate(headers)).toBe(expected);
    else {
      expect(() => evaluate(headers)).toThrow(
        expect.objectContaining({ code: 'PreconditionFailed', details: { Condition: expected } }),
      );
    }
  });
});
