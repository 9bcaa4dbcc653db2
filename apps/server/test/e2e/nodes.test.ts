/**
 * Two processes on one S3 store, behind nginx: what one was told the other acts on, at the latest when
 * the documented time of the settings' cache is over; and one of them killed in the middle of load.
 * @module
 */

import { once } from 'node:events';
import { join } from 'node:path';
import { signV1Header } from '@safelight/signing';
import { programPath } from '@safelight/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, namedBody } from '../soak/write-ledger.ts';
import { download } from './download.ts';
import { startNginx, type Nginx } from './nginx.ts';
import { type Client, clientOf } from './oss-forms.ts';
import {
  KEY_ID,
  SECRET,
  type ServerProcess,
  startProcess,
  temporaryFolder,
} from './server-process.ts';
import { s3Settings, sharedS3 } from './store-under-test.ts';

const program = programPath('nginx');

/** `SAFELIGHT_METADATA_MAX_AGE_MS`, as README.md has its default. */
const MAX_AGE_MS = 1000;
const BUCKET = 'shared';
const METRICS_TOKEN = 'count-the-renders';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let nodes: readonly ServerProcess[];
let nginx: Nginx;

describe.skipIf(program === undefined)('two nodes on one store (need nginx)', () => {
  beforeAll(async () => {
    folder = await temporaryFolder();
    const settings = s3Settings(await sharedS3(), 'nodes/');
    const start = (name: string): Promise<ServerProcess> =>
      startProcess({
        ...settings,
        SAFELIGHT_DATA: join(folder.path, name),
        SAFELIGHT_METRICS_TOKEN: METRICS_TOKEN,
      });
    nodes = await Promise.all(['one', 'two'].map(start));
    nginx = await startNginx(
      program ?? '',
      join(folder.path, 'nginx'),
      nodes.map(({ port }) => port),
    );
    await clientAt(nginx.port).putBucket(BUCKET, { acl: 'public-read' });
  }, 60_000);

  afterAll(async () => {
    await nginx?.stop();
    for (const node of nodes ?? []) await node.stop();
    await folder?.remove();
  });

  it('never answer with what another changed more than a second ago', async () => {
    const [one, two] = nginx.ports.map((port) => clientAt(port));
    const [small, large] = await Promise.all([picture('red', 100), picture('blue', 200)]);
    await one!.put('a.png', small);
    await putStyle(one!, 'image/resize,w_50');
    const raw = 'a.png';
    const styled = `${raw}?x-oss-process=style/s`;
    const resized = `${raw}?x-oss-process=image/resize,w_20`;
    const changes: readonly (readonly [number, string, string, () => Promise<unknown>])[] = [
      [1, raw, 'png 200x200 blue', () => one!.put('a.png', large)],
      [0, styled, 'png 50x50 red', () => two!.put('a.png', small)],
      [1, styled, 'png 60x60 red', () => putStyle(one!, 'image/resize,w_60')],
      [0, resized, '403', () => two!.putACL('a.png', 'private')],
      [1, resized, 'png 20x20 red', () => one!.putACL('a.png', 'public-read')],
      [0, styled, 'png 60x60 red', () => two!.putACL('a.png', 'default')],
      [1, styled, '403', () => one!.putBucketACL(BUCKET, 'private')],
      [0, raw, 'png 100x100 red', () => two!.putBucketACL(BUCKET, 'public-read')],
      [1, resized, '404', () => one!.delete('a.png')],
    ];
    for (const [reader, target, expected, change] of changes) {
      await expectSettled({ port: nginx.ports[reader]!, target, expected, change });
    }
  }, 120_000);

  it('forget what another was told to purge, a second later at the latest', async () => {
    const [one, two] = nodes as [ServerProcess, ServerProcess];
    const oss = clientAt(one.port);
    await oss.put('purged.png', await picture('red', 100));
    const url = (node: ServerProcess): string =>
      `${node.url}/${BUCKET}/purged.png?x-oss-process=image/resize,w_30`;
    for (const node of [one, two, two]) {
      expect(await describeAnswer(await download(url(node)))).toBe('png 30x30 red');
    }
    const before = await rendersOf(two);
    await purge(one, 'purged.png');
    await new Promise((resolve) => setTimeout(resolve, MAX_AGE_MS));
    expect(await describeAnswer(await download(url(two)))).toBe('png 30x30 red');
    expect(await rendersOf(two)).toBe(before + 1);
  }, 60_000);

  it('lose nothing acknowledged, and no request but those under way, when one is killed', async () => {
    const acknowledged = new Map<string, string>();
    const failedBeginsMs: number[] = [];
    let serial = 0;
    const done = new AbortController();
    const oss = clientAt(nginx.port);
    const work = async (): Promise<void> => {
      while (!done.signal.aborted) {
        const key = `load/${serial++}`;
        const body = namedBody(key, 1000 * (serial % 90) + 50);
        const beginMs = performance.now();
        try {
          await oss.put(key, body);
          acknowledged.set(key, contentOf(body));
        } catch {
          failedBeginsMs.push(beginMs);
        }
      }
    };
    const workers = Promise.all(Array.from({ length: 6 }, work));
    await reach(() => acknowledged.size >= 40);
    const { child } = nodes[0]!;
    const closed = once(child, 'close');
    child.kill('SIGKILL');
    await closed;
    const goneMs = performance.now();
    const before = acknowledged.size;
    await reach(() => acknowledged.size >= before + 40);
    done.abort();
    await workers;
    expect(failedBeginsMs.length).toBeLessThanOrEqual(6);
    expect(failedBeginsMs.filter((beginMs) => beginMs > goneMs)).toEqual([]);
    for (const [key, content] of acknowledged) {
      const { body } = await download(`http://127.0.0.1:${nginx.port}/${BUCKET}/${key}`);
      expect(contentOf(body), key).toBe(content);
    }
  }, 120_000);
});

