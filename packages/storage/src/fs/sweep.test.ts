/**
 * What a crash leaves is cleared and never served; damage stays with the object it concerns.
 * @module
 */

import { mkdir, readFile, readdir, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { utf8 } from '../../test/driver-suite/bodies.ts';
import { codeOf, keyOf } from '../../test/driver-suite/fixture.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import type { StorageDriver } from '../driver.ts';
import type { StorageError } from '../errors.ts';
import { openFsDriver } from '../fs.ts';
import { readObject } from '../read-object.ts';
import { locateObject, newDataName } from './layout.ts';
import type { ObjectPlace } from './layout.ts';

/** What a crash leaves, made by hand in a closed store that holds `k`. */
let folder: string;
let driver: StorageDriver;
let problems: StorageError[];
let place: ObjectPlace;

beforeEach(async () => {
  folder = await temporaryFolder();
  await open();
  await driver.createBucket('pictures');
  await driver.putObject('pictures', 'k', utf8('kept'));
  place = locateObject(join(folder, 'buckets', 'pictures'), 'k');
});

async function open(): Promise<void> {
  problems = [];
  const opened = await openFsDriver({ folder, onProblem: (problem) => problems.push(problem) });
  driver = opened;
  onTestFinished(() => opened.close());
}

async function reopenAfter(crash: () => Promise<unknown>): Promise<void> {
  await driver.close();
  await crash();
  await open();
}

async function readKept(): Promise<string> {
  const found = await readObject(driver, 'pictures', 'k', { maxBytes: 100 });
  return Buffer.from(found!.bytes).toString();
}

describe('sweep', () => {
  it('keeps the named data of an overwrite that was cut off before its record', async () => {
    await reopenAfter(() => writeFile(join(place.dataFolder, newDataName(place)), 'half wri'));
    expect(await readdir(place.dataFolder)).toHaveLength(1);
    expect(await readKept()).toBe('kept');
  });

  it('clears the old data of an overwrite that was cut off after its record', async () => {
    const [old] = await readdir(place.dataFolder);
    const bytes = await readFile(join(place.dataFolder, old!));
    await driver.putObject('pictures', 'k', utf8('newer'));
    await reopenAfter(() => writeFile(join(place.dataFolder, old!), bytes));
    expect(await readdir(place.dataFolder)).not.toContain(old);
    expect(await readKept()).toBe('newer');
  });

  it('clears the data of a first write or a delete that was cut off', async () => {
    const fresh = locateObject(join(folder, 'buckets', 'pictures'), 'fresh');
    await reopenAfter(async () => {
      await unlink(place.recordFile);
      await mkdir(fresh.dataFolder, { recursive: true });
      await writeFile(join(fresh.dataFolder, newDataName(fresh)), 'half');
    });
    expect(await readdir(place.dataFolder)).toEqual([]);
    expect(await readdir(fresh.dataFolder)).toEqual([]);
    expect((await driver.listObjects('pictures')).objects).toEqual([]);
    await driver.deleteBucket('pictures');
  });

  it('clears drafts of records, of buckets and of locks, and half deleted buckets', async () => {
    await reopenAfter(async () => {
      await writeFile(join(folder, 'tmp', 'a'.repeat(32)), '{"half');
      await mkdir(join(folder, 'tmp', 'b'.repeat(32), 'records', 'ab'), { recursive: true });
      await writeFile(join(folder, `lock.${'c'.repeat(32)}`), '');
    });
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    expect((await readdir(folder)).toSorted()).toEqual(['buckets', 'lock', 'store.json', 'tmp']);
    expect((await driver.listBuckets()).map((bucket) => bucket.name)).toEqual(['pictures']);
  });

  it('clears parts that no record names and uploads that never were, and keeps the others', async () => {
    const { uploadId } = await driver.createUpload('pictures', 'k');
    const upload = { bucket: 'pictures', key: 'k', uploadId };
    const kept = await driver.putPart(upload, 1, utf8('part'));
    const parent = join(folder, 'buckets', 'pictures', 'uploads');
    const uploadFolder = join(parent, uploadId);
    await reopenAfter(async () => {
      await writeFile(join(uploadFolder, `1.${'0'.repeat(32)}`), 'repl');
      await writeFile(join(uploadFolder, `2.${'0'.repeat(32)}`), 'half');
      await mkdir(join(parent, '0'.repeat(32)));
    });
    expect(await readdir(parent)).toEqual([uploadId]);
    expect(await readdir(uploadFolder)).toHaveLength(3);
    expect((await driver.listParts(upload)).parts).toEqual([kept]);
    await driver.completeUpload(upload, [kept]);
    expect(await readdir(parent)).toEqual([]);
    const found = await readObject(driver, 'pictures', 'k', { maxBytes: 100 });
    expect(Buffer.from(found!.bytes).toString()).toBe('part');
  });

  it('leaves strangers in its folders alone and serves none of them', async () => {
    const stranger = join(place.dataFolder, 'README');
    await reopenAfter(async () => {
      await writeFile(stranger, 'hello');
      await writeFile(join(place.recordFolder, 'README'), 'hello');
    });
    expect(await readFile(stranger, 'utf8')).toBe('hello');
    expect((await driver.listObjects('pictures')).objects.map(keyOf)).toEqual(['k']);
  });

  it('throws no data away when the records are missing altogether', async () => {
    await driver.close();
    await rm(join(folder, 'buckets', 'pictures', 'records'), { recursive: true });
    expect(await codeOf(openFsDriver({ folder }))).toBe('StoreDamaged');
    expect(await readdir(place.dataFolder)).toHaveLength(1);
  });
});

describe('damage', () => {
  it('passes an unreadable record over in lists, reports it, and names it when asked', async () => {
    await driver.putObject('pictures', 'good', utf8('good'));
    for (const text of ['', '{"key":', '[]', '{"key":"k"}']) {
      await reopenAfter(() => writeFile(place.recordFile, text));
      expect((await driver.listObjects('pictures')).objects.map(keyOf)).toEqual(['good']);
      expect(problems.map((problem) => problem.code)).toEqual(['StoreDamaged']);
      expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
    }
    await driver.deleteObject('pictures', 'good');
    expect(await codeOf(driver.deleteBucket('pictures'))).toBe('BucketNotEmpty');
  });

  it('keeps all data of an unreadable record', async () => {
    await reopenAfter(async () => {
      await writeFile(place.recordFile, '');
      await writeFile(join(place.dataFolder, newDataName(place)), 'other');
    });
    expect(await readdir(place.dataFolder)).toHaveLength(2);
    expect(problems).toHaveLength(1);
  });

  it('heals by overwriting or deleting', async () => {
    await writeFile(place.recordFile, '{');
    await driver.putObject('pictures', 'k', utf8('healed'));
    expect(await readKept()).toBe('healed');
    await writeFile(place.recordFile, '{');
    await driver.deleteObject('pictures', 'k');
    expect(await driver.headObject('pictures', 'k')).toBeUndefined();
  });

  it('serves no data that is missing or of another length', async () => {
    const [name] = await readdir(place.dataFolder);
    await truncate(join(place.dataFolder, name!), 3);
    expect(await codeOf(driver.getObject('pictures', 'k'))).toBe('StoreDamaged');
    await unlink(join(place.dataFolder, name!));
    expect(await codeOf(driver.getObject('pictures', 'k'))).toBe('StoreDamaged');
  });

  it('refuses every record with a field of a wrong kind', async () => {
    const text = await readFile(place.recordFile, 'utf8');
    const fields = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(fields)).toHaveLength(11);
    for (const name of Object.keys(fields)) {
      for (const wrong of [null, true, [1], { a: 1 }, -1, 'wrong \u0000']) {
        // Any text is a right ETag, checksum, or key of another place.
        if (typeof wrong === 'string' && ['etag', 'crc64'].includes(name)) continue;
        await writeFile(place.recordFile, JSON.stringify({ ...fields, [name]: wrong }));
        expect(await codeOf(driver.headObject('pictures', 'k'))).toBe('StoreDamaged');
      }
    }
    await writeFile(place.recordFile, text);
    expect(await readKept()).toBe('kept');
  });
});
