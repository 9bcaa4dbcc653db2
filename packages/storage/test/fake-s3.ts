/**
 * A FAKE store that speaks the part of the S3 protocol the driver uses, in memory. It is here for what
 * real servers that run in a test do not offer: conditional writes, and failures on demand. It checks
 * no signature. Easily got wrong: S3 sorts names by their bytes, and cuts ranges that leave the object.
 * @module
 */

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { compareKeys } from '../src/key-index.ts';

interface FakeObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly modified: Date;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What becomes of a request: `fail` answers 500, `drop` cuts the connection, both before or after it is
 * done; `hang` never answers.
 */
export type Fault = 'fail-before' | 'fail-after' | 'drop-before' | 'drop-after' | 'hang';

export interface OpenUpload {
  /** Of the object to come. */
  readonly name: string;
  /** Of the parts that came, in bytes. */
  readonly size: number;
}

export interface FakeS3 {
  readonly endpoint: string;
  readonly bucket: string;
  /** Any would do. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Asked for every request. */
  setFaults(choose: (method: string, name: string) => Fault | undefined): void;
  names(): string[];
  /** Of uploads that were begun and not ended. */
  openUploads(): OpenUpload[];
  close(): Promise<void>;
}

export async function startFakeS3(): Promise<FakeS3> {
  const store = new FakeStore();
  const server = createServer((request, response) => {
    store.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket: 'fake',
    accessKeyId: 'any',
    secretAccessKey: 'any',
    setFaults(choose): void {
      store.faults = choose;
    },
    names: () => store.sorted(),
    openUploads: () => store.openUploads(),
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((done) => server.close(() => done()));
}

interface Call {
  readonly method: string;
  readonly name: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

interface FakeUpload {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  bytes: Buffer;
}

class FakeStore {
  faults: (method: string, name: string) => Fault | undefined = () => undefined;
  readonly #objects = new Map<string, FakeObject>();
  readonly #uploads = new Map<string, FakeUpload>();

  sorted(): string[] {
    return [...this.#objects.keys()].toSorted(compareKeys);
  }

  openUploads(): OpenUpload[] {
    return [...this.#uploads.values()].map(({ name, bytes }) => ({ name, size: bytes.byteLength }));
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const name = decodeURIComponent(path.slice('/fake/'.length));
    const { method = '' } = request;
    const fault = this.faults(method, name);
    if (fault === 'hang') return;
    if (fault === 'drop-before') return void request.socket.destroy();
    if (fault === 'fail-before') return send(response, failure(500, 'InternalError'));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = request.headers as Record<string, string | undefined>;
    const body = Buffer.concat(chunks);
    const answer = this.#run({ method, name, query: new URLSearchParams(query), headers, body });
    if (fault === 'drop-after') return void request.socket.destroy();
    send(response, fault === 'fail-after' ? failure(500, 'InternalError') : answer);
  }

  #run(call: Call): Answer {
    if (call.name === '') return this.#list(call.query);
    if (call.query.has('uploads')) return this.#beginUpload(call);
    if (call.query.has('uploadId')) return this.#continueUpload(call);
    if (call.method === 'PUT') return this.#put(call);
    if (call.method === 'DELETE') {
      this.#objects.delete(call.name);
      return { status: 204 };
    }
    return this.#get(call);
  }

  #put(call: Call): Answer {
    const source = call.headers['x-amz-copy-source'];
    if (source !== undefined) return this.#copy(call, source);
    const { etag, conflict } = this.#store(call, call.body, storedHeaders(call.headers));
    return conflict ?? { status: 200, headers: { etag } };
  }

  #store(
    call: Call,
    bytes: Buffer,
    headers: Readonly<Record<string, string>>,
    suffix = '',
  ): { etag: string; conflict?: Answer } {
    const old = this.#objects.get(call.name);
    const match = call.headers['if-match'];
    const isRefused =
      (call.headers['if-none-match'] === '*' && old !== undefined) ||
      (match !== undefined && match !== old?.etag);
    const conflict = { conflict: failure(412, 'PreconditionFailed') };
    const etag = `"${createHash('md5').update(bytes).digest('hex')}${suffix}"`;
    if (isRefused) return { etag, ...conflict };
    this.#objects.set(call.name, { bytes, etag, modified: new Date(), headers });
    return { etag };
  }

  #copy(call: Call, path: string): Answer {
    const source = this.#objects.get(decodeURIComponent(path).slice('fake/'.length));
    if (source === undefined) return failure(404, 'NoSuchKey');
    const match = call.headers['x-amz-copy-source-if-match'];
    if (match !== undefined && match !== source.etag) return failure(412, 'PreconditionFailed');
    const { etag } = this.#store(call, source.bytes, storedHeaders(call.headers));
    return xml(`<CopyObjectResult><ETag>${escape(etag)}</ETag></CopyObjectResult>`);
  }

  #get(call: Call): Answer {
    const found = this.#objects.get(call.name);
    if (found === undefined) return failure(404, 'NoSuchKey');
    const { bytes, etag, modified } = found;
    const headers = { ...found.headers, etag, 'last-modified': modified.toUTCString() };
    const range = /^bytes=(\d+)-(\d+)$/.exec(call.headers['range'] ?? '');
    if (range === null) {
      const size = { 'content-length': String(bytes.byteLength) };
      return { status: 200, headers: { ...headers, ...size }, body: bytes };
    }
    const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.byteLength - 1)];
    if (from >= bytes.byteLength) return failure(416, 'InvalidRange');
    const shown = { 'content-range': `bytes ${from}-${to}/${bytes.byteLength}` };
    return { status: 206, headers: { ...headers, ...shown }, body: bytes.subarray(from, to + 1) };
  }

  #beginUpload(call: Call): Answer {
    const id = randomUUID();
    const { name, headers } = call;
    this.#uploads.set(id, { name, headers: storedHeaders(headers), bytes: Buffer.alloc(0) });
    const body = `<UploadId>${id}</UploadId>`;
    return xml(`<InitiateMultipartUploadResult>${body}</InitiateMultipartUploadResult>`);
  }

  /** Uploads of one part, as the driver makes them. */
  #continueUpload(call: Call): Answer {
    const id = call.query.get('uploadId') ?? '';
    const upload = this.#uploads.get(id);
    if (upload === undefined) return failure(404, 'NoSuchUpload');
    if (call.method === 'PUT') {
      upload.bytes = call.body;
      return { status: 200, headers: { etag: '"part"' } };
    }
    this.#uploads.delete(id);
    if (call.method === 'DELETE') return { status: 204 };
    const { etag, conflict } = this.#store(call, upload.bytes, upload.headers, '-1');
    const body = `<ETag>${escape(etag)}</ETag>`;
    return (
      conflict ?? xml(`<CompleteMultipartUploadResult>${body}</CompleteMultipartUploadResult>`)
    );
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const after = query.get('start-after') ?? '';
    const max = Number(query.get('max-keys') ?? 1000);
    const lines = new Map<string, string>();
    let isTruncated = false;
    for (const name of this.sorted()) {
      if (!name.startsWith(prefix) || compareKeys(name, after) <= 0) continue;
      const at = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
      const group = at < 0 ? undefined : name.slice(0, at + delimiter.length);
      isTruncated = lines.size >= max && !lines.has(group ?? name);
      if (isTruncated) break;
      lines.set(group ?? name, group === undefined ? this.#line(name) : commonPrefix(group));
    }
    const body = `<EncodingType>url</EncodingType><IsTruncated>${isTruncated}</IsTruncated>`;
    return xml(`<ListBucketResult>${body}${[...lines.values()].join('')}</ListBucketResult>`);
  }

  #line(name: string): string {
    const { etag, bytes, modified } = this.#objects.get(name)!;
    return (
      `<Contents><Key>${encodeURIComponent(name)}</Key><ETag>${escape(etag)}</ETag>` +
      `<Size>${bytes.byteLength}</Size><LastModified>${modified.toISOString()}</LastModified></Contents>`
    );
  }
}

function commonPrefix(name: string): string {
  return `<CommonPrefixes><Prefix>${encodeURIComponent(name)}</Prefix></CommonPrefixes>`;
}

function storedHeaders(headers: Call['headers']): Record<string, string> {
  const stored = Object.entries(headers).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (entry[0].startsWith('x-amz-meta-') || entry[0] === 'content-type'),
  );
  return Object.fromEntries(stored);
}

function xml(body: string): Answer {
  const text = `<?xml version="1.0" encoding="UTF-8"?>${body}`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: text };
}

function failure(status: number, code: string): Answer {
  return { ...xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`), status };
}

function escape(text: string): string {
  return text.replaceAll('"', '&quot;');
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  response.writeHead(status, headers);
  response.end(response.req.method === 'HEAD' ? '' : body);
}
