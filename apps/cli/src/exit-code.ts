/**
 * What the exit code says: a script can tell a wrong chain from a broken picture without reading prose.
 * @module
 */

import { type ImageErrorCode, isImageError } from '@safelight/core';
import { isSigningError } from '@safelight/signing';

export const EXIT_CODES = {
  /** A bug of ours, or something unforeseen. */
  internal: 1,
  /** The command line, a chain or a URL is wrong. */
  usage: 2,
  /** The picture is damaged, or of a kind that is not read. */
  picture: 3,
  /** Over a limit, in size, memory or time. */
  limit: 4,
  /** A file cannot be read or written. */
  file: 5,
} as const;

const OF_IMAGE_ERROR: Readonly<Record<ImageErrorCode, number>> = {
  InvalidArgument: EXIT_CODES.usage,
  NotImplemented: EXIT_CODES.usage,
  BadImage: EXIT_CODES.picture,
  UnsupportedFormat: EXIT_CODES.picture,
  LimitExceeded: EXIT_CODES.limit,
  Timeout: EXIT_CODES.limit,
  Aborted: EXIT_CODES.internal,
  Internal: EXIT_CODES.internal,
};

/** The code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (isImageError(error)) return OF_IMAGE_ERROR[error.code];
  if (isSigningError(error) || error instanceof RangeError) return EXIT_CODES.usage;
  if (error instanceof Error && 'syscall' in error) return EXIT_CODES.file;
  return EXIT_CODES.internal;
}
