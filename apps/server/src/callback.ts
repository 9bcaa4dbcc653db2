/**
 * Callbacks after an upload (protocol, 4.5): a request to a server of the operator's, whose answer
 * becomes ours. Easily got wrong: a service that fetches any address a caller names is a way into the
 * network it stands in, so only hosts that the operator lists are ever asked, and none redirects us.
 * @module
 */

import { encodeQueryText } from '@safelight/signing';
import type { ObjectRecord } from '@safelight/storage';
import { parseProcess } from '@safelight/grammar';
import { checkOwner } from './access.ts';
import { type Answer } from './answer.ts';
import { headerOf, type ObjectCall } from './call.ts';
import { renderObject } from './operations/get-processed-object.ts';
import { storedHeaders } from './operations/stored-headers.ts';
import { invalidArgument, notImplemented, ServiceError } from './service-error.ts';
import type { Service } from './service.ts';

export interface Callback {
  /** Asked one after the other until one answers. */
  readonly urls: readonly URL[];
  /** With `${…}` to be filled in. */
  readonly body: string;
  readonly isJson: boolean;
  /** By their names, as in `x:a`. */
  readonly variables: Readonly<Record<string, string>>;
}

const HEADER = 'x-oss-callback';
const VARIABLES_HEADER = 'x-oss-callback-var';

/** As OSS has them. */
const MAX_URLS = 5;
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

/**
 * What the request wants to be told where; undefined without a callback.
 * @throws ServiceError `NotImplemented` where none are allowed, `AccessDenied` for hosts that are not
 * listed, `InvalidArgument`
 */
export function readCallback(call: ObjectCall, service: Service): Callback | undefined {
  const header = headerOf(call, HEADER);
  if (header === undefined) return undefined;
  const { callbackHosts } = service.settings;
  if (callbackHosts.length === 0) throw notImplemented(`A request with ${HEADER}`);
  checkOwner(call.caller);
  const fields = readFields(HEADER, header);
  const body = fields['callbackBody'] ?? '';
  const type = fields['callbackBodyType'] ?? FORM_TYPE;
  if (body === '') throw invalidArgument(HEADER, header, 'a callbackBody');
  if (type !== FORM_TYPE && type !== JSON_TYPE) {
    throw invalidArgument('callbackBodyType', type, `${FORM_TYPE} or ${JSON_TYPE}`);
  }
  const urls = (fields['callbackUrl'] ?? '').split(';').map((url) => readUrl(url, callbackHosts));
  if (urls.length > MAX_URLS) throw invalidArgument(HEADER, header, `at most ${MAX_URLS} URLs`);
  const host = fields['callbackHost'] ?? '';
  // Another Host could reach a server behind the listed one.
  if (host !== '' && urls.some((url) => url.host !== host && url.hostname !== host)) {
    throw invalidArgument('callbackHost', host, 'the host of the callbackUrl');
  }
  const variables = headerOf(call, VARIABLES_HEADER);
  return {
    urls,
    body,
    isJson: type === JSON_TYPE,
    variables: variables === undefined ? {} : readFields(VARIABLES_HEADER, variables),
  };
}

/**
 * Tells of the object that was stored, and gives what was answered.
 * @throws ServiceError `CallbackFailed`, with 203: the object stays
 */
export async function sendCallback(
  callback: Callback,
  call: ObjectCall,
  service: Service,
  record: ObjectRecord,
): Promise<Answer> {
  const values = await callbackValues(callback, call, service, record);
  const request = {
    method: 'POST',
    headers: { 'content-type': callback.isJson ? JSON_TYPE : FORM_TYPE },
    body: fillIn(callback, values),
    redirect: 'manual',
  } as const;
  let cause: unknown;
  for (const url of callback.urls) {
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      const response = await fetch(url, { ...request, signal });
      const headers = { ...storedHeaders(record), 'content-type': JSON_TYPE };
      return { status: 200, headers, body: await readAnswer(response) };
    } catch (error) {
      cause = error;
    }
  }
  throw new ServiceError('CallbackFailed', 'The callback was not answered with 200 and JSON.', {
    headers: storedHeaders(record),
    cause,
  });
}

/** @throws Error for what is not a short JSON text */
async function readAnswer(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new Error(`callback: expected 200, got ${response.status}`);
  }
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`callback: over ${MAX_ANSWER_BYTES} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  JSON.parse(text);
  return text;
}

type Values = Readonly<Record<string, string | number>>;

async function callbackValues(
  callback: Callback,
  call: ObjectCall,
  service: Service,
  record: ObjectRecord,
): Promise<Values> {
  const asksForPicture = callback.body.includes('${imageInfo.');
  const picture = asksForPicture ? await pictureValues(call, service, record) : {};
  return {
    ...callback.variables,
    ...picture,
    bucket: call.address.bucket,
    object: record.key,
    etag: record.etag,
    size: record.size,
    mimeType: record.contentType ?? 'application/octet-stream',
    crc64: record.crc64 ?? '',
  };
}

/** Empty for what is no picture: an upload of another kind is none the worse. */
async function pictureValues(
  call: ObjectCall,
  service: Service,
  record: ObjectRecord,
): Promise<Values> {
  try {
    const image = parseProcess('image/info', { limits: service.limits });
    if (image.kind !== 'image') return {};
    const read = { ...image, canonical: 'image/info' };
    const { bytes } = await renderObject(call, service, record, { image: read, marks: undefined });
    const info = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, { value: string }>;
    return {
      'imageInfo.width': Number(info['ImageWidth']?.value),
      'imageInfo.height': Number(info['ImageHeight']?.value),
      'imageInfo.format': info['Format']?.value ?? '',
    };
  } catch {
    return {};
  }
}

/** Values are quoted by the body's own rules, so that a key cannot add fields. */
function fillIn({ body, isJson }: Callback, values: Values): string {
  return body.replaceAll(/\$\{([\w.:-]{1,128})\}/g, (_match, name: string) => {
    const value = Object.hasOwn(values, name) ? (values[name] ?? '') : '';
    return isJson ? JSON.stringify(value) : encodeQueryText(String(value));
  });
}

function readUrl(text: string, hosts: readonly string[]): URL {
  const whole = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(whole)) throw invalidArgument('callbackUrl', text, 'a URL');
  const url = new URL(whole);
  if (hosts.includes(url.host) && url.username === '' && url.password === '') return url;
  throw new ServiceError('AccessDenied', 'The host of the callback is not one that may be asked.', {
    details: { CallbackHost: url.host.slice(0, 255) },
  });
}

function readFields(name: string, header: string): Readonly<Record<string, string>> {
  try {
    const bytes = Uint8Array.from(atob(header), (char) => char.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([field, text]) => [field, String(text)] as const),
      );
    }
  } catch {
    // Base64, UTF-8 or JSON: all the same to the caller.
  }
  throw invalidArgument(name, header, 'base64 of a JSON object');
}
