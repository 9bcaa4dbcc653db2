/**
 * What a driver does with buckets and their settings.
 * @module
 */

import { describe, expect, it } from 'vitest';

import { createGate, gatedBody, utf8 } from './bodies.ts';
import { codeOf, START_MS, useDriver } from './fixture.ts';
import type { OpenDriver } from './fixture.ts';

export function describeBuckets(open: OpenDriver): void {
  describe('buckets', () => {
    const store = useDriver(open);

    it('creates a private bucket and finds it again', async () => {
      const made = await store.driver.createBucket('b-1');
      expect(made).toEqual({ name: 'b-1', acl: 'private', createdMs: START_MS, settings: {} });
      expect(await store.driver.getBucket('b-1')).toEqual(made);
    });

    it('keeps what is given at creation', async () => {
      const options = {
        acl: 'public-read',
        location: 'oss-cn-hangzhou',
        storageClass: 'IA',
        settings: { cors: '<C/>' },
      } as const;
      await store.driver.createBucket('b-1', options);
      expect(await store.driver.getBucket('b-1')).toMatchObject(options);
    });

    it('refuses to create a bucket twice and keeps the first', async () => {
      await store.driver.createBucket('b-1', { acl: 'public-read' });
      expect(await codeOf(store.driver.createBucket('b-1'))).toBe('BucketAlreadyExists');
      expect((await store.driver.getBucket('b-1'))?.acl).toBe('public-read');
    });

    it('lets one of racing creators win', async () => {
      const results = await Promise.allSettled(
        Array.from({ length: 4 }, () => store.driver.createBucket('b-1')),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    });

    it('says undefined for a missing bucket, and NoSuchBucket for what would be in it', async () => {
      expect(await store.driver.getBucket('missing')).toBeUndefined();
      const nowhere = { bucket: 'missing', key: 'k', uploadId: 'F'.repeat(32) };
      const calls = [
        store.driver.updateBucket('missing', { acl: 'private' }),
        store.driver.deleteBucket('missing'),
        store.driver.putObject('missing', 'k', utf8('x')),
        store.driver.headObject('missing', 'k'),
        store.driver.getObject('missing', 'k'),
        store.driver.updateObject('missing', 'k', { acl: 'private' }),
        store.driver.deleteObject('missing', 'k'),
        store.driver.listObjects('missing'),
        store.driver.copyObject({ bucket: 'missing', key: 'k' }, { bucket: 'pictures', key: 'k' }),
        store.driver.appendObject('missing', 'k', 0, utf8('x')),
        store.driver.createUpload('missing', 'k'),
        store.driver.putPart(nowhere, 1, utf8('x')),
        store.driver.completeUpload(nowhere, [{ partNumber: 1, etag: '' }]),
        store.driver.abortUpload(nowhere),
        store.driver.listParts(nowhere),
        store.driver.listUploads('missing'),
        store.driver.putStyle('missing', 's', 'image/flip'),
        store.driver.getStyle('missing', 's'),
        store.driver.listStyles('missing'),
        store.driver.deleteStyle('missing', 's'),
      ];
      // All at once: a call that nobody waits for yet may have failed already.
      const codes = await Promise.all(calls.map(codeOf));
      expect(codes).toEqual(calls.map(() => 'NoSuchBucket'));
    });

    it.each(['', 'ab', 'Abc', '-abc', 'abc-', 'a_b', 'a.b', '..', 'a/b', 'abc\n', 'x'.repeat(64)])(
      'refuses the bucket name %j',
      async (bucket) => {
        expect(await codeOf(store.driver.createBucket(bucket))).toBe('InvalidBucketName');
        expect(await codeOf(store.driver.getBucket(bucket))).toBe('InvalidBucketName');
        expect(await codeOf(store.driver.listObjects(bucket))).toBe('InvalidBucketName');
      },
    );

    it.each(['abc', 'a-b', '0--0', 'x'.repeat(63)])(
      'accepts the bucket name %j',
      async (bucket) => {
        expect((await store.driver.createBucket(bucket)).name).toBe(bucket);
      },
    );

    it('lists buckets by name', async () => {
      for (const bucket of ['zoo', 'a-b', 'a0b', 'aab']) await store.driver.createBucket(bucket);
      const names = (await store.driver.listBuckets()).map((bucket) => bucket.name);
      expect(names).toEqual(['a-b', 'a0b', 'aab', 'pictures', 'zoo']);
    });

    it('changes settings by what they are, and loses no change of another', async () => {
      const add = (letter: string): Promise<unknown> =>
        store.driver.updateBucket('pictures', ({ settings }) => ({
          settings: { letters: (settings['letters'] ?? '') + letter },
        }));
      await Promise.all(['a', 'b', 'c', 'd'].map(add));
      const { settings } = (await store.driver.getBucket('pictures'))!;
      expect([...(settings['letters'] ?? '')].toSorted()).toEqual(['a', 'b', 'c', 'd']);
      const failure = new Error('no');
      const failing = store.driver.updateBucket('pictures', () => {
        throw failure;
      });
      await expect(failing).rejects.toBe(failure);
    });

    it('merges settings, removes undefined ones and keeps the rest', async () => {
      await store.driver.updateBucket('pictures', { settings: { cors: '1', referer: '2' } });
      await store.driver.updateBucket('pictures', { acl: 'public-read' });
      const record = await store.driver.updateBucket('pictures', {
        settings: { cors: undefined, logging: '<a>\r\n</a>' },
      });
      expect(record.acl).toBe('public-read');
      expect(record.settings).toEqual({ referer: '2', logging: '<a>\r\n</a>' });
      expect(await store.driver.getBucket('pictures')).toEqual(record);
    });

    it('loses no concurrent change of settings', async () => {
      const names = Array.from({ length: 10 }, (_, i) => `setting${i}`);
      await Promise.all(
        names.map((setting) =>
          store.driver.updateBucket('pictures', { settings: { [setting]: 'x' } }),
        ),
      );
      const { settings } = (await store.driver.getBucket('pictures'))!;
      expect(Object.keys(settings).toSorted()).toEqual(names);
    });

    it('deletes an empty bucket with its styles, never a full one', async () => {
      await store.put('k');
      await store.driver.putStyle('pictures', 's', 'image/flip');
      expect(await codeOf(store.driver.deleteBucket('pictures'))).toBe('BucketNotEmpty');
      expect(await store.read('k')).toBe('k');
      await store.driver.deleteObject('pictures', 'k');
      await store.driver.deleteBucket('pictures');
      expect(await store.driver.getBucket('pictures')).toBeUndefined();
      await store.driver.createBucket('pictures');
      expect(await store.driver.listStyles('pictures')).toEqual([]);
    });

    it('ends an upload whose bucket is deleted and made anew, without a trace', async () => {
      const gate = createGate();
      const upload = store.driver.putObject('pictures', 'k', gatedBody(gate, 'old'));
      const outcome = codeOf(upload);
      await gate.reached;
      await store.driver.deleteBucket('pictures');
      await store.driver.createBucket('pictures');
      gate.open();
      expect(await outcome).toBe('NoSuchBucket');
      expect(await store.driver.headObject('pictures', 'k')).toBeUndefined();
      expect((await store.driver.listObjects('pictures')).objects).toEqual([]);
    });
  });
}
