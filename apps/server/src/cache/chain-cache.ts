/**
 * Process texts that were read before, with the one spelling that all texts of the same chain share.
 * Faults are not kept: they are rare where it matters, and a stranger could fill the cache with them.
 * @module
 */

import { type ParsedImage, parseProcess, type ParsedStyle, printChain } from '@safelight/grammar';
import type { Limits } from '@safelight/core';
import { LRUCache } from 'lru-cache';

/** A chain that was read, and its text as we would write it. */
export interface ReadImage extends ParsedImage {
  readonly canonical: string;
}

type ReadProcess = ReadImage | ParsedStyle;

/** @throws ImageError for a text that is wrong */
export type ProcessReader = (text: string) => ReadProcess;

/** Texts that are kept; each has at most `maxChainChars` and some hundred bytes a step. */
const MAX_TEXTS = 2_000;

export function createProcessReader(options: {
  readonly limits: Limits;
  readonly strict: boolean;
}): ProcessReader {
  const texts = new LRUCache<string, ReadProcess>({ max: MAX_TEXTS });
  return (text) => {
    const known = texts.get(text);
    if (known !== undefined) return known;
    const parsed = parseProcess(text, options);
    const read =
      parsed.kind === 'style' ? parsed : { ...parsed, canonical: printChain(parsed.chain) };
    texts.set(text, read);
    return read;
  };
}
