import { OSS_LIMITS } from '@safelight/core';
import { SUBRESOURCES } from '@safelight/signing';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { createTestService, elementOf, errorOf, NOW_MS } from '../test/test-service.ts';
import { type AppDeps, createApp } from './index.ts';

describe('createApp', () => {
  it('can be mounted in another Hono server', async () => {
    const { store } = createTestService();
    await store.createBucket('box', { acl: 'public-read' });
    await store.putObject('box', 'a/b.txt', new TextEncoder().encode('hello'));
    const inner = createTestService({ store });
    const outer = new Hono();
    outer.get('/about', (context) => context.text('the outer server'));
    outer.route('/', inner.app);
    const about = await outer.request('http://localhost/about');
    const object = await outer.request(
      'http://localhost/',
      {},
      {
        target: '/box/a/b.txt',
        headers: [['host', 'localhost']],
      },
    );
    expect([await about.text(), await object.text()]).toEqual(['the outer server', 'hello']);
  });

  it('takes target and headers from the request when no entry gives raw ones', async () => {
    const { store } = createTestService();
    await store.createBucket('box', { acl: 'public-read' });
    await store.putObject('box', '图.jpg', new Uint8Array([1]));
    const app = createApp(testDeps(store));
    const response = await app.request('http://127.0.0.1:9080/box/%E5%9B%BE.jpg?x-y=1#part');
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 1]);
  });

  it('gives every answer a request id, a date and nosniff', async () => {
    const { ask } = createTestService();
    for (const target of ['/-/health', '/box/k', '/', '/BAD']) {
      const { headers } = await ask({ target });
      expect(headers.get('x-oss-request-id')).toMatch(/^[0-9A-F]{24}$/);
      expect(headers.get('date')).toBe(new Date(NOW_MS).toUTCString());
      expect(headers.get('x-oss-server-time')).toBe('0');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('answers health to anyone and under any host', async () => {
    const { ask } = createTestService();
    const response = await ask({ target: '/-/health', host: 'probe.internal' });
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
    expect((await ask({ target: '/-/other' })).status).toBe(404);
    expect((await ask({ method: 'POST', target: '/-/health' })).status).toBe(405);
  });

  it('keeps keys apart that a normalised path would confuse', async () => {
    const { ask, store } = createTestService();
    await store.createBucket('box', { acl: 'public-read-write' });
    for (const key of ['a/../c', 'c', 'a//c', 'a/./c', 'a/c']) {
      await ask({ method: 'PUT', target: `/box/${key}`, body: key });
    }
    for (const key of ['a/../c', 'c', 'a//c', 'a/./c', 'a/c']) {
      expect(await (await ask({ target: `/box/${key}` })).text()).toBe(key);
    }
    expect(await (await ask({ target: '/box/a%2Fc' })).text()).toBe('a/c');
  });

  it('prints errors as documents with request id, host and EC', async () => {
    const { ask } = createTestService();
    const response = await ask({ target: '/box/k', host: 'localhost:9080' });
    const xml = await response.text();
    expect(response.headers.get('content-type')).toBe('application/xml');
    expect(elementOf(xml, 'Code')).toBe('NoSuchBucket');
    expect(elementOf(xml, 'RequestId')).toBe(response.headers.get('x-oss-request-id'));
    expect(elementOf(xml, 'HostId')).toBe('localhost:9080');
    expect(elementOf(xml, 'EC')).toBe(response.headers.get('x-oss-ec'));
  });

  it('prints well-formed documents whatever the request held', async () => {
    const { ask, store } = createTestService();
    await store.createBucket('box', { acl: 'public-read' });
    const targets = ['/box/a%01%EF%BF%BF', '/box/a?x-oss-process=image/info%00', '/box?acl=%1F'];
    for (const target of targets) {
      const xml = await (await ask({ target })).text();
      const forbidden = [...xml].filter((char) => (char < ' ' && char !== '\n') || char > '\uFFFD');
      expect(forbidden).toEqual([]);
    }
    const missing = await (await ask({ target: '/box/a%01b' })).text();
    expect(elementOf(missing, 'Key')).toBe('a\uFFFDb');
  });

  it('puts the document of a HEAD into a header', async () => {
    const { ask } = createTestService();
    const response = await ask({ method: 'HEAD', target: '/box/k' });
    const xml = Buffer.from(response.headers.get('x-oss-err') ?? '', 'base64').toString();
    expect([response.status, elementOf(xml, 'Code'), await response.text()]).toEqual([
      404,
      'NoSuchBucket',
      '',
    ]);
  });

  it('keeps the document of a HEAD short enough for a header', async () => {
    const { ask } = createTestService();
    const target = `/box/k?OSSAccessKeyId=test-id&Expires=9999999999&Signature=x&x-oss-a=${'y'.repeat(5000)}`;
    const response = await ask({ method: 'HEAD', target });
    const header = response.headers.get('x-oss-err') ?? '';
    const xml = Buffer.from(header, 'base64').toString();
    expect(elementOf(xml, 'Code')).toBe('SignatureDoesNotMatch');
    expect(header.length).toBeLessThan(6000);
  });

  it('says nothing of its inside when it fails', async () => {
    const { ask, store } = createTestService();
    const broken = createTestService({
      store: {
        ...store,
        getBucket: () => Promise.reject(new Error('/var/lib/secret is gone')),
      },
    });
    const xml = await (await broken.ask({ target: '/box/k' })).text();
    expect(elementOf(xml, 'Code')).toBe('InternalError');
    expect(xml).not.toContain('secret');
    expect((await ask({ target: '/-/health' })).status).toBe(200);
  });

  const REFUSED: readonly (readonly [string, string, number, string])[] = [
    ['GET', '/box/k?uploads', 501, 'NotImplemented'],
    ['PUT', '/box/k?live', 501, 'NotImplemented'],
    ['PUT', '/box/k?x-oss-process=image/info', 501, 'NotImplemented'],
    ['PUT', '/box/k?x-oss-unheard-of', 501, 'NotImplemented'],
    ['PUT', '/box/k?unheardOf', 501, 'NotImplemented'],
    ['PUT', '/box/k?Acl', 501, 'NotImplemented'],
    ['PUT', '/box/k?objectmeta=1', 501, 'NotImplemented'],
    ['DELETE', '/box/k?unheardOf', 501, 'NotImplemented'],
    ['DELETE', '/box?Cors', 501, 'NotImplemented'],
    ['POST', '/box?unheardOf', 501, 'NotImplemented'],
    ['PUT', '/box/k?partNumber=1&uploadId=2', 411, 'MissingContentLength'],
    ['PUT', '/box/k?partNumber=1', 501, 'NotImplemented'],
    ['PUT', '/box/k?uploadId=2', 501, 'NotImplemented'],
    ['PUT', '/box/k?styleName=s', 501, 'NotImplemented'],
    ['PUT', '/box/k?continuation-token=s', 501, 'NotImplemented'],
    ['PUT', '/box/k?response-content-type=text/html', 501, 'NotImplemented'],
    ['PUT', '/box/k?symlink&tagging', 400, 'InvalidArgument'],
    ['POST', '/box/k?append', 501, 'NotImplemented'],
    ['POST', '/box', 501, 'NotImplemented'],
    ['GET', '/box?website', 501, 'NotImplemented'],
    ['PUT', '/box?policy', 501, 'NotImplemented'],
    ['PUT', '/box?lifecycle', 501, 'NotImplemented'],
    ['GET', '/box/k?versionId=1', 501, 'NotImplemented'],
    ['GET', '/box/k?x-oss-async-process=image/info', 501, 'NotImplemented'],
    ['OPTIONS', '/box/k', 403, 'AccessForbidden'],
    ['PATCH', '/box/k', 405, 'MethodNotAllowed'],
    ['HEAD', '/box', 405, 'MethodNotAllowed'],
    ['PUT', '/', 405, 'MethodNotAllowed'],
    ['GET', '/box/k?acl&objectMeta', 400, 'InvalidArgument'],
    ['GET', '/box/k?a=%ZZ', 400, 'InvalidArgument'],
  ];

  it.each(REFUSED)('refuses %s %s with %i %s', async (method, target, status, code) => {
    const { ask, store } = createTestService();
    await store.createBucket('box', { acl: 'public-read-write' });
    await store.putObject('box', 'k', new Uint8Array([1]));
    const response = await ask({ method, target });
    const xml =
      method === 'HEAD'
        ? Buffer.from(response.headers.get('x-oss-err') ?? '', 'base64').toString()
        : await response.text();
    expect([response.status, elementOf(xml, 'Code')]).toEqual([status, code]);
    expect((await store.headObject('box', 'k'))?.size).toBe(1);
  });

  it('never takes a sub-resource on a write for a plain upload', async () => {
    const { ask, store } = createTestService();
    await store.createBucket('box', { acl: 'public-read-write' });
    await store.putObject('box', 'k', new Uint8Array([1]));
    for (const name of SUBRESOURCES) {
      // Says nothing but who asks: an upload with it is one.
      if (name === 'security-token') continue;
      for (const key of ['k', 'new']) {
        const target = `/box/${key}?${name}`;
        await ask({ method: 'PUT', target, body: 'over', as: { bucket: 'box', key } });
      }
      expect((await store.headObject('box', 'new'))?.size ?? 0, name).toBe(0);
      expect((await store.headObject('box', 'k'))?.size, name).toBe(1);
    }
  });

  it('refuses hosts that are not its own', async () => {
    const { ask } = createTestService();
    expect(await errorOf(await ask({ target: '/k', host: 'example.net' }))).toMatchObject({
      status: 403,
      code: 'NonStandardHostForbidden',
    });
  });
});

function testDeps(store: AppDeps['store']): AppDeps {
  return {
    store,
    renderer: { version: 'none', render: () => Promise.reject(new Error('nothing to render')) },
    findKey: () => undefined,
    limits: OSS_LIMITS,
  };
}
