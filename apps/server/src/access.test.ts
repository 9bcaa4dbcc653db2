import type { BucketAcl, ObjectAcl } from '@safelight/storage';
import { describe, expect, it } from 'vitest';
import { createTestService, errorOf } from '../test/test-service.ts';

/** The truth table for anonymous callers: read, overwrite and delete, new key, missing key. */
const ROWS: readonly (readonly [BucketAcl, ObjectAcl, number, number, number, number])[] = [
  ['private', 'default', 403, 403, 403, 403],
  ['private', 'private', 403, 403, 403, 403],
  ['private', 'public-read', 200, 403, 403, 403],
  ['private', 'public-read-write', 200, 200, 403, 403],
  ['public-read', 'default', 200, 403, 403, 404],
  ['public-read', 'public-read', 200, 403, 403, 404],
  ['public-read', 'private', 403, 403, 403, 404],
  ['public-read', 'public-read-write', 200, 200, 403, 404],
  ['public-read-write', 'default', 200, 200, 200, 404],
  ['public-read-write', 'public-read-write', 200, 200, 200, 404],
  ['public-read-write', 'private', 403, 403, 200, 404],
  ['public-read-write', 'public-read', 200, 403, 200, 404],
];

async function serve(bucketAcl: BucketAcl, objectAcl: ObjectAcl) {
  const service = createTestService();
  await service.store.createBucket('box', { acl: bucketAcl });
  await service.store.putObject('box', 'here', new Uint8Array([1, 2, 3]), { acl: objectAcl });
  return service;
}

describe('anonymous access', () => {
  describe.each(ROWS)('to a %s bucket with a %s object', (bucketAcl, objectAcl, ...expected) => {
    const [read, overwrite, create, missing] = expected;

    it(`answers GET and HEAD with ${read}`, async () => {
      const { ask } = await serve(bucketAcl, objectAcl);
      const get = await ask({ target: '/box/here' });
      const head = await ask({ method: 'HEAD', target: '/box/here' });
      expect([get.status, head.status]).toEqual([read, read]);
      expect((await get.arrayBuffer()).byteLength > 3).toBe(read === 403);
    });

    it(`answers a processed GET with ${read}`, async () => {
      const { ask, renders } = await serve(bucketAcl, objectAcl);
      const response = await ask({ target: '/box/here?x-oss-process=image/resize,w_9' });
      expect(response.status).toBe(read);
      expect(renders.length).toBe(read === 200 ? 1 : 0);
    });

    it(`answers overwriting with ${overwrite}`, async () => {
      const { ask, store } = await serve(bucketAcl, objectAcl);
      const response = await ask({ method: 'PUT', target: '/box/here', body: 'changed' });
      expect(response.status).toBe(overwrite);
      expect((await store.headObject('box', 'here'))?.size).toBe(overwrite === 200 ? 7 : 3);
    });

    it(`answers deleting with ${overwrite === 200 ? 204 : 403}`, async () => {
      const { ask, store } = await serve(bucketAcl, objectAcl);
      const response = await ask({ method: 'DELETE', target: '/box/here' });
      expect(response.status).toBe(overwrite === 200 ? 204 : 403);
      expect((await store.headObject('box', 'here')) === undefined).toBe(overwrite === 200);
    });

    it(`answers a new key with ${create}`, async () => {
      const { ask, store } = await serve(bucketAcl, objectAcl);
      const response = await ask({ method: 'PUT', target: '/box/new', body: 'new' });
      expect(response.status).toBe(create);
      expect((await store.headObject('box', 'new')) !== undefined).toBe(create === 200);
    });

    it(`answers a missing key with ${missing}`, async () => {
      const { ask } = await serve(bucketAcl, objectAcl);
      const get = await ask({ target: '/box/gone' });
      const processed = await ask({ target: '/box/gone?x-oss-process=image/resize,w_9' });
      expect([get.status, processed.status]).toEqual([missing, missing]);
    });
  });

  const CLOSED: readonly (readonly [method: string, target: string, ec: string])[] = [
    ['GET', '/', '0003-00000001'],
    ['GET', '/box', '0003-00000001'],
    ['PUT', '/newbox', '0003-00000001'],
    ['DELETE', '/box', '0003-00000001'],
    ['GET', '/box?bucketInfo', '0003-00000001'],
    ['GET', '/box?location', '0003-00000001'],
    ['GET', '/box?acl', '0003-00000007'],
    ['PUT', '/box?acl', '0003-00000008'],
    ['GET', '/box?style', '0003-00000001'],
    ['PUT', '/box?style&styleName=s', '0003-00000001'],
    ['DELETE', '/box?style&styleName=s', '0003-00000001'],
    ['POST', '/box?delete', '0003-00000001'],
    ['GET', '/box/here?acl', '0003-00000007'],
    ['PUT', '/box/here?acl', '0003-00000008'],
  ];

  it.each(CLOSED)('is never allowed for %s %s', async (method, target, ec) => {
    const { ask } = await serve('public-read-write', 'public-read-write');
    const response = await ask({ method, target, headers: { 'x-oss-acl': 'public-read' } });
    expect(await errorOf(response)).toEqual({ status: 403, code: 'AccessDenied', ec });
  });

  it('may not choose the ACL of what it writes', async () => {
    const { ask } = await serve('public-read-write', 'default');
    const headers = { 'x-oss-object-acl': 'public-read-write' };
    const response = await ask({ method: 'PUT', target: '/box/new', body: 'n', headers });
    expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('may not override response headers', async () => {
    const { ask } = await serve('public-read', 'default');
    const response = await ask({ target: '/box/here?response-content-type=text/html' });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidRequest' });
  });

  it('sees a missing bucket as missing', async () => {
    const { ask } = await serve('public-read', 'default');
    expect(await errorOf(await ask({ target: '/other/here' }))).toMatchObject({
      status: 404,
      code: 'NoSuchBucket',
    });
  });
});
