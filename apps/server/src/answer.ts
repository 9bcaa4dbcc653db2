/**
 * What an operation answers, as a value; `createApp` adds what every response carries and turns it
 * into a `Response`. Header values are byte strings: other text is given as its UTF-8 bytes.
 * @module
 */

import { textToHeaderValue } from '@safelight/signing';
import type { Repetition } from './cache/repeated-answers.ts';
import { printHttpTime } from './times.ts';
import { printXml, type XmlNode } from './xml.ts';

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null;
  /** Where a processed picture came from: a cache tier, `render` or `shared`. For log and metrics. */
  readonly origin?: string;
  /** How the answer is given again to strangers; absent where each request must be looked at. */
  readonly repetition?: Repetition;
}

/** An answer without a body. */
export function emptyAnswer(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const hasLength = status !== 204 && status !== 304;
  return {
    status,
    headers: hasLength ? { 'content-length': '0', ...headers } : headers,
    body: null,
  };
}

/** 200 with a document. The media type has no charset: ali-oss compares it exactly. */
export function xmlAnswer(root: XmlNode): Answer {
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: printXml(root) };
}

/** What every response carries. */
export interface ResponseFrame {
  readonly requestId: string;
  readonly nowMs: number;
  /** How long the request took. */
  readonly elapsedMs: number;
  /** A HEAD has the headers of a GET and no body. */
  readonly isHead: boolean;
}

export function answerToResponse(answer: Answer, frame: ResponseFrame): Response {
  // A plain object: a `Headers` costs more than all other work for a cached result (Node 20).
  const headers: Record<string, string> = {
    date: printHttpTime(frame.nowMs),
    server: 'Safelight',
    'x-oss-request-id': frame.requestId,
    'x-oss-server-time': String(Math.max(0, Math.round(frame.elapsedMs))),
    'x-content-type-options': 'nosniff',
  };
  for (const name in answer.headers) {
    const value = answer.headers[name] as string;
    headers[name] = isByteString(value) ? value : textToHeaderValue(value);
  }
  const body = frame.isHead ? null : answer.body;
  if (typeof answer.body === 'string') {
    headers['content-length'] = String(new TextEncoder().encode(answer.body).byteLength);
  } else if (answer.body instanceof Uint8Array) {
    headers['content-length'] = String(answer.body.byteLength);
  }
  return new Response(body, { status: answer.status, headers });
}

function isByteString(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0xff) return false;
  return true;
}
