import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  errorOf,
  type TestService,
} from '../test/test-service.ts';

interface Received {
  readonly path: string;
  readonly type: string | undefined;
  readonly body: string;
}

let listener: Server;
let host: string;
let received: Received[];
let service: TestService;

/** Answers by its path: a status, a redirect to itself, no JSON, or JSON. */
beforeAll(async () => {
  listener = createServer((incoming, outgoing) => {
    let body = '';
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
    incoming.on('end', () => {
      const path = incoming.url ?? '';
      received.push({ path, type: incoming.headers['content-type'], body });
      if (path === '/away') outgoing.writeHead(302, { location: `http://${host}/ok` }).end();
      else if (path === '/fails') outgoing.writeHead(500).end('{}');
      else outgoing.end(path === '/text' ? 'no JSON' : '{"Status":"seen"}');
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
});

afterAll(() => listener.close());

beforeEach(async () => {
  received = [];
  service = createTestService({ settings: { callbackHosts: [host], minPartBytes: 0 } });
  await service.store.createBucket('box', { acl: 'public-read-write' });
});

const encode = (fields: object): string => Buffer.from(JSON.stringify(fields)).toString('base64');

function put(fields: object, variables?: object): Promise<Response> {
  const headers = {
    'content-type': 'text/x-test',
    'x-oss-callback': encode(fields),
    ...(variables === undefined ? {} : { 'x-oss-callback-var': encode(variables) }),
  };
  return askOwner(service, 'PUT', '/box/a%20%22%26b', { body: 'hello', headers });
}

describe('a callback', () => {
  it('tells of the object in a form, and gives the answer back', async () => {
    const body = 'b=${bucket}&o=${object}&s=${size}&e=${etag}&m=${mimeType}&v=${x:a}&n=${none}';
    const response = await put(
      { callbackUrl: `http://${host}/ok`, callbackBody: body },
      { 'x:a': 'é&=' },
    );
    expect([response.status, await response.text()]).toEqual([200, '{"Status":"seen"}']);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('etag')).toBe('"5D41402ABC4B2A76B9719D911017C592"');
    expect(received.map(({ path, type }) => [path, type])).toEqual([
      ['/ok', 'application/x-www-form-urlencoded'],
    ]);
    expect(Object.fromEntries(new URLSearchParams(received[0]?.body))).toEqual({
      b: 'box',
      o: 'a "&b',
      s: '5',
      e: '5D41402ABC4B2A76B9719D911017C592',
      m: 'text/x-test',
      v: 'é&=',
      n: '',
    });
  });

  it('tells it in JSON that no key can break out of', async () => {
    const response = await put({
      callbackUrl: `${host}/ok`,
      callbackHost: host.split(':')[0],
      callbackBody: '{"object":${object},"size":${size},"width":${imageInfo.width}}',
      callbackBodyType: 'application/json',
    });
    expect(response.status).toBe(200);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ object: 'a "&b', size: 5 });
  });

  it('goes to the next address when one fails', async () => {
    const callbackUrl = ['fails', 'text', 'ok'].map((path) => `http://${host}/${path}`).join(';');
    expect((await put({ callbackUrl, callbackBody: 'a=b' })).status).toBe(200);
    expect(received.map(({ path }) => path)).toEqual(['/fails', '/text', '/ok']);
  });

  it.each(['fails', 'text', 'away'])(
    'that fails is 203, and the object stays: %s',
    async (path) => {
      const response = await put({ callbackUrl: `http://${host}/${path}`, callbackBody: 'a=b' });
      expect([response.status, elementOf(await response.text(), 'Code')]).toEqual([
        203,
        'CallbackFailed',
      ]);
      expect(response.headers.get('etag')).toBe('"5D41402ABC4B2A76B9719D911017C592"');
      expect((await service.store.headObject('box', 'a "&b'))?.size).toBe(5);
      expect(received).toHaveLength(1);
    },
  );

  it.each([
    [{ callbackUrl: 'http://127.0.0.1:1/ok', callbackBody: 'a=b' }, 403, 'AccessDenied'],
    [{ callbackUrl: 'http://169.254.169.254/', callbackBody: 'a=b' }, 403, 'AccessDenied'],
    [{ callbackUrl: 'http://localhost/', callbackBody: 'a=b' }, 403, 'AccessDenied'],
    [{ callbackUrl: 'file:///etc/passwd', callbackBody: 'a=b' }, 403, 'AccessDenied'],
    [{ callbackUrl: '', callbackBody: 'a=b' }, 400, 'InvalidArgument'],
    [{ callbackUrl: 'HOST' }, 400, 'InvalidArgument'],
    [{ callbackUrl: 'http://me:pw@HOST/', callbackBody: 'a=b' }, 403, 'AccessDenied'],
    [{ callbackUrl: 'HOST', callbackBody: 'a', callbackHost: 'x.test' }, 400, 'InvalidArgument'],
    [{ callbackUrl: 'HOST', callbackBody: 'a', callbackBodyType: 'a/b' }, 400, 'InvalidArgument'],
    [{ callbackUrl: 'HOST;HOST;HOST;HOST;HOST;HOST', callbackBody: 'a' }, 400, 'InvalidArgument'],
  ])('is refused before anything is stored: %j', async (fields, status, code) => {
    const text = JSON.stringify(fields).replaceAll('HOST', host);
    const response = await put(JSON.parse(text) as object);
    expect(await errorOf(response)).toMatchObject({ status, code });
    expect(await service.store.headObject('box', 'a "&b')).toBeUndefined();
    expect(received).toEqual([]);
  });

  it('is refused to strangers, unreadable, and where no host is listed', async () => {
    const headers = { 'x-oss-callback': encode({ callbackUrl: host, callbackBody: 'a=b' }) };
    const stranger = { method: 'PUT', target: '/box/k', body: 'x', headers };
    expect(await errorOf(await service.ask(stranger))).toMatchObject({ code: 'AccessDenied' });
    const unreadable = { headers: { 'x-oss-callback': '!' }, body: 'x' };
    const wrong = await askOwner(service, 'PUT', '/box/k', unreadable);
    expect(await errorOf(wrong)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    const closed = createTestService();
    await closed.store.createBucket('box');
    const refused = await askOwner(closed, 'PUT', '/box/k', { headers, body: 'x' });
    expect(await errorOf(refused)).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect(received).toEqual([]);
  });

  it('comes after a completed upload in parts', async () => {
    const upload = await service.store.createUpload('box', 'k');
    const place = { bucket: 'box', key: 'k', uploadId: upload.uploadId };
    await service.store.putPart(place, 1, new TextEncoder().encode('part'));
    const headers = {
      'x-oss-complete-all': 'yes',
      'x-oss-callback': encode({ callbackUrl: host, callbackBody: 'o=${object}&s=${size}' }),
    };
    const target = `/box/k?uploadId=${upload.uploadId}`;
    const response = await askOwner(service, 'POST', target, { headers });
    expect([response.status, await response.text()]).toEqual([200, '{"Status":"seen"}']);
    expect(received[0]?.body).toBe('o=k&s=4');
  });
});
