/**
 * The cache of the built program: across kills and restarts, in metrics, and with a worker busy.
 * @module
 */

import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { download } from './download.ts';
import { startProcess, temporaryFolder } from './server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

const TOKEN = 'scrape-me-please';

describe('the cache of a service', () => {
  it('outlives kill -9, sweeps what was half written, and counts its hits by tier', async () => {
    const data = join(folder.path, 'data');
    const environment = { SAFELIGHT_DATA: data, SAFELIGHT_METRICS_TOKEN: TOKEN };
    const path = '/image-demo/example.jpg?x-oss-process=image/resize,w_120';
    const first = await startProcess(environment);
    const rendered = await download(first.url + path);
    expect(rendered.status).toBe(200);
    const cache = join(data, 'cache');
    await vi.waitFor(async () => {
      const names = await readdir(cache, { recursive: true });
      expect(names.filter((name) => /-[0-9a-f]{32}$/.test(name)).length).toBe(1);
    });
    const closed = once(first.child, 'close');
    first.child.kill('SIGKILL');
    await closed;
    await writeFile(join(cache, 'unfinished', 'half'), 'half');

    const second = await startProcess(environment);
    expect(await readdir(join(cache, 'unfinished'))).toEqual([]);
    for (let i = 0; i < 2; i++) {
      expect((await download(second.url + path)).body.equals(rendered.body)).toBe(true);
    }
    const authorization = `Bearer ${TOKEN}`;
    const metrics = await download(`${second.url}/-/metrics`, { headers: { authorization } });
    const text = metrics.body.toString();
    for (const line of [
      'safelight_results_total{origin="disk"} 1',
      'safelight_results_total{origin="memory"} 1',
      'safelight_requests_total{operation="GetObject",status="200"} 2',
      'safelight_cache_results{tier="disk"} 1',
      'safelight_renders_active 0',
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toContain('example.jpg');
    expect((await download(`${second.url}/-/metrics`)).status).toBe(403);
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it('says that it is ready until it stops, and finishes what is under way', async () => {
    const server = await startProcess({ SAFELIGHT_STORE: 'memory', SAFELIGHT_DRAIN_MS: '3000' });
    expect((await download(`${server.url}/-/ready`)).status).toBe(200);
    const stopped = server.stop();
    await vi.waitFor(async () => {
      expect((await download(`${server.url}/-/ready`)).status).toBe(503);
    });
    const url = `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_90`;
    expect((await download(url)).status).toBe(200);
    expect(await stopped).toBe(0);
  }, 60_000);
});
