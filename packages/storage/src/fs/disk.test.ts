/**
 * Errors of the disk become StorageErrors; small files are replaced whole.
 * @module
 */

import { join } from 'node:path';
import { readFile, readdir } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { codeOf } from '../../test/driver-suite/fixture.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { createFile, onDisk, onDiskIfPresent, replaceText } from './disk.ts';

function errno(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'open' });
}

describe('errors of the disk', () => {
  it.each([
    ['ENOSPC', 'StoreUnavailable'],
    ['EMFILE', 'StoreUnavailable'],
    ['EACCES', 'StoreUnavailable'],
    ['EIO', 'StoreUnavailable'],
    ['ENOTDIR', 'StoreDamaged'],
    ['ELOOP', 'StoreDamaged'],
    ['ENOENT', 'StoreDamaged'],
  ])('turns %s into %s and keeps the cause', async (code, expected) => {
    const cause = errno(code);
    const failure = await onDisk(() => Promise.reject(cause)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: expected, cause });
  });

  it('says undefined for what is not there, and for nothing else', async () => {
    expect(await onDiskIfPresent(() => Promise.reject(errno('ENOENT')))).toBeUndefined();
    const call = onDiskIfPresent(() => Promise.reject(errno('EIO')));
    expect(await codeOf(call)).toBe('StoreUnavailable');
  });

  it('lets bugs and errors of others pass', async () => {
    const bug = new TypeError('bug');
    await expect(onDisk(() => Promise.reject(bug))).rejects.toBe(bug);
  });
});

describe('files', () => {
  it('creates no file that is there', async () => {
    const file = join(await temporaryFolder(), 'file');
    await createFile(file, false, (write) => write(Buffer.from('first')));
    const again = createFile(file, false, (write) => write(Buffer.from('second')));
    expect(await codeOf(again)).toBe('StoreDamaged');
    expect(await readFile(file, 'utf8')).toBe('first');
  });

  it('refuses a text that it could not read again, and leaves no draft', async () => {
    const folder = await temporaryFolder();
    const text = 'x'.repeat(16 * 1024 * 1024 + 1);
    const call = replaceText(join(folder, 'file'), text, folder, false);
    expect(await codeOf(call)).toBe('EntityTooLarge');
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves no draft when the name is taken by a folder', async () => {
    const folder = await temporaryFolder();
    const taken = await temporaryFolder();
    const call = onDisk(() => replaceText(taken, 'x', folder, false));
    expect(await codeOf(call)).toBe('StoreDamaged');
    expect(await readdir(folder)).toEqual([]);
  });
});
