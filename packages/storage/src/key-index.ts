/**
 * The keys of a bucket in the order of their UTF-8 bytes, and pages of them. Easily got wrong:
 * JavaScript compares UTF-16 units, which puts U+1F600 before U+FF21; UTF-8 puts it after.
 * @module
 */

import type { ListObjectsOptions } from './driver.ts';

export interface KeyPage {
  readonly keys: readonly string[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  readonly nextMarker: string | undefined;
}

/** Most objects and common prefixes on one page. */
const MAX_PAGE_KEYS = 1000;

/** A sorted array: a page is a walk, a lookup a binary search, a write one `memmove`. */
export class KeyIndex {
  readonly #keys: string[];

  /** Duplicates are the caller's mistake. */
  constructor(keys: Iterable<string> = []) {
    this.#keys = [...keys].toSorted(compareKeys);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Adding a key twice changes nothing. */
  add(key: string): void {
    const at = this.#firstIndex(0, (other) => compareKeys(other, key) >= 0);
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key);
  }

  remove(key: string): void {
    const at = this.#firstIndex(0, (other) => compareKeys(other, key) >= 0);
    if (this.#keys[at] === key) this.#keys.splice(at, 1);
  }

  /**
   * One page. Keys that share a common prefix are skipped by binary search, so that a page of
   * folders costs the same however full they are.
   */
  page(options: ListObjectsOptions): KeyPage {
    const { prefix = '', delimiter = '', startAfter = '', maxKeys = MAX_PAGE_KEYS } = options;
    if (!Number.isInteger(maxKeys) || maxKeys < 0 || maxKeys > MAX_PAGE_KEYS) {
      throw new RangeError(`maxKeys: expected an integer in 0..${MAX_PAGE_KEYS}, got ${maxKeys}`);
    }
    const keys: string[] = [];
    const commonPrefixes: string[] = [];
    let last: string | undefined;
    let at = this.#start(prefix, delimiter, startAfter);
    while (keys.length + commonPrefixes.length < maxKeys) {
      const key = this.#keys[at];
      if (key === undefined || !key.startsWith(prefix)) break;
      const group = commonPrefixOf(key, prefix, delimiter);
      if (group === undefined) {
        keys.push(key);
        at++;
      } else {
        commonPrefixes.push(group);
        at = this.#firstIndex(at, (other) => !other.startsWith(group));
      }
      last = group ?? key;
    }
    // An empty page has no key to go on from, so it never claims that there is more.
    const isTruncated = last !== undefined && (this.#keys[at]?.startsWith(prefix) ?? false);
    return { keys, commonPrefixes, isTruncated, nextMarker: isTruncated ? last : undefined };
  }

  #start(prefix: string, delimiter: string, startAfter: string): number {
    const first = this.#firstIndex(0, (key) => compareKeys(key, prefix) >= 0);
    if (startAfter === '') return first;
    const after = this.#firstIndex(first, (key) => compareKeys(key, startAfter) > 0);
    if (commonPrefixOf(startAfter, prefix, delimiter) !== startAfter) return after;
    // The marker is a common prefix that the page before has listed: what lies under it is done.
    return this.#firstIndex(after, (key) => !key.startsWith(startAfter));
  }

  /** The first index from `from` on whose key passes; passing must never stop once it began. */
  #firstIndex(from: number, passes: (key: string) => boolean): number {
    let low = from;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (passes(this.#keys[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Orders well-formed strings as their UTF-8 bytes, which is by code point. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = rank(a.charCodeAt(i)) - rank(b.charCodeAt(i));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Moves surrogates (code points from U+10000 on) behind U+E000..U+FFFF and keeps all other order.
 * Well-formed strings that are equal so far meet two low surrogates or none, so halves never mix.
 */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

/** What a list rolls the key up into, if it does. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  if (delimiter === '' || !key.startsWith(prefix)) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}
