/**
 * The mirror against a web server of the test's own, and as a driver like any other.
 * @module
 */

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

import { describeDriver } from '../test/driver-suite.ts';
import { codeOf } from '../test/driver-suite/fixture.ts';
import type { StorageDriver } from './driver.ts';
import { createMemoryDriver } from './memory.ts';
import { mirrorOrigins, type MirrorOptions } from './origin.ts';
import { readObject } from './read-object.ts';

describeDriver('mirror', async (now) =>
  mirrorOrigins(createMemoryDriver({ now }), { origins: [], now }),
);

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Its host with the port; every request is written to `asked`. */
async function serve(listener: RequestListener): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    listener(request, response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A mirror of the bucket `pictures` that may connect to this machine. */
async function mirror(
  host: string,
  options: Partial<MirrorOptions> & { readonly redirectHosts?: readonly string[] } = {},
): Promise<{ driver: StorageDriver; behind: StorageDriver }> {
  const behind = createMemoryDriver();
  const base = new URL(`http://${host}/base/`);
  const origins = [{ bucket: 'pictures', base, redirectHosts: options.redirectHosts }];
  const allowsAddress = (): boolean => true;
  const driver = await mirrorOrigins(behind, { origins, allowsAddress, ...options });
  return { driver, behind };
}

async function read(driver: StorageDriver, key: string): Promise<string | undefined> {
  const found = await readObject(driver, 'pictures', key, { maxBytes: 1e6 });
  return found === undefined ? undefined : Buffer.from(found.bytes).toString();
}

describe('a mirrored bucket', () => {
  it('fetches a missing object once and keeps it', async () => {
    const { host, asked } = await serve((_request, response) => {
      response.setHeader('content-type', 'image/png');
      response.setHeader('cache-control', 'max-age=60');
      response.end('pixels');
    });
    const { driver, behind } = await mirror(host);
    const reads = Array.from({ length: 8 }, () => read(driver, 'a b/ü?#%.png'));
    expect(await Promise.all(reads)).toEqual(reads.map(() => 'pixels'));
    expect(asked).toEqual(['/base/a%20b/%C3%BC%3F%23%25.png']);
    const record = await behind.headObject('pictures', 'a b/ü?#%.png');
    expect(record?.contentType).toBe('image/png');
    expect(record?.headers).toEqual({ 'cache-control': 'max-age=60' });
  });

  it('believes "not found" for a while', async () => {
    let nowMs = Date.now();
    const { host, asked } = await serve((_request, response) => {
      response.statusCode = 404;
      response.end();
    });
    const { driver } = await mirror(host, { missingMs: 1000, now: () => nowMs });
    expect(await read(driver, 'k')).toBeUndefined();
    expect(await read(driver, 'k')).toBeUndefined();
    expect(asked.length).toBe(1);
    nowMs += 1000;
    expect(await read(driver, 'k')).toBeUndefined();
    expect(asked.length).toBe(2);
  });

  it('asks for a newer one with the validators of the old, and drops what is gone', async () => {
    let nowMs = Date.now();
    let text: string | undefined = 'one';
    const { host } = await serve((request, response) => {
      if (text === undefined) response.statusCode = 404;
      else if (request.headers['if-none-match'] === `"${text}"`) response.statusCode = 304;
      else response.setHeader('etag', `"${text}"`);
      response.end(response.statusCode === 200 ? text : undefined);
    });
    const { driver, behind } = await mirror(host, { freshMs: 1000, now: () => nowMs });
    const seen: (string | undefined)[] = [];
    for (const next of ['one', 'one', 'two', undefined]) {
      text = next;
      seen.push(await read(driver, 'k'));
      nowMs += 5000;
    }
    expect(seen).toEqual(['one', 'one', 'two', undefined]);
    expect(await behind.headObject('pictures', 'k')).toBeUndefined();
  });

  it('never replaces what a user stored', async () => {
    const { host, asked } = await serve((_request, response) => response.end('origin'));
    const { driver } = await mirror(host, { freshMs: 0 });
    await driver.putObject('pictures', 'k', Buffer.from('user'));
    expect(await read(driver, 'k')).toBe('user');
    expect(asked).toEqual([]);
  });

  it('serves the older one while the origin is away', async () => {
    let isAway = false;
    const problems: unknown[] = [];
    const { host } = await serve((_request, response) => {
      if (isAway) response.destroy();
      else response.end('old');
    });
    const { driver } = await mirror(host, {
      freshMs: 0,
      onProblem: (problem) => problems.push(problem),
    });
    expect(await read(driver, 'k')).toBe('old');
    isAway = true;
    expect(await read(driver, 'k')).toBe('old');
    expect(problems.length).toBe(1);
    expect(await codeOf(read(driver, 'another'))).toBe('StoreUnavailable');
  });

  it.each(['../secret', 'a/../../secret', 'a/./b', '..', 'a\\..\\b', 'a\u0000b', 'a\nb'])(
    'does not take the key %j for a path',
    async (key) => {
      const { host, asked } = await serve((_request, response) => response.end('secret'));
      const { driver } = await mirror(host);
      expect(await read(driver, key)).toBeUndefined();
      expect(asked).toEqual([]);
    },
  );

  it.each(['%2e%2e/secret', '..%2fsecret', '//evil.example/x', 'a//b', '?q=1', '@evil.example/'])(
    'asks below its base for the key %j, escaped',
    async (key) => {
      const { host, asked } = await serve((_request, response) => response.end('x'));
      const { driver } = await mirror(host);
      if (key.startsWith('/')) expect(await codeOf(read(driver, key))).toBe('InvalidObjectName');
      else expect(await read(driver, key)).toBe('x');
      for (const path of asked) {
        expect(path.startsWith('/base/')).toBe(true);
        expect(decodeURIComponent(path)).toBe(`/base/${key}`);
      }
    },
  );
});

describe('limits of a fetch', () => {
  it('refuses a body that is too long, announced or not, and keeps nothing of it', async () => {
    const { host } = await serve((request, response) => {
      if (request.url === '/base/announced') response.setHeader('content-length', '5000');
      response.end('x'.repeat(5000));
    });
    const { driver, behind } = await mirror(host, { maxBytes: 4999 });
    for (const key of ['announced', 'chunked']) {
      expect(await codeOf(read(driver, key))).toBe('EntityTooLarge');
    }
    expect((await behind.listObjects('pictures')).objects).toEqual([]);
  });

  it('gives up an origin that trickles', async () => {
    const { host } = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 10);
      response.on('close', () => clearInterval(timer));
    });
    const { driver, behind } = await mirror(host, { timeoutMs: 200 });
    expect(await codeOf(read(driver, 'k'))).toBe('StoreUnavailable');
    expect(await behind.headObject('pictures', 'k')).toBeUndefined();
  });

  it('keeps nothing of a body that breaks off', async () => {
    const { host } = await serve((_request, response) => {
      response.setHeader('content-length', '100');
      response.write('half');
      setTimeout(() => response.destroy(), 20);
    });
    const { driver, behind } = await mirror(host);
    expect(await codeOf(read(driver, 'k'))).toBe('StoreUnavailable');
    expect(await behind.headObject('pictures', 'k')).toBeUndefined();
  });
});

