import type { StorageDriver } from '@safelight/storage';
import { createMemoryDriver } from '@safelight/storage/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMetadataCache } from './metadata-cache.ts';

let behind: StorageDriver;
let store: StorageDriver;
let written: string[];

beforeEach(async () => {
  behind = createMemoryDriver();
  written = [];
  const onWrite = (bucket: string, key: string): void => void written.push(`${bucket}/${key}`);
  ({ store } = createMetadataCache(behind, { maxAgeMs: 60_000, onWrite }));
  await store.createBucket('box');
  await store.putObject('box', 'a', new Uint8Array(1));
});

/** A record of every kind, and places without one. */
async function prepareRecords(): Promise<void> {
  for (const bucket of ['other', 'empty']) await store.createBucket(bucket);
  await store.putObject('other', 'b', new Uint8Array(3));
  await store.appendObject('box', 'log', 0, new Uint8Array(1));
  await store.putStyle('box', 'small', 'image/resize,w_1');
}

async function readRecords(of: StorageDriver): Promise<readonly unknown[]> {
  const buckets = ['box', 'other', 'empty', 'fresh'].map((bucket) => of.getBucket(bucket));
  const objects = ['a', 'log'].map((key) => of.headObject('box', key));
  return Promise.all([...buckets, ...objects, of.getStyle('box', 'small')]);
}

async function uploadTo(of: StorageDriver, key: string): Promise<unknown> {
  const { uploadId } = await of.createUpload('box', key);
  const upload = { bucket: 'box', key, uploadId };
  const part = await of.putPart(upload, 1, new Uint8Array(4));
  // Read again, so that only the completion can be what drops it.
  await of.headObject('box', key);
  return of.completeUpload(upload, [part]);
}

describe('records of the store', () => {
  it('are kept: a write of another node does not show at once', async () => {
    const before = await store.headObject('box', 'a');
    await behind.putObject('box', 'a', new Uint8Array(2));
    expect(await store.headObject('box', 'a')).toBe(before);
  });

  it('are read again after every write of our own', async () => {
    expect((await store.headObject('box', 'a'))?.size).toBe(1);
    await store.putObject('box', 'a', new Uint8Array(2));
    expect((await store.headObject('box', 'a'))?.size).toBe(2);
    await store.updateObject('box', 'a', { acl: 'private' });
    expect((await store.headObject('box', 'a'))?.acl).toBe('private');
    await store.deleteObject('box', 'a');
    expect(await store.headObject('box', 'a')).toBeUndefined();
    expect(await store.getStyle('box', 'small')).toBeUndefined();
    await store.putStyle('box', 'small', 'image/resize,w_1');
    expect((await store.getStyle('box', 'small'))?.content).toBe('image/resize,w_1');
    expect((await store.getBucket('box'))?.acl).toBe('private');
    await store.updateBucket('box', { acl: 'public-read' });
    expect((await store.getBucket('box'))?.acl).toBe('public-read');
    expect(written.filter((place) => place === 'box/a').length).toBe(4);
  });

  it.each<[string, (of: StorageDriver) => Promise<unknown>]>([
    [
      'copyObject',
      (of) => of.copyObject({ bucket: 'other', key: 'b' }, { bucket: 'box', key: 'a' }),
    ],
    ['appendObject', (of) => of.appendObject('box', 'log', 1, new Uint8Array(1))],
    ['completeUpload', (of) => uploadTo(of, 'a')],
    ['updateObject', (of) => of.updateObject('box', 'a', { acl: 'public-read' })],
    ['deleteObject', (of) => of.deleteObject('box', 'a')],
    ['updateBucket', (of) => of.updateBucket('box', { acl: 'public-read' })],
    ['putStyle', (of) => of.putStyle('box', 'small', 'image/resize,w_2')],
    ['deleteStyle', (of) => of.deleteStyle('box', 'small')],
    ['deleteBucket', (of) => of.deleteBucket('empty')],
    ['createBucket', (of) => of.createBucket('fresh')],
  ])('are what the store has as soon as %s has ended', async (_, write) => {
    await prepareRecords();
    await readRecords(store);
    await write(store);
    expect(await readRecords(store)).toEqual(await readRecords(behind));
  });

  it('are not kept when the read began before a write that ended after it', async () => {
    let letGo = (): void => {};
    const slow = new Promise<void>((resolve) => (letGo = resolve));
    const stalling = Object.assign(Object.create(behind) as StorageDriver, {
      headObject: async (bucket: string, key: string) => {
        const record = await behind.headObject(bucket, key);
        await slow;
        return record;
      },
      putObject: behind.putObject.bind(behind),
    });
    const cached = createMetadataCache(stalling, { maxAgeMs: 60_000 });
    const reading = cached.store.headObject('box', 'a');
    await cached.store.putObject('box', 'a', new Uint8Array(2));
    letGo();
    expect((await reading)?.size).toBe(1);
    expect((await cached.store.headObject('box', 'a'))?.size).toBe(2);
  });

  it('are dropped when the bytes turn out to be of another object', async () => {
    const record = await store.headObject('box', 'a');
    await behind.putObject('box', 'a', new Uint8Array(2));
    const read = store.getObject('box', 'a', { ifEtag: record?.etag });
    await expect(read).rejects.toMatchObject({ code: 'PreconditionFailed' });
    expect((await store.headObject('box', 'a'))?.size).toBe(2);
  });

  it('are not kept when a read failed', async () => {
    await expect(store.headObject('none', 'a')).rejects.toMatchObject({ code: 'NoSuchBucket' });
    await behind.createBucket('none');
    expect(await store.headObject('none', 'a')).toBeUndefined();
  });
});
