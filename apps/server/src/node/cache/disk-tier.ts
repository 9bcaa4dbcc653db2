/**
 * Results in a folder, bounded in bytes, which survive restarts and kills. A file is written beside and
 * renamed into place, named so that the index is rebuilt from names alone. Easily got wrong: a file that
 * is being written is not there yet, and one that leaves the index while it is written must not stay.
 * @module
 */

import { randomUUID } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createBoundedIndex } from '../../cache/bounded-index.ts';
import type { CachedResult, PurgeScope, ResultKey, ResultTier } from '../../cache/result-tier.ts';
import {
  decodeResult,
  encodeHead,
  nameOf,
  placeNameOf,
  type ResultName,
  wholeNameOf,
} from './cache-file.ts';

export interface DiskTierOptions {
  /** Used for nothing else; made when it is not there. */
  readonly folder: string;
  readonly maxBytes: number;
  /** Results of one source. */
  readonly maxVariants: number;
  /** Told what goes wrong with the folder: a full or a broken disk. Requests do not notice. */
  readonly onProblem: (problem: unknown) => void;
}

interface Entry {
  readonly name: ResultName;
  readonly file: string;
  /** Unix time in ms. */
  readonly putMs: number;
  isWritten: boolean;
}

/** Unfinished files; swept at the start. */
const UNFINISHED_FOLDER = 'unfinished';

/** What a file takes at least, and in steps of what (ext4, xfs). */
const BLOCK_BYTES = 4096;

/** Results that wait to be written, beyond which new ones are not kept: a slow disk must not eat memory. */
const MAX_PENDING_BYTES = 64 * 1024 ** 2;

const FILE_NAME =
  /^(?<bucket>[0-9a-f]{8})-(?<object>[0-9a-f]{16})-(?<style>[0-9a-f]{8})-(?<whole>[0-9a-f]{32})$/;

/** Reads which results are there, the oldest first, and drops what is too much. */
export async function openDiskTier(options: DiskTierOptions): Promise<ResultTier> {
  const tier = new DiskTier(options);
  await tier.rebuild();
  return tier;
}

class DiskTier implements ResultTier {
  readonly name = 'disk';
  readonly isShared = false;
  readonly #options: DiskTierOptions;
  readonly #index: ReturnType<typeof createBoundedIndex<Entry>>;
  readonly #pending = new Set<Promise<void>>();
  #pendingBytes = 0;

