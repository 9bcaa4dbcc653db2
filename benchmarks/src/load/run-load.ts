/**
 * Puts load on one server after the other, in alternating order, each freshly started. The requests
 * come from this process and share the cores with the server, for all servers alike.
 * @module
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { createSafelight } from 'safelight';
import { median } from '../measurement.ts';
import { compare, readLuma, referenceOf } from '../quality.ts';
import { type LoadRow, type MissingRow, ratioOf, toDecibels, type Verdict } from '../report.ts';
import type { LoadCase } from './load-case.ts';
import { type Ask, type LoadServer, processOf } from './servers.ts';

export interface LoadOptions {
  readonly rounds: number;
  readonly connections: number;
  /** How long the load lasts that is measured. */
  readonly span: LoadSpan;
  readonly onProgress: (text: string) => void;
}

/** A time, as in every run that counts, or a number of requests, where a time may be too short. */
type LoadSpan = { readonly seconds: number } | { readonly requests: number };

/** The load before the measured one: a service that has just started compiles. */
const WARM_UP_SECONDS = 5;
/** Of each connection, where the measured load is a number of requests too. */
const WARM_UP_REQUESTS = 10;

/** One server, one round. */
interface LoadSample {
  readonly requestsPerSec: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerRequest: number | undefined;
  readonly peakMb: number | undefined;
  /** The answer to the first request. */
  readonly answer: Uint8Array;
}

/**
 * @param source bytes of the JPEG that every server is given, under as many names as connections
 */
export async function runLoad(
  loadCase: LoadCase,
  source: Uint8Array,
  folder: string,
  options: LoadOptions,
): Promise<LoadRow[]> {
  const { servers } = loadCase;
  const samples = new Map(servers.map((server) => [server, [] as LoadSample[]]));
  for (let round = 0; round < options.rounds; round++) {
    for (const server of round % 2 === 0 ? servers : servers.toReversed()) {
      options.onProgress(
        `${loadCase.id}: ${server.label}, round ${round + 1} of ${options.rounds}`,
      );
      const ownFolder = join(folder, `${round}-${servers.indexOf(server)}`);
      samples.get(server)?.push(await loadServer(server, loadCase, { source, ownFolder, options }));
    }
  }
  const rows: LoadRow[] = [];
  for (const [server, list] of samples) rows.push(await rowOf(server, list, loadCase, source));
  return rows;
}

/** Ours against each peer. */
export function loadVerdicts(
  { atLeast, servers }: LoadCase,
  rows: readonly (LoadRow | MissingRow)[],
): Verdict[] {
  const rateOf = (label: string | undefined): readonly number[] | undefined => {
    const row = rows.find((candidate) => candidate.label === label);
    return row?.kind === 'measured' ? row.requestsPerSec : undefined;
  };
  const ours = rateOf(servers[0]?.label);
  return atLeast.map((bound, i) => {
    const label = servers[i + 1]?.label;
    const theirs = rateOf(label);
    const ratio = ours && theirs ? ratioOf(ours, theirs) : undefined;
    return {
      text: `requests per second beside ${label}`,
      measured: ratio?.measured,
      spread: ratio?.spread,
      bound,
      sense: 'at-least',
      unit: 'ratio',
    };
  });
}

async function loadServer(
  server: LoadServer,
  { askOf }: LoadCase,
  {
    source,
    ownFolder,
    options: { connections, span },
  }: { source: Uint8Array; ownFolder: string; options: LoadOptions },
): Promise<LoadSample> {
  mkdirSync(ownFolder);
  const pictures = Array.from({ length: connections }, (_, i) => `photo-${i}.jpg`);
  for (const name of pictures) writeFileSync(join(ownFolder, name), source);
  if (server.returns === 'result') {
    writeFileSync(join(ownFolder, 'result'), await resultOf(source, askOf(0, pictures)));
  }
  const running = await server.start(ownFolder, pictures);
  try {
    let count = 0;
    const nextPath = (): string => server.pathOf(askOf(count++, pictures));
    const answer = await askOnce(running.url + nextPath());
    const warmUp =
      'seconds' in span
        ? { seconds: WARM_UP_SECONDS }
        : { requests: WARM_UP_REQUESTS * connections };
    await load(running.url, { connections, span: warmUp, nextPath });
    const before = running.usage();
    const result = await load(running.url, { connections, span, nextPath });
    const after = running.usage();
    const answered = result['2xx'];
    return {
      requestsPerSec: answered / result.duration,
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
      cpuMsPerRequest: before && after && (after.cpuMs - before.cpuMs) / answered,
      peakMb: after?.peakMb,
      answer,
    };
  } finally {
    await running.stop();
  }
}

/** What our server answers, made by the same engine: a peer that does nothing returns it. */
async function resultOf(source: Uint8Array, ask: Ask): Promise<Uint8Array> {
  const safelight = await createSafelight();
  return (await safelight.render(source, processOf(ask))).bytes;
}

async function askOnce(url: string): Promise<Uint8Array> {
  const answer = await fetch(url);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.ok && answer.headers.get('content-type') === 'image/jpeg') return bytes;
  throw new Error(`${url}: expected a JPEG, got ${answer.status}`);
}

async function load(
  url: string,
  { connections, span, nextPath }: { connections: number; span: LoadSpan; nextPath: () => string },
): Promise<autocannon.Result> {
  const result = await autocannon({
    url,
    connections,
    ...('seconds' in span ? { duration: span.seconds } : { amount: span.requests }),
    timeout: 60,
    requests: [{ method: 'GET', setupRequest: (request) => ({ ...request, path: nextPath() }) }],
  });
  // A server that refuses is quick: its numbers would mean nothing.
  const { non2xx, errors } = result;
  if (non2xx + errors > 0 || result['2xx'] === 0) {
    throw new Error(`${url}: ${result['2xx']} answers, ${non2xx} refusals, ${errors} errors`);
  }
  return result;
}

async function rowOf(
  { label }: LoadServer,
  list: readonly LoadSample[],
  { askOf }: LoadCase,
  source: Uint8Array,
): Promise<LoadRow> {
  const [{ answer }] = list as [LoadSample];
  const actual = await readLuma(answer);
  const original = await readLuma(source);
  const { width } = askOf(0, ['any']);
  const height = Math.round((original.height * width) / original.width);
  const { psnrDb } = compare(
    referenceOf(original, {
      input: 'file',
      operation: { kind: 'resize', size: { width, height } },
      output: { format: 'jpeg', qualityPercent: 0 },
    }),
    actual,
  );
  const middle = (values: (number | undefined)[]): number | undefined =>
    values.every((value) => value !== undefined) ? median(values) : undefined;
  return {
    kind: 'measured',
    engine: label,
    label,
    requestsPerSec: list.map(({ requestsPerSec }) => requestsPerSec),
    p50Ms: median(list.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(list.map(({ p99Ms }) => p99Ms)),
    cpuMsPerRequest: middle(list.map(({ cpuMsPerRequest }) => cpuMsPerRequest)),
    peakMb: middle(list.map(({ peakMb }) => peakMb)),
    bytes: answer.length,
    psnrDb: toDecibels(psnrDb),
  };
}
