/**
 * One picture from another web server, by an address that was vetted. Easily got wrong: a name that is
 * resolved once to be checked and again to connect may answer differently (DNS rebinding), so the
 * connection is made by a lookup that hands over only what it has checked; and a redirect is a new
 * request with all the same questions.
 * @module
 */

import { lookup as resolve, type LookupAddress } from 'node:dns';
import {
  type ClientRequest,
  type IncomingMessage,
  request as requestHttp,
  type RequestOptions,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { StorageError } from '../errors.ts';
import { isPublicAddress } from './address-rule.ts';

export interface FetchOptions {
  /** Whether a redirect may lead to this host. */
  readonly allowsHost: (host: string) => boolean;
  /** @default isPublicAddress */
  readonly allowsAddress?: ((address: string) => boolean) | undefined;
  /** `EntityTooLarge` as soon as the body is longer. */
  readonly maxBytes: number;
  /** For all of it: name, connection, redirects, body. */
  readonly timeoutMs: number;
  readonly maxRedirects: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface OriginAnswer {
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  /** Read it to the end or leave its loop: it holds a connection. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * `missing` for 404 and 410, `unchanged` for 304. Throws `EntityTooLarge`, `AccessDenied` for a host
 * or an address that is not allowed, `StoreUnavailable` for whatever else goes wrong.
 */
export async function fetchOrigin(
  url: URL,
  options: FetchOptions,
): Promise<OriginAnswer | 'missing' | 'unchanged'> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  let target = url;
  for (let hop = 0; ; hop++) {
    const response = await send(target, options, signal);
    const { statusCode: status = 0 } = response;
    if (status === 200) return answerOf(target, response, options);
    // What an error page says is of no interest, and its connection is not kept for it.
    response.destroy();
    if (status === 404 || status === 410) return 'missing';
    if (status === 304) return 'unchanged';
    if (!REDIRECTS.has(status)) throw unavailable(target, `expected status 200, got ${status}`);
    if (hop >= options.maxRedirects) {
      throw unavailable(url, `expected at most ${options.maxRedirects} redirects, got more`);
    }
    target = redirectTarget(target, response, options);
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

function redirectTarget(from: URL, response: IncomingMessage, options: FetchOptions): URL {
  const { location } = response.headers;
  const target = location === undefined ? undefined : parseUrl(location, from);
  if (target === undefined) throw unavailable(from, `redirect: expected a URL, got ${location}`);
  const keepsSecrecy = target.protocol === 'https:' || from.protocol === 'http:';
  const isWeb = target.protocol === 'https:' || target.protocol === 'http:';
  if (isWeb && keepsSecrecy && target.username === '' && options.allowsHost(target.host)) {
    return target;
  }
  throw new StorageError(
    'AccessDenied',
    `redirect: expected an allowed host, got ${target.protocol}//${target.host}`,
  );
}

function parseUrl(text: string, base: URL): URL | undefined {
  return URL.canParse(text, base.href) ? new URL(text, base) : undefined;
}

function send(url: URL, options: FetchOptions, signal: AbortSignal): Promise<IncomingMessage> {
  const { allowsAddress = isPublicAddress } = options;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A literal address is never looked up.
  if (isIP(host) !== 0 && !allowsAddress(host)) return Promise.reject(deniedAddress(host, host));
  const request: SendRequest = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((done, fail) => {
    const sent = request(
      url,
      {
        // No kept connection: the next request asks the name again, and is vetted again.
        agent: false,
        lookup: vettedLookup(allowsAddress),
        signal,
        headers: { accept: '*/*', 'accept-encoding': 'identity', ...options.headers },
      },
      done,
    );
    sent.once('error', (error) => fail(failure(url, error, signal)));
    sent.end();
  });
}

type SendRequest = (
  url: URL,
  options: RequestOptions,
  done: (response: IncomingMessage) => void,
) => ClientRequest;

/** Gives a connection the addresses of a name, when all of them may be used. */
function vettedLookup(allowsAddress: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const bad = addresses?.find(({ address }) => !allowsAddress(address));
      const [first] = addresses ?? [];
      if (error !== null) callback(error, '', 0);
      else if (bad !== undefined) callback(deniedAddress(hostname, bad.address), '', 0);
      else if (first === undefined) callback(new Error(`${hostname}: no address`), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function answerOf(url: URL, response: IncomingMessage, options: FetchOptions): OriginAnswer {
  const { headers } = response;
  const announced = Number(headers['content-length'] ?? 0);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (announced > options.maxBytes || encoding !== 'identity') {
    response.destroy();
    if (encoding !== 'identity') {
      throw unavailable(url, `content-encoding: expected identity, got ${encoding}`);
    }
    throw new StorageError(
      'EntityTooLarge',
      `${url.host}: expected at most ${options.maxBytes} bytes, got ${announced}`,
    );
  }
  return {
    contentType: headers['content-type'],
    cacheControl: headers['cache-control'],
    etag: headers.etag,
    lastModified: headers['last-modified'],
    body: wholeBody(url, response),
  };
}

/** A connection that breaks off in the middle is an error, never a shorter picture. */
async function* wholeBody(url: URL, response: IncomingMessage): AsyncIterable<Uint8Array> {
  try {
    yield* response;
  } catch (error) {
    throw failure(url, error as Error);
  }
}

function failure(url: URL, error: Error, signal?: AbortSignal): StorageError {
  if (error instanceof StorageError) return error;
  const reason = signal?.aborted === true ? 'took too long' : error.message;
  return new StorageError('StoreUnavailable', `${url.host}: ${reason}`, { cause: error });
}

function unavailable(url: URL, reason: string): StorageError {
  return new StorageError('StoreUnavailable', `${url.host}: ${reason}`);
}

function deniedAddress(host: string, address: string): StorageError {
  return new StorageError(
    'AccessDenied',
    `${host}: expected an address of the public internet, got ${address}`,
  );
}
