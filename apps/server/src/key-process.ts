/**
 * Processes that a key itself names: `a.jpg!small` where the bucket has style delimiters, and
 * `a.jpg@100w.jpg` where it has the old syntax. Easily got wrong: an object of exactly this key comes
 * first, and what names nothing is an ordinary missing key.
 * @module
 */

import { isStyleName, parseLegacy, printChain } from '@safelight/grammar';
import type { ObjectCall } from './call.ts';
import type { ProcessText } from './operations/process-text.ts';
import { processConfigurationOf } from './process-configuration.ts';
import type { Service } from './service.ts';

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
  const { styleDelimiters, ossDomainSupport } = processConfigurationOf(record);
  const delimiters = styleDelimiters.filter((delimiter) => key.includes(delimiter));
  const hasAt = ossDomainSupport === 'Enabled' && key.includes(AT);
  if (delimiters.length === 0 && !hasAt) return undefined;
  if ((await service.store.headObject(bucket, key)) !== undefined) return undefined;
  const style = await findStyle(call, service, delimiters);
  if (style !== undefined) return style;
  return hasAt ? readLegacy(call, service) : undefined;
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
