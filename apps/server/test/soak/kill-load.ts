/**
 * What a service is busy with when it is killed: puts, uploads in parts and deletes of keys that each
 * writer has for itself, pictures that are replaced, and renders that fill the cache. Easily got
 * wrong: a failure counts as the kill's only when the kill was sent before it.
 * @module
 */

import { createSafelight, type Safelight } from 'safelight';
import { download } from '../e2e/download.ts';
import { type Client, clientOf } from '../e2e/oss-forms.ts';
import type { ServerProcess } from '../e2e/server-process.ts';
import { ABSENT, contentOf, isNamedBody, namedBody, type WriteLedger } from './write-ledger.ts';

export const BUCKET = 'kill-bucket';
export const WRITERS = 3;

const PICTURE = 'picture.jpg';
const KEYS = 6;
const MAX_RECENT = 6;
const PART_BYTES = 100 * 1024;
const MAX_BODY_BYTES = 200_000;

export interface Load {
  readonly server: ServerProcess;
  readonly ledger: WriteLedger;
  readonly random: () => number;
  readonly pictures: Pictures;
  readonly counts: Record<Kind, number>;
  /** Chains of the latest results, by which a later process may find them on its disk. */
  readonly recent: string[];
  /** Set just before the kill. */
  isKilled: boolean;
}

export type Kind = 'put' | 'upload' | 'delete' | 'picture' | 'render' | 'read';

/** Two pictures that take turns under one key, and what results of them must be. */
export class Pictures {
  readonly sources: readonly Buffer[];
  readonly #safelight: Safelight;
  readonly #expected = new Map<string, Buffer>();

  private constructor(safelight: Safelight, sources: readonly Buffer[]) {
    this.#safelight = safelight;
    this.sources = sources;
  }

  static async create(sources: readonly Buffer[]): Promise<Pictures> {
    return new Pictures(await createSafelight(), sources);
  }

  async isResult(source: number, chain: string, result: Buffer): Promise<boolean> {
    const id = `${source} ${chain}`;
    let expected = this.#expected.get(id);
    if (expected === undefined) {
      const { bytes } = await this.#safelight.render(this.sources[source]!, chain);
      expected = Buffer.from(bytes);
      this.#expected.set(id, expected);
    }
    return expected.equals(result);
  }
}

/** Goes on until the service is gone. Rejects for an answer that is wrong. */
export async function runLoad(load: Load): Promise<void> {
  const oss = clientOf(load.server, BUCKET, { endpoint: `http://127.0.0.1:${load.server.port}` });
  const writers = Array.from({ length: WRITERS }, (_, writer) =>
    untilKilled(load, () => write(load, oss, writer)),
  );
  await Promise.all([
    ...writers,
    untilKilled(load, () => replacePicture(load, oss)),
    untilKilled(load, () => readAny(load)),
  ]);
}

async function untilKilled(load: Load, step: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await step();
    } catch (error) {
      if (!load.isKilled || error instanceof WrongAnswer) throw error;
    }
    if (load.isKilled) return;
  }
}

/** Never the kill's fault. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

let serial = 0;

async function write(load: Load, oss: Client, writer: number): Promise<void> {
  const { ledger, random, counts } = load;
  const key = keyOf(writer, Math.floor(random() * KEYS));
  const choice = random();
  const kind: Kind = choice < 0.5 ? 'put' : choice < 0.85 ? 'upload' : 'delete';
  if (kind === 'delete') {
    ledger.begin(key, ABSENT);
    await oss.delete(key);
    ledger.acknowledge(key, ABSENT);
  } else {
    const body = namedBody(`w${writer} ${serial++}`, 30 + Math.floor(random() * MAX_BODY_BYTES));
    ledger.begin(key, contentOf(body));
    await (kind === 'put' ? oss.put(key, body) : uploadInParts(oss, key, body));
    ledger.acknowledge(key, contentOf(body));
  }
  counts[kind]++;
}

async function uploadInParts(oss: Client, key: string, body: Buffer): Promise<void> {
  const { uploadId } = await oss.initMultipartUpload(key);
  const count = Math.max(1, Math.ceil(body.byteLength / PART_BYTES));
  const parts = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const [from, to] = [index * PART_BYTES, (index + 1) * PART_BYTES];
      const end = Math.min(to, body.byteLength);
      const { res } = await oss.uploadPart(key, uploadId, index + 1, body, from, end);
      return { number: index + 1, etag: res.headers['etag'] };
    }),
  );
  await oss.completeMultipartUpload(key, uploadId, parts);
}

/** Stores the other picture and asks for results, which must be of that one. */
async function replacePicture(load: Load, oss: Client): Promise<void> {
  const { pictures, ledger, random, counts, server } = load;
  const source = Math.floor(random() * pictures.sources.length);
  const body = pictures.sources[source]!;
  ledger.begin(PICTURE, contentOf(body));
  await oss.put(PICTURE, body);
  ledger.acknowledge(PICTURE, contentOf(body));
  counts.picture++;
  for (let i = 0; i < 4; i++) {
    const chain = randomChain(random);
    load.recent.unshift(chain);
    load.recent.length = Math.min(load.recent.length, MAX_RECENT);
    await expectResult(server, pictures, source, chain);
    counts.render++;
  }
}

function randomChain(random: () => number): string {
  const width = 10 + Math.floor(random() * 150);
  return `image/resize,w_${width}/quality,q_${60 + Math.floor(random() * 30)}`;
}

/** The result for this source. Throws `WrongAnswer`. */
async function expectResult(
  server: ServerProcess,
  pictures: Pictures,
  source: number,
  chain: string,
): Promise<void> {
  const url = `http://127.0.0.1:${server.port}/${BUCKET}/${PICTURE}?x-oss-process=${chain}`;
  const { status, body } = await download(url);
  if (status !== 200) throw new WrongAnswer(`${chain}: expected status 200, got ${status}`);
  if (await pictures.isResult(source, chain, body)) return;
  throw new WrongAnswer(`${chain}: expected the picture's result, got ${body.byteLength} bytes`);
}

/** Whatever is read while others write is whole. */
async function readAny({ server, random, counts }: Load): Promise<void> {
  const key = keyOf(Math.floor(random() * WRITERS), Math.floor(random() * KEYS));
  const { status, body } = await download(`http://127.0.0.1:${server.port}/${BUCKET}/${key}`);
  if (status !== 200 && status !== 404) throw new WrongAnswer(`${key}: got status ${status}`);
  if (status === 200 && !isNamedBody(body)) throw new WrongAnswer(`${key}: a torn body`);
  counts.read++;
}

/** Once more the latest results, of the picture that is there after a kill, whichever that is. */
export async function expectSomeResult(load: Load): Promise<void> {
  const present = await download(`http://127.0.0.1:${load.server.port}/${BUCKET}/${PICTURE}`);
  if (present.status === 404) return;
  const source = load.pictures.sources.findIndex((bytes) => bytes.equals(present.body));
  if (source < 0) throw new WrongAnswer('the picture: expected one of two, got another');
  for (const chain of load.recent) await expectResult(load.server, load.pictures, source, chain);
}

function keyOf(writer: number, index: number): string {
  return `w${writer}/k${index}`;
}
