/**
 * The ACL truth table against the running program, every cell: strangers and signed callers, the
 * object as it is and processed.
 * @module
 */

import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download, httpAgent } from './download.ts';
import { type Client, clientOf, startFormServer } from './oss-forms.ts';
import { KEY_ID, type ServerProcess } from './server-process.ts';

/** Bucket ACL, object ACL; strangers: read, overwrite and delete, new key, missing key. */
const ROWS = [
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
] as const;

const PROCESS = 'image/resize,w_10';

let server: ServerProcess;
let picture: Buffer;

beforeAll(async () => {
  server = await startFormServer({ SAFELIGHT_DEMO: '1' });
  const url = `${server.url}/image-demo/example.jpg?x-oss-process=image/resize,w_30`;
  picture = (await download(url)).body;
}, 60_000);

afterAll(() => server?.stop());

function send(method: string, url: string, body: string | undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, { method, agent: httpAgent }, (incoming) => {
      incoming.resume();
      incoming.on('end', () => resolve(incoming.statusCode ?? 0));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe.each(ROWS)('a %s bucket with a %s object', (...row) => {
  const [bucketAcl, objectAcl, read, overwrite, create, missing] = row;
  const bucket = `${bucketAcl}-${objectAcl}`;
  let oss: Client;
  const url = (key: string): string => `http://127.0.0.1:${server.port}/${bucket}/${key}`;

  beforeAll(async () => {
    oss = clientOf(server, bucket);
    await oss.putBucket(bucket, { acl: bucketAcl });
  });

  const fill = (): Promise<unknown> =>
    oss.put('here.jpg', picture, { headers: { 'x-oss-object-acl': objectAcl } });

  const content = async (key: string): Promise<string | undefined> => {
    const { content: bytes } = await oss.get(key).catch(() => ({ content: undefined }));
    return bytes === undefined ? undefined : (bytes as Buffer).toString('latin1');
  };

  it(`is read by strangers with ${read}, raw and processed`, async () => {
    await fill();
    const raw = await download(url('here.jpg'));
    expect([raw.status, raw.body.equals(picture)]).toEqual([read, read === 200]);
    const processed = await download(url(`here.jpg?x-oss-process=${PROCESS}`));
    const isJpeg = processed.body.subarray(0, 2).toString('hex') === 'ffd8';
    expect([processed.status, isJpeg]).toEqual([read, read === 200]);
    expect((await download(url('here.jpg'), { method: 'HEAD' })).status).toBe(read);
  });

  it(`is overwritten, appended to and deleted by strangers with ${overwrite}`, async () => {
    await fill();
    // A plain object cannot be appended to, which only who may write is told.
    const appended = await send('POST', url('here.jpg?append&position=0'), 'x');
    expect(appended).toBe(overwrite === 200 ? 409 : 403);
    expect(await send('PUT', url('here.jpg'), 'changed')).toBe(overwrite);
    const expected = overwrite === 200 ? 'changed' : picture.toString('latin1');
    expect(await content('here.jpg')).toBe(expected);
    await fill();
    expect(await send('DELETE', url('here.jpg'), undefined)).toBe(overwrite === 200 ? 204 : 403);
    expect((await content('here.jpg')) === undefined).toBe(overwrite === 200);
  });

  it(`takes new keys of strangers with ${create}, and misses keys with ${missing}`, async () => {
    await oss.delete('new.txt');
    for (const process of ['', `?x-oss-process=${PROCESS}`]) {
      expect((await download(url(`new.txt${process}`))).status).toBe(missing);
    }
    expect(await send('PUT', url('new.txt'), 'new')).toBe(create);
    expect(await content('new.txt')).toBe(create === 200 ? 'new' : undefined);
  });

  it('is all open to the owner, raw and processed', async () => {
    await fill();
    expect(await content('here.jpg')).toBe(picture.toString('latin1'));
    const processed = await oss.get('here.jpg', { process: PROCESS });
    expect((processed['content'] as Buffer).subarray(0, 2).toString('hex')).toBe('ffd8');
    await oss.put('here.jpg', Buffer.from('owner'));
    expect(await content('here.jpg')).toBe('owner');
    await oss.delete('here.jpg');
    await expect(oss.get('here.jpg')).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
    await expect(oss.get('here.jpg', { process: PROCESS })).rejects.toMatchObject({ status: 404 });
    await oss.put('owner-new', Buffer.from('new'));
    expect(await content('owner-new')).toBe('new');
  });
});

describe('several keys', () => {
  it('may sign while they are listed, until one is disabled', async () => {
    const next = { accessKeyId: 'next-id', accessKeySecret: 'next-secret-of-some-length' };
    const keys = `${next.accessKeyId}:${next.accessKeySecret}`;
    const moving = await startFormServer({ SAFELIGHT_ACCESS_KEYS: keys });
    const both = [{}, next].flatMap((key) => [
      clientOf(moving, 'keys-box', key),
      clientOf(moving, 'keys-box', { ...key, authorizationV4: true }),
    ]);
    try {
      await both[0]!.putBucket('keys-box');
      for (const [index, oss] of both.entries()) {
        await oss.put('k', Buffer.from(`by ${index}`));
        expect(String((await oss.get('k')).content)).toBe(`by ${index}`);
      }
    } finally {
      await moving.stop();
    }
    const moved = await startFormServer({
      SAFELIGHT_ACCESS_KEYS: keys,
      SAFELIGHT_DISABLED_KEYS: KEY_ID,
    });
    try {
      for (const authorizationV4 of [false, true]) {
        const old = clientOf(moved, undefined, { authorizationV4 }).listBuckets();
        await expect(old).rejects.toMatchObject({ status: 403, code: 'InvalidAccessKeyId' });
        await clientOf(moved, undefined, { ...next, authorizationV4 }).listBuckets();
      }
    } finally {
      await moved.stop();
    }
  }, 60_000);
});

describe('a private watermark on a public picture', () => {
  const bucket = 'marked-box';
  const mark = `image/watermark,image_${Buffer.from('logo.jpg').toString('base64url')}`;
  const url = (process: string): string =>
    `http://127.0.0.1:${server.port}/${bucket}/base.jpg?x-oss-process=${process}`;
  let oss: Client;

  beforeAll(async () => {
    oss = clientOf(server, bucket);
    await oss.putBucket(bucket, { acl: 'public-read' });
    await oss.put('base.jpg', picture);
    await oss.put('logo.jpg', picture, { headers: { 'x-oss-object-acl': 'private' } });
  });

  it('is refused to strangers, who may have the picture without it', async () => {
    expect((await download(url(mark))).status).toBe(403);
    expect((await download(url(PROCESS))).status).toBe(200);
  });

  it('is painted for the owner, and for all once it is public', async () => {
    const { content } = await oss.get('base.jpg', { process: mark });
    expect((content as Buffer).subarray(0, 2).toString('hex')).toBe('ffd8');
    await oss.putACL('logo.jpg', 'public-read');
    const painted = await download(url(mark));
    expect([painted.status, painted.body.equals(content as Buffer)]).toEqual([200, true]);
  });
});
