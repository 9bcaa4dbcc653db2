/**
 * The folder of a store itself: made ready, proved to be ours, cleared of what a crash left outside of
 * buckets. Only for the holder of the store's lock.
 * @module
 */

import { join } from 'node:path';

import { StorageError } from '../errors.ts';
import {
  ensureFolder,
  listFolder,
  onDiskIfPresent,
  readText,
  removeTree,
  replaceText,
} from './disk.ts';
import { isLockDraft } from './store-lock.ts';

/** Raised when the layout changes; an older program then refuses the folder. */
const FORMAT_TEXT = '{"format":1}';

/** Throws `StoreDamaged` when the folder is not what this driver wrote. */
export async function prepareRoot(root: string, durable: boolean): Promise<void> {
  await ensureFolder(join(root, 'tmp'), durable);
  await ensureFolder(join(root, 'buckets'), durable);
  for (const name of await unfinishedFiles(root)) await removeTree(join(root, name));
  const file = join(root, 'store.json');
  const text = await onDiskIfPresent(() => readText(file));
  if (text === undefined) await replaceText(file, FORMAT_TEXT, join(root, 'tmp'), durable);
  else if (text !== FORMAT_TEXT) {
    throw new StorageError('StoreDamaged', `${file}: expected ${FORMAT_TEXT}, got ${text}`);
  }
}

/** What a crash leaves outside of buckets: drafts and half taken locks. */
async function unfinishedFiles(root: string): Promise<string[]> {
  const drafts = (await listFolder(join(root, 'tmp'))).map((entry) => join('tmp', entry.name));
  const names = (await listFolder(root)).map((entry) => entry.name);
  return [...drafts, ...names.filter((name) => isLockDraft(name))];
}
