/**
 * What a driver does with single objects: bytes, metadata, ranges, keys.
 * @module
 */

import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { crc64 } from '../../src/crc64.ts';
import { readObject } from '../../src/read-object.ts';
import { hostileKeys, illegalKeys } from '../hostile-keys.ts';
import { inPieces, noise, utf8 } from './bodies.ts';
import { codeOf, keyOf, listedOf, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeObjects(open: OpenDriver): void {
  describe('objects', () => {
    const store = useDriver(open);

    it('stores bytes with size, MD5, CRC-64 and the second of the write', async () => {
      const record = await store.put('a.txt', '123456789');
      expect(record).toEqual({
        key: 'a.txt',
        size: 9,
        etag: '25F9E794323B453885F5181F1B624D0B',
        crc64: '11051210869376104954',
        lastModifiedMs: 1_767_323_045_000,
        headers: {},
        userMetadata: {},
        acl: 'default',
        type: 'Normal',
        tags: [],
      });
      expect(await store.driver.headObject('pictures', 'a.txt')).toEqual(record);
      expect(await store.read('a.txt')).toBe('123456789');
    });

    it('stores an empty object', async () => {
      const record = await store.put('empty', '');
      expect(record).toMatchObject({
        size: 0,
        etag: 'D41D8CD98F00B204E9800998ECF8427E',
        crc64: '0',
      });
      expect(await store.read('empty')).toBe('');
    });

    it('stores a stream of chunks that reuses its buffer', async () => {
      const bytes = noise(700_000, 1);
      const record = await store.driver.putObject('pictures', 'big', inPieces(bytes, 9_973));
      expect(record.etag).toBe(createHash('md5').update(bytes).digest('hex').toUpperCase());
      expect(record.crc64).toBe(crc64(bytes));
      const found = await readObject(store.driver, 'pictures', 'big', { maxBytes: bytes.length });
      expect(Buffer.compare(found!.bytes, bytes)).toBe(0);
    });

    it('reads into a place that the reader gives', async () => {
      const bytes = noise(700_000, 1);
      await store.driver.putObject('pictures', 'big', bytes);
      const room = new ArrayBuffer(800_000);
      const sizes: number[] = [];
      const found = await readObject(store.driver, 'pictures', 'big', {
        maxBytes: bytes.length,
        allocate(byteLength) {
          sizes.push(byteLength);
          return new Uint8Array(room, 16, byteLength);
        },
      });
      expect(sizes).toEqual([bytes.length]);
      expect(found?.bytes.buffer).toBe(room);
      expect(Buffer.compare(new Uint8Array(room, 16, bytes.length), bytes)).toBe(0);
    });

    it('takes a web stream as a body', async () => {
      const { body } = new Response('from the web');
      await store.driver.putObject('pictures', 'k', body as unknown as AsyncIterable<Uint8Array>);
      expect(await store.read('k')).toBe('from the web');
    });

    it('keeps all metadata verbatim, bytes of UTF-8 in values and odd names included', async () => {
      const metadata = {
        contentType: 'image/jpeg; x="\u00fc"',
        headers: { expires: '1000000', 'cache-control': 'no-store', 'content-language': '' },
        userMetadata: JSON.parse(
          `{"__proto__":"p","constructor":"c","name":${JSON.stringify(latin1('图片 服务'))}}`,
        ) as Record<string, string>,
        acl: 'public-read',
        type: 'Multipart',
        storageClass: 'IA',
      } as const;
      const record = await store.driver.putObject('pictures', 'k', utf8('x'), metadata);
      for (const seen of [record, await store.driver.headObject('pictures', 'k')]) {
        expect(seen).toMatchObject({ ...metadata, userMetadata: {} });
        expect(Object.entries(seen!.userMetadata)).toEqual(Object.entries(metadata.userMetadata));
      }
    });

    it('hands out records that cannot be changed', async () => {
      const record = await store.put('k');
      expect(Object.isFrozen(record) && Object.isFrozen(record.userMetadata)).toBe(true);
      expect(Object.isFrozen(record.headers)).toBe(true);
    });

    it('keeps stored bytes apart from those of writers and readers', async () => {
      const bytes = utf8('original');
      await store.driver.putObject('pictures', 'k', bytes);
      bytes.fill(0);
      const found = await readObject(store.driver, 'pictures', 'k', { maxBytes: 100 });
      found!.bytes.fill(0);
      expect(await store.read('k')).toBe('original');
    });

    it('says undefined for a missing object', async () => {
      expect(await store.driver.headObject('pictures', 'missing')).toBeUndefined();
      expect(await store.driver.getObject('pictures', 'missing')).toBeUndefined();
      expect(await store.read('missing')).toBeUndefined();
    });

    it('overwrites bytes and metadata, ACL included', async () => {
      await store.driver.putObject('pictures', 'k', utf8('old'), {
        acl: 'private',
        contentType: 'a/b',
        userMetadata: { a: 'b' },
      });
      store.advance(5_000);
      const record = await store.put('k', 'newer');
      expect(record).toMatchObject({ acl: 'default', size: 5, userMetadata: {} });
      expect(record.contentType).toBeUndefined();
      expect(record.lastModifiedMs).toBe(1_767_323_050_000);
      expect(await store.read('k')).toBe('newer');
      const { objects } = await store.driver.listObjects('pictures');
      expect(objects.map(listedOf)).toEqual([listedOf(record)]);
    });

    it('deletes, and takes a missing object for deleted', async () => {
      await store.put('k');
      await store.driver.deleteObject('pictures', 'k');
      await store.driver.deleteObject('pictures', 'k');
      expect(await store.driver.headObject('pictures', 'k')).toBeUndefined();
      expect((await store.driver.listObjects('pictures')).objects).toEqual([]);
    });

    it('changes the ACL and keeps the time; changes metadata and takes the time anew', async () => {
      const userMetadata = { a: '1', b: '2' };
      const old = await store.driver.putObject('pictures', 'k', utf8('x'), { userMetadata });
      store.advance(5_000);
      const first = await store.driver.updateObject('pictures', 'k', { acl: 'public-read' });
      expect(first).toEqual({ ...old, acl: 'public-read' });
      const patch = { userMetadata: { c: '3' }, contentType: 'image/png' };
      const second = await store.driver.updateObject('pictures', 'k', patch);
      expect(second).toEqual({ ...first, ...patch, lastModifiedMs: 1_767_323_050_000 });
      expect(await store.driver.headObject('pictures', 'k')).toEqual(second);
      expect(await store.read('k')).toBe('x');
    });

    it('refuses to update a missing object or another one than meant', async () => {
      const patch = { acl: 'private' } as const;
      expect(await codeOf(store.driver.updateObject('pictures', 'k', patch))).toBe('NoSuchKey');
      const { etag } = await store.put('k');
      const other = store.driver.updateObject('pictures', 'k', patch, { ifEtag: 'F'.repeat(32) });
      expect(await codeOf(other)).toBe('PreconditionFailed');
      const record = await store.driver.updateObject('pictures', 'k', patch, { ifEtag: etag });
      expect(record.acl).toBe('private');
    });
  });

  describe('ranges', () => {
    const store = useDriver(open);

    it('reads the first byte, the last, a middle and all', async () => {
      await store.put('k', '0123456789');
      expect(await store.readRange(0, 1)).toBe('0');
      expect(await store.readRange(9, 1)).toBe('9');
      expect(await store.readRange(3, 4)).toBe('3456');
      expect(await store.readRange(0, 10)).toBe('0123456789');
    });

    it('refuses ranges that leave the object', async () => {
      await store.put('k', '0123456789');
      await store.put('empty', '');
      const bad = [
        [0, 11],
        [10, 1],
        [-1, 2],
        [0, 0],
        [0.5, 1],
        [0, Number.NaN],
      ] as const;
      for (const [offset, length] of bad)
        expect(await codeOf(store.readRange(offset, length))).toBe('InvalidRange');
      const call = store.driver.getObject('pictures', 'empty', { range: { offset: 0, length: 1 } });
      expect(await codeOf(call)).toBe('InvalidRange');
    });

    it('reads a range across chunks of a large object', async () => {
      const bytes = noise(900_000, 6);
      await store.driver.putObject('pictures', 'k', bytes);
      const options = { range: { offset: 65_530, length: 700_003 }, maxBytes: 700_003 };
      const found = await readObject(store.driver, 'pictures', 'k', options);
      expect(Buffer.compare(found!.bytes, bytes.subarray(65_530, 765_533))).toBe(0);
    });

    it('reads only the object that was meant', async () => {
      const { etag } = await store.put('k', 'one');
      const stored = await store.driver.getObject('pictures', 'k', { ifEtag: etag });
      await stored!.body.cancel();
      await store.put('k', 'two');
      expect(await codeOf(store.driver.getObject('pictures', 'k', { ifEtag: etag }))).toBe(
        'PreconditionFailed',
      );
    });

    it('goes by a record that the reader has, until another object is there', async () => {
      const [first, other] = [await store.put('k', 'one'), await store.put('other')];
      const known = await store.driver.headObject('pictures', 'k');
      const read = async (key: string, ifEtag?: string): Promise<string | undefined> => {
        const found = await readObject(store.driver, 'pictures', key, {
          maxBytes: 9,
          known,
          ifEtag,
        });
        return found && Buffer.from(found.bytes).toString();
      };
      expect([await read('k', first.etag), await read('other')]).toEqual(['one', 'other']);
      expect(await codeOf(read('k', other.etag))).toBe('PreconditionFailed');
      await store.put('k', 'two');
      expect(await codeOf(read('k', first.etag))).toBe('PreconditionFailed');
      expect(await read('k')).toBe('two');
      await store.driver.deleteObject('pictures', 'k');
      expect(await read('k', first.etag)).toBeUndefined();
    });

    it('reads no object over the cap', async () => {
      await store.put('k', '0123456789');
      expect(await codeOf(readObject(store.driver, 'pictures', 'k', { maxBytes: 9 }))).toBe(
        'EntityTooLarge',
      );
      const found = await readObject(store.driver, 'pictures', 'k', { maxBytes: 10 });
      expect(found!.bytes.buffer.byteLength).toBe(10);
    });

    it('lets a reader give up', async () => {
      await store.driver.putObject('pictures', 'k', noise(600_000, 7));
      const stored = (await store.driver.getObject('pictures', 'k'))!;
      const reader = stored.body.getReader();
      expect((await reader.read()).done).toBe(false);
      await reader.cancel();
      expect((await reader.read()).done).toBe(true);
    });
  });

  describe('keys', () => {
    const store = useDriver(open);

    it('keeps every hostile key apart from all others', async () => {
      expect(hostileKeys.length).toBeGreaterThan(30);
      for (const key of hostileKeys) await store.put(key, `body of ${key}`);
      for (const key of hostileKeys) expect(await store.read(key)).toBe(`body of ${key}`);
      const listed = (await store.driver.listObjects('pictures')).objects.map(keyOf);
      expect(listed).toEqual(hostileKeys.toSorted((a, b) => Buffer.compare(utf8(a), utf8(b))));
      for (const key of hostileKeys) await store.driver.deleteObject('pictures', key);
      expect((await store.driver.listObjects('pictures')).objects).toEqual([]);
      await store.driver.deleteBucket('pictures');
    });

    it.each(illegalKeys)('refuses the key %j', async (key) => {
      expect(await codeOf(store.put(key, 'x'))).toBe('InvalidObjectName');
      expect(await codeOf(store.driver.headObject('pictures', key))).toBe('InvalidObjectName');
      expect(await codeOf(store.driver.getObject('pictures', key))).toBe('InvalidObjectName');
      expect(await codeOf(store.driver.updateObject('pictures', key, {}))).toBe(
        'InvalidObjectName',
      );
      expect(await codeOf(store.driver.deleteObject('pictures', key))).toBe('InvalidObjectName');
    });

    it('keeps equal keys of different buckets apart', async () => {
      await store.driver.createBucket('other');
      await store.put('k', 'mine');
      await store.driver.putObject('other', 'k', utf8('theirs'));
      await store.driver.deleteObject('other', 'k');
      expect(await store.read('k')).toBe('mine');
    });
  });
}

/** As Node hands over a header: one character a byte. */
function latin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}
