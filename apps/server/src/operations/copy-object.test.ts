import { beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;
const HELLO_ETAG = '"5D41402ABC4B2A76B9719D911017C592"';
const AGES_AGO = 'Thu, 01 Jan 2015 00:00:00 GMT';
const IN_AGES = 'Tue, 01 Jan 2030 00:00:00 GMT';

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.createBucket('other');
  await service.store.putObject('box', 'a b/图.jpg', new TextEncoder().encode('hello'), {
    acl: 'private',
    contentType: 'image/jpeg',
    headers: { expires: '1' },
    userMetadata: { a: '1' },
    tags: [{ key: 't', value: 'v' }],
  });
});

const SOURCE = `/box/${encodeURIComponent('a b/图.jpg')}`;

const copy = (target: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  askOwner(service, 'PUT', target, { headers: { 'x-oss-copy-source': SOURCE, ...headers } });

describe('CopyObject', () => {
  it('copies bytes and metadata into another bucket, but not the ACL', async () => {
    const headers = { 'content-type': 'text/ignored', 'x-oss-meta-b': 'ignored' };
    const response = await copy('/other/copy', headers);
    const xml = await response.text();
    expect([response.status, elementOf(xml, 'ETag')]).toEqual([
      200,
      HELLO_ETAG.replaceAll('"', '&quot;'),
    ]);
    expect(elementOf(xml, 'LastModified')).toBe('2026-01-02T03:04:05.000Z');
    expect(await service.store.headObject('other', 'copy')).toMatchObject({
      acl: 'default',
      contentType: 'image/jpeg',
      headers: { expires: '1' },
      userMetadata: { a: '1' },
      tags: [{ key: 't', value: 'v' }],
    });
    const got = await askOwner(service, 'GET', '/other/copy');
    expect([await got.text(), got.headers.get('etag')]).toEqual(['hello', HELLO_ETAG]);
  });

  it('replaces metadata, also of the source itself', async () => {
    const response = await copy(SOURCE, {
      'x-oss-metadata-directive': 'REPLACE',
      'x-oss-tagging-directive': 'Replace',
      'content-type': 'text/plain',
      'x-oss-meta-b': '2',
      'x-oss-object-acl': 'public-read',
      'x-oss-storage-class': 'IA',
    });
    expect(response.status).toBe(200);
    expect(await service.store.headObject('box', 'a b/图.jpg')).toMatchObject({
      size: 5,
      acl: 'public-read',
      contentType: 'text/plain',
      headers: {},
      userMetadata: { b: '2' },
      tags: [],
      storageClass: 'IA',
    });
  });

  it.each([
    ['if-match', HELLO_ETAG, 200],
    ['if-match', '5D41402ABC4B2A76B9719D911017C592', 200],
    ['if-match', '"other"', 412],
    ['if-none-match', '"other"', 200],
    ['if-none-match', HELLO_ETAG, 304],
    ['if-modified-since', AGES_AGO, 200],
    ['if-modified-since', IN_AGES, 304],
    ['if-unmodified-since', IN_AGES, 200],
    ['if-unmodified-since', AGES_AGO, 412],
  ])('holds the source to x-oss-copy-source-%s: %s (%i)', async (name, value, status) => {
    const response = await copy('/other/copy', { [`x-oss-copy-source-${name}`]: value });
    const body = await response.text();
    expect(response.status).toBe(status);
    if (status === 304) expect(body).toBe('');
    if (status === 412) {
      expect(elementOf(body, 'Condition')?.toLowerCase()).toBe(name);
    }
    const stored = await service.store.headObject('other', 'copy');
    expect(stored !== undefined).toBe(status === 200);
  });

  it('ignores plain conditions and unknown ones', async () => {
    const headers = {
      'if-match': '"other"',
      'if-none-match': HELLO_ETAG,
      'x-oss-copy-source-if-whatever': 'x',
    };
    expect((await copy('/other/copy', headers)).status).toBe(200);
  });

  it.each([
    ['/box/missing', 404, 'NoSuchKey'],
    ['/missing/k', 404, 'NoSuchBucket'],
    ['/box', 400, 'InvalidArgument'],
    ['/UPPER/k', 400, 'InvalidBucketName'],
    [`${SOURCE}?versionId=abc`, 501, 'NotImplemented'],
  ])('refuses the source %s with %i %s', async (source, status, code) => {
    const response = await copy('/other/copy', { 'x-oss-copy-source': source });
    expect(await errorOf(response)).toMatchObject({ status, code });
  });

  it('refuses an unknown directive, and a target that must not be overwritten', async () => {
    const wrong = await copy('/other/copy', { 'x-oss-metadata-directive': 'MERGE' });
    expect(await errorOf(wrong)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    await service.store.putObject('other', 'taken', new Uint8Array(1));
    const taken = await copy('/other/taken', { 'x-oss-forbid-overwrite': 'true' });
    expect(await errorOf(taken)).toMatchObject({ status: 409, code: 'FileAlreadyExists' });
    expect((await service.store.headObject('other', 'taken'))?.size).toBe(1);
  });

  it('takes no object from a bucket that the caller may not read', async () => {
    await service.store.createBucket('open', { acl: 'public-read-write' });
    for (const source of [SOURCE, '/other/missing']) {
      const response = await service.ask({
        method: 'PUT',
        target: '/open/stolen',
        headers: { 'x-oss-copy-source': source },
      });
      expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
    expect(await service.store.headObject('open', 'stolen')).toBeUndefined();
  });

  it('copies an appendable object as a plain one, and a symlink as a symlink', async () => {
    await service.store.appendObject('box', 'log', 0, new TextEncoder().encode('line'));
    const link = { type: 'Symlink', symlinkTarget: 'log' } as const;
    await service.store.putObject('box', 'link', new Uint8Array(0), link);
    await copy('/box/log2', { 'x-oss-copy-source': '/box/log' });
    await copy('/box/link2', { 'x-oss-copy-source': 'box%2Flink' });
    expect(await service.store.headObject('box', 'log2')).toMatchObject({ type: 'Normal' });
    expect(await service.store.headObject('box', 'link2')).toMatchObject(link);
  });
});
