import { beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;
const BOX = { bucket: 'box' };

beforeEach(() => {
  service = createTestService();
});

const ask = (
  method: string,
  target: string,
  more: { body?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> => service.ask({ method, target, as: BOX, ...more });

describe('a bucket full of styles', () => {
  it('takes no further one, but changes those it has', async () => {
    const full = createTestService({ settings: { maxStyles: 1 } });
    await full.store.createBucket('box');
    const put = (styleName: string): Promise<Response> =>
      askOwner(full, 'PUT', `/box?style&styleName=${styleName}`, {
        body: '<Style><Content>image/flip,0</Content></Style>',
      });
    expect((await put('a')).status).toBe(200);
    expect(await errorOf(await put('b'))).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await put('a')).status).toBe(200);
  });
});

describe('buckets', () => {
  it('are made with an ACL, twice by the same owner', async () => {
    const headers = { 'x-oss-acl': 'public-read' };
    const first = await ask('PUT', '/box', { headers });
    const again = await ask('PUT', '/box', { headers });
    expect([first.status, again.status, first.headers.get('location')]).toEqual([200, 200, '/box']);
    expect((await service.store.getBucket('box'))?.acl).toBe('public-read');
  });

  it('are made with a storage class', async () => {
    const body =
      '<CreateBucketConfiguration><StorageClass>IA</StorageClass></CreateBucketConfiguration>';
    await ask('PUT', '/box', { body });
    const info = await (await ask('GET', '/box?bucketInfo')).text();
    expect(elementOf(info, 'StorageClass')).toBe('IA');
  });

  it('are described', async () => {
    await ask('PUT', '/box');
    const info = await (await ask('GET', '/box?bucketInfo')).text();
    expect(info).toContain('<BucketInfo><Bucket>');
    expect(elementOf(info, 'Name')).toBe('box');
    expect(elementOf(info, 'Grant')).toBe('private');
    expect(elementOf(info, 'CreationDate')).toBe('2026-01-02T03:04:05.000Z');
    expect(elementOf(info, 'ExtranetEndpoint')).toBe('oss-cn-hangzhou.aliyuncs.com');
    const location = await (await ask('GET', '/box?location')).text();
    expect(elementOf(location, 'LocationConstraint')).toBe('oss-cn-hangzhou');
  });

  it('are listed with their owner, page by page', async () => {
    for (const name of ['box-a', 'box-b', 'box-c', 'other']) await service.store.createBucket(name);
    const first = await service.ask({ target: '/?prefix=box&max-keys=2', as: {} });
    const xml = await first.text();
    expect([...xml.matchAll(/<Name>(.*?)<\/Name>/g)].map((match) => match[1])).toEqual([
      'box-a',
      'box-b',
    ]);
    expect([elementOf(xml, 'IsTruncated'), elementOf(xml, 'NextMarker')]).toEqual([
      'true',
      'box-b',
    ]);
    expect(xml).toContain('<Owner><ID>');
    const rest = await service.ask({ target: '/?prefix=box&marker=box-b', as: {} });
    expect(elementOf(await rest.text(), 'Name')).toBe('box-c');
  });

  it('are removed once they are empty', async () => {
    await ask('PUT', '/box');
    await service.store.putObject('box', 'k', new Uint8Array([1]));
    expect(await errorOf(await ask('DELETE', '/box'))).toMatchObject({
      status: 409,
      code: 'BucketNotEmpty',
    });
    await service.store.deleteObject('box', 'k');
    expect((await ask('DELETE', '/box')).status).toBe(204);
    expect(await errorOf(await ask('DELETE', '/box'))).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
    });
  });
});

