/**
 * The unmodified ali-oss client against the running program: the examples of the usage page, each in
 * every way a client can ask for it, with the result decoded and compared.
 * @module
 */

import { writeFile } from 'node:fs/promises';
import type http from 'node:http';
import type https from 'node:https';
import { join } from 'node:path';
import OSS from 'ali-oss';
import { generate } from 'selfsigned';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementOf } from '../test-service.ts';
import { download, type Download, httpAgent, trustingAgent } from './download.ts';
import {
  KEY_ID,
  SECRET,
  type ServerProcess,
  startProcess,
  temporaryFolder,
} from './server-process.ts';
import { storeUnderTest } from './store-under-test.ts';
import { resembles, resized, USAGE_EXAMPLES } from './usage-examples.ts';

const HOSTS = ['localhost', 'image-demo.localhost', 'image-private.localhost'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;
let certificate: string;
/** The demo's picture as it is stored. */
let source: Buffer;

beforeAll(async () => {
  folder = await temporaryFolder();
  const pair = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: HOSTS.map((value) => ({ type: 2, value })) }],
  });
  certificate = pair.cert;
  const certFile = join(folder.path, 'cert.pem');
  const keyFile = join(folder.path, 'key.pem');
  await writeFile(certFile, pair.cert);
  await writeFile(keyFile, pair.private, { mode: 0o600 });
  server = await startProcess({
    ...(await storeUnderTest('fs')),
    SAFELIGHT_DEMO: '1',
    SAFELIGHT_DATA: join(folder.path, 'data'),
    SAFELIGHT_TLS_CERT: certFile,
    SAFELIGHT_TLS_KEY: keyFile,
    SAFELIGHT_TLS_PORT: '0',
  });
  source = (await download(`${server.url}/image-demo/example.jpg`)).body;
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

/** The client's options that its types do not know, too. */
type ClientOptions = Partial<OSS.Options> & {
  readonly agent?: http.Agent;
  readonly httpsAgent?: https.Agent;
  readonly sldEnable?: boolean;
  readonly authorizationV4?: boolean;
};

function client(more: ClientOptions = {}): OSS {
  const options: OSS.Options & ClientOptions = {
    accessKeyId: KEY_ID,
    accessKeySecret: SECRET,
    bucket: 'image-private',
    region: 'oss-cn-hangzhou',
    endpoint: server.url,
    agent: httpAgent,
    ...more,
  };
  return new OSS(options);
}

const small = resembles(100, 67, 'jpeg', (picture) => resized(picture, 100, 67));
const turned = resembles(67, 100, 'jpeg', (picture) => resized(picture, 100, 67), true);

async function expectPicture(answer: Download): Promise<Buffer> {
  expect(answer.status, answer.body.subarray(0, 500).toString('latin1')).toBe(200);
  return answer.body;
}

describe('anonymous requests for a public object', () => {
  const ask = (process: string): string => `example.jpg?x-oss-process=${process}`;
  const virtual = (): string => server.url.replace('://', '://image-demo.');

  it('resize by virtual host', async () => {
    const answer = await download(`${virtual()}/${ask('image/resize,w_100')}`);
    await small(await expectPicture(answer), source);
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(answer.headers['cache-control']).toBeUndefined();
  });

  it('resize by path', async () => {
    const url = `${server.url}/image-demo/${ask('image/resize,w_100')}`;
    await small(await expectPicture(await download(url)), source);
  });

  it('use a stored style', async () => {
    const url = `${virtual()}/${ask('style/oss-pic-style-w-100')}`;
    await small(await expectPicture(await download(url)), source);
  });

  it('cascade actions', async () => {
    const url = `${virtual()}/${ask('image/resize,w_100/rotate,90')}`;
    await turned(await expectPicture(await download(url)), source);
  });

  it('do so over HTTPS with a self-signed certificate', async () => {
    const agent = trustingAgent(certificate);
    const host = (server.httpsUrl ?? '').replace('://', '://image-demo.');
    const url = `${host}/${ask('image/resize,w_100/rotate,90')}`;
    await turned(await expectPicture(await download(url, { agent })), source);
    agent.destroy();
  });

  it('are refused for a private object', async () => {
    const url = `${server.url}/image-private/${ask('image/resize,w_100')}`;
    const answer = await download(url);
    expect([answer.status, elementOf(answer.body.toString(), 'Code')]).toEqual([
      403,
      'AccessDenied',
    ]);
  });
});

