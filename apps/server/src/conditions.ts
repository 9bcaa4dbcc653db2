/**
 * Conditional requests (protocol, 4.1; RFC 9110, 13.2.2 for their precedence). ETags are compared with
 * or without quotes. An unreadable date is ignored.
 * @module
 */

import { ServiceError } from './service-error.ts';

/** What conditions are checked against. */
export interface Validators {
  /** Without quotes. */
  readonly etag: string;
  /** Unix time in ms, a whole second. */
  readonly lastModifiedMs: number;
}

/**
 * Whether the answer is 304 Not Modified.
 * @param header gives a condition by its lower-case name, from wherever the call carries it
 * @throws ServiceError `PreconditionFailed`
 */
export function isNotModified(
  header: (name: string) => string | undefined,
  validators: Validators,
): boolean {
  const ifMatch = header('if-match');
  if (ifMatch !== undefined) {
    if (!matchesEtag(ifMatch, validators.etag)) throw preconditionFailed('If-Match');
  } else {
    const sinceMs = parseHttpDate(header('if-unmodified-since'));
    if (sinceMs !== undefined && validators.lastModifiedMs > sinceMs) {
      throw preconditionFailed('If-Unmodified-Since');
    }
  }
  const ifNoneMatch = header('if-none-match');
  if (ifNoneMatch !== undefined) return matchesEtag(ifNoneMatch, validators.etag);
  const sinceMs = parseHttpDate(header('if-modified-since'));
  return sinceMs !== undefined && validators.lastModifiedMs <= sinceMs;
}

/** Whether a list of ETags names this one. Case is ignored: some proxies change it. */
export function matchesEtag(list: string, etag: string): boolean {
  return list.split(',').some((item) => {
    const tag = item
      .trim()
      .replace(/^W\//, '')
      .replace(/^"(.*)"$/, '$1');
    return tag === '*' || tag.toLowerCase() === etag.toLowerCase();
  });
}

/** Milliseconds of an HTTP date, undefined when there is none. */
function parseHttpDate(text: string | undefined): number | undefined {
  // Date.parse takes almost anything; a date of HTTP ends so and starts with the day's name.
  if (text === undefined || !/^[A-Z][a-z]{2,8},? .* GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

function preconditionFailed(condition: string): ServiceError {
  return new ServiceError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold.',
    { details: { Condition: condition } },
  );
}
