/**
 * `safelight purge URL`: makes a running service forget cached results, by a signed call.
 * @module
 */

import { signV1Header } from '@safelight/signing';

export interface PurgeOptions {
  readonly keyId: string;
  readonly keySecret: string;
  readonly bucket: string;
  /** Only the results of this object. */
  readonly object?: string;
  /** Only what this style made. */
  readonly style?: string;
}

/** The bucket of administrative calls: no other can have this name. */
const INTERNAL_BUCKET = '-';

/**
 * How many results were forgotten, in all tiers together.
 * @throws RangeError when both an object and a style are given, or when the service refuses
 */
export async function purge(url: string, options: PurgeOptions, nowMs: number): Promise<number> {
  const { bucket, object, style } = options;
  if (object !== undefined && style !== undefined) {
    throw new RangeError('purge: expected an object or a style, got both');
  }
  const parts = ['cache', bucket];
  if (object !== undefined) parts.push('objects', object);
  if (style !== undefined) parts.push('styles', style);
  const key = parts.join('/');
  // Slashes are escaped too: `fetch` would resolve `a/../b`, and the signature would not fit.
  const target = `/${INTERNAL_BUCKET}/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
  const { request } = signV1Header(
    { method: 'DELETE', target, headers: [], bucket: INTERNAL_BUCKET, key },
    { accessKeyId: options.keyId, secret: options.keySecret, nowMs },
  );
  const answer = await fetch(new URL(url).origin + request.target, {
    method: 'DELETE',
    headers: request.headers.map(([name, value]): [string, string] => [name, value]),
  });
  const text = await answer.text();
  if (!answer.ok) throw new RangeError(`purge: expected 200, got ${answer.status}\n${text}`);
  return (JSON.parse(text) as { readonly purged: number }).purged;
}
