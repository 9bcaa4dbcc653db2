/**
 * The program from start to end: first start, second start, wrong settings, overload, stopping.
 * @module
 */

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elementOf } from '../test-service.ts';
import { download } from './download.ts';
import { KEY_ID, runToEnd, SECRET, startProcess, temporaryFolder } from './server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

const NO_KEY = { SAFELIGHT_ACCESS_KEY_ID: '', SAFELIGHT_ACCESS_KEY_SECRET: '' };

describe('the first start', () => {
  it('makes a key and a demo, and prints URLs that work; the second keeps them', async () => {
    const environment = { ...NO_KEY, SAFELIGHT_DATA: join(folder.path, 'data') };
    const first = await startProcess(environment);
    const secret = /secret {2}(\S+)/.exec(first.output())?.[1] ?? '';
    expect(secret).toMatch(/^\w{32}$/);
    const file = join(folder.path, 'data', 'access-key.json');
    expect(await readFile(file, 'utf8')).toContain(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const urls = [...first.output().matchAll(/^ {2}(http\S+)$/gm)].map((match) => match[1] ?? '');
    expect(urls.length).toBe(4);
    expect(urls.some((url) => url.includes('://image-demo.localhost:'))).toBe(true);
    expect(urls.some((url) => url.includes('Signature='))).toBe(true);
    for (const url of urls) {
      const answer = await download(url);
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'image/jpeg']);
    }
    expect(await first.stop()).toBe(0);

    const second = await startProcess(environment);
    expect(second.output()).not.toContain(secret);
    const signed = urls.find((url) => url.includes('Signature=')) ?? '';
    const moved = signed.replace(/:\d+\//, `:${second.port}/`);
    expect((await download(moved)).status).toBe(200);
    expect(await second.stop()).toBe(0);
  }, 120_000);

  it('makes no demo when told so', async () => {
    const server = await startProcess({
      SAFELIGHT_DATA: join(folder.path, 'data'),
      SAFELIGHT_DEMO: '0',
    });
    const answer = await download(`${server.url}/image-demo/example.jpg`);
    expect(elementOf(answer.body.toString(), 'Code')).toBe('NoSuchBucket');
    expect(await server.stop()).toBe(0);
  });
});

describe('a wrong setting', () => {
  it.each([
    [{ SAFELIGHT_PORT: 'many' }, 'SAFELIGHT_PORT'],
    [{ SAFELIGHT_COLOUR: 'red' }, 'SAFELIGHT_COLOUR'],
    [{ SAFELIGHT_TLS_CERT: '/nowhere', SAFELIGHT_TLS_KEY: '/nowhere' }, 'SAFELIGHT_TLS_CERT'],
    [{ SAFELIGHT_ACCESS_KEY_SECRET: 'topsecret' }, 'SAFELIGHT_ACCESS_KEY_ID'],
    [{ SAFELIGHT_HOST: '203.0.113.1', SAFELIGHT_PORT: '0' }, 'SAFELIGHT_HOST'],
  ])('stops the start and is named: %j', async (environment, variable) => {
    const data = join(folder.path, 'data');
    const { status, output } = await runToEnd({
      SAFELIGHT_DATA: data,
      SAFELIGHT_LOG_LEVEL: 'silent',
      SAFELIGHT_DEMO: '0',
      ...environment,
    });
    expect(status).toBe(2);
    expect(output).toContain(variable);
    expect(output).not.toContain('topsecret');
    expect(output.trim().split('\n').length).toBe(1);
  });
});