  constructor(options: DiskTierOptions) {
    this.#options = options;
    this.#index = createBoundedIndex<Entry>({
      ...options,
      // What is not written yet is removed by who writes it.
      onDrop: (_, { file, isWritten }) => {
        if (isWritten) this.#track(rm(file, { force: true }));
      },
    });
  }

  get usage(): { bytes: number; results: number } {
    return { bytes: this.#index.bytes, results: this.#index.count };
  }

  async get(key: ResultKey): Promise<CachedResult | undefined> {
    const whole = wholeNameOf(key);
    const entry = this.#index.get(whole);
    if (entry?.isWritten !== true) return undefined;
    const result = await readFile(entry.file)
      .then((file) => decodeResult(file, key))
      // Removed by hand, or unreadable: gone either way.
      .catch(() => undefined);
    if (result === undefined && this.#index.get(whole) === entry) this.#index.delete(whole);
    return result;
  }

  put(key: ResultKey, result: CachedResult): Promise<void> {
    const name = nameOf(key);
    if (this.#index.get(name.whole) !== undefined) return Promise.resolve();
    const head = encodeHead(key, result);
    const bytes = head.length + result.bytes.byteLength;
    if (this.#pendingBytes + bytes > MAX_PENDING_BYTES) return Promise.resolve();
    const file = this.#fileOf(name);
    const entry: Entry = { name, file, putMs: Date.now(), isWritten: false };
    if (!this.#add(entry, bytes)) return Promise.resolve();
    this.#pendingBytes += bytes;
    return this.#track(
      this.#write(entry, [head, result.bytes]).finally(() => {
        this.#pendingBytes -= bytes;
      }),
    );
  }

  purge(scope: PurgeScope, beforeMs = Number.POSITIVE_INFINITY): number {
    const wanted = placeNameOf(scope);
    return this.#index.deleteWhere(
      ({ name, putMs }) =>
        putMs < beforeMs &&
        name.bucket === wanted.bucket &&
        (scope.key === undefined || name.object === wanted.object) &&
        (scope.style === undefined || name.style === wanted.style),
      scope.key === undefined ? undefined : wanted.object,
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.#pending);
  }

  async rebuild(): Promise<void> {
    const { folder } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const unfinished = join(folder, UNFINISHED_FOLDER);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    const found = await listFiles(folder);
    for (const { name, bytes, modifiedMs } of found.toSorted(byAge)) {
      const file = this.#fileOf(name);
      const entry: Entry = { name, file, putMs: modifiedMs, isWritten: true };
      if (!this.#add(entry, bytes)) this.#track(rm(entry.file, { force: true }));
    }
  }

  #add(entry: Entry, bytes: number): boolean {
    const { object, whole } = entry.name;
    const blocks = Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
    return this.#index.set(whole, entry, { source: object, bytes: blocks });
  }

  async #write(entry: Entry, parts: readonly Uint8Array[]): Promise<void> {
    const { whole } = entry.name;
    const unfinished = join(this.#options.folder, UNFINISHED_FOLDER, `${whole}-${randomUUID()}`);
    try {
      // Not flushed: after a power cut the checksum tells, and the result is made again.
      const handle: FileHandle = await open(unfinished, 'wx', 0o600);
      try {
        await handle.writev([...parts]);
      } finally {
        await handle.close();
      }
      await this.#place(unfinished, entry.file);
      entry.isWritten = true;
      if (this.#index.get(whole) !== entry) await rm(entry.file, { force: true });
    } catch (problem) {
      if (this.#index.get(whole) === entry) this.#index.delete(whole);
      await rm(unfinished, { force: true });
      throw problem;
    }
  }

  /** The folder is nearly always there: made only when it is missed. */
  async #place(unfinished: string, file: string): Promise<void> {
    try {
      await rename(unfinished, file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await rename(unfinished, file);
    }
  }

  #track(work: Promise<void>): Promise<void> {
    const tracked = work
      .catch((problem: unknown) => this.#options.onProblem(problem))
      .finally(() => this.#pending.delete(tracked));
    this.#pending.add(tracked);
    return tracked;
  }

  /** Two digits a folder, so that no folder has more than some thousand files. */
  #fileOf({ bucket, object, style, whole }: ResultName): string {
    const name = [bucket, object, style, whole].join('-');
    return join(this.#options.folder, whole.slice(0, 2), name);
  }
}

interface FoundFile {
  readonly name: ResultName;
  readonly bytes: number;
  readonly modifiedMs: number;
}

function byAge(a: FoundFile, b: FoundFile): number {
  return a.modifiedMs - b.modifiedMs;
}

/** Files of other names are not ours and are left alone. */
async function listFiles(folder: string): Promise<readonly FoundFile[]> {
  const found: FoundFile[] = [];
  for (const part of await readdir(folder, { withFileTypes: true })) {
    if (!part.isDirectory() || !/^[0-9a-f]{2}$/.test(part.name)) continue;
    const names = await readdir(join(folder, part.name));
    const files = await Promise.all(
      names.map((name) => describeFile(join(folder, part.name, name), name)),
    );
    found.push(...files.filter((file) => file !== undefined));
  }
  return found;
}

async function describeFile(path: string, fileName: string): Promise<FoundFile | undefined> {
  const groups = FILE_NAME.exec(fileName)?.groups;
  if (groups === undefined) return undefined;
  const { bucket = '', object = '', style = '', whole = '' } = groups;
  const { size, mtimeMs } = await stat(path);
  return { name: { bucket, object, style, whole }, bytes: size, modifiedMs: mtimeMs };
}
