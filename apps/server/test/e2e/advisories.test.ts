/**
 * One trial for each published weakness of services like this one that could apply here: the built
 * service is asked what theirs fell for.
 * @module
 */

import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { elementOf } from '../test-service.ts';
import type { Download } from './download.ts';
import { type Client, clientOf } from './oss-forms.ts';
import { runToEnd, type ServerProcess, startProcess, temporaryFolder } from './server-process.ts';

const ORIGIN_MAX_BYTES = 1_000_000;
const MAX_VARIANTS = 4;

/** A web server that should only ever be asked for what lies below `/public/`. */
let canary: http.Server;
let canaryPort: number;
let asked: string[] = [];
/** Of the endless answer. */
let sentBytes = 0;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let oss: Client;

beforeAll(async () => {
  canary = http.createServer(answer).listen(0, '127.0.0.1');
  await once(canary, 'listening');
  canaryPort = (canary.address() as AddressInfo).port;
  folder = await temporaryFolder();
  server = await startProcess({
    SAFELIGHT_DATA: folder.path,
    SAFELIGHT_DEMO: '0',
    SAFELIGHT_LIMITS: 'oss',
    SAFELIGHT_ORIGINS: `mirror=http://127.0.0.1:${canaryPort}/public/`,
    SAFELIGHT_ORIGIN_NETWORKS: '127.0.0.1/32',
    SAFELIGHT_ORIGIN_MAX_BYTES: String(ORIGIN_MAX_BYTES),
    SAFELIGHT_CACHE_VARIANTS: String(MAX_VARIANTS),
    SAFELIGHT_CACHE_MEMORY_BYTES: '0',
    SAFELIGHT_METADATA_MAX_AGE_MS: '0',
  });
  oss = clientOf(server, 'mirror');
  await oss.putBucketACL('mirror', 'public-read');
  await clientOf(server, 'box').putBucket('box', { acl: 'public-read' });
}, 60_000);

afterAll(async () => {
  await server?.stop();
  canary?.closeAllConnections();
  canary?.close();
  await folder?.remove();
});

beforeEach(() => {
  asked = [];
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { url = '' } = request;
  asked.push(url);
  if (url === '/public/endless') return void sendEndlessly(response);
  const to = /^\/public\/to\/(.*)$/.exec(url)?.[1];
  if (to !== undefined)
    return void response.writeHead(302, { location: decodeURIComponent(to) }).end();
  response.writeHead(200, { 'content-type': 'text/plain' }).end(`canary ${url}`);
}

/** No length, no end. */
function sendEndlessly(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'image/png' });
  const chunk = Buffer.alloc(65_536);
  const send = (): void => {
    while (!response.destroyed) {
      sentBytes += chunk.byteLength;
      if (!response.write(chunk)) return void response.once('drain', send);
    }
  };
  send();
}

/** The target goes out as it is: URL would tidy it up. */
function ask(target: string): Promise<Download> {
  return new Promise((resolve, reject) => {
    const options = { port: server.port, host: '127.0.0.1', path: target, agent: false };
    const sent = http.get(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const { statusCode: status = 0, headers } = incoming;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
  });
}

const climbs = [
  '../',
  '%2e%2e/',
  '..%2f',
  '..%2F',
  '%2e%2e%2f',
  '..%5C',
  '..%5c',
  '%2e%2e%5C',
  '..\\',
];

describe('CVE-2026-53779, WebP Server Go: traversal by %5C', () => {
  it.each(climbs)('%s leads nowhere', async (climb) => {
    const targets = ['access-key.json', 'store/lock', 'etc/passwd'].flatMap((file) =>
      [1, 3, 6].map((depth) => `/box/${climb.repeat(depth)}${file}`),
    );
    for (const target of targets) {
      for (const query of ['', '?x-oss-process=image/info']) {
        const { status, body } = await ask(target + query);
        expect([400, 403, 404], target).toContain(status);
        expect(body.toString()).toMatch(/^<\?xml/);
      }
    }
  });
});

describe('CVE-2025-54387, IPX: a prefix that is no path', () => {
  it.each(climbs)('%s never leaves the folder of an origin', async (climb) => {
    for (const key of [`${climb}secret`, `a/${climb}${climb}secret`, `${climb}public-evil/x`]) {
      const { status, body } = await ask(`/mirror/${key}`);
      expect([400, 404], key).toContain(status);
      expect(body.toString()).not.toContain('canary');
    }
    expect(asked.filter((url) => !url.startsWith('/public/') || url.includes('..'))).toEqual([]);
  });

  it('is not there: what lies below the prefix is served', async () => {
    expect((await ask('/mirror/a/b')).body.toString()).toBe('canary /public/a/b');
  });

  it.each(['http://allowed.example', 'http://allowed.example@evil.example/'])(
    'an origin %s stops the start',
    async (url) => {
      const { status, output } = await runToEnd({
        SAFELIGHT_STORE: 'memory',
        SAFELIGHT_ORIGINS: `mirror=${url}`,
      });
      expect([status, output.startsWith('SAFELIGHT_ORIGINS:')]).toEqual([2, true]);
    },
  );
});

describe('imgproxy 4.0.12: addresses that are not of the public internet, in every spelling', () => {
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    'localhost',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[2002:7f00:1::]', // 6to4
    '[64:ff9b::7f00:1]', // NAT64
    '[64:ff9b:1::7f00:1]', // NAT64 of one's own
    '[2001:0:5ef5:79fb:0:0:80ff:fffe]', // Teredo
    '[2600:1f18::5efe:7f00:1]', // ISATAP
    '[fe80::1]',
    '[fd00:ec2::254]', // metadata of a cloud
    '10.0.0.1',
    '172.16.0.1',
    '192.168.0.1',
    '100.64.0.1', // carriers
    '169.254.169.254', // metadata of clouds
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
  ];
  let closed: ServerProcess;

  beforeAll(async () => {
    const origins = hosts.map((host, index) => `o-${index}=http://${host}:${canaryPort}/`);
    closed = await startProcess({
      SAFELIGHT_STORE: 'memory',
      SAFELIGHT_ORIGINS: origins.join(','),
      SAFELIGHT_LOG_LEVEL: 'silent',
    });
  });

  afterAll(() => closed?.stop());

  it.each(hosts.map((host, index) => [host, index] as const))(
    '%s is refused',
    async (_host, index) => {
      const client = clientOf(closed, `o-${index}`);
      const got = client.get('a.jpg');
      await expect(got).rejects.toMatchObject({ status: 403, code: 'AccessDenied' });
      expect(asked).toEqual([]);
    },
  );

  it.each([
    'http://localhost:PORT/secret', // another name, though of an address that is allowed
    'http://127.0.0.1:1/secret',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:127.0.0.1]:PORT/secret',
    'http://127.0.0.1:PORT@evil.example/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
  ])('a redirect to %s is refused', async (location) => {
    const to = location.replace('PORT', String(canaryPort));
    const key = `to/${encodeURIComponent(to)}`;
    const got = oss.get(decodeURIComponent(key));
    await expect(got).rejects.toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(asked.map((url) => url.slice(0, 11))).toEqual(['/public/to/']);
  });
});

