import { beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  elementsOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
});

const read = async (target: string): Promise<string> => (await service.ask({ target })).text();

describe('AppendObject', () => {
  const append = (position: number | string, body: string, headers = {}): Promise<Response> =>
    askOwner(service, 'POST', `/box/log?append&position=${position}`, { body, headers });

  it('begins, goes on, and tells where to go on', async () => {
    const first = await append(0, 'one', { 'content-type': 'text/plain', 'x-oss-meta-a': '1' });
    expect(first.status).toBe(200);
    expect(first.headers.get('x-oss-next-append-position')).toBe('3');
    const second = await append(3, '-two', { 'content-type': 'text/ignored' });
    expect(second.headers.get('x-oss-next-append-position')).toBe('7');
    const got = await service.ask({ target: '/box/log' });
    expect(await got.text()).toBe('one-two');
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'text/plain',
      'x-oss-meta-a': '1',
      'x-oss-object-type': 'Appendable',
      'x-oss-next-append-position': '7',
      'x-oss-hash-crc64ecma': second.headers.get('x-oss-hash-crc64ecma'),
    });
  });

  it('refuses another position, with the right one, and plain objects', async () => {
    await append(0, 'one');
    const wrong = await append(2, 'x');
    expect(wrong.headers.get('x-oss-next-append-position')).toBe('3');
    const xml = await wrong.text();
    expect([wrong.status, elementOf(xml, 'Code'), elementOf(xml, 'Message')]).toEqual([
      409,
      'PositionNotEqualToLength',
      'Position is not equal to file length',
    ]);
    await askOwner(service, 'PUT', '/box/log', { body: 'plain' });
    expect(await errorOf(await append(5, 'x'))).toMatchObject({
      status: 409,
      code: 'ObjectNotAppendable',
    });
    expect(await errorOf(await append('-1', 'x'))).toMatchObject({ code: 'InvalidArgument' });
    expect(await read('/box/log')).toBe('plain');
  });

  it('is closed to strangers', async () => {
    const target = '/box/log?append&position=0';
    const response = await service.ask({ method: 'POST', target, body: 'x' });
    expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});

describe('symlinks', () => {
  const link = (key: string, target: string, headers = {}): Promise<Response> =>
    askOwner(service, 'PUT', `/box/${key}?symlink`, {
      headers: { 'x-oss-symlink-target': target, ...headers },
    });

  it('are read through, plain and processed, and tell where they point', async () => {
    await askOwner(service, 'PUT', '/box/%E5%9B%BE.jpg', {
      body: 'bytes',
      headers: { 'content-type': 'image/jpeg', 'x-oss-meta-a': 'of the target' },
    });
    expect((await link('link', '%E5%9B%BE.jpg', { 'x-oss-meta-b': '2' })).status).toBe(200);
    const got = await service.ask({ target: '/box/link' });
    expect(await got.text()).toBe('bytes');
    const target = await service.store.headObject('box', '图.jpg');
    expect(Object.fromEntries(got.headers)).toMatchObject({
      etag: `"${target?.etag}"`,
      'content-type': 'image/jpeg',
      'x-oss-object-type': 'Symlink',
      'x-oss-meta-b': '2',
    });
    expect(got.headers.get('x-oss-meta-a')).toBeNull();
    const part = await service.ask({ target: '/box/link', headers: { range: 'bytes=1-2' } });
    expect([part.status, await part.text()]).toEqual([206, 'yt']);
    const processed = await service.ask({ target: '/box/link?x-oss-process=image/flip,0' });
    expect(JSON.parse(await processed.text())).toMatchObject({ bytes: 5 });
    const told = await service.ask({ target: '/box/link?symlink' });
    expect(told.headers.get('x-oss-symlink-target')).toBe('%E5%9B%BE.jpg');
  });

  it('to nothing, to links and to no key are refused by their codes', async () => {
    await link('a', 'missing');
    await link('b', 'a');
    const missing = await service.ask({ target: '/box/a' });
    expect(await errorOf(missing)).toMatchObject({ status: 404, code: 'SymlinkTargetNotExist' });
    const chain = await service.ask({ target: '/box/b' });
    expect(await errorOf(chain)).toMatchObject({ status: 400, code: 'InvalidTargetType' });
    expect(await errorOf(await link('c', '%2Fabsolute'))).toMatchObject({
      code: 'InvalidArgument',
    });
    expect(await errorOf(await link('c', ''))).toMatchObject({ code: 'InvalidArgument' });
    await askOwner(service, 'PUT', '/box/plain', { body: 'x' });
    const plain = await service.ask({ target: '/box/plain?symlink' });
    expect(await errorOf(plain)).toMatchObject({ status: 400, code: 'NotSymlink' });
    const none = await service.ask({ target: '/box/none?symlink' });
    expect(await errorOf(none)).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  it('open no private object to strangers, and protect what is protected', async () => {
    await askOwner(service, 'PUT', '/box/secret.jpg', {
      body: 'secret',
      headers: { 'x-oss-object-acl': 'private' },
    });
    await link('link', 'secret.jpg');
    for (const target of ['/box/link', '/box/link?x-oss-process=image/info']) {
      expect(await errorOf(await service.ask({ target }))).toMatchObject({ code: 'AccessDenied' });
    }
    expect(await (await askOwner(service, 'GET', '/box/link')).text()).toBe('secret');
  });
});

describe('tags of objects', () => {
  const document = (tags: string): string => `<Tagging><TagSet>${tags}</TagSet></Tagging>`;
  const tag = (key: string, value: string): string =>
    `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;

  it('are set, given back and removed, and change no date', async () => {
    await askOwner(service, 'PUT', '/box/k', { body: 'x', headers: { 'x-oss-tagging': 'a=1&b' } });
    const get = async (): Promise<string> =>
      (await askOwner(service, 'GET', '/box/k?tagging')).text();
    expect(elementsOf(await get(), 'Key')).toEqual(['a', 'b']);
    const body = document(tag('c &amp; d', '图'));
    expect((await askOwner(service, 'PUT', '/box/k?tagging', { body })).status).toBe(200);
    expect(await get()).toContain(body);
    const removed = await askOwner(service, 'DELETE', '/box/k?tagging');
    expect(removed.status).toBe(204);
    expect(await get()).toContain('<Tagging><TagSet></TagSet></Tagging>');
  });

  it.each([
    ['<Tagging/>', 'MalformedXML'],
    [document(tag('', 'x')), 'InvalidArgument'],
    [document(tag('a', '1') + tag('a', '2')), 'InvalidArgument'],
    [document(tag('k'.repeat(129), '1')), 'InvalidArgument'],
    [document(tag('k', 'v'.repeat(257))), 'InvalidArgument'],
    [document(Array.from({ length: 11 }, (_, i) => tag(`k${i}`, 'v')).join('')), 'InvalidArgument'],
  ])('refuses %s with %s', async (body, code) => {
    await askOwner(service, 'PUT', '/box/k', { body: 'x' });
    const response = await askOwner(service, 'PUT', '/box/k?tagging', { body });
    expect(await errorOf(response)).toMatchObject({ status: 400, code });
  });

  it('need an object and its owner', async () => {
    const missing = await askOwner(service, 'GET', '/box/none?tagging');
    expect(await errorOf(missing)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await service.ask({ method, target: '/box/k?tagging' });
      expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
  });
});
