/**
 * The access key of the service: from the settings, else generated on the first start and kept in a
 * file that only its owner can read. Shown once, when it is made.
 * @module
 */

import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, type ServerConfig } from './config.ts';

export interface ServiceKey {
  readonly id: string;
  readonly secret: string;
  /** The file of a key that was made by this start. */
  readonly newFile: string | undefined;
}

const FILE_NAME = 'access-key.json';
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** 32 letters of 57: some 186 bits. */
const SECRET_LENGTH = 32;
const ID_LENGTH = 20;

/** @throws ConfigError when the key file is not one of ours */
export async function loadAccessKey(
  config: Pick<ServerConfig, 'accessKey' | 'dataFolder'>,
): Promise<ServiceKey> {
  if (config.accessKey !== undefined) return { ...config.accessKey, newFile: undefined };
  const file = join(config.dataFolder, FILE_NAME);
  const existing = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (existing !== undefined) return { ...parseKey(existing, file), newFile: undefined };
  const key = { id: `SL${randomText(ID_LENGTH)}`, secret: randomText(SECRET_LENGTH) };
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, `${JSON.stringify(key, undefined, 2)}\n`, { flag: 'wx', mode: 0o600 });
  return { ...key, newFile: file };
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