describe('signed requests for a private object', () => {
  it('take the URL of signatureUrl', async () => {
    const url = client().signatureUrl('example.jpg', {
      expires: 600,
      process: 'image/resize,w_300',
    });
    const check = resembles(300, 200, 'jpeg', (picture) => resized(picture, 300, 200));
    const answer = await download(url);
    await check(await expectPicture(answer), source);
    expect(answer.headers['cache-control']).toBe('private');
  });

  describe.each(USAGE_EXAMPLES)('$process', ({ process, check }) => {
    it('by signatureUrl', async () => {
      const url = client().signatureUrl('example.jpg', { expires: 600, process });
      await check(await expectPicture(await download(url)), source);
    });

    it('by signatureUrlV4', async () => {
      const request = { queries: { 'x-oss-process': process } };
      const url = await client({ authorizationV4: true }).signatureUrlV4(
        'GET',
        600,
        request,
        'example.jpg',
      );
      await check(await expectPicture(await download(url)), source);
    });

    it('by client.get', async () => {
      const { content } = await client().get('example.jpg', { process });
      await check(content as Buffer, source);
    });
  });

  it('work over HTTPS, by path, at an IP endpoint and by version 4 headers', async () => {
    const httpsAgent = trustingAgent(certificate);
    const clients = [
      client({ endpoint: server.httpsUrl ?? '', secure: true, httpsAgent }),
      client({ sldEnable: true }),
      client({ endpoint: `http://127.0.0.1:${server.port}` }),
      client({ authorizationV4: true }),
    ];
    for (const each of clients) {
      const { content } = await each.get('example.jpg', { process: 'image/resize,w_100' });
      expect(Buffer.isBuffer(content)).toBe(true);
      await small(content as Buffer, source);
    }
    httpsAgent.destroy();
  });
});

describe('the client\u2019s own calls', () => {
  it('put, head, list, copy ACLs and delete', async () => {
    const oss = client();
    const key = 'fotos/\u56fe 1+2%&.jpg';
    const put = await oss.put(key, source, { meta: { owner: 'me' } as unknown as OSS.UserMeta });
    expect(put.res.status).toBe(200);
    const head = await oss.head(key);
    expect([head.status, (head.meta as { owner?: string }).owner]).toEqual([200, 'me']);
    const listed = await oss.list({ prefix: 'fotos/', 'max-keys': 10 }, {});
    expect(listed.objects.map(({ name }) => name)).toEqual([key]);
    await oss.putACL(key, 'public-read');
    expect((await oss.getACL(key)).acl).toBe('public-read');
    const { content } = await oss.get(key, { process: 'image/resize,w_100' });
    await small(content as Buffer, source);
    expect((await oss.deleteMulti([key], { quiet: false })).deleted?.length).toBe(1);
    await expect(oss.head(key)).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
  });

  it('put a picture and mark others with it', async () => {
    const own = client();
    const red = { create: { width: 40, height: 20, channels: 3 as const, background: '#ff0000' } };
    const stored = await own.put('marks/logo.png', await sharp(red).png().toBuffer());
    expect(stored.res.status).toBe(200);
    const mark = (key: string): string =>
      `image/watermark,image_${Buffer.from(key).toString('base64url')},g_nw,x_0,y_0/format,png`;
    const { content } = await own.get('example.jpg', { process: mark('marks/logo.png') });
    const [r = 0, g = 255, b = 255] = await sharp(content as Buffer)
      .raw()
      .toBuffer();
    expect([r > 250, g < 4, b < 4]).toEqual([true, true, true]);
    for (const [key, ec] of [
      ['marks/nosuch.png', '0040-00000025'],
      ['marks/notes.txt', '0040-00000027'],
    ] as const) {
      await own.put('marks/notes.txt', Buffer.from('no picture'));
      const failed = own.get('example.jpg', { process: mark(key) });
      await expect(failed).rejects.toMatchObject({
        status: 400,
        code: 'WatermarkError',
        ecCode: ec,
      });
    }
    for (const name of ['logo.png', 'notes.txt']) await own.delete(`marks/${name}`);
  });

  it('make, describe, list and delete buckets', async () => {
    const oss = client();
    await oss.putBucket('another-bucket');
    const { bucket } = (await oss.getBucketInfo('another-bucket')) as { bucket: { Name: string } };
    expect(bucket.Name).toBe('another-bucket');
    await oss.putBucketACL('another-bucket', 'public-read');
    expect((await oss.getBucketACL('another-bucket')).acl).toBe('public-read');
    const { buckets } = (await oss.listBuckets({})) as unknown as { buckets: { name: string }[] };
    expect(buckets.map(({ name }) => name)).toEqual([
      'another-bucket',
      'image-demo',
      'image-private',
    ]);
    await oss.deleteBucket('another-bucket');
    await expect(oss.getBucketInfo('another-bucket')).rejects.toMatchObject({
      code: 'NoSuchBucket',
    });
  });

  it('see the code of an error on HEAD', async () => {
    const wrong = client({ accessKeySecret: 'wrong' });
    await expect(wrong.head('example.jpg')).rejects.toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });
});