describe('where a fetch may lead', () => {
  it('refuses addresses of this machine and of private networks, literal or by name', async () => {
    for (const host of ['127.0.0.1:1', 'localhost:1', '[::1]:1', '169.254.169.254', '0x7f.1:1']) {
      const behind = createMemoryDriver();
      const origins = [{ bucket: 'pictures', base: new URL(`http://${host}/`) }];
      const driver = await mirrorOrigins(behind, { origins });
      expect(await codeOf(read(driver, 'k'))).toBe('AccessDenied');
    }
  });

  it('connects to the address it has checked, and checks each time', async () => {
    const { host, asked } = await serve((_request, response) => response.end('x'));
    const checked: string[] = [];
    // The first answer of the name is taken, later ones are not: as after a rebinding.
    const allowsAddress = (address: string): boolean => checked.push(address) <= 1;
    const name = host.replace('127.0.0.1', '127.0.0.1.nip.invalid');
    const literal = await mirror(host, { allowsAddress });
    expect(await read(literal.driver, 'k')).toBe('x');
    expect(await codeOf(read(literal.driver, 'other'))).toBe('AccessDenied');
    expect(checked).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(asked.length).toBe(1);
    const unknown = await mirror(name);
    expect(await codeOf(read(unknown.driver, 'k'))).toBe('StoreUnavailable');
  });

  it('follows redirects to allowed hosts only', async () => {
    const target = await serve((_request, response) => response.end('moved'));
    const source = await serve((_request, response) => {
      response.writeHead(302, { location: `http://${target.host}/elsewhere` }).end();
    });
    const refused = await mirror(source.host);
    expect(await codeOf(read(refused.driver, 'k'))).toBe('AccessDenied');
    expect(target.asked).toEqual([]);
    const allowed = await mirror(source.host, { redirectHosts: [target.host] });
    expect(await read(allowed.driver, 'k')).toBe('moved');
  });

  it('vets the address of a redirect too', async () => {
    const { host } = await serve((_request, response) => {
      response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    const { driver } = await mirror(host, {
      redirectHosts: ['169.254.169.254'],
      allowsAddress: (address) => address === '127.0.0.1',
    });
    expect(await codeOf(read(driver, 'k'))).toBe('AccessDenied');
  });

  it.each(['file:///etc/passwd', 'http://user@127.0.0.1/', 'ftp://127.0.0.1/', 'http://'])(
    'does not follow a redirect to %s',
    async (location) => {
      const { host } = await serve((_request, response) => {
        response.writeHead(301, { location }).end();
      });
      const { driver } = await mirror(host, { redirectHosts: ['127.0.0.1', ''] });
      expect(['AccessDenied', 'StoreUnavailable']).toContain(await codeOf(read(driver, 'k')));
    },
  );

  it('ends a loop of redirects', async () => {
    const { host, asked } = await serve((request, response) => {
      response.writeHead(302, { location: request.url ?? '' }).end();
    });
    const { driver } = await mirror(host, { maxRedirects: 2 });
    expect(await codeOf(read(driver, 'k'))).toBe('StoreUnavailable');
    expect(asked.length).toBe(3);
  });
});
