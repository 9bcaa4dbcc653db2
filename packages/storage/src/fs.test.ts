/**
 * The fs driver runs the shared suite, and does what only a store on disk can: outlive its process.
 * @module
 */

import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { utf8 } from '../test/driver-suite/bodies.ts';
import { codeOf } from '../test/driver-suite/fixture.ts';
import { describeDriver } from '../test/driver-suite.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import type { PutObjectOptions, StorageDriver } from './driver.ts';
import { openFsDriver } from './fs.ts';
import { readObject } from './read-object.ts';

describe('suite', () => {
  let parent: string;
  let opened = 0;
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'safelight-suite-'));
  });
  afterAll(() => rm(parent, { recursive: true, force: true }));

  const open = (now: () => number, durable: boolean): Promise<StorageDriver> =>
    openFsDriver({ folder: join(parent, String(opened++)), now, durable });
  describeDriver('fs', (now) => open(now, true));
  describeDriver('fs without flushing', (now) => open(now, false));
});

describe('fs', () => {
  it('finds everything again after it was closed and opened', async () => {
    const folder = join(await temporaryFolder(), 'deep', 'down');
    const first = await openFsDriver({ folder });
    const bucket = await first.createBucket('pictures', { settings: { cors: '<C/>' } });
    const style = await first.putStyle('pictures', 's', 'image/flip');
    const record = await first.putObject('pictures', '图/../片', utf8('bytes'), {
      acl: 'public-read',
      userMetadata: JSON.parse('{"__proto__":"p"}') as Record<string, string>,
    });
    await first.close();

    const second = await openFsDriver({ folder });
    expect(await second.listBuckets()).toEqual([bucket]);
    expect(await second.listStyles('pictures')).toEqual([style]);
    expect(await second.headObject('pictures', '图/../片')).toEqual(record);
    expect(Object.entries(record.userMetadata)).toEqual([['__proto__', 'p']]);
    expect((await second.listObjects('pictures')).objects).toEqual([record]);
    const found = await readObject(second, 'pictures', '图/../片', { maxBytes: 5 });
    expect(Buffer.from(found!.bytes).toString()).toBe('bytes');
    await second.close();
  });

  it('leaves nothing on disk of a failed, refused, replaced or deleted object', async () => {
    const folder = await temporaryFolder();
    const driver = await openFsDriver({ folder });
    await driver.createBucket('pictures');
    const files = async (): Promise<number> => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).length;
    };
    const before = await files();
    const put = (options?: PutObjectOptions): Promise<unknown> =>
      driver.putObject('pictures', 'k', utf8('bytes'), options);
    expect(await codeOf(put({ contentMd5: 'wrong' }))).toBe('InvalidDigest');
    expect(await codeOf(put({ maxBytes: 4 }))).toBe('EntityTooLarge');
    expect(await files()).toBe(before);
    await Promise.allSettled([put(), put(), put({ ifAbsent: true }), put({ ifAbsent: true })]);
    expect(await files()).toBe(before + 2);
    await driver.deleteObject('pictures', 'k');
    expect(await files()).toBe(before);
    await driver.close();
  });

  it('takes a root that is a link: the operator put it there', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    const driver = await openFsDriver({ folder: join(folder, 'link') });
    await driver.createBucket('pictures');
    await driver.putObject('pictures', 'k', utf8('x'));
    expect((await driver.headObject('pictures', 'k'))?.size).toBe(1);
    await driver.close();
  });

  it('keeps files from other users of the machine', async () => {
    const folder = await temporaryFolder();
    const driver = await openFsDriver({ folder: join(folder, 'store') });
    await driver.createBucket('pictures');
    await driver.close();
    expect((await stat(join(folder, 'store'))).mode & 0o077).toBe(0);
    const file = join(folder, 'store', 'buckets', 'pictures', 'bucket.json');
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('leaves files that are not its own alone', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'access-key.json'), 'secret');
    await mkdir(join(folder, 'buckets', 'lost+found'), { recursive: true });
    const driver = await openFsDriver({ folder });
    expect(await driver.listBuckets()).toEqual([]);
    await driver.close();
    expect(await readFile(join(folder, 'access-key.json'), 'utf8')).toBe('secret');
  });

  it('refuses a folder of a later format, and lets go of the lock', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'store.json'), '{"format":2}');
    expect(await codeOf(openFsDriver({ folder }))).toBe('StoreDamaged');
    await writeFile(join(folder, 'store.json'), '{"format":1}');
    await (await openFsDriver({ folder })).close();
  });

  it('refuses a file in place of the folder', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    expect(await codeOf(openFsDriver({ folder: file }))).toBe('StoreDamaged');
  });

  it('refuses a bucket whose record is missing or not its own', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'buckets', 'pictures'), { recursive: true });
    expect(await codeOf(openFsDriver({ folder }))).toBe('StoreDamaged');
    const file = join(folder, 'buckets', 'pictures', 'bucket.json');
    for (const text of ['', '{', 'null', '{"name":"other"}', '{"name":"pictures","styles":[]}']) {
      await writeFile(file, text);
      expect(await codeOf(openFsDriver({ folder }))).toBe('StoreDamaged');
    }
  });
});
