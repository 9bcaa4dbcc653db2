import { beforeEach, describe, expect, it } from 'vitest';
import { createTestService, errorOf, type TestService } from '../test/test-service.ts';

let service: TestService;

const configuration = (delimiters: string, support: string): string =>
  `<BucketProcessConfiguration><StyleDelimiters>${delimiters}</StyleDelimiters>` +
  `<OssDomainSupportAtProcess>${support}</OssDomainSupportAtProcess></BucketProcessConfiguration>`;

async function configure(bucket: string, delimiters: string, support: string): Promise<void> {
  const settings = { processConfiguration: configuration(delimiters, support) };
  await service.store.updateBucket(bucket, { settings });
}

beforeEach(async () => {
  service = createTestService();
  for (const bucket of ['box', 'plain', 'own']) {
    await service.store.createBucket(bucket, { acl: bucket === 'own' ? 'private' : 'public-read' });
    await service.store.putObject(bucket, 'a.jpg', new Uint8Array(9));
    await service.store.putObject(bucket, 'b@100w', new Uint8Array(7));
    await service.store.putObject(bucket, 'a!small', new Uint8Array(5));
    await service.store.putStyle(bucket, 'small', 'image/resize,w_9');
    await service.store.putStyle(bucket, 'a-b_c', 'image/resize,w_8');
  }
  await configure('box', '!,-,_,/', 'Enabled');
  await configure('own', '!', 'Enabled');
});

const get = (target: string, more: object = {}): Promise<Response> =>
  service.ask({ target, ...more });

async function chainOf(target: string): Promise<unknown> {
  const response = await get(target);
  expect(response.status).toBe(200);
  return ((await response.json()) as { chain: unknown }).chain;
}

describe('a style behind a delimiter', () => {
  it.each(['!', '-', '_', '/', '@!'])('%s is the style', async (delimiter) => {
    expect(await chainOf(`/box/a.jpg${delimiter}small`)).toEqual([{ name: 'resize', width: 9 }]);
  });

  it('has the answer of the style under its own name', async () => {
    const named = await get('/box/a.jpg!small');
    const asked = await get('/box/a.jpg?x-oss-process=style/small');
    expect(named.headers.get('etag')).toBe(asked.headers.get('etag'));
    expect(await named.text()).toBe(await asked.text());
  });

  it('may hold other delimiters in its name', async () => {
    expect(await chainOf('/box/a.jpg-a-b_c')).toEqual([{ name: 'resize', width: 8 }]);
  });

  it('comes after an object of exactly this key', async () => {
    expect((await (await get('/box/a!small')).arrayBuffer()).byteLength).toBe(5);
  });

  it.each(['/box/a.jpg!nosuch', '/box/nosuch.jpg', '/plain/a.jpg!small', '/box/!small'])(
    'is a missing key where it names nothing: %s',
    async (target) => {
      expect(await errorOf(await get(target))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    },
  );

  it('of a missing object is a missing source', async () => {
    expect(await errorOf(await get('/box/nosuch.jpg!small'))).toMatchObject({
      status: 404,
      ec: '0040-00000024',
    });
  });

  it('asks for the rights on the object', async () => {
    expect(await errorOf(await get('/own/a.jpg!small'))).toMatchObject({ status: 403 });
    const as = { bucket: 'own', key: 'a.jpg!small' };
    expect((await get('/own/a.jpg!small', { as })).status).toBe(200);
  });

  it('is not looked for where a process is named beside it', async () => {
    const response = await get('/box/a.jpg!small?x-oss-process=image/resize,w_1');
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });
});

describe('the old syntax in a key', () => {
  it('becomes a chain that makes a JPEG', async () => {
    expect(await chainOf('/box/a.jpg@100w_100h_1e_1c')).toEqual([
      { name: 'resize', width: 100, height: 100, mode: 'fill', enlarge: true },
      { name: 'format', format: 'jpeg', sourceBackground: { red: 0, green: 0, blue: 0 } },
    ]);
  });

  it.each(['/box/a.jpg@90r|50w.png', '/box/a.jpg%4090r%7C50w.png'])(
    'has stages, encoded or not: %s',
    async (target) => {
      expect(await chainOf(target)).toHaveLength(3);
    },
  );

  it('has the validators of the source', async () => {
    const plain = await get('/box/a.jpg');
    const processed = await get('/box/a.jpg@100w');
    expect(processed.headers.get('etag')).toBe(plain.headers.get('etag'));
    expect((await get('/box/a.jpg@100w', { method: 'HEAD' })).status).toBe(200);
  });

  it('comes after an object of exactly this key', async () => {
    expect((await (await get('/box/b@100w')).arrayBuffer()).byteLength).toBe(7);
  });

  it.each([
    ['/box/a.jpg@0w', 'InvalidArgument', '0040-00000312'],
    ['/box/a.jpg@1w|2w|3w|4w|5w', 'TooManyPipe', undefined],
  ])('refuses %s as %s', async (target, code, ec) => {
    expect(await errorOf(await get(target))).toEqual({ status: 400, code, ec });
  });

  it.each(['/plain/a.jpg@100w', '/box/me@home.jpg', '/box/@100w'])(
    'is an ordinary missing key where it is off or has no source: %s',
    async (target) => {
      expect(await errorOf(await get(target))).toMatchObject({ status: 404, code: 'NoSuchKey' });
    },
  );

  it('says of a style that is none what the language says', async () => {
    expect(await errorOf(await get('/box/a.jpg@!nosuch'))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
    });
  });
});
