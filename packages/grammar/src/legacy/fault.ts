/**
 * Errors of the legacy syntax. They name the key as it was written, under an action of their own, since
 * some keys share a letter with another meaning in the present language.
 * @module
 */

import { ImageError, type ImageErrorReason } from '@safelight/core';

import type { Argument } from '../arguments.ts';

/** What errors name as the action, before the group of the key. */
export const LEGACY = '@';

/** A piece of the text and where it stands in it. */
export interface LegacyToken {
  readonly key: string;
  readonly value: string;
  readonly at: number;
  /** Where a key means several things: which of them. */
  readonly group?: string;
}

export function legacyFault(
  reason: ImageErrorReason,
  expected: string,
  { key, value, at, group = '' }: LegacyToken,
): ImageError {
  const code = reason === 'too-many-stages' ? 'LimitExceeded' : 'InvalidArgument';
  return new ImageError(code, reason, `@${key}: expected ${expected}, got '${value}' (at ${at})`, {
    fault: { action: `${LEGACY}${group}`, parameter: key, value },
    at,
  });
}

/** The value of a token. @throws ImageError */
export function decodeToken<T>(token: LegacyToken, argument: Argument<T>): T {
  const decoded = argument.decode(token.value);
  if (decoded.reason === undefined) return decoded.value;
  throw legacyFault(decoded.reason, argument.expected, token);
}
