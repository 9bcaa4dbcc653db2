/**
 * The service at twice its capacity, with image bombs among the requests: does it stay up, refuse what
 * it cannot do, and go on doing what it can. Easily got wrong: requests leave at a fixed rate whatever
 * the answers do; a client that waits for answers slows down with the server and overloads nothing.
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { distinctAsk } from '../load/load-case.ts';
import { safelightServer } from '../load/servers.ts';
import type { ServerProcess } from '../load/server-process.ts';

export interface SoakOptions {
  /** A JPEG; small for a short form. */
  readonly source: Uint8Array;
  readonly folder: string;
  /** How long the peak is looked for, ms. */
  readonly peakMs: number;
  /** How long the overload lasts, ms. */
  readonly overloadMs: number;
  readonly connections: number;
}

export interface SoakResult {
  /** Pictures a second that a closed loop got. */
  readonly peakPerSec: number;
  readonly sentPerSec: number;
  /** Pictures a second under overload. */
  readonly goodputPerSec: number;
  readonly served: number;
  readonly shed: number;
  /** Answers to pictures that were neither a picture nor 503, and broken connections. */
  readonly failed: number;
  readonly shedP50Ms: number;
  readonly shedP99Ms: number;
  readonly servedP99Ms: number;
  readonly bombs: number;
  /** Bombs that were answered with anything but 4xx or 503. */
  readonly bombsMissed: number;
  /** Resident, undefined off Linux. */
  readonly peakMb: number | undefined;
  /** Whether a picture came after all of that. */
  readonly isAlive: boolean;
}

/** How much more is sent than the peak. */
const OVERLOAD = 2;

/** Of so many requests one is a bomb. */
const BOMB_EVERY = 10;

const PICTURES = 16;
const TICK_MS = 10;

interface Answer {
  readonly status: number;
  readonly ms: number;
}

export async function soakLoad(options: SoakOptions): Promise<SoakResult> {
  const { folder, source, peakMs, overloadMs, connections } = options;
  mkdirSync(folder, { recursive: true });
  const pictures = Array.from({ length: PICTURES }, (_, i) => `photo-${i}.jpg`);
  for (const name of pictures) writeFileSync(join(folder, name), source);
  const bombs = writeBombs(folder);
  const server = await safelightServer.start(folder, [...pictures, ...bombs]);
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  let n = 0;
  const nextPath = (): string => safelightServer.pathOf(distinctAsk(n++, pictures));
  const bombPath = (): string =>
    safelightServer.pathOf({
      picture: bombs[n % bombs.length] ?? '',
      width: 1 + n,
      qualityPercent: 80,
    });
  const ask = (path: string): Promise<Answer> => askOnce(agent, server, path);
  try {
    await closedLoop(ask, nextPath, connections, peakMs / 4);
    const peak = await closedLoop(ask, nextPath, connections, peakMs);
    const ratePerSec = Math.max(10, OVERLOAD * peak);
    const { asked, bombed, elapsedMs } = await openLoop(
      { ask, nextPath, bombPath },
      ratePerSec,
      overloadMs,
    );
    const after = await ask(nextPath());
    return summarize({ peak, asked, bombed, elapsedMs, after, peakMb: server.usage()?.peakMb });
  } finally {
    agent.destroy();
    await server.stop();
  }
}

/** Files whose headers promise more than anyone has, or whose bytes are not what they say. */
function writeBombs(folder: string): readonly string[] {
  const names = ['bomb.png', 'broken.jpg', 'huge.bmp'];
  const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const size = Buffer.from('0000ea600000ea600802000000', 'hex');
  // 60,000 x 60,000; the checksum is right, so that the size is what refuses it.
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(Buffer.concat([png.subarray(12), size])));
  writeFileSync(join(folder, 'bomb.png'), Buffer.concat([png, size, crc]));
  writeFileSync(join(folder, 'broken.jpg'), Buffer.from('ffd8ffe000104a46494600', 'hex'));
  const bmp = Buffer.alloc(64);
  bmp.write('BM', 0, 'latin1');
  bmp.writeUInt32LE(40, 14);
  bmp.writeInt32LE(65_000, 18);
  bmp.writeInt32LE(65_000, 22);
  bmp.writeUInt16LE(24, 28);
  writeFileSync(join(folder, 'huge.bmp'), bmp);
  return names;
}

