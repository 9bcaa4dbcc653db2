/**
 * Streams of files end, fail and give up without leaving a file open.
 * @module
 */

import { open, readdir, truncate, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { noise } from '../../test/driver-suite/bodies.ts';
import { codeOf } from '../../test/driver-suite/fixture.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { openFile } from './disk.ts';
import { bodyOfFile } from './file-body.ts';

const SIZE = 600_000;
/** What Node says of a closed handle. */
const CLOSED = -1;

let file: string;
let handle: FileHandle;
beforeEach(async () => {
  file = join(await temporaryFolder(), 'data');
  await writeFile(file, noise(SIZE, 1));
  handle = await open(file);
});

describe('file body', () => {
  it('closes its file at the end', async () => {
    const stream = bodyOfFile(handle, { offset: 1, length: SIZE - 1 }).body;
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    expect(Buffer.compare(bytes, noise(SIZE, 1).subarray(1))).toBe(0);
    expect(handle.fd).toBe(CLOSED);
  });

  it('closes its file at the end of nothing', async () => {
    expect(await new Response(bodyOfFile(handle, { offset: 0, length: 0 }).body).text()).toBe('');
    expect(handle.fd).toBe(CLOSED);
  });

  it('closes its file when cancelled, before the first chunk, after it and during it', async () => {
    await bodyOfFile(handle, { offset: 0, length: SIZE }).body.cancel();
    expect(handle.fd).toBe(CLOSED);
    for (const waits of [true, false]) {
      handle = await open(file);
      const reader = bodyOfFile(handle, { offset: 0, length: SIZE }).body.getReader();
      const first = reader.read();
      if (waits) await first;
      await reader.cancel();
      await first;
      expect(handle.fd).toBe(CLOSED);
    }
  });

  it('fails and closes its file when that is cut short while it is read', async () => {
    const reader = bodyOfFile(handle, { offset: 0, length: SIZE }).body.getReader();
    await reader.read();
    await truncate(file, 10);
    expect(await codeOf(reader.read())).toBe('StoreDamaged');
    expect(handle.fd).toBe(CLOSED);
  });

  it('fills a place with a range, and closes its file, also when that is cut short', async () => {
    const place = new Uint8Array(SIZE + 2);
    await bodyOfFile(handle, { offset: 1, length: SIZE - 1 }).fill(place.subarray(2, SIZE + 1));
    expect(Buffer.compare(place.subarray(2, SIZE + 1), noise(SIZE, 1).subarray(1))).toBe(0);
    expect([place[0], place[1], place[SIZE + 1]]).toEqual([0, 0, 0]);
    expect(handle.fd).toBe(CLOSED);
    handle = await open(file);
    await truncate(file, 10);
    const filling = bodyOfFile(handle, { offset: 0, length: SIZE }).fill(place.subarray(2));
    expect(await codeOf(filling)).toBe('StoreDamaged');
    expect(handle.fd).toBe(CLOSED);
  });
});

it.skipIf(process.platform !== 'linux')('leaks no file that is refused', async () => {
  const before = (await readdir('/proc/self/fd')).length;
  const folder = await temporaryFolder();
  for (let i = 0; i < 20; i++) expect(await codeOf(openFile(folder))).toBe('StoreDamaged');
  expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10);
});
