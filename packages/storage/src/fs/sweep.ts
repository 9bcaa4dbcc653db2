/**
 * Clearing away what a crash left: data files that no record names. Runs while the store is opened,
 * before any write. Files whose names are not of our pattern are left alone.
 * @module
 */

import { join } from 'node:path';

import { isStorageError } from '../errors.ts';
import type { StorageError } from '../errors.ts';
import {
  checkRealFolder,
  discard,
  listFolder,
  onDisk,
  onDiskIfPresent,
  readText,
  removeTree,
} from './disk.ts';
import {
  hashOfDataName,
  hashOfRecordName,
  isFanName,
  isUploadId,
  partOfDataName,
  partRecordName,
  uploadsFolder,
} from './layout.ts';
import { parsePartFile, parseRecordFile } from './record-file.ts';

/**
 * Removes orphaned data of one bucket. Costs two listings for each of 256 folders; a record is read
 * only where one key has several data files, which is where a write was cut off.
 */
export async function sweepBucket(
  bucketFolder: string,
  onProblem: (problem: StorageError) => void,
): Promise<void> {
  await sweepUploads(bucketFolder, onProblem);
  // Data without any folder of records is a half restored backup, not the work of a crash.
  await onDisk(() => checkRealFolder(join(bucketFolder, 'records')));
  for await (const { fan, folder } of fanFolders(join(bucketFolder, 'data'))) {
    const recordFolder = join(bucketFolder, 'records', fan);
    const recorded = await recordedHashes(recordFolder);
    for (const [hash, names] of await dataNamesByHash(folder)) {
      try {
        const kept = recorded.has(hash) ? await namedData(recordFolder, hash, names) : [];
        for (const name of names) if (!kept.includes(name)) await discard(join(folder, name));
      } catch (error) {
        // Which data an unreadable record means is not known: all of it stays.
        if (!isStorageError(error)) throw error;
        onProblem(error);
      }
    }
  }
}

/** Uploads that were never whole, parts that were never acknowledged or were replaced. */
async function sweepUploads(
  bucketFolder: string,
  onProblem: (problem: StorageError) => void,
): Promise<void> {
  const parent = uploadsFolder(bucketFolder);
  for (const entry of await listFolder(parent)) {
    if (!entry.isDirectory() || !isUploadId(entry.name)) continue;
    const folder = join(parent, entry.name);
    await onDisk(() => checkRealFolder(folder));
    const names = (await listFolder(folder)).map(({ name }) => name);
    if (!names.includes('upload.json')) await removeTree(folder);
    else await sweepParts(folder, names, onProblem);
  }
}

async function sweepParts(
  folder: string,
  names: readonly string[],
  onProblem: (problem: StorageError) => void,
): Promise<void> {
  for (const name of names) {
    const partNumber = partOfDataName(name);
    if (partNumber === undefined) continue;
    const recordName = partRecordName(partNumber);
    try {
      const text = names.includes(recordName)
        ? await onDisk(() => readText(join(folder, recordName)))
        : undefined;
      const kept = text === undefined ? undefined : parsePartFile(text, partNumber).dataName;
      if (name !== kept) await discard(join(folder, name));
    } catch (error) {
      if (!isStorageError(error)) throw error;
      onProblem(error);
    }
  }
}

/** The paths of all record files of a bucket, readable or not. */
export async function listRecordFiles(bucketFolder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { folder } of fanFolders(join(bucketFolder, 'records'))) {
    for (const { name } of await listFolder(folder)) {
      if (hashOfRecordName(name) !== undefined) files.push(join(folder, name));
    }
  }
  return files;
}

/** The real folders among the 256 that files are spread over. */
async function* fanFolders(parent: string): AsyncGenerator<{ fan: string; folder: string }> {
  await onDisk(() => checkRealFolder(parent));
  for (const entry of await listFolder(parent)) {
    // A planted link is no directory here.
    if (!entry.isDirectory() || !isFanName(entry.name)) continue;
    yield { fan: entry.name, folder: join(parent, entry.name) };
  }
}

async function recordedHashes(folder: string): Promise<Set<string | undefined>> {
  const real = await onDiskIfPresent(async () => {
    await checkRealFolder(folder);
    return true;
  });
  // A write makes the folder of the data first, and may be cut off there.
  if (real === undefined) return new Set();
  return new Set((await listFolder(folder)).map((entry) => hashOfRecordName(entry.name)));
}

async function dataNamesByHash(folder: string): Promise<Map<string, string[]>> {
  const byHash = new Map<string, string[]>();
  for (const { name } of await listFolder(folder)) {
    const hash = hashOfDataName(name);
    if (hash === undefined) continue;
    const names = byHash.get(hash);
    if (names === undefined) byHash.set(hash, [name]);
    else names.push(name);
  }
  return byHash;
}

async function namedData(
  recordFolder: string,
  hash: string,
  names: readonly string[],
): Promise<readonly string[]> {
  if (names.length === 1) return names;
  const text = await onDisk(() => readText(join(recordFolder, `${hash}.json`)));
  return [parseRecordFile(text, hash).dataName];
}
