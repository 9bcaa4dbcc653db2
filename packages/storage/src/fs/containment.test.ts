/**
 * Nothing outside of the root is read, written or cleared, whatever the key and whatever is
 * planted.
 * @module
 */

import { mkdir, readFile, readdir, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';

import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { utf8 } from '../../test/driver-suite/bodies.ts';
import { codeOf } from '../../test/driver-suite/fixture.ts';
import { hostileKeys } from '../../test/hostile-keys.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { StorageDriver } from '../driver.ts';
import { openFsDriver } from '../fs.ts';
import { locateObject } from './layout.ts';
import type { ObjectPlace } from './layout.ts';

/** A store beside a folder that it must never touch, and an object `k` in it. */
let store: string;
let outside: string;
let driver: StorageDriver;
let place: ObjectPlace;

beforeEach(async () => {
  const folder = await temporaryFolder();
  store = join(folder, 'store');
  outside = join(folder, 'outside');
  await mkdir(outside);
  await writeFile(join(outside, 'secret'), 'secret');
  await open();
  await driver.createBucket('pictures');
  await driver.putObject('pictures', 'k', utf8('inside'));
  place = locateObject(join(store, 'buckets', 'pictures'), 'k');
});

async function open(): Promise<void> {
  const opened = await openFsDriver({ folder: store });
  driver = opened;
  onTestFinished(() => opened.close());
}

async function reopen(): Promise<void> {
  await driver.close();
  await open();
}

/** Every call on the object; what lies outside must stay as it is. */
async function expectUntouched(): Promise<void> {
  const reads = await Promise.allSettled([
    driver.headObject('pictures', 'k'),
    driver.getObject('pictures', 'k'),
    driver.listObjects('pictures'),
  ]);
  for (const read of reads) expect(JSON.stringify(read)).not.toContain('secret');
  await Promise.allSettled([
    driver.updateObject('pictures', 'k', { acl: 'public-read' }),
    driver.putStyle('pictures', 's', 'image/flip'),
  ]);
  await Promise.allSettled([driver.putObject('pictures', 'k', utf8('new'))]);
  // Their folders are not there yet.
  const others = ['other', 'another', 'a third'];
  await Promise.allSettled(others.map((key) => driver.putObject('pictures', key, utf8('new'))));
  await Promise.allSettled([driver.deleteObject('pictures', 'k')]);
  await Promise.allSettled([driver.deleteBucket('pictures')]);
  expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
}

async function moveOutAndLink(path: string, name: string): Promise<void> {
  await rename(path, join(outside, name));
  await symlink(join(outside, name), path);
}

describe('containment', () => {
  it('writes hostile keys only below the root, under names of its own', async () => {
    for (const key of hostileKeys) await driver.putObject('pictures', key, utf8(key));
    expect(await readdir(outside)).toEqual(['secret']);
    expect(await readdir(dirname(store))).toEqual(['outside', 'store']);
    const files = await readdir(store, { recursive: true, withFileTypes: true });
    const names = files.filter((file) => file.isFile()).map((file) => file.name);
    expect(names.length).toBeGreaterThan(2 * hostileKeys.length);
    for (const name of names) {
      expect(name).toMatch(
        /^(lock|store\.json|bucket\.json|[0-9a-f]{64}\.json|[0-9a-f]{64}\.[0-9a-f]{32})$/,
      );
    }
  });

  it('follows no link in place of a record', async () => {
    await moveOutAndLink(place.recordFile, 'record');
    const text = await readFile(join(outside, 'record'), 'utf8');
    expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
    await expectUntouched();
    expect(await readFile(join(outside, 'record'), 'utf8')).toBe(text);
  });

  it('follows no link in place of data', async () => {
    const [name] = await readdir(place.dataFolder);
    await moveOutAndLink(join(place.dataFolder, name!), 'data');
    expect(await codeOf(driver.getObject('pictures', 'k'))).toBe('StoreDamaged');
    await expectUntouched();
    expect(await readFile(join(outside, 'data'), 'utf8')).toBe('inside');
  });

  it.each([
    ['the folder of records', (): string => dirname(place.recordFolder)],
    ['one of its 256 folders', (): string => place.recordFolder],
    ['the bucket', (): string => join(store, 'buckets', 'pictures')],
    ['the folder of buckets', (): string => join(store, 'buckets')],
  ])('goes through no link in place of %s', async (_, path) => {
    await moveOutAndLink(path(), 'moved');
    const before = await readdir(outside, { recursive: true });
    expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
    expect(await codeOf(driver.putObject('pictures', 'k', utf8('new')))).toBe('StoreDamaged');
    await expectUntouched();
    expect(await readdir(outside, { recursive: true })).toEqual(before);
  });

  it.each([
    ['the folder of data', (): string => dirname(place.dataFolder)],
    ['one of its 256 folders', (): string => place.dataFolder],
  ])('reads, writes and clears no data through a link in place of %s', async (_, path) => {
    await moveOutAndLink(path(), 'moved');
    const before = await readdir(outside, { recursive: true });
    expect(await codeOf(driver.getObject('pictures', 'k'))).toBe('StoreDamaged');
    expect(await codeOf(driver.putObject('pictures', 'k', utf8('new')))).toBe('StoreDamaged');
    await expectUntouched();
    expect(await readdir(outside, { recursive: true })).toEqual(before);
  });

  it('puts no draft through a link in place of tmp', async () => {
    await moveOutAndLink(join(store, 'tmp'), 'moved');
    expect(await codeOf(driver.putObject('pictures', 'k', utf8('new')))).toBe('StoreDamaged');
    expect(await codeOf(driver.createBucket('other'))).toBe('StoreDamaged');
    expect(await readdir(join(outside, 'moved'))).toEqual([]);
    await driver.close();
    expect(await codeOf(openFsDriver({ folder: store }))).toBe('StoreDamaged');
  });

  it('takes a linked bucket for none and creates nothing in its target', async () => {
    await symlink(outside, join(store, 'buckets', 'evil'));
    await reopen();
    expect(await driver.getBucket('evil')).toBeUndefined();
    expect(await codeOf(driver.createBucket('evil'))).toBe('StoreDamaged');
    expect(await readdir(outside)).toEqual(['secret']);
  });

  it('takes no data name from a record that is not of its own pattern', async () => {
    const record = JSON.parse(await readFile(place.recordFile, 'utf8')) as { data: string };
    for (const data of [
      '../../../../../outside/secret',
      join(outside, 'secret'),
      '',
      'x'.repeat(97),
    ]) {
      await writeFile(place.recordFile, JSON.stringify({ ...record, data, size: 6 }));
      expect(await codeOf(driver.getObject('pictures', 'k'))).toBe('StoreDamaged');
    }
    await expectUntouched();
  });

  it('believes no record of another key', async () => {
    await driver.putObject('pictures', 'other', utf8('other'));
    const other = locateObject(join(store, 'buckets', 'pictures'), 'other');
    await writeFile(place.recordFile, await readFile(other.recordFile));
    expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
  });

  it.skipIf(process.platform === 'win32')('waits for no pipe in place of a record', async () => {
    await unlink(place.recordFile);
    execFileSync('sh', ['-c', 'mkfifo "$0"', place.recordFile]);
    expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
  });
});
