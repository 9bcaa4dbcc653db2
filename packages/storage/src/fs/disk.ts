/**
 * The few things done to a disk, each so that it holds after a crash and stays inside the store:
 * folders are proved real before use, files are opened without following links, bytes are flushed
 * before a name points at them (where `durable`; without it a crash of the machine may lose
 * writes).
 * @module
 */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  unlink,
} from 'node:fs/promises';
import type { Dirent } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { StorageError } from '../errors.ts';

/** Owner only: private objects lie here. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Records are a few KiB; the file of a bucket grows with its styles and settings. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;

/** A planted link is refused (O_NOFOLLOW), a planted pipe does not block (O_NONBLOCK). */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** 128 random bits in hex: a name that no other file has. */
export function randomName(): string {
  return randomBytes(16).toString('hex');
}

/** Runs `task`; errors of the file system become StorageErrors, others pass through. */
export async function onDisk<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw translate(error);
  }
}

/** As `onDisk`, with `undefined` for what is not there. */
export async function onDiskIfPresent<T>(task: () => Promise<T>): Promise<T | undefined> {
  try {
    return await task();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw translate(error);
  }
}

/**
 * Proves that no part of `folder` is a link: `folder` must be built upon the real path of the root.
 * Someone who plants links *while* a call runs is not held off; he has write access to the store.
 */
export async function checkRealFolder(folder: string): Promise<void> {
  const real = await realpath(folder);
  if (real !== folder) {
    throw new StorageError('StoreDamaged', `${folder}: expected a real folder, got ${real}`);
  }
}

/** Creates the last part of `folder` when it is missing and proves that all of it is real. */
export async function ensureFolder(folder: string, durable: boolean): Promise<void> {
  // First, or the new folder would come to lie where a link leads.
  await checkRealFolder(dirname(folder));
  try {
    await mkdir(folder, { mode: FOLDER_MODE });
    if (durable) await flushFolder(dirname(folder));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  await checkRealFolder(folder);
}

/** Creates `file` by what `fill` writes into it. A file that is there, or a link, is an error. */
export async function createFile<T>(
  file: string,
  durable: boolean,
  fill: (write: (chunk: Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  const handle = await onDisk(() => open(file, 'wx', FILE_MODE));
  try {
    const result = await fill((chunk) => onDisk(() => writeAll(handle, chunk)));
    if (durable) await onDisk(() => handle.sync());
    return result;
  } finally {
    await handle.close();
  }
}

/** Gives a file that never changes another name, or a copy where the file system has no links. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}

/**
 * Replaces `file` at once: a reader sees the old text or the new, whole. When only the last flush
 * fails, the new text stands all the same.
 */
export async function replaceText(
  file: string,
  text: string,
  temporaryFolder: string,
  durable: boolean,
): Promise<void> {
  const bytes = Buffer.from(text);
  if (bytes.byteLength > MAX_TEXT_BYTES) {
    throw new StorageError(
      'EntityTooLarge',
      `${file}: expected at most ${MAX_TEXT_BYTES} bytes, got ${bytes.byteLength}`,
    );
  }
  await checkRealFolder(temporaryFolder);
  const temporary = join(temporaryFolder, randomName());
  try {
    await createFile(temporary, durable, (write) => write(bytes));
    await rename(temporary, file);
  } catch (error) {
    await discard(temporary);
    throw error;
  }
  if (durable) await flushFolder(dirname(file));
}

/** Opens a plain file for reading; its folder must have been proved. */
export async function openFile(file: string): Promise<{ handle: FileHandle; size: number }> {
  const handle = await open(file, READ_FLAGS);
  try {
    const status = await handle.stat();
    if (status.isFile()) return { handle, size: status.size };
    throw new StorageError('StoreDamaged', `${file}: expected a plain file`);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export async function readText(file: string): Promise<string> {
  const { handle, size } = await openFile(file);
  try {
    if (size > MAX_TEXT_BYTES) {
      throw new StorageError('StoreDamaged', `${file}: expected at most ${MAX_TEXT_BYTES} bytes`);
    }
    return (await readWhole(handle, size)).toString('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * One read where `readFile` asks for the size again and for the end: files are renamed into place and
 * keep their size.
 */
async function readWhole(handle: FileHandle, size: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Entries of a folder, or none when there is no such folder. */
export async function listFolder(folder: string): Promise<Dirent[]> {
  return (await onDiskIfPresent(() => readdir(folder, { withFileTypes: true }))) ?? [];
}

/**
 * Removes a file (a link itself, never its target); a missing or stuck one is left to the sweep.
 */
export async function discard(file: string): Promise<void> {
  await unlink(file).catch(() => undefined);
}

/** Removes what lies at `path`, folders with all they hold; links are removed, never followed. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}

/** Makes names given and taken in `folder` hold after a crash. */
export async function flushFolder(folder: string): Promise<void> {
  // Windows opens no folders and flushes their entries by itself.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** `write` may take less than it was given. */
async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.byteLength) {
    written += (await handle.write(chunk, written)).bytesWritten;
  }
}

/**
 * A file where a folder should be, or the reverse, or a link, is damage; the rest is the machine's.
 */
function translate(error: unknown): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const damaged = ['ELOOP', 'ENOENT', 'ENOTDIR', 'EISDIR', 'ENOTEMPTY', 'EEXIST'].includes(errno);
  const code = damaged ? 'StoreDamaged' : 'StoreUnavailable';
  return new StorageError(code, `file system: ${(error as Error).message}`, { cause: error });
}
