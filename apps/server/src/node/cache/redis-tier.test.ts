/**
 * The tier in Redis against the server that Debian ships.
 * @module
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { programPath } from '@safelight/testkit';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { CachedResult, ResultKey, ResultTier } from '../../cache/result-tier.ts';
import { openRedisTier } from './redis-tier.ts';

const program = programPath('redis-server');
const why = program === undefined ? ' (skipped: redis-server is not installed)' : '';

function keyOf(text: string, place: Partial<ResultKey> = {}): ResultKey {
  return { text, bucket: 'box', key: 'a.jpg', style: undefined, ...place };
}

function resultOf(fill: number): CachedResult {
  return { bytes: new Uint8Array(500).fill(fill), mediaType: 'image/webp' };
}

describe.skipIf(program === undefined)(`the tier in Redis${why}`, () => {
  let server: ChildProcess;
  let folder: string;
  let port: number;
  let problems: unknown[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'safelight-redis-'));
    port = await freePort();
    server = startRedis();
  });

  afterAll(async () => {
    await stopRedis();
    await rm(folder, { recursive: true, force: true });
  });

  function startRedis(): ChildProcess {
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    return spawn(program ?? '', settings, { stdio: 'ignore' });
  }

  async function stopRedis(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  function openTier(maxVariants = 100): Promise<ResultTier> {
    problems = [];
    const url = `redis://127.0.0.1:${port}`;
    const onProblem = (problem: unknown): void => void problems.push(problem);
    return openRedisTier({ url, maxVariants, maxAgeSec: 60, onProblem });
  }

  /** Redis may still be starting: a tier without it is empty, and fills once it is there. */
  async function putSurely(tier: ResultTier, key: ResultKey, result: CachedResult): Promise<void> {
    await vi.waitFor(
      async () => {
        await tier.put(key, result);
        expect(await tier.get(key)).toEqual(result);
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  it('shares results between nodes, keeps so many of a source, and purges by scope', async () => {
    const [one, other] = [await openTier(3), await openTier(3)];
    await putSurely(one, keyOf('first'), resultOf(1));
    await vi.waitFor(async () => expect(await other.get(keyOf('first'))).toEqual(resultOf(1)));
    await one.put(keyOf('styled', { style: 'small', key: 'b.jpg' }), resultOf(2));
    await one.put(keyOf('far', { bucket: 'else' }), resultOf(3));
    for (let i = 0; i < 5; i++) await one.put(keyOf(`${i}`), resultOf(i));
    expect(await one.get(keyOf('first'))).toBeUndefined();
    expect(await one.get(keyOf('4'))).toEqual(resultOf(4));
    expect(await other.purge({ bucket: 'box', style: 'small' })).toBe(1);
    expect(await other.purge({ bucket: 'box', key: 'a.jpg' })).toBe(3);
    expect(await other.purge({ bucket: 'box' })).toBe(0);
    expect(await one.get(keyOf('far', { bucket: 'else' }))).toEqual(resultOf(3));
    await Promise.all([one.close(), other.close()]);
  });

  it('is empty while the server is gone, and comes back with it', async () => {
    const tier = await openTier();
    await putSurely(tier, keyOf('again'), resultOf(1));
    await stopRedis();
    await vi.waitFor(async () => expect(await tier.get(keyOf('again'))).toBeUndefined());
    await tier.put(keyOf('lost'), resultOf(2));
    await expect(tier.purge({ bucket: 'box' })).rejects.toBeInstanceOf(Error);
    server = startRedis();
    await putSurely(tier, keyOf('back'), resultOf(3));
    expect(problems.length).toBeGreaterThan(0);
    await tier.close();
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
