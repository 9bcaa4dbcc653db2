/**
 * Processes that a key itself names: `a.jpg!small` where the bucket has style delimiters, and
 * `a.jpg@100w.jpg` where it has the old syntax. Easily got wrong: an object of exactly this key comes
 * first, and what names nothing is an ordinary missing key.
 * @module
 */

import { isStyleName, parseLegacy, printChain } from '@safelight/grammar';
import type { BucketRecord } from '@safelight/storage';
import type { ObjectCall } from './call.ts';
import type { ProcessText } from './operations/process-text.ts';
import type { Service } from './service.ts';
import { childOf, childText, parseXml } from './xml.ts';

/** A key without its process, and the process. */
export interface NamedProcess {
  readonly call: ObjectCall;
  readonly process: ProcessText;
}

/** Of the old syntax. */
const AT = '@';

/**
 * Undefined for a key that is an object's own, or nobody's. What the caller may do with the object is
 * not asked here.
 * @throws ImageError for a wrong text in the old syntax, behind a key that exists
 */
export async function resolveKey(
  call: ObjectCall,
  service: Service,
): Promise<NamedProcess | undefined> {
  const { bucket, key } = call.address;
  const record = await service.store.getBucket(bucket);
  if (record === undefined) return undefined;
  const syntax = keySyntaxOf(record);
  const delimiters = syntax.delimiters.filter((delimiter) => key.includes(delimiter));
  const hasAt = syntax.isLegacy && key.includes(AT);
  if (delimiters.length === 0 && !hasAt) return undefined;
  if ((await service.store.headObject(bucket, key)) !== undefined) return undefined;
  const style = await findStyle(call, service, delimiters);
  if (style !== undefined) return style;
  return hasAt ? readLegacy(call, service) : undefined;
}

interface KeySyntax {
  readonly delimiters: readonly string[];
  /** Whether `@` begins a process. */
  readonly isLegacy: boolean;
}

/** The name of the document among a bucket's settings. */
const PROCESS_CONFIGURATION = 'processConfiguration';

function keySyntaxOf({ settings }: BucketRecord): KeySyntax {
  const document = settings[PROCESS_CONFIGURATION];
  if (document === undefined) return { delimiters: [], isLegacy: false };
  const root = childOf(parseXml(document), 'BucketProcessConfiguration');
  const delimiters = (childText(root, 'StyleDelimiters') ?? '').split(',');
  return {
    delimiters: delimiters.map((delimiter) => delimiter.trim()).filter((text) => text !== ''),
    isLegacy: childText(root, 'OssDomainSupportAtProcess')?.trim() === 'Enabled',
  };
}

/** Splits at the last delimiter behind which an existing style stands. */
async function findStyle(
  call: ObjectCall,
  service: Service,
  delimiters: readonly string[],
): Promise<NamedProcess | undefined> {
  const { bucket, key } = call.address;
  for (let at = key.length - 1; at > 0; at--) {
    const delimiter = key[at] ?? '';
    if (!delimiters.includes(delimiter)) continue;
    const name = key.slice(at + 1);
    // Names have no other delimiter than these, and a longer suffix is no name either.
    if (!isStyleName(name)) {
      if (name !== '' && /[^A-Za-z0-9_.-]/.test(name)) return undefined;
      continue;
    }
    if ((await service.store.getStyle(bucket, name)) === undefined) continue;
    // With `!`, `a.jpg@!small` means the same as `a.jpg!small`.
    const end = delimiter === '!' && key[at - 1] === AT ? at - 1 : at;
    if (end > 0) return named(call, key.slice(0, end), { text: `style/${name}` });
  }
  return undefined;
}

async function readLegacy(call: ObjectCall, service: Service): Promise<NamedProcess | undefined> {
  const { bucket, key } = call.address;
  const at = key.lastIndexOf(AT);
  const source = key.slice(0, at);
  if (source === '' || (await service.store.headObject(bucket, source)) === undefined) {
    return undefined;
  }
  const parsed = parseLegacy(key.slice(at + 1), { limits: service.limits });
  if (parsed.kind === 'style') return named(call, source, { text: `style/${parsed.name}` });
  return named(call, source, { text: printChain(parsed.chain), image: parsed });
}

function named(call: ObjectCall, key: string, process: Omit<ProcessText, 'carrier'>): NamedProcess {
  return {
    call: { ...call, address: { ...call.address, key } },
    process: { ...process, carrier: 'key' },
  };
}
