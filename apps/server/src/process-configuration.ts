/**
 * How a bucket may be asked for pictures: style delimiters and source protection, kept as the document
 * of `?processConfiguration` in the bucket's settings (protocol, 5). Easily got wrong: protection is
 * about strangers alone, and a process that is no style counts as asking for the source.
 * @module
 */

import type { BucketRecord } from '@safelight/storage';
import type { Caller } from './caller.ts';
import { invalidArgument, ServiceError } from './service-error.ts';
import { childOf, childText, parseXml, type XmlNode, type XmlValue } from './xml.ts';

/** The name of the document among a bucket's settings. */
export const PROCESS_CONFIGURATION = 'processConfiguration';

export interface ProcessConfiguration {
  readonly compliedHost: 'Img' | 'Both';
  readonly isSourceProtected: boolean;
  /** File name extensions without their dot; `*` stands for all keys. */
  readonly protectedSuffixes: readonly string[];
  /** Of keys. Objects are protected by either list. */
  readonly protectedPrefixes: readonly string[];
  /** In `key<delimiter>style`; sorted. */
  readonly styleDelimiters: readonly string[];
  readonly ossDomainSupport: 'Enabled' | 'Disabled';
}

/** What a caller asks for: the object as it is, a chain of their own, or a stored style. */
export type ReadPurpose = 'plain' | 'chain' | 'style';

const NO_CONFIGURATION: ProcessConfiguration = {
  compliedHost: 'Both',
  isSourceProtected: false,
  protectedSuffixes: [],
  protectedPrefixes: [],
  styleDelimiters: [],
  ossDomainSupport: 'Disabled',
};

const ROOT = 'BucketProcessConfiguration';
const DELIMITERS: readonly string[] = ['!', '-', '/', '_'];
const SWITCH = ['Enabled', 'Disabled'] as const;

/** Entries of one list of protected objects, as OSS has it. */
const MAX_PROTECTED = 10;

/** EC of a stranger who asks for a protected source. */
const PROTECTED_EC = '0040-00000031';

export function processConfigurationOf(bucket: BucketRecord): ProcessConfiguration {
  const document = bucket.settings[PROCESS_CONFIGURATION];
  return document === undefined ? NO_CONFIGURATION : readProcessConfiguration(document);
}

/**
 * Lets strangers have a protected object only through a style.
 * @throws ServiceError `AccessDenied`
 */
export function checkSourceProtection(
  caller: Caller,
  bucket: BucketRecord,
  key: string,
  purpose: ReadPurpose,
): void {
  if (caller.kind === 'owner' || purpose === 'style') return;
  if (!isProtected(processConfigurationOf(bucket), key)) return;
  throw new ServiceError('AccessDenied', 'The channel can be only accessed using style', {
    ec: PROTECTED_EC,
  });
}

/** @throws ServiceError `MalformedXML`, `InvalidArgument` */
export function readProcessConfiguration(document: string): ProcessConfiguration {
  const root = childOf(parseXml(document), ROOT);
  if (root === undefined) throw new ServiceError('MalformedXML', `Expected a ${ROOT}.`);
  return {
    compliedHost: readWord(root, 'CompliedHost', ['Img', 'Both'], 'Both'),
    isSourceProtected: readWord(root, 'SourceFileProtect', SWITCH, 'Disabled') === 'Enabled',
    protectedSuffixes: readProtected(root, 'SourceFileProtectSuffix').map((suffix) =>
      suffix.replace(/^\./, ''),
    ),
    protectedPrefixes: readProtected(root, 'SourceFileProtectPrefix'),
    styleDelimiters: readDelimiters(root),
    ossDomainSupport: readWord(root, 'OssDomainSupportAtProcess', SWITCH, 'Disabled'),
  };
}

export function processConfigurationDocument(configuration: ProcessConfiguration): XmlNode {
  const { isSourceProtected } = configuration;
  // What is protected is told only while it is protected.
  const suffixes = isSourceProtected ? configuration.protectedSuffixes : [];
  const prefixes = isSourceProtected ? configuration.protectedPrefixes : [];
  return [
    ROOT,
    [
      ['CompliedHost', configuration.compliedHost],
      ['SourceFileProtect', isSourceProtected ? 'Enabled' : 'Disabled'],
      ['SourceFileProtectSuffix', suffixes.join(',')],
      ...(prefixes.length === 0 ? [] : [['SourceFileProtectPrefix', prefixes.join(',')] as const]),
      ['StyleDelimiters', configuration.styleDelimiters.join(',')],
      ['OssDomainSupportAtProcess', configuration.ossDomainSupport],
      ['Version', 2],
    ],
  ];
}

/** Extensions are compared without case: `A.JPG` is as much of a picture as `a.jpg`. */
function isProtected(configuration: ProcessConfiguration, key: string): boolean {
  if (!configuration.isSourceProtected) return false;
  const lower = key.toLowerCase();
  return (
    configuration.protectedPrefixes.some((prefix) => key.startsWith(prefix)) ||
    configuration.protectedSuffixes.some(
      (suffix) => suffix === '*' || lower.endsWith(`.${suffix.toLowerCase()}`),
    )
  );
}

function readWord<const T extends string>(
  root: XmlValue,
  name: string,
  words: readonly T[],
  fallback: T,
): T {
  const text = (childText(root, name) ?? '').trim();
  if (text === '') return fallback;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw invalidArgument(name, text, `one of ${words.join(', ')}`);
  return word;
}

function readProtected(root: XmlValue, name: string): readonly string[] {
  const items = readList(root, name);
  if (items.length <= MAX_PROTECTED) return items;
  throw invalidArgument(name, items.join(','), `at most ${MAX_PROTECTED} entries`);
}

function readDelimiters(root: XmlValue): readonly string[] {
  const name = 'StyleDelimiters';
  const items = readList(root, name);
  const wrong = items.find((item) => !DELIMITERS.includes(item));
  if (wrong !== undefined) throw invalidArgument(name, wrong, `some of ${DELIMITERS.join(' ')}`);
  return items.toSorted();
}

function readList(root: XmlValue, name: string): readonly string[] {
  const items = (childText(root, name) ?? '').split(',').map((item) => item.trim());
  return [...new Set(items)].filter((item) => item !== '');
}
