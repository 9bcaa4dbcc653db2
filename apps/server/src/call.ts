/**
 * One request, taken apart and authenticated: what every operation is given. Handlers read the query
 * here and nowhere else, since it is the very list that the signature was verified over.
 * @module
 */

import { md5 } from '@noble/hashes/legacy.js';
import {
  findSingleParameter,
  type HeaderList,
  type ParsedTarget,
  type QueryParameter,
} from '@safelight/signing';
import type { Address } from './address.ts';
import type { Caller } from './caller.ts';
import { invalidArgument, ServiceError } from './service-error.ts';

/** A request before anything is known about it. */
export interface RawCall {
  readonly method: string;
  /** Path and query as they stood on the wire. */
  readonly target: string;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly signal: AbortSignal;
  readonly requestId: string;
  readonly nowMs: number;
}

export interface Call<A extends Address = Address> extends RawCall {
  readonly parsed: ParsedTarget;
  readonly address: A;
  readonly caller: Caller;
}

export type ServiceCall = Call<Extract<Address, { level: 'service' }>>;
export type BucketCall = Call<Extract<Address, { level: 'bucket' }>>;
export type ObjectCall = Call<Extract<Address, { level: 'object' }>>;

/** The value of a header by its lower-case name, several joined by a comma; undefined without one. */
export function headerOf(call: RawCall, name: string): string | undefined {
  let joined: string | undefined;
  for (const [candidate, value] of call.headers) {
    if (candidate.length !== name.length || candidate.toLowerCase() !== name) continue;
    joined = joined === undefined ? value.trim() : `${joined}, ${value.trim()}`;
  }
  return joined;
}

/**
 * The value of a query parameter, undefined without one.
 * @throws SigningError `InvalidArgument` when it comes more than once
 */
export function parameterOf(call: Call, name: string): string | undefined {
  return findSingleParameter(call.parsed.query, name);
}

/** All parameters whose name starts with `prefix`. */
export function parametersWith(call: Call, prefix: string): readonly QueryParameter[] {
  return call.parsed.query.filter(({ name }) => name.startsWith(prefix));
}

/**
 * A whole number of the query.
 * @throws ServiceError `InvalidArgument` outside of `min`..`max`
 */
export function integerOf(
  call: Call,
  name: string,
  range: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const text = parameterOf(call, name);
  if (text === undefined || text === '') return range.fallback;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= range.min && value <= range.max)) {
    throw invalidArgument(name, text, `an integer in ${range.min}..${range.max}`);
  }
  return value;
}

/**
 * The body as chunks. A client that goes away is its own fault and no error of ours.
 * @throws ServiceError `IncompleteBody`
 */
export async function* bodyChunks(call: RawCall): AsyncGenerator<Uint8Array> {
  if (call.body === null) return;
  const reader = call.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new ServiceError('IncompleteBody', 'The request body ended too early.', {
          cause: error,
        });
      });
      if (done) return;
      yield value;
    }
  } finally {
    // After the end this does nothing; before it, it tells the sender to stop.
    await reader.cancel().catch(() => {});
  }
}

/**
 * The whole body as text, once it is what a `Content-MD5` says it is.
 * @throws ServiceError `EntityTooLarge`, `IncompleteBody`, `InvalidDigest`
 */
export async function bodyText(call: RawCall, maxBytes: number): Promise<string> {
  const digest = md5.create();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of bodyChunks(call)) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) {
      throw new ServiceError('EntityTooLarge', `The request body is over ${maxBytes} bytes.`);
    }
    digest.update(chunk);
    text += decoder.decode(chunk, { stream: true });
  }
  const expected = headerOf(call, 'content-md5');
  if (expected !== undefined && expected !== btoa(String.fromCharCode(...digest.digest()))) {
    throw new ServiceError(
      'InvalidDigest',
      'The Content-MD5 you specified did not match what we received.',
    );
  }
  return text + decoder.decode();
}