/** CRC-32 of PNG (ISO 3309). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** Each connection asks again when it has its answer. @returns pictures a second */
async function closedLoop(
  ask: (path: string) => Promise<Answer>,
  nextPath: () => string,
  connections: number,
  spanMs: number,
): Promise<number> {
  const startMs = performance.now();
  let served = 0;
  const askOn = async (): Promise<void> => {
    while (performance.now() - startMs < spanMs) {
      const { status } = await ask(nextPath());
      if (status === 200) served++;
    }
  };
  await Promise.all(Array.from({ length: connections }, askOn));
  return (served * 1000) / (performance.now() - startMs);
}

interface Outcome {
  readonly asked: readonly Answer[];
  readonly bombed: readonly Answer[];
  /** Until the last request left. */
  readonly elapsedMs: number;
}

/** Requests leave at a rate, whatever comes back. */
async function openLoop(
  paths: {
    readonly ask: (path: string) => Promise<Answer>;
    readonly nextPath: () => string;
    readonly bombPath: () => string;
  },
  ratePerSec: number,
  spanMs: number,
): Promise<Outcome> {
  const asked: Promise<Answer>[] = [];
  const bombed: Promise<Answer>[] = [];
  const startMs = performance.now();
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs >= spanMs) {
      return { asked: await Promise.all(asked), bombed: await Promise.all(bombed), elapsedMs };
    }
    while (asked.length < (elapsedMs * ratePerSec) / 1000) {
      asked.push(paths.ask(paths.nextPath()));
      if (asked.length % BOMB_EVERY === 0) bombed.push(paths.ask(paths.bombPath()));
    }
    await sleep(TICK_MS);
  }
}

/** Status 0 is a connection that broke. */
function askOnce(agent: Agent, { url }: ServerProcess, path: string): Promise<Answer> {
  const startMs = performance.now();
  return new Promise((resolve) => {
    const end = (status: number): void => resolve({ status, ms: performance.now() - startMs });
    const asked = request(url + path, { agent }, (answer) => {
      answer.resume();
      answer.on('end', () => end(answer.statusCode ?? 0));
      answer.on('error', () => end(0));
    });
    asked.on('error', () => end(0));
    asked.end();
  });
}

function summarize(run: {
  readonly peak: number;
  readonly asked: readonly Answer[];
  readonly bombed: readonly Answer[];
  readonly elapsedMs: number;
  readonly after: Answer;
  readonly peakMb: number | undefined;
}): SoakResult {
  const { asked, bombed, elapsedMs } = run;
  const perSec = (count: number): number => (count * 1000) / elapsedMs;
  const served = asked.filter(({ status }) => status === 200);
  const shed = asked.filter(({ status }) => status === 503);
  const isRefused = ({ status }: Answer): boolean =>
    (status >= 400 && status < 500) || status === 503;
  return {
    peakPerSec: run.peak,
    sentPerSec: perSec(asked.length),
    goodputPerSec: perSec(served.length),
    served: served.length,
    shed: shed.length,
    failed: asked.length - served.length - shed.length,
    shedP50Ms: percentile(shed, 0.5),
    shedP99Ms: percentile(shed, 0.99),
    servedP99Ms: percentile(served, 0.99),
    bombs: bombed.length,
    bombsMissed: bombed.filter((answer) => !isRefused(answer)).length,
    peakMb: run.peakMb,
    isAlive: run.after.status === 200,
  };
}

/** 0 without any answer. */
function percentile(answers: readonly Answer[], share: number): number {
  const times = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}
