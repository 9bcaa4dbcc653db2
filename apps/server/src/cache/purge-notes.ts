/**
 * Purges as notes in a bucket's settings, so that all nodes on one store hear of them: each reads the
 * bucket's record anyway before it gives out a result, and drops what a new note names. Easily got
 * wrong: a node that was away must not drop what it made after a purge, nor miss one that is no longer
 * listed.
 * @module
 */

import type { BucketPatch, BucketRecord } from '@safelight/storage';
import { LRUCache } from 'lru-cache';
import type { ResultCache } from './result-cache.ts';
import type { PurgeScope } from './result-tier.ts';

/** The name of the notes among a bucket's settings. */
export const PURGE_NOTES = 'purge-notes';

interface PurgeNote {
  readonly id: string;
  /** Unix time in ms. */
  readonly atMs: number;
  readonly key?: string | undefined;
  readonly style?: string | undefined;
}

/** The record is read once a second, so it must stay small. */
const MAX_NOTES = 32;

const MAX_BUCKETS = 10_000;

/** A bucket's record with one note more. @param id of this purge alone */
export function notePurge(
  record: BucketRecord,
  { key, style }: PurgeScope,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): BucketPatch {
  const notes: PurgeNote[] = [...parseNotes(record), { id, atMs: nowMs, key, style }];
  while (notes.length > MAX_NOTES) {
    // Who has not seen the second one yet may have missed the first: then all of the bucket goes.
    const [, second] = notes.splice(0, 2);
    if (second !== undefined) notes.unshift({ id: second.id, atMs: second.atMs });
  }
  return { settings: { [PURGE_NOTES]: JSON.stringify(notes) } };
}

export interface PurgeFollower {
  /**
   * Drops what notes name that were not seen yet. To be called with every record that is read.
   * @param ownId of the purge that this node is about to do itself
   */
  follow(record: BucketRecord, ownId?: string): void;
}

export function createPurgeFollower(results: Pick<ResultCache, 'dropOwn'>): PurgeFollower {
  const seen = new LRUCache<string, { text: string | undefined; ids: ReadonlySet<string> }>({
    max: MAX_BUCKETS,
  });
  return {
    follow(record, ownId) {
      const text = record.settings[PURGE_NOTES];
      const known = seen.get(record.name);
      if (known !== undefined && known.text === text) return;
      const notes = parseNotes(record);
      for (const { id, atMs, key, style } of notes) {
        if (id === ownId || known?.ids.has(id) === true) continue;
        // What lies on the disk of a process that has only begun may be younger than the purge.
        const beforeMs = known === undefined ? atMs : undefined;
        results.dropOwn({ bucket: record.name, key, style }, beforeMs);
      }
      seen.set(record.name, { text, ids: new Set(notes.map(({ id }) => id)) });
    },
  };
}

/** What cannot be read was not written by us: no notes. */
function parseNotes({ settings }: BucketRecord): readonly PurgeNote[] {
  const text = settings[PURGE_NOTES];
  if (text === undefined) return [];
  try {
    const notes: unknown = JSON.parse(text);
    return Array.isArray(notes) ? notes.filter(isNote) : [];
  } catch {
    return [];
  }
}

function isNote(value: unknown): value is PurgeNote {
  if (typeof value !== 'object' || value === null) return false;
  const { id, atMs, key, style } = value as Readonly<Record<string, unknown>>;
  const isName = (name: unknown): boolean => name === undefined || typeof name === 'string';
  return typeof id === 'string' && typeof atMs === 'number' && isName(key) && isName(style);
}