describe('ACLs', () => {
  it('of buckets are set and read', async () => {
    await ask('PUT', '/box');
    const set = await ask('PUT', '/box?acl', { headers: { 'x-oss-acl': 'public-read-write' } });
    expect([set.status, set.headers.get('location')]).toEqual([200, '/box']);
    const xml = await (await ask('GET', '/box?acl')).text();
    expect(elementOf(xml, 'Grant')).toBe('public-read-write');
    expect(elementOf(xml, 'ID')).toMatch(/^\d+$/);
  });

  it('create the bucket they are set on', async () => {
    await ask('PUT', '/box?acl', { headers: { 'x-oss-acl': 'public-read' } });
    expect((await service.store.getBucket('box'))?.acl).toBe('public-read');
  });

  it('of objects are set and read, and keep the date', async () => {
    await ask('PUT', '/box');
    await service.store.putObject('box', 'k', new Uint8Array([1]));
    const as = { bucket: 'box', key: 'k' };
    const read = async (): Promise<string | undefined> =>
      elementOf(await (await service.ask({ target: '/box/k?acl', as })).text(), 'Grant');
    expect(await read()).toBe('default');
    const headers = { 'x-oss-object-acl': 'public-read' };
    const set = await service.ask({ method: 'PUT', target: '/box/k?acl', headers, as });
    expect([set.status, await read()]).toEqual([200, 'public-read']);
  });

  it.each([
    ['/box?acl', 'x-oss-acl', undefined, '0015-00000204'],
    ['/box?acl', 'x-oss-acl', 'default', '0015-00000204'],
    ['/box/k?acl', 'x-oss-object-acl', undefined, '0017-00000105'],
    ['/box/k?acl', 'x-oss-object-acl', 'all', '0017-00000105'],
  ])('refuse %s with %s: %s', async (target, name, value, ec) => {
    await service.store.createBucket('box');
    await service.store.putObject('box', 'k', new Uint8Array([1]));
    const headers: Record<string, string> = value === undefined ? {} : { [name]: value };
    const as = target.includes('/k') ? { bucket: 'box', key: 'k' } : BOX;
    const response = await service.ask({ method: 'PUT', target, headers, as });
    expect(await errorOf(response)).toEqual({ status: 400, code: 'InvalidArgument', ec });
  });

  it('of missing objects are 404', async () => {
    await service.store.createBucket('box');
    const as = { bucket: 'box', key: 'k' };
    const headers = { 'x-oss-object-acl': 'private' };
    const set = await service.ask({ method: 'PUT', target: '/box/k?acl', headers, as });
    const get = await service.ask({ target: '/box/k?acl', as });
    expect([await errorOf(set), await errorOf(get)]).toMatchObject([
      { status: 404, code: 'NoSuchKey' },
      { status: 404, code: 'NoSuchKey' },
    ]);
  });
});

