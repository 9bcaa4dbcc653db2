/**
 * Tags of objects and buckets: as a header (`k=v&k2=v2`), as a document, and back. Easily got wrong: a
 * key may come once only, and clients read `TagSet` even when it is empty.
 * @module
 */

import { headerValueToBytes, parseQuery } from '@safelight/signing';
import type { ObjectTag } from '@safelight/storage';
import { invalidArgument, ServiceError } from './service-error.ts';
import { childOf, childrenOf, childText, parseXml, type XmlNode } from './xml.ts';

/** As OSS has it: tags of an object, characters of a key and of a value. */
const MAX_TAGS = 10;
const MAX_KEY_CHARS = 128;
const MAX_VALUE_CHARS = 256;

/** @throws ServiceError `InvalidArgument` */
export function readTagHeader(header: string | undefined): readonly ObjectTag[] | undefined {
  if (header === undefined) return undefined;
  const text = new TextDecoder().decode(headerValueToBytes(header));
  return checkTags(parseQuery(text).map(({ name, value }) => ({ key: name, value })));
}

/** @throws ServiceError `MalformedXML`, `InvalidArgument` */
export function readTagDocument(body: string): readonly ObjectTag[] {
  const root = childOf(parseXml(body), 'Tagging');
  const set = childOf(root, 'TagSet');
  if (set === undefined) throw new ServiceError('MalformedXML', 'Tagging: expected a TagSet.');
  const tags = childrenOf(set, 'Tag').map((tag) => {
    return { key: childText(tag, 'Key') ?? '', value: childText(tag, 'Value') ?? '' };
  });
  return checkTags(tags);
}

export function tagDocument(tags: readonly ObjectTag[]): XmlNode {
  const nodes = tags.map(({ key, value }): XmlNode => {
    return [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ];
  });
  return ['Tagging', [['TagSet', nodes]]];
}

function checkTags(tags: readonly ObjectTag[]): readonly ObjectTag[] {
  if (tags.length > MAX_TAGS) {
    throw invalidArgument('tagging', `${tags.length} tags`, `at most ${MAX_TAGS}`);
  }
  const keys = new Set<string>();
  for (const { key, value } of tags) {
    if (key === '' || key.length > MAX_KEY_CHARS || keys.has(key)) {
      throw invalidArgument('tagging', key, `different keys of 1 to ${MAX_KEY_CHARS} characters`);
    }
    if (value.length > MAX_VALUE_CHARS) {
      throw invalidArgument('tagging', value, `a value of at most ${MAX_VALUE_CHARS} characters`);
    }
    keys.add(key);
  }
  return tags;
}
