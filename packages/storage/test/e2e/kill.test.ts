/**
 * A process that is killed while it writes: every acknowledged write is there, whole.
 * @module
 */

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { crc64 } from '../../src/crc64.ts';
import type { StorageDriver } from '../../src/driver.ts';
import { openFsDriver } from '../../src/fs.ts';
import { readObject } from '../../src/read-object.ts';
import { keyOf } from '../driver-suite/fixture.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ROUNDS = 5;
const writerFile = fileURLToPath(new URL('./killed-writer.mjs', import.meta.url));
const project = fileURLToPath(new URL('../../tsconfig.build.json', import.meta.url));

it('loses nothing that was acknowledged and serves nothing half when the process is killed', async () => {
  const entry = await buildPackage();
  const folder = await temporaryFolder();
  for (let round = 0; round < ROUNDS; round++) {
    // Killed after some writes, each round after more of them.
    const acknowledged = await writeUntilKilled(entry, folder, 4 + 5 * round);
    const driver = await openFsDriver({ folder });
    const { objects } = await driver.listObjects('pictures');
    expect(objects.map(keyOf)).toEqual(expect.arrayContaining([...acknowledged.keys()]));
    for (const { key } of objects) await expectWhole(driver, key, acknowledged.get(key));
    const names = await readdir(join(folder, 'buckets', 'pictures', 'data'), { recursive: true });
    expect(names.filter((name) => /[0-9a-f]{64}\.[0-9a-f]{32}$/.test(name))).toHaveLength(
      objects.length,
    );
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
    await expectWholeUploads(driver);
    await driver.close();
  }
});

/**
 * The object's own checksums hold; it is the acknowledged write or the one after it, which was under
 * way.
 */
async function expectWhole(
  driver: StorageDriver,
  key: string,
  acknowledged: string | undefined,
): Promise<void> {
  const { record, bytes } = (await readObject(driver, 'pictures', key, { maxBytes: 1e6 }))!;
  const md5 = createHash('md5').update(bytes).digest('hex').toUpperCase();
  expect(crc64(bytes)).toBe(record.crc64);
  if (record.type === 'Normal') expect(md5).toBe(record.etag);
  if (md5 === acknowledged || acknowledged === undefined) return;
  const [pid, writer, round] = Buffer.from(bytes).toString().split(' ');
  const before = Number(round) - 1;
  const body = Buffer.alloc(1 + ((before * 37_911) % 200_000), `${pid} ${writer} ${before} `);
  expect(createHash('md5').update(body).digest('hex').toUpperCase()).toBe(acknowledged);
}

/** What is left of uploads that were cut off is listed, and can be ended. */
async function expectWholeUploads(driver: StorageDriver): Promise<void> {
  const { uploads } = await driver.listUploads('pictures');
  for (const { key, uploadId } of uploads) {
    const upload = { bucket: 'pictures', key, uploadId };
    const { parts } = await driver.listParts(upload);
    expect(parts.length).toBeLessThanOrEqual(2);
    await driver.abortUpload(upload);
  }
}

/** The last acknowledged MD5 of each key. */
async function writeUntilKilled(
  entry: string,
  folder: string,
  writes: number,
): Promise<Map<string, string>> {
  const child = spawn(process.execPath, [writerFile, entry, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    text += chunk as string;
    if (text.split('\n').length > writes) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  const lines = text.split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThanOrEqual(writes);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** Node 20 runs no TypeScript: the package is compiled aside, so that the test needs no build. */
async function buildPackage(): Promise<string> {
  const folder = await temporaryFolder();
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
    'bin',
    'tsc',
  );
  execFileSync(process.execPath, [compiler, '-p', project, '--outDir', folder]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return join(folder, 'fs.js');
}