describe('a setting that turns out not to work', () => {
  /** The one line that the program ends with. */
  async function complaintOf(environment: Readonly<Record<string, string>>): Promise<string> {
    const { status, output } = await runToEnd({
      SAFELIGHT_DATA: join(folder.path, 'data'),
      SAFELIGHT_LOG_LEVEL: 'silent',
      SAFELIGHT_DEMO: '0',
      SAFELIGHT_PORT: '0',
      ...environment,
    });
    expect([status, output.trim().split('\n').length]).toEqual([2, 1]);
    return output.split(':', 1)[0] ?? '';
  }

  it('is named when it is the certificate, or the key of another one', async () => {
    const [one, other] = await Promise.all([makePair(), makePair()]);
    const cert = await writeText('cert.pem', one.cert);
    const key = await writeText('key.pem', other.private);
    const half = await writeText('half.pem', one.cert.slice(0, 200));
    const tls = { SAFELIGHT_TLS_CERT: cert, SAFELIGHT_TLS_KEY: key, SAFELIGHT_TLS_PORT: '0' };
    expect(await complaintOf({ ...tls, SAFELIGHT_TLS_CERT: half })).toBe('SAFELIGHT_TLS_CERT');
    expect(await complaintOf(tls)).toBe('SAFELIGHT_TLS_KEY');
  });

  it('is named when it is the folder: a file, or in use by another service', async () => {
    const file = await writeText('file', '');
    expect(await complaintOf({ SAFELIGHT_DATA: file })).toBe('SAFELIGHT_DATA');
    const data = join(folder.path, 'shared');
    const server = await startProcess({ SAFELIGHT_DATA: data, SAFELIGHT_DEMO: '0' });
    expect(await complaintOf({ SAFELIGHT_DATA: data })).toBe('SAFELIGHT_DATA');
    expect(await server.stop()).toBe(0);
  });

  it('is named when it is one of the two ports', async () => {
    const server = await startProcess({ SAFELIGHT_STORE: 'memory', SAFELIGHT_DEMO: '0' });
    const taken = String(server.port);
    const pair = await makePair();
    const tls = {
      SAFELIGHT_TLS_CERT: await writeText('cert.pem', pair.cert),
      SAFELIGHT_TLS_KEY: await writeText('key.pem', pair.private),
      SAFELIGHT_TLS_PORT: taken,
    };
    expect(await complaintOf({ SAFELIGHT_PORT: taken })).toBe('SAFELIGHT_PORT');
    expect(await complaintOf(tls)).toBe('SAFELIGHT_TLS_PORT');
    expect(await server.stop()).toBe(0);
  });

  function makePair(): Promise<{ cert: string; private: string }> {
    return generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  }

  async function writeText(name: string, text: string): Promise<string> {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  }
});

