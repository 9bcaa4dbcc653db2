/**
 * One process on one folder. The lock is a file with the owner's pid; a dead owner's is taken over.
 * Easily got wrong: in a container every process has the same pid, so a pid alone proves nothing.
 * @module
 */

import { link, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { StorageError } from '../errors.ts';
import { discard, errnoOf, randomName } from './disk.ts';

export interface StoreLock {
  /** Lets go. Calling it twice does no harm. */
  release(): Promise<void>;
}

/** What the file says of its owner. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Start of the process in clock ticks since boot, where the system tells it: pids are reused. */
  readonly started: string | undefined;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** How often an owner touches its file, for machines that cannot see its pid. */
const HEARTBEAT_MS = 5_000;
/** A lock of another host (another container, say) is dead when untouched for so long. */
const STALE_MS = 30_000;
/** Tries to win the file against others that start now. */
const MAX_TRIES = 50;

/** Takes the lock of `root` or throws `StoreLocked`. */
export async function takeStoreLock(root: string): Promise<StoreLock> {
  const file = join(root, 'lock');
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    started: await startOf(process.pid),
    token: randomName(),
  };
  const own = join(root, `lock.${owner.token}`);
  const text = JSON.stringify(owner);
  await writeFile(own, text, { flag: 'wx', mode: 0o600 });
  try {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      // A link appears with its content, or not at all: nobody reads half a lock.
      if (await tryLink(own, file)) return holdLock(file, text);
      await moveStaleLock(root, file);
    }
  } finally {
    await discard(own);
  }
  throw new StorageError('StoreLocked', `${file}: expected to win the lock, others were faster`);
}

/** A file that was to become a lock, or was one. */
export function isLockDraft(name: string): boolean {
  return /^lock\.[0-9a-f]{32}$/.test(name);
}

function holdLock(file: string, text: string): StoreLock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A missed beat is made good by the next one.
    utimes(file, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  let released = false;
  return {
    async release(): Promise<void> {
      if (released) return;
      released = true;
      clearInterval(heartbeat);
      // Someone may have declared this process dead, after a long sleep of the machine, say.
      if ((await readIfPresent(file)) === text) await discard(file);
    },
  };
}

/** Moves a dead owner's lock out of the way; throws `StoreLocked` when its owner lives. */
async function moveStaleLock(root: string, file: string): Promise<void> {
  const text = await readIfPresent(file);
  if (text === undefined) return;
  const owner = parseOwner(text);
  if (await isAlive(owner, file)) {
    const who =
      owner === undefined ? 'an unknown process' : `process ${owner.pid} on ${owner.host}`;
    throw new StorageError(
      'StoreLocked',
      `${root}: expected no other process on this folder, got ${who}. One folder serves one ` +
        `process: stop the other one, or give this one a folder of its own. Remove ${file} only ` +
        'when you are sure that no process uses the folder.',
    );
  }
  await removeStaleLock(root, file, text);
}

/** Named like a draft, so that what a crash leaves is swept like one. */
const GUARD = `lock.${'0'.repeat(32)}`;
const GUARD_WAIT_MS = 20;

/**
 * Only the holder of the guard removes a lock, after another look at it: moved without one, a lock
 * that was taken over in between would be lost, and two processes would believe to own the folder.
 */
async function removeStaleLock(root: string, file: string, text: string): Promise<void> {
  const guard = join(root, GUARD);
  try {
    await writeFile(guard, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    const touchedMs = (await stat(guard).catch(() => undefined))?.mtimeMs ?? Date.now();
    // Held for moments: one this old was left by a crash.
    if (Date.now() - touchedMs > STALE_MS) await discard(guard);
    await new Promise((resolve) => setTimeout(resolve, GUARD_WAIT_MS));
    return;
  }
  try {
    if ((await readIfPresent(file)) === text) await discard(file);
  } finally {
    await discard(guard);
  }
}

async function isAlive(owner: Owner | undefined, file: string): Promise<boolean> {
  if (owner === undefined || owner.host !== hostname()) {
    // Its pid means nothing here: the heartbeat decides.
    const touchedMs = (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;
    return Date.now() - touchedMs < STALE_MS;
  }
  if (!isRunning(owner.pid)) return false;
  return owner.started === (await startOf(owner.pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return errnoOf(error) === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); `undefined` where there is no /proc. */
async function startOf(pid: number): Promise<string | undefined> {
  const text = await readIfPresent(`/proc/${pid}/stat`);
  // Field 2 is the program's name in parentheses, which may itself hold blanks and parentheses.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19];
}

function parseOwner(text: string): Owner | undefined {
  try {
    const value = JSON.parse(text) as Partial<Owner> | null;
    const { pid, host, started, token } = value ?? {};
    if (!Number.isSafeInteger(pid) || pid! <= 0) return undefined;
    if (typeof host !== 'string' || typeof token !== 'string') return undefined;
    return { pid: pid!, host, started, token };
  } catch {
    return undefined;
  }
}

async function readIfPresent(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (['ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  });
}

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // ENOENT: a process that has won meanwhile clears drafts away.
    if (['EEXIST', 'ENOENT'].includes(errnoOf(error) ?? '')) return false;
    throw error;
  }
}