describe('ListObjects', () => {
  const KEYS = ['a.jpg', 'fun/1.jpg', 'fun/2.jpg', 'fun2.jpg', 'z\u0001&.jpg'];

  beforeEach(async () => {
    await service.store.createBucket('box');
    for (const key of KEYS) await service.store.putObject('box', key, new Uint8Array([1]));
  });

  const keysOf = (xml: string): (string | undefined)[] =>
    [...xml.matchAll(/<Key>([^<]*)<\/Key>/g)].map((match) => match[1]);

  it('lists in order, each with an owner and an ETag', async () => {
    const xml = await (await ask('GET', '/box/')).text();
    expect(keysOf(xml)).toEqual([
      'a.jpg',
      'fun/1.jpg',
      'fun/2.jpg',
      'fun2.jpg',
      'z\u0001&amp;.jpg',
    ]);
    expect(xml.match(/<Owner>/g)?.length).toBe(5);
    expect(elementOf(xml, 'LastModified')).toBe('2026-01-02T03:04:05.000Z');
    expect([elementOf(xml, 'MaxKeys'), elementOf(xml, 'IsTruncated')]).toEqual(['100', 'false']);
  });

  it('rolls keys up at a delimiter', async () => {
    const xml = await (await ask('GET', '/box?prefix=fun&delimiter=/')).text();
    expect(xml).toContain('<CommonPrefixes><Prefix>fun/</Prefix></CommonPrefixes>');
    expect(keysOf(xml)).toEqual(['fun2.jpg']);
  });

  it('gives the next marker whenever it stops early', async () => {
    const first = await (await ask('GET', '/box?max-keys=2')).text();
    expect([elementOf(first, 'IsTruncated'), elementOf(first, 'NextMarker')]).toEqual([
      'true',
      'fun/1.jpg',
    ]);
    const rest = await (await ask('GET', '/box?max-keys=2&marker=fun%2F1.jpg')).text();
    expect(keysOf(rest)).toEqual(['fun/2.jpg', 'fun2.jpg']);
  });

  it('encodes keys when asked', async () => {
    const xml = await (await ask('GET', '/box?encoding-type=url&prefix=z')).text();
    expect([keysOf(xml), elementOf(xml, 'EncodingType')]).toEqual([['z%01%26.jpg'], 'url']);
  });

  it('of version 2 counts keys and goes on by token', async () => {
    const first = await (await ask('GET', '/box?list-type=2&max-keys=3')).text();
    expect([keysOf(first).length, elementOf(first, 'KeyCount')]).toEqual([3, '3']);
    expect(first).not.toContain('<Owner>');
    const token = elementOf(first, 'NextContinuationToken') ?? '';
    const query = `list-type=2&fetch-owner=true&continuation-token=${encodeURIComponent(token)}`;
    const rest = await (await ask('GET', `/box?${query}`)).text();
    expect(keysOf(rest)).toEqual(['fun2.jpg', 'z\u0001&amp;.jpg']);
    expect(rest).toContain('<Owner>');
  });

  it.each(['max-keys=0', 'max-keys=1001', 'max-keys=x', 'encoding-type=x', 'list-type=3'])(
    'refuses %s',
    async (query) => {
      expect(await errorOf(await ask('GET', `/box?${query}`))).toMatchObject({
        status: 400,
        code: 'InvalidArgument',
      });
    },
  );
});

describe('styles', () => {
  const body = '<Style><Content>image/resize,w_200</Content></Style>';
  const put = (name: string, text = body): Promise<Response> =>
    ask('PUT', `/box?style&styleName=${encodeURIComponent(name)}&category=image`, { body: text });

  beforeEach(() => service.store.createBucket('box'));

  it('are stored, read, listed in order of creation and deleted', async () => {
    const stored = [await put('small'), await put('big')];
    expect(stored.map(({ status }) => status)).toEqual([200, 200]);
    const xml = await (await ask('GET', '/box?style&styleName=small')).text();
    expect(elementOf(xml, 'Content')).toBe('image/resize,w_200');
    expect(elementOf(xml, 'Category')).toBe('image');
    expect(elementOf(xml, 'CreateTime')).toBe('Fri, 02 Jan 2026 03:04:05 GMT');
    const list = await (await ask('GET', '/box?style')).text();
    expect([...list.matchAll(/<Name>(.*?)<\/Name>/g)].map((match) => match[1])).toEqual([
      'small',
      'big',
    ]);
    for (let i = 0; i < 2; i++) {
      expect((await ask('DELETE', '/box?style&styleName=small')).status).toBe(204);
    }
    expect(await errorOf(await ask('GET', '/box?style&styleName=small'))).toMatchObject({
      status: 404,
      code: 'NoSuchStyle',
    });
  });

  it('are an empty element when there is none', async () => {
    expect(await (await ask('GET', '/box?style')).text()).toContain('<StyleList></StyleList>');
  });

  it('keep any text: it is checked when it is used', async () => {
    expect((await put('odd', '<Style><Content>csdar5324</Content></Style>')).status).toBe(200);
  });

  it.each(['@%$^', 'a b', '', 'x'.repeat(64)])('refuse the name %j', async (name) => {
    const response = await put(name);
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });

  it('refuse an empty text', async () => {
    const response = await put('none', '<Style><Content></Content></Style>');
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidArgument' });
  });
});
