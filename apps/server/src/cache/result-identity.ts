/**
 * What tells results apart: the key they are kept under, and the ETag their callers compare. Easily got
 * wrong: whatever reaches the bytes and is in neither makes somebody see an old picture.
 * @module
 */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Limits } from '@safelight/core';
import type { ObjectRecord, StyleRecord } from '@safelight/storage';
import { LRUCache } from 'lru-cache';
import type { ResultKey } from './result-tier.ts';

/** Everything a result is made of. */
export interface ResultParts {
  readonly bucket: string;
  readonly source: ObjectRecord;
  readonly style: StyleRecord | undefined;
  /** The chain that is rendered, in its one spelling; with the format that was agreed on. */
  readonly canonical: string;
  /** Word of the format that was agreed on, undefined where nothing was to be agreed. */
  readonly negotiated: string | undefined;
  /** Further objects that enter the picture, such as those of picture marks, in their order. */
  readonly dependencies: readonly Pick<ObjectRecord, 'etag' | 'lastModifiedMs'>[];
}

export interface ResultIdentity {
  keyOf(parts: ResultParts): ResultKey;
  /**
   * The validators that callers compare. A literal chain has the source's own, as OSS has it. What may
   * change under the same URL enters the ETag, and a style's date the date.
   */
  versionOf(parts: ResultParts): ObjectRecord;
}

/** Grows when the form of keys or of kept results changes. */
const KEY_FORM = 1;

/** What an ETag has behind the source's. */
const ETAG_DIGITS = 8;

/** Suffixes that are kept, so that a hit hashes nothing. */
const MAX_SUFFIXES = 2_000;

/** @param engineVersion changes with whatever reaches pixels */
export function createResultIdentity(engineVersion: string, limits: Limits): ResultIdentity {
  // A result that was made under wider limits must not be served under narrower ones.
  const settings = hashOf(JSON.stringify([KEY_FORM, engineVersion, limits])).slice(0, 32);
  const suffixes = new LRUCache<string, string>({ max: MAX_SUFFIXES });
  const suffixOf = (text: string): string => {
    const known = suffixes.get(text);
    if (known !== undefined) return known;
    const suffix = hashOf(text).slice(0, ETAG_DIGITS);
    suffixes.set(text, suffix);
    return suffix;
  };
  return {
    keyOf({ bucket, source, style, canonical, negotiated = '', dependencies }) {
      const { key, etag, size } = source;
      const facts = [settings, bucket, etag, size, negotiated, etagsOf(dependencies).join()];
      // The style's name, so that a purge of it finds all it made. The key comes last: it alone may
      // hold a line's end.
      const text = [...facts, style?.name, canonical, key].join('\n');
      return { text, bucket, key, style: style?.name };
    },
    versionOf({ source, style, negotiated, dependencies }) {
      if (style === undefined && negotiated === undefined && dependencies.length === 0) {
        return source;
      }
      const text = JSON.stringify([
        engineVersion,
        style?.content,
        negotiated,
        ...etagsOf(dependencies),
      ]);
      const styleMs = Math.floor((style?.modifiedMs ?? 0) / 1000) * 1000;
      const datesMs = dependencies.map(({ lastModifiedMs }) => lastModifiedMs);
      return {
        ...source,
        etag: `${source.etag}-${suffixOf(text)}`,
        lastModifiedMs: Math.max(source.lastModifiedMs, styleMs, ...datesMs),
      };
    },
  };
}

function etagsOf(records: ResultParts['dependencies']): readonly string[] {
  return records.map(({ etag }) => etag);
}

/** 64 upper-case hex digits. */
function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).toUpperCase();
}
