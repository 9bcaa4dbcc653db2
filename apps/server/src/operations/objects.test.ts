import { beforeEach, describe, expect, it } from 'vitest';
import {
  createTestService,
  elementOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;
const BOX = { bucket: 'box' };
const own = (key: string): { bucket: string; key: string } => ({ bucket: 'box', key });

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
});

const put = (
  target: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  service.ask({
    method: 'PUT',
    target,
    body,
    headers,
    as: own(decodeURIComponent(target.slice('/box/'.length).split('?')[0] ?? '')),
  });

describe('PutObject', () => {
  it('answers exactly 200 with an empty body, the ETag and the checksums', async () => {
    const response = await put('/box/k', 'hello');
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: '"5D41402ABC4B2A76B9719D911017C592"',
      'content-md5': 'XUFAKrxLKna5cZ2REBfFkg==',
      'content-length': '0',
      'x-oss-hash-crc64ecma': expect.stringMatching(/^\d+$/),
    });
  });

  it('gives stored headers and metadata back as they came', async () => {
    const stored = {
      'content-type': 'image/x-thing',
      'cache-control': 'max-age=7',
      'content-disposition': 'inline; filename="\u00e5\u009b\u00be"',
      'content-encoding': 'identity',
      'content-language': 'de',
      expires: '1000000',
      'x-oss-meta-owner': '\u00e5\u009b\u00be',
      'x-oss-storage-class': 'IA',
    };
    await put('/box/k', 'hello', stored);
    const { headers } = await service.ask({ target: '/box/k' });
    for (const [name, value] of Object.entries(stored)) expect(headers.get(name)).toBe(value);
  });

  it('refuses a body that is not what Content-MD5 says', async () => {
    const response = await put('/box/k', 'hello', { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidDigest' });
    expect((await service.ask({ target: '/box/k' })).status).toBe(404);
  });

  it('keeps an object when overwriting is forbidden', async () => {
    await put('/box/k', 'first');
    const response = await put('/box/k', 'second', { 'x-oss-forbid-overwrite': 'true' });
    expect(await errorOf(response)).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
    expect(await (await service.ask({ target: '/box/k' })).text()).toBe('first');
  });

  it('sets the ACL it is given and resets it when overwritten', async () => {
    await put('/box/k', 'a', { 'x-oss-object-acl': 'private' });
    expect((await service.ask({ target: '/box/k' })).status).toBe(403);
    await put('/box/k', 'b');
    expect((await service.ask({ target: '/box/k' })).status).toBe(200);
  });

  it.each([
    ['x-oss-callback', 'e30='],
    ['x-oss-symlink-target', 'other'],
    ['x-oss-server-side-encryption', 'AES256'],
  ])('does not store what it cannot honour: %s', async (name, value) => {
    const response = await put('/box/k', 'a', { [name]: value });
    expect(await errorOf(response)).toMatchObject({ status: 501, code: 'NotImplemented' });
    expect((await service.ask({ target: '/box/k' })).status).toBe(404);
  });

  it('knows no other storage classes than the service', async () => {
    const response = await put('/box/k', 'a', { 'x-oss-storage-class': 'Gold' });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('wants to know the length, or chunks', async () => {
    const bare = await service.ask({ method: 'PUT', target: '/box/k', as: own('k') });
    expect(await errorOf(bare)).toMatchObject({ status: 411, code: 'MissingContentLength' });
    const headers = { 'transfer-encoding': 'chunked' };
    const chunked = await service.ask({ method: 'PUT', target: '/box/k', headers, as: own('k') });
    expect(chunked.status).toBe(200);
  });

  it('takes no more than it may', async () => {
    const small = createTestService({ store: service.store, settings: { maxObjectBytes: 4 } });
    const response = await small.ask({
      method: 'PUT',
      target: '/box/k',
      body: 'hello',
      as: own('k'),
    });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'EntityTooLarge' });
  });

  it('refuses an unknown ACL', async () => {
    const response = await put('/box/k', 'a', { 'x-oss-object-acl': 'everyone' });
    expect(await errorOf(response)).toEqual({
      status: 400,
      code: 'InvalidArgument',
      ec: '0017-00000105',
    });
  });
});

describe('GetObject and HeadObject', () => {
  beforeEach(() => put('/box/k', '0123456789', { 'content-type': 'text/html' }));

  it('give the same headers', async () => {
    const get = await service.ask({ target: '/box/k' });
    const head = await service.ask({ method: 'HEAD', target: '/box/k' });
    const skip = new Set(['x-oss-request-id']);
    const kept = ({ headers }: Response): object =>
      Object.fromEntries([...headers].filter(([name]) => !skip.has(name)));
    expect(kept(head)).toEqual(kept(get));
    expect([await head.text(), await get.text()]).toEqual(['', '0123456789']);
    expect(kept(get)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '10',
      'content-type': 'text/html',
      etag: '"781E5E245D69B566979B86E28D23F2C7"',
      'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
      vary: 'x-oss-process',
      'x-oss-object-type': 'Normal',
      'x-oss-storage-class': 'Standard',
    });
  });

  it('never let an uploaded page run as one of ours', async () => {
    const { headers } = await service.ask({ target: '/box/k' });
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('serve objects without a type as plain bytes', async () => {
    await service.store.putObject('box', 'plain', new Uint8Array([60, 104, 62]));
    const { headers } = await service.ask({ target: '/box/plain' });
    expect(headers.get('content-type')).toBe('application/octet-stream');
  });

  it('send a range as 206', async () => {
    const response = await service.ask({ target: '/box/k', headers: { range: 'bytes=2-4' } });
    expect([response.status, await response.text()]).toEqual([206, '234']);
    expect(response.headers.get('content-range')).toBe('bytes 2-4/10');
    expect(response.headers.get('x-oss-hash-crc64ecma')).toBeNull();
  });

  it('ignore a range beyond the end, and refuse it when asked for the standard', async () => {
    const headers = { range: 'bytes=20-' };
    expect((await service.ask({ target: '/box/k', headers })).status).toBe(200);
    const standard = { ...headers, 'x-oss-range-behavior': 'standard' };
    const refused = await service.ask({ target: '/box/k', headers: standard });
    expect(refused.headers.get('content-range')).toBe('bytes */10');
    expect(await errorOf(refused)).toMatchObject({ status: 416, code: 'InvalidRange' });
  });

  it('send the whole object when If-Range names another version', async () => {
    const range = 'bytes=2-4';
    const same = { range, 'if-range': '"781E5E245D69B566979B86E28D23F2C7"' };
    const other = { range, 'if-range': '"X"' };
    expect((await service.ask({ target: '/box/k', headers: same })).status).toBe(206);
    expect((await service.ask({ target: '/box/k', headers: other })).status).toBe(200);
  });

  it('answer conditions with 304 and 412', async () => {
    const etag = '"781E5E245D69B566979B86E28D23F2C7"';
    const fresh = await service.ask({ target: '/box/k', headers: { 'if-none-match': etag } });
    expect([fresh.status, await fresh.text(), fresh.headers.get('etag')]).toEqual([304, '', etag]);
    expect(fresh.headers.get('content-length')).toBeNull();
    const changed = await service.ask({ target: '/box/k', headers: { 'if-match': '"X"' } });
    const xml = await changed.text();
    expect([changed.status, elementOf(xml, 'Code'), elementOf(xml, 'Condition')]).toEqual([
      412,
      'PreconditionFailed',
      'If-Match',
    ]);
  });

  it('let the owner override headers, but not break them', async () => {
    const target = '/box/k?response-content-type=image%2Fpng&response-cache-control=no-cache';
    const { headers } = await service.ask({ target, as: own('k') });
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual([
      'image/png',
      'no-cache',
    ]);
    const broken = '/box/k?response-content-disposition=a%0D%0AX-Evil%3A%201';
    expect(await errorOf(await service.ask({ target: broken, as: own('k') }))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
  });

  it('are private when signed, unless the object says otherwise', async () => {
    const signed = await service.ask({ target: '/box/k', as: own('k') });
    expect(signed.headers.get('cache-control')).toBe('private');
    expect((await service.ask({ target: '/box/k' })).headers.get('cache-control')).toBeNull();
    await put('/box/k', 'x', { 'cache-control': 'public, max-age=9' });
    const said = await service.ask({ target: '/box/k', as: own('k') });
    expect(said.headers.get('cache-control')).toBe('public, max-age=9');
  });

  it('never pair the headers of one version with the bytes of another', async () => {
    const { store } = service;
    let replaced = 0;
    const getObject: typeof store.getObject = async (...args) => {
      if (replaced++ === 0) await store.putObject('box', 'k', new Uint8Array([65, 66]));
      return store.getObject(...args);
    };
    const busy = createTestService({
      store: new Proxy(store, {
        get(target, name: keyof typeof store) {
          const method: unknown = name === 'getObject' ? getObject : target[name];
          return typeof method === 'function' ? method.bind(target) : method;
        },
      }),
    });
    const response = await busy.ask({ target: '/box/k' });
    expect([response.status, await response.text(), replaced]).toEqual([200, 'AB', 2]);
    expect(response.headers.get('content-length')).toBe('2');
  });

  it('name the key that is missing', async () => {
    const xml = await (await service.ask({ target: '/box/a%3Cb' })).text();
    expect([elementOf(xml, 'Code'), elementOf(xml, 'Key')]).toEqual(['NoSuchKey', 'a&lt;b']);
  });

  it('tell the few facts of objectMeta', async () => {
    const response = await service.ask({ method: 'HEAD', target: '/box/k?objectMeta' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe('10');
    expect(response.headers.get('etag')).toBe('"781E5E245D69B566979B86E28D23F2C7"');
  });
});

describe('DeleteObject and DeleteMultipleObjects', () => {
  it('answer 204, also for a missing key', async () => {
    await put('/box/k', 'x');
    for (let i = 0; i < 2; i++) {
      const response = await service.ask({ method: 'DELETE', target: '/box/k', as: own('k') });
      expect(response.status).toBe(204);
    }
    expect((await service.ask({ target: '/box/k' })).status).toBe(404);
  });

  it('delete several in request order', async () => {
    await put('/box/a', 'x');
    const body =
      '<Delete><Object><Key>b\u0001</Key></Object><Object><Key>a</Key></Object></Delete>';
    const response = await service.ask({ method: 'POST', target: '/box/?delete', body, as: BOX });
    expect(await response.text()).toContain(
      '<DeleteResult><Deleted><Key>b\u0001</Key></Deleted><Deleted><Key>a</Key></Deleted></DeleteResult>',
    );
    expect((await service.ask({ target: '/box/a' })).status).toBe(404);
  });

  it('are quiet when asked', async () => {
    const body = '<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object></Delete>';
    const response = await service.ask({ method: 'POST', target: '/box/?delete', body, as: BOX });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each(['<Delete></Delete>', '<Delete>', '<Other/>', '<Delete><Object></Object></Delete>'])(
    'refuse %s',
    async (body) => {
      const response = await service.ask({ method: 'POST', target: '/box/?delete', body, as: BOX });
      expect(await errorOf(response)).toMatchObject({ status: 400, code: 'MalformedXML' });
    },
  );
});
