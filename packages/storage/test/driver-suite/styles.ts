/**
 * What a driver does with styles.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { codeOf, START_MS, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeStyles(open: OpenDriver): void {
  describe('styles', () => {
    const store = useDriver(open);

    it('keeps content verbatim, in order of creation, with both times', async () => {
      await store.driver.putStyle('pictures', 'z', 'image/resize,w_100');
      store.advance(1_000);
      await store.driver.putStyle('pictures', 'a.b-c_D', 'csdar5324');
      store.advance(1_000);
      const changed = await store.driver.putStyle('pictures', 'z', 'image/\r\n<flip>&');
      expect(changed).toEqual({
        name: 'z',
        content: 'image/\r\n<flip>&',
        createdMs: START_MS,
        modifiedMs: START_MS + 2_000,
      });
      const styles = await store.driver.listStyles('pictures');
      expect(styles.map((style) => style.name)).toEqual(['z', 'a.b-c_D']);
      expect(await store.driver.getStyle('pictures', 'z')).toEqual(changed);
    });

    it('deletes, and takes a missing style for deleted', async () => {
      await store.driver.putStyle('pictures', 's', 'image/flip');
      await store.driver.deleteStyle('pictures', 's');
      await store.driver.deleteStyle('pictures', 's');
      expect(await store.driver.getStyle('pictures', 's')).toBeUndefined();
      expect(await store.driver.listStyles('pictures')).toEqual([]);
    });

    it('creates no more styles than it may, and replaces those that are there', async () => {
      const put = (style: string): Promise<unknown> =>
        store.driver.putStyle('pictures', style, 'image/flip', { maxStyles: 2 });
      const results = await Promise.allSettled(['a', 'b', 'c'].map(put));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      await put('a');
      expect(await codeOf(put('c'))).toBe('TooManyStyles');
      expect(await store.driver.listStyles('pictures')).toHaveLength(2);
    });

    it('loses no concurrent style', async () => {
      const styles = Array.from({ length: 20 }, (_, i) => `style${i}`);
      await Promise.all(
        styles.map((style) => store.driver.putStyle('pictures', style, 'image/flip')),
      );
      const listed = (await store.driver.listStyles('pictures')).map((style) => style.name);
      expect(listed.toSorted()).toEqual(styles.toSorted());
    });

    it.each(['', 'a/b', '../x', 'a b', '@%$^', 'ü', 'x'.repeat(64)])(
      'refuses the style name %j',
      async (style) => {
        expect(await codeOf(store.driver.putStyle('pictures', style, 'x'))).toBe(
          'InvalidStyleName',
        );
        expect(await codeOf(store.driver.getStyle('pictures', style))).toBe('InvalidStyleName');
        expect(await codeOf(store.driver.deleteStyle('pictures', style))).toBe('InvalidStyleName');
      },
    );

    it('takes __proto__ for a name like any other', async () => {
      await store.driver.putStyle('pictures', '__proto__', 'image/flip');
      expect((await store.driver.getStyle('pictures', '__proto__'))?.content).toBe('image/flip');
      expect(await store.driver.getStyle('pictures', 'constructor')).toBeUndefined();
    });
  });
}
