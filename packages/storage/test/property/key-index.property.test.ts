/**
 * The key index against the definition of order and of a page.
 * @module
 */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { compareKeys, KeyIndex } from '../../src/key-index.ts';

/** Few letters, so that prefixes and folders meet; some whose UTF-16 and UTF-8 orders differ. */
const letter = fc.constantFrom('a', 'b', '/', '\u{10000}', '\uffff', '\u00e9');
const text = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));
const keys = fc.uniqueArray(
  text.filter((key) => key !== ''),
  { maxLength: 30 },
);

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

describe('key index', () => {
  it('orders as UTF-8 bytes do', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        text,
        (a, b, stem) => {
          expect(Math.sign(compareKeys(stem + a, stem + b))).toBe(
            Math.sign(byBytes(stem + a, stem + b)),
          );
        },
      ),
    );
  });

  it('holds what was added and not removed, each once', () => {
    fc.assert(
      fc.property(keys, keys, keys, (initial, added, removed) => {
        const index = new KeyIndex(initial);
        for (const key of added) index.add(key);
        for (const key of removed) index.remove(key);
        const expected = new Set([...initial, ...added]);
        for (const key of removed) expected.delete(key);
        expect(index.page({}).keys).toEqual([...expected].toSorted(byBytes));
        expect(index.size).toBe(expected.size);
      }),
    );
  });

  it('gives the page that the definition gives', () => {
    const delimiters = fc.constantFrom(undefined, '', '/', 'a', 'b/');
    fc.assert(
      fc.property(
        keys,
        text,
        delimiters,
        text,
        fc.nat(8),
        (all, prefix, delimiter, marker, max) => {
          const options = { prefix, delimiter, startAfter: marker, maxKeys: max };
          expect(new KeyIndex(all).page(options)).toEqual(naivePage(all, options));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('pages through every entry once, whatever the page size', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 5 }), (all, maxKeys) => {
        const index = new KeyIndex(all);
        const whole = index.page({ delimiter: '/' });
        const seen: string[] = [];
        let startAfter: string | undefined;
        do {
          const page = index.page({ delimiter: '/', maxKeys, startAfter });
          seen.push(...page.keys, ...page.commonPrefixes);
          startAfter = page.nextMarker;
        } while (startAfter !== undefined);
        expect(seen.toSorted()).toEqual([...whole.keys, ...whole.commonPrefixes].toSorted());
      }),
    );
  });
});

interface PageOptions {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly startAfter: string;
  readonly maxKeys: number;
}

/** The definition: walk all keys, group, drop what lies before the marker, cut. */
function naivePage(
  all: readonly string[],
  { prefix, delimiter, startAfter, maxKeys }: PageOptions,
): ReturnType<KeyIndex['page']> {
  const entries = new Map<string, boolean>();
  for (const key of all.toSorted(byBytes)) {
    if (!key.startsWith(prefix) || byBytes(key, startAfter) <= 0) continue;
    const rest = key.slice(prefix.length);
    const cut = delimiter ? rest.indexOf(delimiter) : -1;
    const entry = cut < 0 ? key : prefix + rest.slice(0, cut + delimiter!.length);
    if (cut >= 0 && entry === startAfter) continue;
    entries.set(entry, cut >= 0 || (entries.get(entry) ?? false));
  }
  const page = [...entries].slice(0, maxKeys);
  const isTruncated = page.length > 0 && page.length < entries.size;
  return {
    keys: page.filter(([, isGroup]) => !isGroup).map(([entry]) => entry),
    commonPrefixes: page.filter(([, isGroup]) => isGroup).map(([entry]) => entry),
    isTruncated,
    nextMarker: isTruncated ? page.at(-1)![0] : undefined,
  };
}
