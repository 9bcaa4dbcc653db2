/**
 * Pages of the objects of a bucket.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { utf8 } from './bodies.ts';
import { keyOf, listedOf, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeListing(open: OpenDriver): void {
  describe('listing', () => {
    const store = useDriver(open);

    it('orders keys by their UTF-8 bytes', async () => {
      await store.putAll(['\u{1f600}', '\uff21', 'a', 'B', 'a/b', 'a.b', 'aa', '\u00e9', '\u0001']);
      const { keys } = await store.list({});
      expect(keys).toEqual([
        '\u0001',
        'B',
        'a',
        'a.b',
        'a/b',
        'aa',
        '\u00e9',
        '\uff21',
        '\u{1f600}',
      ]);
    });

    it('filters by prefix, which is text and no pattern', async () => {
      await store.putAll(['a', 'a*', 'a.b', 'ab', 'b']);
      expect((await store.list({ prefix: 'a' })).keys).toEqual(['a', 'a*', 'a.b', 'ab']);
      expect((await store.list({ prefix: 'a*' })).keys).toEqual(['a*']);
      expect((await store.list({ prefix: 'zz' })).keys).toEqual([]);
    });

    it('rolls up folders', async () => {
      await store.putAll(['fun/', 'fun/a', 'fun/movie/1', 'fun/movie/2', 'oss.jpg', 'z/1']);
      expect(await store.list({ delimiter: '/' })).toEqual({
        keys: ['oss.jpg'],
        prefixes: ['fun/', 'z/'],
        next: undefined,
      });
      expect(await store.list({ delimiter: '/', prefix: 'fun/' })).toEqual({
        keys: ['fun/', 'fun/a'],
        prefixes: ['fun/movie/'],
        next: undefined,
      });
      expect((await store.list({ delimiter: 'movie/' })).prefixes).toEqual(['fun/movie/']);
    });

    it('starts after a marker that need not exist, and lists a folder with keys after it', async () => {
      await store.putAll(['p/a', 'p/oss.jpg', 'p/other/1', 'p/other/2', 'p/z']);
      const options = { prefix: 'p/', delimiter: '/' };
      expect(await store.list({ ...options, startAfter: 'p/oss.jpg' })).toMatchObject({
        keys: ['p/z'],
        prefixes: ['p/other/'],
      });
      expect((await store.list({ ...options, startAfter: 'p/other/1' })).prefixes).toEqual([
        'p/other/',
      ]);
      expect((await store.list({ ...options, startAfter: 'p/other/2' })).prefixes).toEqual([]);
      expect((await store.list({ startAfter: 'p/b' })).keys).toHaveLength(4);
      expect((await store.list({ ...options, startAfter: 'a' })).keys).toEqual([
        'p/a',
        'p/oss.jpg',
        'p/z',
      ]);
      expect((await store.list({ ...options, startAfter: 'q' })).keys).toEqual([]);
    });

    it.each([1, 2, 3, 7])('pages through everything once, %i at a time', async (maxKeys) => {
      await store.putAll(['a', 'b/1', 'b/2', 'c', 'd/1', 'd/2/3', 'e', '\u{1f600}/x', '\uff21']);
      const seen: string[] = [];
      let startAfter: string | undefined;
      do {
        const page = await store.list({ delimiter: '/', maxKeys, startAfter });
        expect(page.keys.length + page.prefixes.length).toBeLessThanOrEqual(maxKeys);
        seen.push(...page.keys, ...page.prefixes);
        startAfter = page.next;
      } while (startAfter !== undefined);
      const all = ['a', 'b/', 'c', 'd/', 'e', '\uff21', '\u{1f600}/'];
      expect(seen.toSorted()).toEqual(all.toSorted());
    });

    it('says truncated only when there is more', async () => {
      await store.putAll(['a', 'b/1', 'b/2']);
      const options = { delimiter: '/', maxKeys: 2 };
      expect((await store.list(options)).next).toBeUndefined();
      expect((await store.list({ ...options, maxKeys: 1 })).next).toBe('a');
      expect(await store.list({ maxKeys: 0 })).toEqual({ keys: [], prefixes: [], next: undefined });
    });

    it('refuses page sizes out of range', async () => {
      for (const maxKeys of [-1, 1001, 1.5, Number.NaN]) {
        await expect(store.driver.listObjects('pictures', { maxKeys })).rejects.toThrow(RangeError);
      }
    });

    it('lists complete records, and follows writes after the first listing', async () => {
      await store.put('b');
      await store.driver.listObjects('pictures');
      const a = await store.driver.putObject('pictures', 'a', utf8('x'), {
        contentType: 'image/gif',
      });
      await store.put('c');
      await store.driver.deleteObject('pictures', 'b');
      const { objects } = await store.driver.listObjects('pictures');
      expect(objects.map(keyOf)).toEqual(['a', 'c']);
      expect(listedOf(objects[0]!)).toEqual(listedOf(a));
    });
  });
}
