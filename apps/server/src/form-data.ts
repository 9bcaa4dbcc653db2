/**
 * `multipart/form-data` (RFC 7578) as it streams in: all fields before the file, then the file's bytes.
 * Easily got wrong: a boundary may be cut anywhere between two chunks, and a file that ends without one
 * was cut off.
 * @module
 */

import { headerValueToBytes } from '@safelight/signing';
import { ServiceError } from './service-error.ts';

export interface UploadForm {
  /** Fields before the file, by the order they came in; names as written. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly fileName: string;
  /** The file part's own Content-Type. */
  readonly contentType: string | undefined;
  /** To be read once; throws `IncompleteBody` when the form ends too early. */
  readonly file: AsyncIterable<Uint8Array>;
}

/** Bytes of all fields, and of the head of one part. */
const MAX_FIELDS_BYTES = 512 * 1024;
const MAX_HEAD_BYTES = 16 * 1024;
const MAX_FIELDS = 200;

/** Bytes after the file: other fields, which do not count, and the end. */
const MAX_REST_BYTES = 64 * 1024;

const CRLF = '\r\n';

/**
 * Reads up to the file.
 * @throws ServiceError `InvalidRequest`, `IncompleteBody`, `EntityTooLarge`
 */
export async function readUploadForm(
  contentType: string,
  body: AsyncIterable<Uint8Array>,
): Promise<UploadForm> {
  const reader = new ByteReader(body);
  const boundary = toBytes(`${CRLF}--${readBoundary(contentType)}`);
  // What stands before the first boundary is no part; the boundary itself may be the very start.
  reader.unread(toBytes(CRLF));
  await collect(reader.until(boundary), MAX_HEAD_BYTES);
  const fields: [string, string][] = [];
  let bytes = 0;
  while (!(await isEnd(reader))) {
    const head = readHead(await collect(reader.until(toBytes(CRLF + CRLF)), MAX_HEAD_BYTES));
    if (head.name.toLowerCase() === 'file') {
      const { fileName, contentType: type } = head;
      return { fields, fileName, contentType: type, file: fileBytes(reader, boundary) };
    }
    const value = await collect(reader.until(boundary), MAX_FIELDS_BYTES - bytes);
    bytes += value.byteLength;
    fields.push([head.name, new TextDecoder().decode(value)]);
    if (fields.length > MAX_FIELDS) throw malformed(`more than ${MAX_FIELDS} fields`);
  }
  throw malformed('no file');
}

async function* fileBytes(reader: ByteReader, boundary: Uint8Array): AsyncGenerator<Uint8Array> {
  yield* reader.until(boundary);
  let rest = 0;
  for await (const chunk of reader.rest()) {
    rest += chunk.byteLength;
    if (rest > MAX_REST_BYTES) throw malformed('too much after the file');
  }
}

/** After a boundary stands a line break, or two hyphens at the end of all. */
async function isEnd(reader: ByteReader): Promise<boolean> {
  const line = toText(await collect(reader.until(toBytes(CRLF)), MAX_HEAD_BYTES));
  if (line.trim() === '') return false;
  if (line.startsWith('--')) return true;
  throw malformed('a boundary that goes on');
}

interface PartHead {
  readonly name: string;
  readonly fileName: string;
  readonly contentType: string | undefined;
}

function readHead(bytes: Uint8Array): PartHead {
  const lines = new TextDecoder().decode(bytes).split(CRLF);
  const header = (name: string): string | undefined =>
    lines
      .find((line) => line.toLowerCase().startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  const disposition = header('content-disposition') ?? '';
  const name = dispositionParameter(disposition, 'name');
  if (name === undefined) throw malformed('a part without a name');
  const fileName = dispositionParameter(disposition, 'filename') ?? '';
  return { name, fileName, contentType: header('content-type') };
}

/** Browsers write a quote in a name as `%22` (HTML, 4.10.21.8), so nothing is unescaped. */
function dispositionParameter(disposition: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"([^"]*)"|([^;"\\s]*))`, 'i').exec(disposition);
  return match?.[1] ?? match?.[2];
}

function readBoundary(contentType: string): string {
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^;"\s]{1,70}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw malformed('no boundary');
  return boundary;
}

/** Bytes of a body, taken up to marks. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);

  constructor(body: AsyncIterable<Uint8Array>) {
    this.#source = body[Symbol.asyncIterator]();
  }

  /** Puts bytes before all others. */
  unread(bytes: Uint8Array): void {
    this.#held = join(bytes, this.#held);
  }

  /** All bytes before the next mark, which is taken too. Throws `IncompleteBody` without one. */
  async *until(mark: Uint8Array): AsyncGenerator<Uint8Array> {
    for (;;) {
      const at = indexOf(this.#held, mark);
      if (at >= 0) {
        const before = this.#held.subarray(0, at);
        this.#held = this.#held.subarray(at + mark.length);
        if (before.length > 0) yield before;
        return;
      }
      // What is no start of a mark can go; the rest waits for the next chunk.
      const keep = Math.min(this.#held.length, mark.length - 1);
      const ready = this.#held.subarray(0, this.#held.length - keep);
      this.#held = this.#held.subarray(ready.length);
      if (ready.length > 0) yield ready;
      const { done, value } = await this.#source.next();
      if (done === true) {
        throw new ServiceError('IncompleteBody', 'The form ended before its last boundary.');
      }
      this.#held = join(this.#held, value);
    }
  }

  async *rest(): AsyncGenerator<Uint8Array> {
    yield this.#held;
    for (;;) {
      const { done, value } = await this.#source.next();
      if (done === true) return;
      yield value;
    }
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array(0);
  for await (const piece of pieces) {
    bytes = join(bytes, piece);
    if (bytes.length > maxBytes) {
      throw new ServiceError('EntityTooLarge', 'The fields of the form are too large.');
    }
  }
  return bytes;
}

/** Looks for the first byte natively, which skips most of a file quickly. */
function indexOf(bytes: Uint8Array, mark: Uint8Array): number {
  const first = mark[0] ?? 0;
  const last = bytes.length - mark.length;
  for (let at = bytes.indexOf(first); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let i = 1;
    while (i < mark.length && bytes[at + i] === mark[i]) i++;
    if (i === mark.length) return at;
  }
  return -1;
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}

/** Of header text, one byte a character. */
function toBytes(text: string): Uint8Array {
  return headerValueToBytes(text);
}

function toText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, MAX_HEAD_BYTES));
}

function malformed(what: string): ServiceError {
  return new ServiceError('InvalidRequest', `multipart/form-data: expected a form, got ${what}.`);
}