describe('CVE-2025-59471, Next.js: remote pictures without an end', () => {
  it('are given up at the limit', async () => {
    const { status, body } = await ask('/mirror/endless?x-oss-process=image/resize,w_10');
    expect([status, elementOf(body.toString(), 'Code')]).toEqual([400, 'EntityTooLarge']);
    // What was on its way in buffers comes on top.
    expect(sentBytes).toBeLessThan(ORIGIN_MAX_BYTES + 16 * 1024 * 1024);
  });
});

describe('CVE-2026-44577 (GHSA-h64f-5h5j-jqjh), Next.js: large local pictures', () => {
  it('are refused by their size, and others are served', async () => {
    const box = clientOf(server, 'box');
    await box.put('large.png', Buffer.alloc(21 * 1024 * 1024));
    const { status, body } = await ask('/box/large.png?x-oss-process=image/resize,w_10');
    expect([status, elementOf(body.toString(), 'Code')]).toEqual([400, 'ImageTooLarge']);
    expect((await ask('/-/health')).status).toBe(200);
  });
});

describe('CVE-2026-27980, Next.js: variants without number on disk', () => {
  it('are as many as the setting says', async () => {
    const box = clientOf(server, 'box');
    await box.put('a.png', await onePixel());
    for (let width = 1; width <= 5 * MAX_VARIANTS; width++) {
      const target = `/box/a.png?x-oss-process=image/resize,w_${width},limit_0`;
      expect((await ask(target)).status).toBe(200);
    }
    const cache = join(folder.path, 'cache');
    await vi.waitFor(async () => {
      const names = await readdir(cache, { recursive: true });
      const files = names.filter((name) => /-[0-9a-f]{32}$/.test(name));
      expect(files.length).toBe(MAX_VARIANTS);
      for (const file of files) expect((await stat(join(cache, file))).size).toBeLessThan(10_000);
    });
  });
});

describe('imgproxy 4.0.6: errors that caches keep', () => {
  it('none says that it may be kept', async () => {
    const targets = ['missing.jpg', 'a.png?x-oss-process=image/resize,w_0', 'a.png?acl'];
    for (const target of targets) {
      const { status, headers } = await ask(`/box/${target}`);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers['cache-control'] ?? 'no-store').toMatch(/no-store|no-cache|private/);
      expect(headers.etag).toBeUndefined();
    }
  });
});

describe('SVG that runs, as IPX and imgproxy have to clean it', () => {
  it('is never rendered, and served raw it may do nothing', async () => {
    const box = clientOf(server, 'box');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    await box.put('a.svg', Buffer.from(svg), { mime: 'image/svg+xml' });
    expect((await ask('/box/a.svg?x-oss-process=image/resize,w_10')).status).toBe(400);
    const { headers } = await ask('/box/a.svg');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain('sandbox');
  });
});

function onePixel(): Promise<Buffer> {
  return sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
}
