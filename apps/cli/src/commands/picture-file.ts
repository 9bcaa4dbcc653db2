/**
 * Reading and writing a picture by name, where `-` is standard input or output.
 * @module
 */

import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

export async function readPicture(name: string): Promise<Uint8Array> {
  return new Uint8Array(name === '-' ? await buffer(process.stdin) : await readFile(name));
}

/** Whole or not at all: the file appears under its name when every byte is there. */
export async function writePicture(name: string, bytes: Uint8Array): Promise<void> {
  if (name === '-') {
    await new Promise<void>((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
    return;
  }
  const temporary = `${name}.${randomBytes(4).toString('hex')}.part`;
  try {
    await writeFile(temporary, bytes);
    await rename(temporary, name);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
