/**
 * The process that a request names, from the query or the header. Several values are refused, never
 * the first or last taken: a signature covers all of them, and a cache may see only one.
 * @module
 */

import type { ParsedImage } from '@safelight/grammar';
import type { Call } from '../call.ts';
import { PROCESS_NAME } from '../object-headers.ts';
import { invalidArgument, ServiceError } from '../service-error.ts';

export interface ProcessText {
  /** `image/…` or `style/…`, percent-decoded once. */
  readonly text: string;
  /** A header is invisible to caches between us and the caller. */
  readonly carrier: 'query' | 'header' | 'key';
  /** Instead of the text, which then is only its canonical form. */
  readonly image?: ParsedImage;
}

/**
 * Undefined when none is named, or an empty one: that means the plain object.
 * @throws ServiceError `InvalidArgument`, or `SignatureDoesNotMatch` when several came with a signature
 */
export function readProcess(call: Call): ProcessText | undefined {
  const found: ProcessText[] = [
    ...call.parsed.query
      .filter(({ name }) => name === PROCESS_NAME)
      .map(({ value }) => ({ text: value, carrier: 'query' as const })),
    ...call.headers
      .filter(([name]) => name.toLowerCase() === PROCESS_NAME)
      .map(([, value]) => ({ text: value.trim(), carrier: 'header' as const })),
  ];
  if (found.length > 1) throw severalProcesses(call, found.length);
  const [process] = found;
  if (process === undefined || process.text === '') return undefined;
  // Version 1 signs `process=a&versionId=b` like one value `a&versionId=b` (protocol, 2.6).
  if (/[&\p{Cc}]/u.test(process.text)) {
    throw invalidArgument(PROCESS_NAME, process.text, "no '&' and no control characters");
  }
  return process;
}

function severalProcesses(call: Call, count: number): ServiceError {
  if (call.caller.kind === 'owner') {
    return new ServiceError(
      'SignatureDoesNotMatch',
      `${PROCESS_NAME}: expected at most one, got ${count}.`,
    );
  }
  return invalidArgument(PROCESS_NAME, `${count} values`, 'at most one');
}
