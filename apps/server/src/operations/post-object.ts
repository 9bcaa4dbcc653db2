/**
 * PostObject: the upload of a browser's form. Its credentials are fields, so who asks is known only
 * here. Easily got wrong: the file's length is known at its end, so a range is held while it streams.
 * @module
 */

import { textToHeaderValue, verifyPolicy } from '@safelight/signing';
import { isObjectKey, type ObjectRecord } from '@safelight/storage';
import { type Answer, emptyAnswer, xmlAnswer } from '../answer.ts';
import { type BucketCall, bodyChunks, headerOf, type ObjectCall } from '../call.ts';
import { ANONYMOUS, type Caller } from '../caller.ts';
import { readUploadForm, type UploadForm } from '../form-data.ts';
import { readCallback, sendCallback } from '../callback.ts';
import { findBucket, findPermittedObject } from '../lookup.ts';
import {
  readIfAbsent,
  readObjectMetadata,
  refuseHeaders,
  UNBUILT_HEADERS,
} from '../object-metadata.ts';
import { checkPolicy, type LengthRange } from '../post-policy.ts';
import { notImplemented, ServiceError } from '../service-error.ts';
import type { Service } from '../service.ts';
import { encodeListed } from './list-encoding.ts';
import { storedHeaders } from './stored-headers.ts';

export async function postObject(call: BucketCall, service: Service): Promise<Answer> {
  const type = headerOf(call, 'content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) throw notImplemented('POST without a form');
  await findBucket(call, service);
  const form = await readUploadForm(type, bodyChunks(call));
  const fields = new Map(form.fields.map(([name, value]) => [name.toLowerCase(), value]));
  const key = readKey(fields.get('key'), form.fileName);
  const { caller, policy } = authenticate(call, service, form);
  const { bucket } = call.address;
  const length =
    policy === undefined
      ? { minBytes: 0, maxBytes: Number.POSITIVE_INFINITY }
      : checkPolicy(policy, { bucket, key, fields }, call.nowMs);
  const address = { level: 'object', bucket, key } as const;
  const headers = metadataHeaders(form, fields);
  const upload: ObjectCall = { ...call, address, caller, headers };
  const callback = readCallback(upload, service);
  const record = await storeFile(upload, service, form, length);
  if (callback !== undefined) return sendCallback(callback, upload, service, record);
  return answerOf(record, upload, fields);
}

function authenticate(
  call: BucketCall,
  service: Service,
  form: UploadForm,
): { readonly caller: Caller; readonly policy: string | undefined } {
  const verified = verifyPolicy(form.fields, { findKey: service.findKey, nowMs: call.nowMs });
  if (verified.form === 'anonymous') {
    // Where anyone may write, a policy needs no signature, but still says what it says.
    const policy = form.fields.find(([name]) => name.toLowerCase() === 'policy')?.[1];
    // A signature in the URL or a header is for another kind of request.
    return { caller: ANONYMOUS, policy };
  }
  const { accessKeyId, policy } = verified;
  return { caller: { kind: 'owner', accessKeyId, via: 'form' }, policy };
}

async function storeFile(
  call: ObjectCall,
  service: Service,
  form: UploadForm,
  length: LengthRange,
): Promise<ObjectRecord> {
  refuseHeaders(call, UNBUILT_HEADERS);
  const existing = await findPermittedObject(call, service, 'write');
  const { bucket, key } = call.address;
  return service.store.putObject(bucket, key, atLeast(form.file, length.minBytes), {
    ...readObjectMetadata(call),
    contentMd5: headerOf(call, 'content-md5'),
    maxBytes: Math.min(length.maxBytes, service.settings.maxObjectBytes),
    ifAbsent: readIfAbsent(call, existing),
  });
}

/** Fails at its end when the file was too short: then nothing is stored. */
async function* atLeast(
  file: AsyncIterable<Uint8Array>,
  minBytes: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of file) {
    bytes += chunk.byteLength;
    yield chunk;
  }
  if (bytes >= minBytes) return;
  throw new ServiceError(
    'EntityTooSmall',
    'Your proposed upload is smaller than the minimum allowed size.',
  );
}

/** Fields that have another name than their header. */
const HEADER_OF_FIELD: ReadonlyMap<string, string> = new Map([['callback', 'x-oss-callback']]);

/** Fields speak for the headers of an upload; the request's own headers are about the form. */
function metadataHeaders(
  form: UploadForm,
  fields: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  const type = fields.get('x-oss-content-type') ?? fields.get('content-type') ?? form.contentType;
  const headers: [string, string][] = [...fields]
    .filter(([name]) => name !== 'content-type')
    .map(([name, value]) => [HEADER_OF_FIELD.get(name) ?? name, textToHeaderValue(value)]);
  const variables = [...form.fields].filter(([name]) => name.startsWith('x:'));
  if (variables.length > 0) {
    const text = textToHeaderValue(JSON.stringify(Object.fromEntries(variables)));
    headers.push(['x-oss-callback-var', btoa(text)]);
  }
  return type === undefined ? headers : [...headers, ['content-type', textToHeaderValue(type)]];
}

function readKey(field: string | undefined, fileName: string): string {
  // Old browsers send the whole path.
  const name = fileName.replace(/^.*[\\/]/s, '');
  const key = (field ?? '').replaceAll('${filename}', () => name);
  if (isObjectKey(key)) return key;
  throw new ServiceError('InvalidObjectName', 'The specified object is not valid.', {
    details: { Key: key.slice(0, 1023) },
  });
}

function answerOf(
  record: ObjectRecord,
  call: ObjectCall,
  fields: ReadonlyMap<string, string>,
): Answer {
  const { bucket, key } = call.address;
  const headers = storedHeaders(record);
  const location = `/${bucket}/${encodeListed(key, 'url')}`;
  const redirect = readRedirect(fields.get('success_action_redirect'));
  if (redirect !== undefined) {
    redirect.searchParams.set('bucket', bucket);
    redirect.searchParams.set('key', key);
    redirect.searchParams.set('etag', `"${record.etag}"`);
    return emptyAnswer(303, { ...headers, location: redirect.href });
  }
  const status = fields.get('success_action_status');
  if (status !== '201') return emptyAnswer(status === '200' ? 200 : 204, headers);
  const answer = xmlAnswer([
    'PostResponse',
    [
      ['Bucket', bucket],
      ['Location', location],
      ['Key', key],
      ['ETag', `"${record.etag}"`],
    ],
  ]);
  return { ...answer, status: 201, headers: { ...answer.headers, ...headers, location } };
}

/** A place that cannot be gone to is ignored, as OSS does: the upload has succeeded. */
function readRedirect(text: string | undefined): URL | undefined {
  if (text === undefined || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
}