describe('a busy service', () => {
  it('refuses what it cannot queue with 503 and goes on', async () => {
    const server = await startProcess({ SAFELIGHT_STORE: 'memory', SAFELIGHT_QUEUE: '1' });
    const url = `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_1900`;
    // Different pictures: requests for the same one share a render.
    const asks = Array.from({ length: 12 }, (_, i) => download(`${url}/quality,Q_${80 + i}`));
    const answers = await Promise.all(asks);
    const refused = answers.filter(({ status }) => status === 503);
    const served = answers.filter(({ status }) => status === 200);
    expect(refused.length + served.length).toBe(12);
    expect([served.length > 0, refused.length > 0]).toEqual([true, true]);
    expect(refused[0]?.headers['retry-after']).toBe('1');
    expect(elementOf(refused[0]?.body.toString() ?? '', 'Code')).toBe('ServiceUnavailable');
    expect((await download(url)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  }, 60_000);

  it('gives up a render that takes too long, and serves the next', async () => {
    const server = await startProcess({
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_TIMEOUT_MS: '100',
      SAFELIGHT_DEMO: '0',
    });
    const { default: OSS } = await import('ali-oss');
    const oss = new OSS({
      accessKeyId: KEY_ID,
      accessKeySecret: SECRET,
      bucket: 'box-1',
      endpoint: `http://127.0.0.1:${server.port}`,
    });
    await oss.putBucket('box-1');
    await oss.put('big.png', await bigPng());
    const slow = oss.get('big.png', { process: 'image/blur,r_50,s_50/rotate,33/format,png' });
    await expect(slow).rejects.toMatchObject({ status: 503, code: 'ServiceUnavailable' });
    // A killed thread takes a moment to be replaced, and this service waits 100 ms for one.
    const info = (): Promise<{ content?: unknown }> =>
      oss.get('big.png', { process: 'image/info' });
    const { content } = await vi.waitFor(info, { timeout: 20_000, interval: 200 });
    expect(JSON.parse(String(content))).toMatchObject({ ImageWidth: { value: '6000' } });
    expect(await server.stop()).toBe(0);
  }, 60_000);

  it('goes on when callers go away', async () => {
    const server = await startProcess({ SAFELIGHT_STORE: 'memory' });
    const base = `${server.url}/image-demo/example.jpg?x-oss-process=image`;
    for (let i = 0; i < 3; i++) {
      const gone = new AbortController();
      const left = download(`${base}/blur,r_50,s_50/blur,r_50,s_50/format,png`, {
        signal: gone.signal,
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
      gone.abort();
      await expect(left).rejects.toThrow('abort');
    }
    expect((await download(`${base}/resize,w_50`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  }, 60_000);
});

describe('memory', () => {
  it('decides who is planned beforehand, never what comes out', async () => {
    // A share of 8 MiB for each of four, where one render may take 32.
    const scarce = await startProcess({
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_WORKERS: '4',
      SAFELIGHT_MEMORY_BYTES: String(32 * 1024 ** 2),
      SAFELIGHT_MAX_RENDER_BYTES: String(32 * 1024 ** 2),
    });
    const ample = await startProcess({ SAFELIGHT_STORE: 'memory' });
    const ask = ({ url }: { url: string }, chain: string): ReturnType<typeof download> =>
      download(`${url}/image-demo/example.jpg?x-oss-process=image/${chain}`);
    for (const chain of ['resize,w_100', 'rotate,90/format,png', 'sharpen,100', 'info']) {
      const [one, other] = await Promise.all([ask(scarce, chain), ask(ample, chain)]);
      expect([one.status, other.status]).toEqual([200, 200]);
      expect(Buffer.compare(one.body, other.body)).toBe(0);
    }
    const costly = 'resize,m_fixed,w_4000,h_4000,limit_0';
    const answers = await Promise.all([ask(scarce, costly), ask(ample, costly)]);
    expect(answers.map(({ status }) => status)).toEqual([400, 200]);
    expect([await scarce.stop(), await ample.stop()]).toEqual([0, 0]);
  }, 120_000);
});

describe('a caller that goes away', () => {
  it.skipIf(process.platform !== 'linux')(
    'costs no thread when the render is short (threads are seen on Linux)',
    async () => {
      const server = await startProcess({ SAFELIGHT_STORE: 'memory' });
      const ask = (width: number): string =>
        `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_${width}`;
      expect((await download(ask(60))).status).toBe(200);
      const threads = await threadsOf(server.child.pid);
      const gone = new AbortController();
      const left = download(ask(1_900), { signal: gone.signal });
      await new Promise((resolve) => setTimeout(resolve, 50));
      gone.abort();
      await expect(left).rejects.toThrow('abort');
      // There is one worker, so this one is answered when it has done with the other.
      expect((await download(ask(61))).status).toBe(200);
      expect(await threadsOf(server.child.pid)).toEqual(expect.arrayContaining(threads));
      expect(await server.stop()).toBe(0);
    },
    60_000,
  );
});

describe('stopping', () => {
  it('finishes what is under way', async () => {
    const server = await startProcess({ SAFELIGHT_STORE: 'memory' });
    const url = `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_1900/format,png`;
    const underWay = download(url);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const stopped = server.stop();
    expect([(await underWay).status, await stopped]).toEqual([200, 0]);
  }, 60_000);
});

/** Ids of the threads of a process; a new thread has a new one. */
function threadsOf(pid: number | undefined): Promise<string[]> {
  return readdir(`/proc/${pid}/task`);
}

/** 24 megapixels of one colour: small to send, slow to work on. */
function bigPng(): Promise<Buffer> {
  const background = { r: 90, g: 120, b: 150 };
  return sharp({ create: { width: 6000, height: 4000, channels: 3, background } })
    .png()
    .toBuffer();
}
