/**
 * HTTP and HTTPS servers around the application: raw targets and headers in, parse errors out as OSS
 * documents, limits against slow and endless requests.
 * @module
 */

import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { HeaderList } from '@safelight/signing';
import type { Context, Hono } from 'hono';
import { answerToResponse } from '../answer.ts';
import { errorAnswer, type ErrorFacts, type ErrorPlace } from '../error-response.ts';
import { createRequestId } from '../request-id.ts';
import { ERROR_TABLE } from '../service-error.ts';

export interface ListenerOptions {
  readonly app: Hono;
  /** PEM texts; with them the server speaks HTTPS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Takes requests with both Content-Length and chunks, as old ali-oss streams send them. */
  readonly isLenientHttp: boolean;
  /** Without a byte either way, ms: a reader that stopped reading holds its answer this long. */
  readonly idleTimeoutMs: number;
}

/** A head must be whole within this time: slow heads are how a slowloris holds connections. */
const HEADERS_TIMEOUT_MS = 15_000;

/** A whole request, uploads included. 5 GiB at 2 MB/s. */
const REQUEST_TIMEOUT_MS = 45 * 60_000;

/** Longer than the 60 s of common load balancers, so that they close idle connections first. */
const KEEP_ALIVE_MS = 65_000;

const MAX_HEADER_BYTES = 16 * 1024;

export function createListener(options: ListenerOptions): Server {
  const answer = getRequestListener(options.app.fetch, { errorHandler: answerBadRequest });
  const settings = {
    insecureHTTPParser: options.isLenientHttp,
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node's own answer to a request without Host is no document: `answerBadRequest` gives one.
    requireHostHeader: false,
  };
  const server =
    options.tls === undefined
      ? createServer(settings)
      : createTlsServer({ ...settings, ...options.tls });
  server.setTimeout(options.idleTimeoutMs);
  server.on('request', (incoming, outgoing) => {
    // Two lengths are how requests are smuggled past proxies: nothing may follow on this connection.
    const { headers } = incoming;
    if (headers['transfer-encoding'] !== undefined && headers['content-length'] !== undefined) {
      outgoing.shouldKeepAlive = false;
    }
    void answer(incoming, outgoing);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    answerParseError(error, socket);
  });
  return server;
}

/** `http://authority/path`: what a client sends to a proxy, and a server must take too. */
const ABSOLUTE_FORM = /^https?:\/\/(?<authority>[^/?#]*)/i;

/** The target as it stood on the request line; of the absolute form, path and query. */
export function nodeTarget(context: Context): string {
  const target = incomingOf(context).url ?? '/';
  if (target.startsWith('/')) return target;
  const relative = target.replace(ABSOLUTE_FORM, '');
  return relative.startsWith('/') ? relative : `/${relative}`;
}

/**
 * The headers as they stood on the wire. The authority of an absolute target is the host, whatever the
 * Host header says (RFC 9112, 3.2.2): taken from the header, a request could name one bucket to a proxy
 * that routes by target and another one to us.
 */
export function nodeHeaders(context: Context): HeaderList {
  const { rawHeaders, url = '/' } = incomingOf(context);
  const authority = ABSOLUTE_FORM.exec(url)?.groups?.['authority'];
  const headers: [string, string][] = authority === undefined ? [] : [['host', authority]];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const [name = '', value = ''] = [rawHeaders[i], rawHeaders[i + 1]];
    if (authority !== undefined && name.toLowerCase() === 'host') continue;
    headers.push([name, value]);
  }
  return headers;
}

function incomingOf(context: Context): IncomingMessage {
  return (context.env as { readonly incoming: IncomingMessage }).incoming;
}

/** Listens, and gives the port that was taken. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** How often a closing server looks for connections that have become idle. */
const IDLE_CHECK_MS = 50;

/** Takes nothing new, waits for what is under way, and cuts off what is left after `graceMs`. */
export async function closeListener(server: Server, graceMs: number): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const patience = setTimeout(() => server.closeAllConnections(), graceMs);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  } finally {
    clearInterval(idle);
    clearTimeout(patience);
  }
}

/** A request that is HTTP, but whose Host or target no URL can be made of. */
function answerBadRequest(error: unknown): Response {
  const requestId = createRequestId();
  const message = error instanceof Error ? error.message : 'unreadable';
  const answer = errorAnswer(
    { code: 'InvalidRequest', message: `The request cannot be understood: ${message}.` },
    { ...PLACE, requestId },
  );
  return answerToResponse(answer, { requestId, nowMs: Date.now(), elapsedMs: 0, isHead: false });
}

const PLACE: Omit<ErrorPlace, 'requestId'> = { hostId: '', isHead: false, retryAfterSeconds: 1 };

/** What could not be parsed gets an answer by hand, and the connection ends. */
function answerParseError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const facts = describeParseError(error);
  const requestId = createRequestId();
  const { body } = errorAnswer(facts, { ...PLACE, requestId });
  const { status } = ERROR_TABLE[facts.code];
  const document = typeof body === 'string' ? body : '';
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'Connection: close',
      'Content-Type: application/xml',
      `Content-Length: ${Buffer.byteLength(document)}`,
      `x-oss-request-id: ${requestId}`,
      '',
      document,
    ].join('\r\n'),
  );
}

function describeParseError(error: NodeJS.ErrnoException): ErrorFacts {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { code: 'RequestTimeout', message: 'The request did not arrive in time.' };
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    const message = `The request head is over ${MAX_HEADER_BYTES} bytes.`;
    return { code: 'InvalidRequest', message };
  }
  return {
    code: 'InvalidRequest',
    message:
      `The request is not valid HTTP (${error.code ?? 'unknown'}). ` +
      'SAFELIGHT_LENIENT_HTTP=1 makes the service take what old clients send.',
  };
}
