/**
 * The referer list of a bucket: which pages may embed its objects. Easily got wrong: a pattern is
 * matched against a whole origin or address, since `www.example.com` must not let in
 * `www.example.com.evil.net`.
 * @module
 */

import type { BucketRecord } from '@safelight/storage';
import { headerOf, type Call } from './call.ts';
import { invalidArgument, ServiceError } from './service-error.ts';
import { childOf, childrenOf, childText, parseXml, type XmlValue } from './xml.ts';

/** The name of the document among a bucket's settings. */
export const REFERER = 'referer';

interface RefererRules {
  readonly allowsEmpty: boolean;
  readonly allowsTruncation: boolean;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

/** Most entries of a list; their patterns are matched on every request. */
const MAX_ENTRIES = 1000;
const MAX_ENTRY_CHARS = 1024;

const DENIED_EC = '0003-00000503';

/**
 * Checks the page that a stranger, or whoever was handed a signed URL, comes from. Who signs in a
 * header is a program of the owner's.
 * @throws ServiceError `AccessDenied`
 */
export function checkReferer(call: Call, bucket: BucketRecord): void {
  const document = bucket.settings[REFERER];
  if (document === undefined) return;
  if (call.caller.kind === 'owner' && call.caller.via !== 'query') return;
  if (isAllowed(readRefererDocument(document), headerOf(call, 'referer') ?? '')) return;
  throw new ServiceError('AccessDenied', 'You are denied by bucket referer policy.', {
    ec: DENIED_EC,
    details: { BucketName: bucket.name },
  });
}

/** @throws ServiceError `MalformedXML`, `InvalidArgument` */
export function readRefererDocument(document: string): RefererRules {
  const root = childOf(parseXml(document), 'RefererConfiguration');
  if (root === undefined) {
    throw new ServiceError('MalformedXML', 'Expected a RefererConfiguration.');
  }
  return {
    allowsEmpty: childText(root, 'AllowEmptyReferer')?.trim() !== 'false',
    allowsTruncation: childText(root, 'AllowTruncateQueryString')?.trim() !== 'false',
    allowed: readPatterns(root, 'RefererList'),
    denied: readPatterns(root, 'RefererBlacklist'),
  };
}

function isAllowed(rules: RefererRules, referer: string): boolean {
  const page = rules.allowsTruncation ? referer.replace(/[?#].*$/s, '') : referer;
  if (page === '') return rules.allowsEmpty;
  if (rules.denied.some((pattern) => matchesPage(pattern, page))) return false;
  return rules.allowed.length === 0 || rules.allowed.some((pattern) => matchesPage(pattern, page));
}

/** A pattern names a page, or an origin with all of its pages; without a scheme any scheme. */
function matchesPage(pattern: string, page: string): boolean {
  const hasScheme = pattern.includes('://');
  const address = (hasScheme ? page : page.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')).toLowerCase();
  const bare = pattern.toLowerCase().replace(/\/$/, '');
  const slash = address.indexOf('/', address.indexOf('://') < 0 ? 0 : address.indexOf('://') + 3);
  const origin = slash < 0 ? address : address.slice(0, slash);
  return matchesGlob(bare, address.replace(/\/$/, '')) || matchesGlob(bare, origin);
}

/**
 * `*` is any text, `?` any character. Linear in the product of the lengths: on a mismatch only the last
 * star takes one character more.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  let i = 0;
  while (i < text.length) {
    const char = pattern[at];
    if (char === '*') {
      star = at++;
      starAt = i;
    } else if (char !== undefined && (char === '?' || char === text[i])) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++starAt;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}

function readPatterns(root: XmlValue, name: string): readonly string[] {
  const patterns = childrenOf(childOf(root, name), 'Referer')
    .map((value) => (typeof value === 'string' ? value.trim() : ''))
    .filter((pattern) => pattern !== '');
  if (patterns.length > MAX_ENTRIES) {
    throw invalidArgument(name, `${patterns.length} entries`, `at most ${MAX_ENTRIES}`);
  }
  const long = patterns.find((pattern) => pattern.length > MAX_ENTRY_CHARS);
  if (long === undefined) return patterns;
  throw invalidArgument(name, long, `entries of at most ${MAX_ENTRY_CHARS} characters`);
}
