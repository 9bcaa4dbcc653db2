/**
 * Keys inside XML: as they are, or percent-encoded for clients whose parser is strict about control
 * characters (`encoding-type=url`).
 * @module
 */

import { encodeQueryText } from '@safelight/signing';
import { invalidArgument } from '../service-error.ts';

export type ListEncoding = 'plain' | 'url';

/** @throws ServiceError `InvalidArgument` */
export function readEncoding(text: string | undefined): ListEncoding {
  if (text === undefined || text === '') return 'plain';
  if (text.toLowerCase() === 'url') return 'url';
  throw invalidArgument('encoding-type', text, "'url'");
}

export function encodeListed(text: string, encoding: ListEncoding): string {
  return encoding === 'url' ? encodeQueryText(text) : text;
}
