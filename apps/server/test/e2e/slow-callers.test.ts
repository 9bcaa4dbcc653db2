/**
 * Callers that send their upload a byte at a time, or do not read their answer: they hold a connection
 * and nothing else. There is one worker and hardly a queue, so whoever held a place would be noticed.
 * @module
 */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { download } from './download.ts';
import { clientOf } from './oss-forms.ts';
import { type ServerProcess, startProcess } from './server-process.ts';

/** More than one worker and its queue have room for. */
const CALLERS = 4;

let server: ServerProcess;
let sockets: Socket[];

beforeEach(async () => {
  server = await startProcess({ SAFELIGHT_STORE: 'memory', SAFELIGHT_QUEUE: '1' });
  sockets = [];
}, 60_000);

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.stop();
});

function send(...lines: readonly string[]): Socket {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

const resized = (width: number, format: string): string =>
  `/image-demo/example.jpg?x-oss-process=image/resize,w_${width},limit_0/format,${format}`;

it('hold no worker by uploads that go on and on', async () => {
  const oss = clientOf(server, 'slow-box');
  await oss.putBucket('slow-box', { acl: 'public-read-write' });
  for (let i = 0; i < CALLERS; i++) {
    const upload = send(
      `PUT /slow-box/k${i} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Content-Length: 999999',
    );
    upload.write('a few bytes');
  }
  for (const width of [50, 60]) {
    expect((await download(server.url + resized(width, 'jpg'))).status).toBe(200);
  }
  for (const socket of sockets) socket.destroy();
  expect((await oss.list({}, {}))['objects'] ?? []).toEqual([]);
});

it('hold no worker by answers that they do not read', async () => {
  for (let i = 0; i < CALLERS; i++) {
    // Some 9 MB: more than what the system takes on the way.
    const target = resized(2_000 + i, 'bmp');
    const reader = send(`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1');
    await once(reader, 'readable');
    expect((reader.read(15) as Buffer).toString()).toBe('HTTP/1.1 200 OK');
  }
  for (const width of [50, 60]) {
    expect((await download(server.url + resized(width, 'jpg'))).status).toBe(200);
  }
}, 60_000);
