/**
 * Points at the token of a chain that is at fault, as a compiler does.
 * @module
 */

import type { ImageError } from '@safelight/core';

/** The chain on one line, a caret under the place at fault, the reason beneath. */
export function pointAt(chain: string, error: ImageError): string {
  if (error.at === undefined) return error.message;
  const rest = chain.slice(error.at);
  const token = /^[^,/]*/.exec(rest)?.[0] ?? '';
  const carets = '^'.repeat(Math.max(1, token.length));
  return [chain, `${' '.repeat(error.at)}${carets}`, error.message].join('\n');
}
