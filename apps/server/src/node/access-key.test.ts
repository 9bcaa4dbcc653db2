import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeyRing, loadAccessKey } from './access-key.ts';

let dataFolder: string;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'safelight-key-'));
});

afterEach(() => rm(dataFolder, { recursive: true, force: true }));

describe('loadAccessKey', () => {
  it('takes the key of the settings and writes nothing', async () => {
    const accessKey = { id: 'me', secret: 'long enough' };
    expect(await loadAccessKey({ accessKey, dataFolder })).toEqual({
      ...accessKey,
      newFile: undefined,
      mendedFile: undefined,
    });
    await expect(stat(join(dataFolder, 'access-key.json'))).rejects.toThrow('ENOENT');
  });

  it('makes a key once, in a file that only the owner can read', async () => {
    const config = { accessKey: undefined, dataFolder: join(dataFolder, 'new') };
    const first = await loadAccessKey(config);
    const again = await loadAccessKey(config);
    expect(first.newFile).toBe(join(config.dataFolder, 'access-key.json'));
    expect(first.secret).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(again).toEqual({ ...first, newFile: undefined });
    const { mode } = await stat(first.newFile ?? '');
    expect(mode & 0o777).toBe(0o600);
    expect(await readFile(first.newFile ?? '', 'utf8')).toContain(first.secret);
  });

  it.skipIf(process.platform === 'win32')(
    'takes a file that others could read away from them, and says so (modes are not on Windows)',
    async () => {
      const config = { accessKey: undefined, dataFolder };
      await loadAccessKey(config);
      const file = join(dataFolder, 'access-key.json');
      await chmod(file, 0o644);
      expect((await loadAccessKey(config)).mendedFile).toBe(file);
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await loadAccessKey(config)).mendedFile).toBeUndefined();
    },
  );

  it('stops at a file that is no key, without showing what is in it', async () => {
    await writeFile(join(dataFolder, 'access-key.json'), '{"id":"x","secret":"half a sec');
    const load = loadAccessKey({ accessKey: undefined, dataFolder });
    await expect(load).rejects.toThrow('access-key.json');
    await expect(load).rejects.not.toThrow('half');
  });
});

describe('createKeyRing', () => {
  const ring = createKeyRing(
    { id: 'own', secret: 'own-secret' },
    {
      moreAccessKeys: [
        { id: 'next', secret: 'next-secret' },
        { id: 'own', secret: 'not this one' },
      ],
      disabledKeys: ['next', 'gone'],
    },
  );

  it('knows its own key and the further ones, and which are disabled', () => {
    expect(ring('own')).toEqual({ secret: 'own-secret' });
    expect(ring('next')).toEqual({ secret: 'next-secret', disabled: true });
    expect(ring('gone')).toEqual({ secret: '', disabled: true });
    expect([ring('other'), ring('__proto__')]).toEqual([undefined, undefined]);
  });
});
