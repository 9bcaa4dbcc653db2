/**
 * The S3 driver runs the shared suite against a fake store that honours conditional writes, and
 * stays right when that store fails.
 * @module
 */

import { createHash, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { describeDriver } from '../test/driver-suite.ts';
import { codeOf } from '../test/driver-suite/fixture.ts';
import { type FakeS3, type Fault, startFakeS3 } from '../test/fake-s3.ts';
import type { PartRecord, StorageDriver, UploadPlace } from './driver.ts';
import { readObject } from './read-object.ts';
import { openS3Driver } from './s3.ts';

let fake: FakeS3;
beforeAll(async () => {
  fake = await startFakeS3();
});
afterEach(() => fake.setFaults(() => undefined));
afterAll(() => fake.close());

function open(prefix: string, now?: () => number): Promise<StorageDriver> {
  return openS3Driver({ ...fake, prefix, freshMs: 0, now });
}

describeDriver('s3', async (now) => open(`${randomUUID()}/`, now));

async function text(driver: StorageDriver, key: string): Promise<string | undefined> {
  const found = await readObject(driver, 'pictures', key, { maxBytes: 1e8 });
  return found && Buffer.from(found.bytes).toString('latin1');
}

/** Two nodes on one store, with the bucket `pictures`. */
async function twoNodes(): Promise<readonly [StorageDriver, StorageDriver]> {
  const prefix = `${randomUUID()}/`;
  const one = await open(prefix);
  await one.createBucket('pictures');
  return [one, await open(prefix)];
}

describe('two nodes on one store', () => {
  it('see each other', async () => {
    const [one, two] = await twoNodes();
    await one.putObject('pictures', 'k', Buffer.from('bytes'), { contentType: 'image/png' });
    expect(await text(two, 'k')).toBe('bytes');
    await two.updateObject('pictures', 'k', { acl: 'public-read' });
    expect((await one.headObject('pictures', 'k'))?.acl).toBe('public-read');
    await one.putStyle('pictures', 's', 'image/flip,1');
    expect((await two.getStyle('pictures', 's'))?.content).toBe('image/flip,1');
    await two.deleteObject('pictures', 'k');
    expect(await one.headObject('pictures', 'k')).toBeUndefined();
  });

  it('lose no change of settings, and let one of racing first writers win', async () => {
    const nodes = await twoNodes();
    const settings = Array.from({ length: 12 }, (_, i) => `s${i}`);
    await Promise.all(
      settings.map((name, i) =>
        nodes[i % 2]!.updateBucket('pictures', { settings: { [name]: 'x' } }),
      ),
    );
    const record = await nodes[0].getBucket('pictures');
    expect(Object.keys(record?.settings ?? {}).toSorted()).toEqual(settings.toSorted());
    const writers = Array.from({ length: 8 }, (_, i) =>
      codeOf(nodes[i % 2]!.putObject('pictures', 'k', Buffer.from(`w${i}`), { ifAbsent: true })),
    );
    const outcomes = await Promise.all(writers);
    expect(outcomes.filter((code) => code === undefined).length).toBe(1);
    expect(await text(nodes[1], 'k')).toBe(`w${outcomes.indexOf(undefined)}`);
  });

  it('forget a change of metadata with the object it was made to', async () => {
    const [one, two] = await twoNodes();
    await one.putObject('pictures', 'k', Buffer.from('old'));
    await two.updateObject('pictures', 'k', { acl: 'public-read' });
    await one.putObject('pictures', 'k', Buffer.from('new'));
    expect((await two.headObject('pictures', 'k'))?.acl).toBe('default');
  });
});

describe('what other tools stored', () => {
  it('is served as it is', async () => {
    const prefix = `${randomUUID()}/`;
    const driver = await open(prefix);
    await driver.createBucket('pictures');
    await fetch(`${fake.endpoint}/fake/${prefix}pictures/a%20b.png`, {
      method: 'PUT',
      body: 'pixels',
      headers: { 'content-type': 'image/png', 'x-amz-meta-camera': 'x' },
    });
    expect(await text(driver, 'a b.png')).toBe('pixels');
    expect(await driver.headObject('pictures', 'a b.png')).toMatchObject({
      etag: createHash('md5').update('pixels').digest('hex').toUpperCase(),
      contentType: 'image/png',
      userMetadata: { camera: 'x' },
      acl: 'default',
      crc64: undefined,
    });
    const { objects } = await driver.listObjects('pictures');
    expect(objects.map(({ key }) => key)).toEqual(['a b.png']);
    await driver.updateObject('pictures', 'a b.png', { acl: 'public-read' });
    expect((await driver.headObject('pictures', 'a b.png'))?.acl).toBe('public-read');
  });
});

describe('a store that fails', () => {
  const kinds: readonly Fault[] = ['fail-before', 'fail-after', 'drop-before', 'drop-after'];

  it.each(kinds)('is asked again: %s', async (kind) => {
    const [one, two] = await twoNodes();
    let faults = 2;
    fake.setFaults((method) => (method === 'PUT' && faults-- > 0 ? kind : undefined));
    await one.putObject('pictures', 'k', Buffer.alloc(6 * 1024 * 1024, 'x'));
    fake.setFaults(() => undefined);
    expect((await text(two, 'k'))?.length).toBe(6 * 1024 * 1024);
  });

  it('is reported when it goes on failing, and nothing is half stored', async () => {
    const [one, two] = await twoNodes();
    await one.putObject('pictures', 'k', Buffer.from('before'));
    fake.setFaults((method) => (method === 'PUT' ? 'fail-before' : undefined));
    const failed = one.putObject('pictures', 'k', Buffer.from('after'));
    expect(await codeOf(failed)).toBe('StoreUnavailable');
    fake.setFaults(() => undefined);
    expect(await text(two, 'k')).toBe('before');
    fake.setFaults((method) => (method === 'GET' ? 'drop-before' : undefined));
    expect(await codeOf(one.getObject('pictures', 'k'))).toBe('StoreUnavailable');
  });

  it('leaves nothing beside the objects when uploads end', async () => {
    const prefix = `${randomUUID()}/`;
    const driver = await open(prefix);
    await driver.createBucket('pictures');
    const { uploadId } = await driver.createUpload('pictures', 'k');
    const place = { bucket: 'pictures', key: 'k', uploadId };
    const parts = [
      await driver.putPart(place, 1, Buffer.from('one')),
      await driver.putPart(place, 2, Buffer.from('two')),
    ];
    await driver.completeUpload(place, parts);
    await driver.updateObject('pictures', 'k', { userMetadata: { long: 'x'.repeat(4000) } });
    await driver.putObject('pictures', 'long', Buffer.from('x'), {
      userMetadata: { long: 'x'.repeat(4000) },
    });
    expect((await driver.headObject('pictures', 'long'))?.userMetadata['long']?.length).toBe(4000);
    for (const key of ['k', 'long']) await driver.deleteObject('pictures', key);
    const left = fake.names().filter((name) => name.startsWith(prefix));
    expect(left).toEqual([`${prefix}.safelight/buckets/pictures.json`]);
    expect(fake.openUploads().filter(({ name }) => name.startsWith(prefix))).toEqual([]);
  });

  it('is cleared, a day later, of what a node left that died while it opened the store', async () => {
    const prefix = `${randomUUID()}/`;
    const probe = `${prefix}.safelight/probe-1-quoted`;
    await fetch(`${fake.endpoint}/fake/${probe}`, { method: 'PUT', body: '1' });
    await (await open(prefix)).close();
    expect(fake.names()).toContain(probe);
    await (await open(prefix, () => Date.now() + 25 * 3600 * 1000)).close();
    expect(fake.names()).not.toContain(probe);
  });

  it('ends the uploads of its own that were cut off with those they were for', async () => {
    const prefix = `${randomUUID()}/`;
    const openUploads = (): string[] =>
      fake.openUploads().flatMap(({ name }) => (name.startsWith(prefix) ? [name] : []));
    const driver = await open(prefix);
    await driver.createBucket('pictures');
    const begin = async (key: string): Promise<[UploadPlace, PartRecord]> => {
      const { uploadId } = await driver.createUpload('pictures', key);
      const place = { bucket: 'pictures', key, uploadId };
      return [place, await driver.putPart(place, 1, Buffer.from(key))];
    };
    const uploads = await Promise.all(['again', 'aborted', 'left'].map(begin));
    // As a process leaves them that is killed in the middle: neither bytes nor an abort get through.
    fake.setFaults((method, name) =>
      name.startsWith(`${prefix}pictures/`) && method !== 'POST' ? 'drop-before' : undefined,
    );
    const cut = uploads.map(([place, part]) => codeOf(driver.completeUpload(place, [part])));
    expect(await Promise.all(cut)).toEqual(uploads.map(() => 'StoreUnavailable'));
    fake.setFaults(() => undefined);
    expect(openUploads().length).toBe(3);
    const [[again, part], [aborted], [left]] = uploads as [
      [UploadPlace, PartRecord],
      [UploadPlace, PartRecord],
      [UploadPlace, PartRecord],
    ];
    await driver.completeUpload(again, [part]);
    expect(await text(driver, 'again')).toBe('again');
    await driver.abortUpload(aborted);
    expect(openUploads()).toEqual([`${prefix}pictures/left`]);
    const file = `${prefix}.safelight/uploads/pictures/${left.uploadId}/upload.json`;
    await fetch(`${fake.endpoint}/fake/${file}`, { method: 'DELETE' });
    const later = Date.now() + 25 * 3600 * 1000;
    await (await open(prefix, () => later)).close();
    expect(openUploads()).toEqual([]);
  });

  it('is cleared, a day later, of parts whose upload went before them', async () => {
    const prefix = `${randomUUID()}/`;
    const driver = await open(prefix);
    await driver.createBucket('pictures');
    const uploads = await Promise.all(
      ['cut', 'kept'].map((key) => driver.createUpload('pictures', key)),
    );
    for (const { key, uploadId } of uploads) {
      await driver.putPart({ bucket: 'pictures', key, uploadId }, 1, Buffer.from('part'));
    }
    await driver.close();
    const folder = `${prefix}.safelight/uploads/pictures/${uploads[0]!.uploadId}/`;
    // As a process leaves it that is killed while it ends an upload.
    await fetch(`${fake.endpoint}/fake/${folder}upload.json`, { method: 'DELETE' });
    const left = (): number => fake.names().filter((name) => name.startsWith(folder)).length;
    await (await open(prefix)).close();
    expect(left()).toBe(1);
    const later = Date.now() + 25 * 3600 * 1000;
    await (await open(prefix, () => later)).close();
    expect(left()).toBe(0);
    const after = await open(prefix, () => later);
    const listed = await after.listUploads('pictures');
    expect(listed.uploads.map(({ key }) => key)).toEqual(['kept']);
    const kept = { bucket: 'pictures', key: 'kept', uploadId: uploads[1]!.uploadId };
    expect((await after.listParts(kept)).parts.length).toBe(1);
  });
});
