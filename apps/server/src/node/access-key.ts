/**
 * The access key of the service: from the settings, else generated on the first start and kept in a
 * file that only its owner can read. Shown once, when it is made. Beside it stand the further keys of
 * the settings, which let clients move from one key to the next.
 * @module
 */

import { randomInt } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccessKey, FindKey } from '@safelight/signing';
import { ConfigError, type ServerConfig } from './config.ts';

export interface ServiceKey {
  readonly id: string;
  readonly secret: string;
  /** The file of a key that was made by this start. */
  readonly newFile: string | undefined;
  /** The key's file, when others could read it: that was mended, but they may have read it. */
  readonly mendedFile: string | undefined;
}

/** Any permission of group or others. */
const FOREIGN_MODE = 0o077;
const OWN_MODE = 0o600;

const FILE_NAME = 'access-key.json';
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** 32 letters of 57: some 186 bits. */
const SECRET_LENGTH = 32;
const ID_LENGTH = 20;

/** @throws ConfigError when the key file is not one of ours */
export async function loadAccessKey(
  config: Pick<ServerConfig, 'accessKey' | 'dataFolder'>,
): Promise<ServiceKey> {
  if (config.accessKey !== undefined) return { ...config.accessKey, ...NO_FILE };
  const file = join(config.dataFolder, FILE_NAME);
  const existing = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (existing !== undefined) {
    const key = parseKey(existing, file);
    return { ...key, newFile: undefined, mendedFile: await mendMode(file) };
  }
  const key = { id: `SL${randomText(ID_LENGTH)}`, secret: randomText(SECRET_LENGTH) };
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(key, undefined, 2)}\n`, { flag: 'wx', mode: OWN_MODE });
  return { ...key, newFile: file, mendedFile: undefined };
}

const NO_FILE = { newFile: undefined, mendedFile: undefined };

/** Takes the file from everyone but its owner. Windows has no such modes. @returns it, if need was */
async function mendMode(file: string): Promise<string | undefined> {
  const { mode } = await stat(file);
  if (process.platform === 'win32' || (mode & FOREIGN_MODE) === 0) return undefined;
  await chmod(file, OWN_MODE);
  return file;
}

/** Finds the service's own key and the further ones; a disabled one is known, and refused as such. */
export function createKeyRing(
  own: Pick<ServiceKey, 'id' | 'secret'>,
  config: Pick<ServerConfig, 'moreAccessKeys' | 'disabledKeys'>,
): FindKey {
  const keys = new Map<string, AccessKey>();
  for (const { id, secret } of [...config.moreAccessKeys, own]) keys.set(id, { secret });
  for (const id of config.disabledKeys) {
    keys.set(id, { secret: keys.get(id)?.secret ?? '', disabled: true });
  }
  return (id) => keys.get(id);
}

function parseKey(json: string, file: string): { id: string; secret: string } {
  try {
    const key: unknown = JSON.parse(json);
    if (typeof key === 'object' && key !== null && 'id' in key && 'secret' in key) {
      const { id, secret } = key;
      if (typeof id === 'string' && typeof secret === 'string' && secret !== '') {
        return { id, secret };
      }
    }
  } catch {
    // Said below, without the text, which may be half a secret.
  }
  throw new ConfigError(
    'SAFELIGHT_DATA',
    `${file}: expected a key with id and secret, got something else. Remove it to make a new one.`,
  );
}

function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
