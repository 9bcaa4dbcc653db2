/**
 * What only a socket shows: raw targets, requests that are no HTTP, two lengths at once.
 * @module
 */

import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import OSS from 'ali-oss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementOf } from '../test-service.ts';
import { download } from './download.ts';
import {
  KEY_ID,
  SECRET,
  type ServerProcess,
  startProcess,
  temporaryFolder,
} from './server-process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let strict: ServerProcess;
let lenient: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  const memory = { SAFELIGHT_STORE: 'memory', SAFELIGHT_DATA: join(folder.path, 'data') };
  strict = await startProcess({ ...memory, SAFELIGHT_DEMO: '0' });
  lenient = await startProcess({ ...memory, SAFELIGHT_DEMO: '0', SAFELIGHT_LENIENT_HTTP: '1' });
}, 60_000);

afterAll(async () => {
  await strict?.stop();
  await lenient?.stop();
  await folder?.remove();
});

/** Sends bytes as they are and gives all that comes back. */
async function exchange(server: ServerProcess, text: string): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
  });
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return answer;
}

const get = (target: string, host = '127.0.0.1'): string =>
  `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

const statusOf = (answer: string): number => Number(answer.split(' ')[1]);

/** `PUT` with the target as its body, so that what is stored tells where it came from. */
const put = (target: string): string =>
  `PUT ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${target.length}\r\n` +
  `Connection: close\r\n\r\n${target}`;

describe('raw targets', () => {
  it('reach the service as they are: each is a key of its own', async () => {
    const oss = new OSS({
      accessKeyId: KEY_ID,
      accessKeySecret: SECRET,
      bucket: 'box-2',
      endpoint: `http://127.0.0.1:${strict.port}`,
    });
    await oss.putBucket('box-2', { acl: 'public-read-write' } as OSS.PutBucketOptions);
    const keys = [
      ['/box-2/a/../c', 'a/../c'],
      ['/box-2/./c', './c'],
      ['/box-2/a//c', 'a//c'],
      ['/box-2/a%2Fc', 'a/c'],
      ['/box-2/%2e%2e/c', '../c'],
      ['/box-2/b%2F..%2Fc', 'b/../c'],
      ['/box-2/c', 'c'],
      ['http://127.0.0.1/box-2/absolute', 'absolute'],
    ] as const;
    for (const [target] of keys) expect(statusOf(await exchange(strict, put(target)))).toBe(200);
    for (const [target] of keys) {
      const answer = await exchange(strict, get(target));
      expect([statusOf(answer), answer.split('\r\n\r\n')[1]]).toEqual([200, target]);
    }
    const { objects } = await oss.list({ 'max-keys': 100 }, {});
    expect(objects.map(({ name }) => name)).toEqual(keys.map(([, key]) => key).toSorted());
  });

  it('in absolute form name the host themselves, whatever the Host header says', async () => {
    const from = async (target: string, host: string): Promise<string | undefined> =>
      (await exchange(strict, get(target, host))).split('\r\n\r\n')[1];
    expect(statusOf(await exchange(strict, put('/box-2/host')))).toBe(200);
    expect(await from('http://box-2.localhost/host', '127.0.0.1')).toBe('/box-2/host');
    expect(await from('http://127.0.0.1:80/box-2/host', 'box-1.localhost')).toBe('/box-2/host');
    const other = (await from('http://box-9.localhost/host', 'box-2.localhost')) ?? '';
    expect([elementOf(other, 'Code'), elementOf(other, 'HostId')]).toEqual([
      'NoSuchBucket',
      'box-9.localhost',
    ]);
  });

  it('are answered as documents when no URL can be made of them', async () => {
    for (const [target, host] of [
      ['/box-1/a\\b', '127.0.0.1'],
      ['/box-1/a', 'a host'],
      ['*', '127.0.0.1'],
    ] as const) {
      const answer = await exchange(strict, get(target, host));
      expect(statusOf(answer)).toBe(400);
      expect(elementOf(answer, 'RequestId')).toMatch(/^[0-9A-F]{24}$/);
    }
  });
});

it('is answered as a document without a Host', async () => {
  const answer = await exchange(strict, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n');
  expect([statusOf(answer), elementOf(answer, 'Code')]).toEqual([400, 'InvalidRequest']);
});

describe('what is no HTTP', () => {
  it.each(['hello\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'GET / HTTP/1.1\r\nA\u0000: b\r\n\r\n'])(
    'is answered by a document that names the setting: %j',
    async (text) => {
      const answer = await exchange(strict, text);
      expect(statusOf(answer)).toBe(400);
      expect(elementOf(answer, 'Code')).toBe('InvalidRequest');
      expect(elementOf(answer, 'Message')).toContain('SAFELIGHT_LENIENT_HTTP');
      expect(answer).toMatch(/x-oss-request-id: [0-9A-F]{24}/);
    },
  );

  it('is refused when its head is endless', async () => {
    const answer = await exchange(strict, `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`);
    expect([statusOf(answer), elementOf(answer, 'Code')]).toEqual([400, 'InvalidRequest']);
    expect((await download(`${strict.url}/-/health`)).status).toBe(200);
  });
});

describe('a request with two lengths', () => {
  const text =
    'PUT /box-1/k HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\n' +
    'Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n';

  it('is refused by default', async () => {
    const answer = await exchange(strict, text);
    expect([statusOf(answer), elementOf(answer, 'Code')]).toEqual([400, 'InvalidRequest']);
  });

  it('is taken when asked for, and nothing may follow it', async () => {
    const answer = await exchange(lenient, text);
    expect([statusOf(answer), elementOf(answer, 'Code')]).toEqual([404, 'NoSuchBucket']);
    expect(answer.toLowerCase()).toContain('connection: close');
  });

  it('is what ali-oss sends of a stream with a length, and is stored whole', async () => {
    const options = { accessKeyId: KEY_ID, accessKeySecret: SECRET, bucket: 'box-3' };
    const client = (server: ServerProcess): OSS =>
      new OSS({ ...options, endpoint: `http://127.0.0.1:${server.port}` });
    for (const server of [strict, lenient]) await client(server).putBucket('box-3');
    const send = (server: ServerProcess): Promise<unknown> =>
      client(server).put('k', Readable.from([Buffer.from('he'), Buffer.from('llo')]), {
        headers: { 'Content-Length': '5' },
      } as unknown as OSS.PutObjectOptions);
    await expect(send(strict)).rejects.toMatchObject({ status: 400 });
    await send(lenient);
    expect(String((await client(lenient).get('k')).content)).toBe('hello');
  });
});
