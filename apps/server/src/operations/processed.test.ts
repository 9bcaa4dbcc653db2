import { ImageError, OSS_LIMITS } from '@safelight/core';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createTestService,
  elementOf,
  errorOf,
  NOW_MS,
  type TestService,
} from '../../test/test-service.ts';
import { ServiceError } from '../service-error.ts';

let service: TestService;
const own = { bucket: 'box', key: 'a.jpg' };

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'a.jpg', new Uint8Array(9), {
    contentType: 'image/jpeg',
    headers: { expires: '1000000', 'content-encoding': 'gzip' },
    userMetadata: { mine: 'yes' },
  });
  await service.store.putStyle('box', 'small', 'image/resize,w_9');
});

const process = (text: string, more: object = {}): Promise<Response> =>
  service.ask({ target: `/box/a.jpg?x-oss-process=${text}`, ...more });

describe('a processed object', () => {
  it('is what the renderer made of the chain and the source', async () => {
    const response = await process('image/resize,w_100/rotate,90');
    const { chain, bytes } = (await response.json()) as { chain: unknown[]; bytes: number };
    expect([response.status, chain.length, bytes]).toEqual([200, 2, 9]);
    expect(response.headers.get('content-type')).toBe('image/x-echo');
  });

  it('may be asked for percent-encoded, once', async () => {
    expect((await process('image%2Fresize%2Cw_100')).status).toBe(200);
    expect((await process('image%252Fresize')).status).toBe(400);
  });

  it('has the source\u2019s validators and none of its checksums', async () => {
    const { headers } = await process('image/resize,w_100', { headers: { range: 'bytes=0-1' } });
    const plain = (await service.ask({ target: '/box/a.jpg' })).headers;
    for (const name of ['etag', 'last-modified', 'expires', 'vary', 'content-security-policy']) {
      expect(headers.get(name)).toBe(plain.get(name));
    }
    for (const name of [
      'x-oss-hash-crc64ecma',
      'content-range',
      'content-encoding',
      'accept-ranges',
      'x-oss-meta-mine',
    ]) {
      expect(headers.get(name)).toBeNull();
    }
  });

  it('has an ETag of its own when a style made it, which changes with the style', async () => {
    const plain = (await service.ask({ target: '/box/a.jpg' })).headers.get('etag') ?? '';
    const first = (await process('style/small')).headers.get('etag') ?? '';
    expect(first).toMatch(new RegExp(`^${plain.slice(0, -1)}-[0-9A-F]{8}"$`));
    expect((await process('style/small')).headers.get('etag')).toBe(first);
    await service.store.putStyle('box', 'small', 'image/resize,w_10');
    expect((await process('style/small')).headers.get('etag')).not.toBe(first);
  });

  it('is 304 without a render when the caller has it', async () => {
    const etag = (await process('style/small')).headers.get('etag') ?? '';
    const renders = service.renders.length;
    const fresh = await process('style/small', { headers: { 'if-none-match': etag } });
    const date = new Date(NOW_MS).toUTCString();
    const literal = await process('image/info', { headers: { 'if-modified-since': date } });
    expect([fresh.status, literal.status, service.renders.length]).toEqual([304, 304, renders]);
  });

  it('is 412 when a condition fails', async () => {
    const response = await process('image/info', { headers: { 'if-match': '"X"' } });
    expect(await errorOf(response)).toMatchObject({ status: 412, code: 'PreconditionFailed' });
  });

  it('is not kept by caches when a header asked for it', async () => {
    const headers = { 'x-oss-process': 'image/resize,w_100' };
    const response = await service.ask({ target: '/box/a.jpg', headers });
    expect(response.headers.get('content-type')).toBe('image/x-echo');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const signed = await process('image/resize,w_100', { as: own });
    expect(signed.headers.get('cache-control')).toBe('private');
    expect((await process('image/resize,w_100')).headers.get('cache-control')).toBeNull();
  });

  it('is the plain object when the process is empty', async () => {
    const empty = await process('');
    const bare = await service.ask({ target: '/box/a.jpg?x-oss-process' });
    expect([empty, bare].map(({ headers }) => headers.get('content-type'))).toEqual([
      'image/jpeg',
      'image/jpeg',
    ]);
  });

  it('has the headers of its GET on HEAD', async () => {
    const get = await process('image/resize,w_100');
    const head = await process('image/resize,w_100', { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
    expect([await head.text(), head.headers.get('content-type')]).toEqual(['', 'image/x-echo']);
  });
});

describe('a process', () => {
  it('that comes twice is refused, whoever asks', async () => {
    const twice = 'image/info&x-oss-process=image/info';
    expect(await errorOf(await process(twice))).toMatchObject({
      status: 400,
      code: 'InvalidArgument',
    });
    expect(await errorOf(await process(twice, { as: own }))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
    const both = { headers: { 'x-oss-process': 'image/info' } };
    expect((await process('image/info', both)).status).toBe(400);
    expect((await process('image/info', { ...both, as: own })).status).toBe(403);
  });

  it.each(['image/info%26versionId=1', 'image/info%00', 'image/resize,w_1%0A'])(
    'with & or control characters is refused: %s',
    async (text) => {
      expect(await errorOf(await process(text))).toMatchObject({
        status: 400,
        code: 'InvalidArgument',
      });
      expect(service.renders).toEqual([]);
    },
  );

  it('that is wrong names the token at fault and where it stands', async () => {
    const xml = await (await process('image/resize,w_100,m_abc')).text();
    expect(elementOf(xml, 'Message')).toBe('The value: abc of parameter: m is invalid.');
    expect(elementOf(xml, 'ArgumentName')).toBe('m');
    expect(elementOf(xml, 'ArgumentValue')).toBe('abc');
    expect(Number(elementOf(xml, 'ArgumentPosition'))).toBeGreaterThan(10);
    expect(elementOf(xml, 'EC')).toBe('0040-00000311');
  });

  it.each([
    ['style/nosuch', 404, 'NoSuchStyle'],
    ['style/a*b', 400, 'InvalidArgument'],
    ['video/snapshot', 400, 'InvalidArgument'],
    ['image/blindwatermark,content_YQ', 501, 'NotImplemented'],
  ])('%s is %i %s', async (text, status, code) => {
    expect(await errorOf(await process(text))).toMatchObject({ status, code });
  });

  it('of a style fails when it is used, and may not be a style', async () => {
    await service.store.putStyle('box', 'odd', 'csdar5324');
    await service.store.putStyle('box', 'loop', 'style/loop');
    expect((await process('style/odd')).status).toBe(400);
    expect((await process('style/loop')).status).toBe(400);
  });

  it('is checked after access and before existence', async () => {
    await service.store.createBucket('closed');
    const shut = await service.ask({ target: '/closed/k?x-oss-process=image/resize,w_0' });
    const gone = await service.ask({ target: '/box/gone?x-oss-process=image/resize,w_0' });
    const none = await service.ask({ target: '/box/gone?x-oss-process=image/resize,w_9' });
    expect([shut.status, gone.status, none.status]).toEqual([403, 400, 404]);
  });
});

describe('a render that fails', () => {
  const failing = async (error: unknown): Promise<Response> => {
    const broken = createTestService({
      store: service.store,
      renderer: { version: '1', render: () => Promise.reject(error) },
    });
    return broken.ask({ target: '/box/a.jpg?x-oss-process=image/resize,w_9' });
  };

  it('for want of room is 503 with Retry-After', async () => {
    const response = await failing(new ServiceError('ServiceUnavailable', 'busy'));
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await errorOf(response)).toMatchObject({ status: 503, code: 'ServiceUnavailable' });
  });

  it('for want of time is 503 with Retry-After', async () => {
    const response = await failing(new ImageError('Timeout', 'timed-out', 'too slow'));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it('for what only the picture tells names the letter and place that the caller wrote', async () => {
    const fault = { step: 0, action: 'resize', parameter: 'width', value: '9' };
    const error = new ImageError('InvalidArgument', 'out-of-range', 'no', { fault });
    const xml = await (await failing(error)).text();
    const named = ['ActionName', 'ArgumentName', 'ArgumentPosition'].map((name) =>
      elementOf(xml, name),
    );
    expect(named).toEqual(['resize', 'w', '13']);
  });

  it('for a damaged picture is 400', async () => {
    const response = await failing(new ImageError('BadImage', 'damaged', 'bad'));
    expect(response.status).toBe(400);
  });

  it('for a bug is 500 and tells nothing', async () => {
    const response = await failing(new Error('stack of /home/me'));
    const xml = await response.text();
    expect([response.status, elementOf(xml, 'Code')]).toEqual([500, 'InternalError']);
    expect(xml).not.toContain('/home');
  });

  it('for too many source bytes never reads them', async () => {
    const tight = createTestService({
      store: service.store,
      limits: { ...OSS_LIMITS, maxSourceBytes: 8 },
    });
    const response = await tight.ask({ target: '/box/a.jpg?x-oss-process=image/resize,w_9' });
    expect(tight.renders).toEqual([]);
    expect(await errorOf(response)).toEqual({
      status: 400,
      code: 'ImageTooLarge',
      ec: '0040-00000001',
    });
  });
});
