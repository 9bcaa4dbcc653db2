/**
 * Pages of keys out of two lists: the ordinary names as the store has them, and those of odd keys,
 * which are few and read whole. Easily got wrong: a page of the store that is cut off hides everything
 * after its last entry, so nothing later of the other list may be told with it.
 * @module
 */

import { mapBounded } from '../fs/bounded-map.ts';
import { commonPrefixOf, compareKeys, KeyIndex } from '../key-index.ts';
import { wholeSecond } from '../object-record.ts';
import type { ListedObject, ListObjectsOptions, ObjectPage } from '../records.ts';
import { type ObjectNames, oddKey } from './object-names.ts';
import { readKey } from './object-records.ts';
import type { S3Listed, S3Objects } from './s3-objects.ts';

const MAX_PAGE_KEYS = 1000;
/** Sorts after every key that begins with what stands before it. */
const LAST = '\u{10ffff}';

interface Entry {
  /** A key, or a common prefix. */
  readonly text: string;
  /** Absent for a common prefix. */
  readonly listed?: S3Listed;
}

/** @param describe what the store's list does not tell of an object that came in parts */
export async function listPage(
  store: S3Objects,
  names: ObjectNames,
  options: ListObjectsOptions,
  describe: (key: string) => Promise<ListedObject | undefined>,
): Promise<ObjectPage> {
  const { maxKeys = MAX_PAGE_KEYS } = options;
  if (!Number.isInteger(maxKeys) || maxKeys < 0 || maxKeys > MAX_PAGE_KEYS) {
    throw new RangeError(`maxKeys: expected an integer in 0..${MAX_PAGE_KEYS}, got ${maxKeys}`);
  }
  if (maxKeys === 0) return EMPTY_PAGE;
  const [plain, odd] = await Promise.all([
    plainEntries(store, names, options, maxKeys),
    oddEntries(store, names, options),
  ]);
  const merged = merge(plain.entries, odd);
  const known = plain.isTruncated
    ? merged.filter(({ text }) => compareKeys(text, plain.entries.at(-1)?.text ?? '') <= 0)
    : merged;
  const page = known.slice(0, maxKeys);
  const isTruncated = plain.isTruncated || known.length > page.length;
  const objects = await mapBounded(
    page.flatMap(({ text, listed }) => (listed === undefined ? [] : [{ key: text, listed }])),
    async ({ key, listed }) => (isWhole(listed) ? toListed(key, listed) : describe(key)),
  );
  return {
    objects: objects.filter((object) => object !== undefined),
    commonPrefixes: page.flatMap(({ text, listed }) => (listed === undefined ? [text] : [])),
    isTruncated,
    nextMarker: isTruncated ? page.at(-1)?.text : undefined,
  };
}

const EMPTY_PAGE: ObjectPage = {
  objects: [],
  commonPrefixes: [],
  isTruncated: false,
  nextMarker: undefined,
};

async function plainEntries(
  store: S3Objects,
  { plain }: ObjectNames,
  options: ListObjectsOptions,
  maxKeys: number,
): Promise<{ readonly entries: readonly Entry[]; readonly isTruncated: boolean }> {
  const { prefix = '', delimiter = '', startAfter = '' } = options;
  const group = commonPrefixOf(startAfter, prefix, delimiter);
  // Stores differ in what a marker inside a common prefix means, so the marker is put behind it.
  const after = group === undefined ? startAfter : group + LAST;
  const [page, rest] = await Promise.all([
    store.list({
      prefix: plain + prefix,
      delimiter,
      startAfter: after === '' ? '' : plain + after,
      maxKeys,
    }),
    group === undefined || group === startAfter
      ? undefined
      : store.list({ prefix: plain + group, startAfter: plain + startAfter, maxKeys: 1 }),
  ]);
  const cut = (name: string): string => name.slice(plain.length);
  const objects = page.objects.map((listed) => ({ text: cut(listed.name), listed }));
  const groups = page.prefixes.map((name) => ({ text: cut(name) }));
  const entries = merge(objects, groups);
  const isOpen = group !== undefined && rest !== undefined && rest.objects.length > 0;
  return {
    entries: isOpen ? [{ text: group }, ...entries] : entries,
    isTruncated: page.isTruncated,
  };
}

async function oddEntries(
  store: S3Objects,
  names: ObjectNames,
  options: ListObjectsOptions,
): Promise<readonly Entry[]> {
  const found = new Map<string, S3Listed>();
  for await (const listed of store.listAll(names.odd)) {
    const key =
      oddKey(listed.name.slice(names.odd.length)) ?? (await hiddenKey(store, names, listed));
    if (key !== undefined) found.set(key, listed);
  }
  const index = new KeyIndex(found.keys());
  // One page holds whatever the merged page may need of them.
  const page = index.page({ ...options, maxKeys: MAX_PAGE_KEYS });
  const objects = page.keys.map((text) => ({ text, listed: found.get(text)! }));
  return merge(
    objects,
    page.commonPrefixes.map((text) => ({ text })),
  );
}

async function hiddenKey(
  store: S3Objects,
  names: ObjectNames,
  listed: S3Listed,
): Promise<string | undefined> {
  const object = await store.head(listed.name);
  return object && readKey(store, names, object);
}

/** Two sorted lists as one; a common prefix of both is told once. */
function merge(some: readonly Entry[], others: readonly Entry[]): Entry[] {
  const sorted = [...some, ...others].toSorted(byText);
  return sorted.filter(({ text }, at) => at === 0 || text !== sorted[at - 1]!.text);
}

function byText(a: Entry, b: Entry): number {
  return compareKeys(a.text, b.text);
}

/** Whether the store's ETag is the MD5 that our record has too: not so for what came in parts. */
function isWhole({ etag }: S3Listed): boolean {
  return /^"?[0-9a-f]{32}"?$/i.test(etag);
}

function toListed(key: string, listed: S3Listed): ListedObject {
  return {
    key,
    size: listed.size,
    etag: listed.etag.replaceAll('"', '').toUpperCase(),
    lastModifiedMs: wholeSecond(listed.lastModifiedMs),
    type: 'Normal',
    storageClass: undefined,
  };
}
