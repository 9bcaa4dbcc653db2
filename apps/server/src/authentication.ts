/**
 * Who sends a request, by its signature. Easily got wrong: the bucket and key that are verified are
 * those that are acted on.
 * @module
 */

import { verifySignature } from '@safelight/signing';
import type { RawCall } from './call.ts';
import { ANONYMOUS, type Caller } from './caller.ts';
import type { Service } from './service.ts';

/** What a signature is about. */
export interface SignedResource {
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** @throws SigningError for every credential that is not right */
export function authenticate(
  service: Pick<Service, 'findKey'>,
  raw: RawCall,
  resource: SignedResource,
): Caller {
  const { method, target, headers, nowMs } = raw;
  const verified = verifySignature(
    { method, target, headers, ...resource },
    { findKey: service.findKey, nowMs },
  );
  if (verified.form === 'anonymous') return ANONYMOUS;
  const via = verified.form.endsWith('-query') ? 'query' : 'header';
  return { kind: 'owner', accessKeyId: verified.accessKeyId, via };
}
