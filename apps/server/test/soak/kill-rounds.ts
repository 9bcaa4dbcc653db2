/**
 * Rounds of starting the built service on one store, keeping it busy, killing it at a random moment,
 * and holding what is left to what it had acknowledged. For the few rounds of every test run and for
 * the many of `pnpm soak:kill`.
 * @module
 */

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomFrom } from '@safelight/testkit';
import sharp from 'sharp';
import { expect } from 'vitest';
import { download } from '../e2e/download.ts';
import { type Client, clientOf } from '../e2e/oss-forms.ts';
import { type ServerProcess, startProcess } from '../e2e/server-process.ts';
import { BUCKET, expectSomeResult, type Kind, type Load, Pictures, runLoad } from './kill-load.ts';
import { ABSENT, contentOf, isNamedBody, WriteLedger } from './write-ledger.ts';

export interface KillReport {
  rounds: number;
  /** What was answered before the kills. */
  readonly counts: Record<Kind, number>;
  /** Writes under way at a kill, by what became of them. */
  lost: number;
  kept: number;
  /** Uploads that a kill left open, then aborted. */
  openUploads: number;
  /** Results that came from the disk after a kill. */
  fromDisk: number;
}

/** Where the killed service keeps its objects, and what must be true of it after a kill. */
export interface KilledStore {
  readonly settings: Readonly<Record<string, string>>;
  /** A kill comes so long after the first answer, at most: writes under way then must get somewhere. */
  readonly maxLoadMs: number;
  /** After a start, when nothing has been written since. */
  expectSwept(): Promise<void>;
  /** These keys have data, and nothing else has. All uploads were ended. */
  expectObjects(keys: readonly string[]): Promise<void>;
}

const METRICS_TOKEN = 'count-the-hits';

export async function runKillRounds(
  folder: string,
  options: { readonly rounds: number; readonly seed: number; readonly store: KilledStore },
): Promise<KillReport> {
  const random = randomFrom(options.seed);
  const ledger = new WriteLedger();
  const pictures = await Pictures.create(await Promise.all([1, 2].map(makePicture)));
  const recent: string[] = [];
  const counts = { put: 0, upload: 0, delete: 0, picture: 0, render: 0, read: 0 };
  const report = { rounds: 0, counts, lost: 0, kept: 0, openUploads: 0, fromDisk: 0 };
  for (; report.rounds <= options.rounds; report.rounds++) {
    const server = await startProcess({
      ...options.store.settings,
      SAFELIGHT_DATA: folder,
      SAFELIGHT_DEMO: '0',
      SAFELIGHT_METRICS_TOKEN: METRICS_TOKEN,
    });
    const load: Load = { server, ledger, random, pictures, counts, recent, isKilled: false };
    try {
      await expectAllKept(load, options.store, report);
      if (report.rounds === options.rounds) break;
      const running = runLoad(load);
      await Promise.race([running, untilMidst(load, options.store.maxLoadMs)]);
      load.isKilled = true;
      await kill(server);
      await running;
    } finally {
      load.isKilled = true;
      await kill(server);
    }
  }
  return report;
}

/** A random moment after the first answer, which a busy machine may be long in giving. */
async function untilMidst(load: Load, maxMs: number): Promise<void> {
  const sum = (): number => Object.values(load.counts).reduce((a, b) => a + b);
  const before = sum();
  while (sum() === before && !load.isKilled) await sleep(1);
  await sleep(load.random() * maxMs);
}

async function kill({ child }: ServerProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

async function expectAllKept(load: Load, store: KilledStore, report: KillReport): Promise<void> {
  const { server, ledger } = load;
  const oss = clientOf(server, BUCKET, { endpoint: `http://127.0.0.1:${server.port}` });
  await store.expectSwept();
  await oss.putBucket(BUCKET, { acl: 'public-read' });
  for (const key of ledger.keys()) {
    const found = await contentAt(load, key);
    const acknowledged = ledger.acknowledged(key);
    if (found !== acknowledged) {
      expect(ledger.wasUnderWay(key, found), `${key}: neither acknowledged nor begun`).toBe(true);
      report.kept++;
    } else if (ledger.hasUnderWay(key)) report.lost++;
    // What was seen once must stay.
    ledger.acknowledge(key, found);
  }
  await expectSomeResult(load);
  report.openUploads += await endUploads(oss);
  const objects = ledger.keys().filter((key) => ledger.acknowledged(key) !== ABSENT);
  const listed = await oss.list({ 'max-keys': 1000 }, {});
  const names = ((listed['objects'] ?? []) as readonly { readonly name: string }[]).map(
    ({ name }) => name,
  );
  expect(names.toSorted()).toEqual(objects.toSorted());
  await store.expectObjects(objects);
  report.fromDisk += await countFromDisk(server);
}

async function contentAt({ server, pictures }: Load, key: string): Promise<string> {
  const url = `http://127.0.0.1:${server.port}/${BUCKET}/${key}`;
  const { status, body } = await download(url);
  if (status === 404) return ABSENT;
  expect(status, key).toBe(200);
  const isWhole = isNamedBody(body) || pictures.sources.some((source) => source.equals(body));
  expect(isWhole, `${key}: whole`).toBe(true);
  return contentOf(body);
}

async function countFromDisk({ port }: ServerProcess): Promise<number> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
  const { body } = await download(`http://127.0.0.1:${port}/-/metrics`, { headers });
  return Number(/safelight_results_total\{origin="disk"\} (\d+)/.exec(body.toString())?.[1] ?? 0);
}

/** What was cut off is listed and can be ended. */
async function endUploads(oss: Client): Promise<number> {
  const listed = await oss.listUploads({});
  const uploads = listed['uploads'] as readonly { name: string; uploadId: string }[];
  for (const { name, uploadId } of uploads) await oss.abortMultipartUpload(name, uploadId);
  expect((await oss.listUploads({}))['uploads']).toEqual([]);
  return uploads.length;
}

/** 200 by 150 pixels of noise from a seed, so that no two widths look alike. */
function makePicture(seed: number): Promise<Buffer> {
  const random = randomFrom(seed);
  const raw = { width: 200, height: 150, channels: 3 } as const;
  const pixels = Uint8Array.from({ length: 200 * 150 * 3 }, () => Math.floor(random() * 256));
  return sharp(pixels, { raw }).blur(3).jpeg().toBuffer();
}
