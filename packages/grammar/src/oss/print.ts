/**
 * Typed actions written as OSS text, in one canonical form: fixed order of keys, defaults left out.
 * Two chains that print alike mean the same, which makes the text fit for cache keys.
 * @module
 */

import { type Action, assert, type Chain } from '@safelight/core';

import type { OssAction } from './action.ts';
import { findOssAction } from './actions.ts';
import { isFallback } from './step.ts';

/**
 * `image/…`. For a chain in the ranges of its options, parsing the text gives the chain again; what only
 * another dialect can say is printed too, in a form that serves as a key and is not read.
 */
export function printChain(chain: Chain): string {
  return ['image', ...chain.map(printAction)].join('/');
}

/** `x-oss-process=…`, encoded for a query. */
export function processQuery(chain: Chain): string {
  return `x-oss-process=${encodeURIComponent(printChain(chain))}`;
}

function printAction(action: Action): string {
  const entry = findOssAction(action.name);
  assert(entry?.read !== undefined, `the OSS language has no ${action.name}`);
  const values = entry.read(action, printChain);
  const printed = Object.entries(entry.parameters).flatMap(([key, parameter]) => {
    const value = values[key];
    if (value === undefined || isFallback(parameter, value)) return [];
    const text = parameter.argument.encode(value);
    return [entry.shape === 'bare' ? text : `${key}_${text}`];
  });
  if (printed.length === 0 && entry.shape === 'keyed') printed.push(...spelledOutDefault(entry));
  return [entry.name, ...printed, ...(entry.readForeign?.(action) ?? [])].join(',');
}

/** A keyed action without arguments is an error, so one default is said aloud: `crop,x_0`. */
function spelledOutDefault(entry: OssAction): readonly string[] {
  for (const [key, { argument, fallback }] of Object.entries(entry.parameters)) {
    if (fallback !== undefined) return [`${key}_${argument.encode(fallback)}`];
  }
  return [];
}
