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
import { streamFile } from './file-body.ts';

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
    const stream = streamFile(handle, { offset: 1, length: SIZE - 1 });
    const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
    expect(Buffer.compare(bytes, noise(SIZE, 1).subarray(1))).toBe(0);
    expect(handle.fd).toBe(CLOSED);
  });

  it('closes its file at the end of nothing', async () => {
    expect(await new Response(streamFile(handle, { offset: 0, length: 0 })).text()).toBe('');
    expect(handle.fd).toBe(CLOSED);
  });

  it('closes its file when cancelled, before the first chunk, after it and during it', async () => {
    await streamFile(handle, { offset: 0, length: SIZE }).cancel();
    expect(handle.fd).toBe(CLOSED);
    for (const waits of [true, false]) {
      handle = await open(file);
      const reader = streamFile(handle, { offset: 0, length: SIZE }).getReader();
      const first = reader.read();
      if (waits) await first;
      await reader.cancel();
      await first;
      expect(handle.fd).toBe(CLOSED);
    }
  });

  it('fails and closes its file when that is cut short while it is read', async () => {
    const reader = streamFile(handle, { offset: 0, length: SIZE }).getReader();
    await reader.read();
    await truncate(file, 10);
    expect(await codeOf(reader.read())).toBe('StoreDamaged');
    expect(handle.fd).toBe(CLOSED);
  });
});

it.skipIf(process.platform !== 'linux')('leaks no file that is refused', async () => {
  const before = (await readdir('/proc/self/fd')).length;
  const folder = await temporaryFolder();
  for (let i = 0; i < 20; i++) expect(await codeOf(openFile(folder))).toBe('StoreDamaged');
  expect((await readdir('/proc/self/fd')).length).toBeLessThan(before + 10);
});