function clientAt(port: number): Client {
  return clientOf(nodes[0]!, BUCKET, { endpoint: `http://127.0.0.1:${port}` });
}

/** As `safelight purge` does it. */
async function purge({ url }: ServerProcess, object: string): Promise<void> {
  const key = `cache/${BUCKET}/objects/${object}`;
  const target = `/-/${key}`;
  const { request } = signV1Header(
    { method: 'DELETE', target, headers: [], bucket: '-', key },
    { accessKeyId: KEY_ID, secret: SECRET, nowMs: Date.now() },
  );
  const headers = request.headers.map(([name, value]): [string, string] => [name, value]);
  const answer = await fetch(url + target, { method: 'DELETE', headers });
  expect(answer.status).toBe(200);
}

/** How many results it has rendered. */
async function rendersOf({ url }: ServerProcess): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const { body } = await download(`${url}/-/metrics`, { headers });
  return Number(/safelight_results_total\{origin="render"\} (\d+)/.exec(body.toString())?.[1]);
}

function putStyle(oss: Client, chain: string): Promise<unknown> {
  const content = `<Style><Content>${chain}</Content></Style>`;
  const subres = { style: '', styleName: 's' };
  return oss.request({ method: 'PUT', bucket: BUCKET, subres, content, successStatuses: [200] });
}

/** Strangers ask all the time, before the change and after it, until its time is over. */
async function expectSettled(trial: {
  readonly port: number;
  readonly target: string;
  readonly expected: string;
  readonly change: () => Promise<unknown>;
}): Promise<void> {
  const url = `http://127.0.0.1:${trial.port}/${BUCKET}/${trial.target}`;
  const before = describeAnswer(await download(url));
  await trial.change();
  const dueMs = performance.now() + MAX_AGE_MS;
  const seen = new Set<string>();
  for (;;) {
    const beginMs = performance.now();
    const answer = await describeAnswer(await download(url));
    if (beginMs >= dueMs) {
      expect(answer, trial.target).toBe(trial.expected);
      break;
    }
    seen.add(answer);
  }
  // In between it is the one or the other, never a mixture.
  const known = new Set([await before, trial.expected]);
  expect([...seen].filter((answer) => !known.has(answer))).toEqual([]);
}

/** Format, size and colour of a picture, or the status. */
async function describeAnswer({
  status,
  body,
}: Awaited<ReturnType<typeof download>>): Promise<string> {
  if (status !== 200) return String(status);
  const { data, info } = await sharp(body).raw().toBuffer({ resolveWithObject: true });
  const { format } = await sharp(body).metadata();
  return `${format} ${info.width}x${info.height} ${(data[0] ?? 0) > (data[2] ?? 0) ? 'red' : 'blue'}`;
}

function picture(background: string, side: number): Promise<Buffer> {
  return sharp({ create: { width: side, height: side, channels: 3, background } })
    .png()
    .toBuffer();
}

async function reach(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setTimeout(resolve, 10));
}