describe('a signed URL that was tampered with', () => {
  const sign = (process = 'image/resize,w_300', expires = 600): string =>
    client().signatureUrl('example.jpg', { expires, process });
  const signV4 = (process = 'image/resize,w_300'): Promise<string> =>
    client().signatureUrlV4('GET', 600, { queries: { 'x-oss-process': process } }, 'example.jpg');

  async function expectRefused(url: string, code: string): Promise<void> {
    const answer = await download(url);
    expect([answer.status, elementOf(answer.body.toString(), 'Code')]).toEqual([403, code]);
  }

  it('has expired', () => expectRefused(sign('image/info', -10), 'AccessDenied'));

  it('has a changed process', async () => {
    await expectRefused(sign().replace('w_300', 'w_301'), 'SignatureDoesNotMatch');
    await expectRefused((await signV4()).replace('w_300', 'w_301'), 'SignatureDoesNotMatch');
  });

  it('has no process any more', async () => {
    const removed = (url: string): string => url.replace(/x-oss-process=[^&]*&?/, '');
    await expectRefused(removed(sign()), 'SignatureDoesNotMatch');
    await expectRefused(removed(await signV4()), 'SignatureDoesNotMatch');
  });

  it('has the process twice', async () => {
    const doubled = (url: string): string =>
      url.replace(/x-oss-process=[^&]*/, (process) => `${process}&${process}`);
    await expectRefused(doubled(sign()), 'SignatureDoesNotMatch');
    await expectRefused(doubled(await signV4()), 'SignatureDoesNotMatch');
    await expectRefused(`${sign()}&x-oss-process=image/info`, 'SignatureDoesNotMatch');
  });

  it('was signed with a wrong secret or an unknown key', async () => {
    const wrong = client({ accessKeySecret: 'wrong' }).signatureUrl('example.jpg', {});
    await expectRefused(wrong, 'SignatureDoesNotMatch');
    const unknown = client({ accessKeyId: 'nobody' }).signatureUrl('example.jpg', {});
    await expectRefused(unknown, 'InvalidAccessKeyId');
  });

  it('is for another object', async () => {
    await client().put('other.jpg', source);
    await expectRefused(sign().replace('example.jpg', 'other.jpg'), 'SignatureDoesNotMatch');
  });

  it('has lost its signature, even on a public object', async () => {
    const half = client({ bucket: 'image-demo' })
      .signatureUrl('example.jpg', {})
      .replace(/&?Signature=[^&]*/, '');
    await expectRefused(half, 'AccessDenied');
  });
});
