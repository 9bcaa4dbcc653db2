/**
 * Objects out of other objects: copies, appends, symlinks, tags.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { crc64 } from '../../src/crc64.ts';
import { noise, utf8 } from './bodies.ts';
import { codeOf, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeCopies(open: OpenDriver): void {
  describe('copies', () => {
    const store = useDriver(open);
    const place = (key: string, bucket = 'pictures') => ({ bucket, key }) as const;

    it('copies bytes and ETag with new metadata, into another bucket too', async () => {
      await store.driver.createBucket('other');
      const source = await store.driver.putObject('pictures', 'a', utf8('bytes'), {
        acl: 'public-read',
        userMetadata: { a: '1' },
      });
      store.advance(5_000);
      const metadata = { contentType: 'image/png', tags: [{ key: 'x', value: 'y' }] };
      const copy = await store.driver.copyObject(place('a'), place('b', 'other'), metadata);
      expect(copy).toEqual({
        ...source,
        ...metadata,
        key: 'b',
        acl: 'default',
        userMetadata: {},
        lastModifiedMs: source.lastModifiedMs + 5_000,
      });
      expect(await store.driver.headObject('other', 'b')).toEqual(copy);
      await store.driver.deleteObject('pictures', 'a');
      const found = await store.driver.getObject('other', 'b');
      expect(await new Response(found!.body).text()).toBe('bytes');
    });

    it('copies an object onto itself, which changes its metadata', async () => {
      const { etag } = await store.put('k', 'same');
      const record = await store.driver.copyObject(place('k'), place('k'), { storageClass: 'IA' });
      expect(record).toMatchObject({ etag, storageClass: 'IA' });
      expect(await store.read('k')).toBe('same');
    });

    it('refuses a missing source, another one than meant, and a target that is there', async () => {
      const { etag } = await store.put('k');
      await store.put('taken', 'before');
      const copy = (key: string, ifEtag?: string): Promise<unknown> =>
        store.driver.copyObject({ ...place(key), ifEtag }, place('taken'), { ifAbsent: true });
      expect(await codeOf(copy('missing'))).toBe('NoSuchKey');
      expect(await codeOf(copy('k', 'F'.repeat(32)))).toBe('PreconditionFailed');
      expect(await codeOf(copy('k', etag))).toBe('FileAlreadyExists');
      expect(await store.read('taken')).toBe('before');
    });
  });

  describe('appends', () => {
    const store = useDriver(open);
    const append = (position: number, bytes: Uint8Array, more = {}): Promise<unknown> =>
      store.driver.appendObject('pictures', 'k', position, bytes, more);

    it('begins an object and adds to its end, with the checksum of the whole', async () => {
      const bytes = noise(300_000, 11);
      await append(0, bytes.subarray(0, 7), { contentType: 'text/plain' });
      const first = await store.driver.headObject('pictures', 'k');
      expect(first).toMatchObject({ size: 7, type: 'Appendable', contentType: 'text/plain' });
      const second = await store.driver.appendObject('pictures', 'k', 7, bytes.subarray(7), {
        contentType: 'ignored/now',
      });
      expect(second).toMatchObject({
        size: 300_000,
        crc64: crc64(bytes),
        contentType: 'text/plain',
      });
      expect(second.etag).not.toBe(first!.etag);
      const stored = await store.driver.getObject('pictures', 'k');
      const read = new Uint8Array(await new Response(stored!.body).arrayBuffer());
      expect(Buffer.compare(read, bytes)).toBe(0);
    });

    it('refuses another position than the end and objects that are not appendable', async () => {
      await append(0, utf8('abc'));
      for (const position of [0, 2, 4]) {
        expect(await codeOf(append(position, utf8('x')))).toBe('PositionNotEqualToLength');
      }
      expect(await store.read('k')).toBe('abc');
      await store.put('k', 'normal');
      for (const position of [0, 6]) {
        expect(await codeOf(append(position, utf8('x')))).toBe('ObjectNotAppendable');
      }
      expect(await store.read('k')).toBe('normal');
    });

    it('lets one of racing appends win and keeps limits', async () => {
      await append(0, utf8('abc'));
      const racing = Array.from({ length: 4 }, (_, i) => codeOf(append(3, utf8(`-${i}`))));
      const codes = await Promise.all(racing);
      expect(codes.filter((code) => code === undefined)).toHaveLength(1);
      expect(new Set(codes)).toEqual(new Set([undefined, 'PositionNotEqualToLength']));
      expect((await store.read('k'))?.length).toBe(5);
      expect(await codeOf(append(5, utf8('xy'), { maxBytes: 6 }))).toBe('EntityTooLarge');
      expect(await codeOf(append(5, utf8('xy'), { contentMd5: 'wrong' }))).toBe('InvalidDigest');
      expect((await store.read('k'))?.length).toBe(5);
    });
  });

  describe('symlinks and tags', () => {
    const store = useDriver(open);

    it('keeps where a symlink points', async () => {
      const options = { type: 'Symlink', symlinkTarget: 'fotos/图.jpg' } as const;
      const record = await store.driver.putObject('pictures', 'link', new Uint8Array(0), options);
      expect(record).toMatchObject({ ...options, size: 0 });
      expect(await store.driver.headObject('pictures', 'link')).toEqual(record);
    });

    it('replaces tags whole, in their order, and keeps the time', async () => {
      const tags = ['z', '1', '__proto__', 'é'].map((key) => ({ key, value: `of ${key}` }));
      const record = await store.driver.putObject('pictures', 'k', utf8('x'), { tags });
      expect(record.tags).toEqual(tags);
      store.advance(5_000);
      const changed = await store.driver.updateObject('pictures', 'k', { tags: tags.slice(2) });
      expect(changed).toEqual({ ...record, tags: tags.slice(2) });
      expect(await store.driver.headObject('pictures', 'k')).toEqual(changed);
      const { tags: none } = await store.driver.updateObject('pictures', 'k', { tags: [] });
      expect(none).toEqual([]);
    });
  });
}
