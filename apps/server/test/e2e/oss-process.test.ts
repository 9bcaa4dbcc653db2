/**
 * Persistence, styles and source protection with real pictures and the unmodified ali-oss client, in
 * every form of address and signature.
 * @module
 */

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementOf } from '../test-service.ts';
import { download } from './download.ts';
import { type Client, FORMS, formClient, type Reply, startFormServer } from './oss-forms.ts';
import type { ServerProcess } from './server-process.ts';
import { resembles, resized } from './usage-examples.ts';

let server: ServerProcess;
let source: Buffer;

beforeAll(async () => {
  server = await startFormServer({ SAFELIGHT_DEMO: '1' });
  source = (await download(`${server.url}/image-demo/example.jpg`)).body;
}, 60_000);

afterAll(() => server?.stop());

const small = resembles(100, 67, 'jpeg', (picture) => resized(picture, 100, 67));

describe.each(FORMS)('ali-oss by $name', (form) => {
  let oss: Client;
  const url = (key: string): string => `http://127.0.0.1:${server.port}/${form.bucket}/${key}`;

  beforeAll(async () => {
    oss = await formClient(server, form);
    await oss.put('a.jpg', source, { mime: 'image/jpeg' });
    await put(
      { style: '', styleName: 'small' },
      '<Style><Content>image/resize,w_100</Content></Style>',
    );
  });

  const put = (subres: object, content: string): Promise<Reply> =>
    oss.request({ method: 'PUT', bucket: form.bucket, subres, content, successStatuses: [200] });

  async function expectSmall(client: Client, key: string): Promise<void> {
    const { content, res } = await client.get(key);
    await small(content as Buffer, source);
    expect(res.headers['content-type']).toBe('image/jpeg');
  }

  it('processObjectSave within the bucket', async () => {
    const { res } = await oss.processObjectSave('a.jpg', 'saved/\u56fe+.jpg', 'image/resize,w_100');
    expect(res.status).toBe(200);
    expect(JSON.parse(String(res.data))).toMatchObject({
      bucket: '',
      object: 'saved/\u56fe+.jpg',
      status: 'OK',
    });
    expect(String(res.data)).toContain('"status": "OK"');
    await expectSmall(oss, 'saved/\u56fe+.jpg');
  });

  it('processObjectSave into another bucket, by a style', async () => {
    const other = FORMS.find(({ bucket }) => bucket !== form.bucket)!;
    const away = await formClient(server, other);
    const key = `from-${form.bucket}.jpg`;
    await oss.processObjectSave('a.jpg', key, 'style/small', other.bucket);
    await expectSmall(away, key);
  });

  it('processObjectSave, which only the answer tells to have failed', async () => {
    const statusOf = async (...values: readonly string[]): Promise<unknown> =>
      (await oss.processObjectSave(...values))['status'];
    expect(await statusOf('missing.jpg', 'x.jpg', 'image/resize,w_100')).toBe(404);
    expect(await statusOf('a.jpg', 'x.jpg', 'image/resize,w_0')).toBe(400);
    expect(await statusOf('a.jpg', 'x.jpg', 'style/none')).toBe(404);
    expect(await statusOf('a.jpg', 'x.jpg', 'image/resize,w_9', 'missing-bucket')).toBe(404);
    await expect(oss.head('x.jpg')).rejects.toMatchObject({ status: 404 });
  });

  it('protect sources from strangers, who get styles', async () => {
    await oss.putACL('a.jpg', 'public-read');
    const document = (protect: string): string =>
      `<BucketProcessConfiguration><SourceFileProtect>${protect}</SourceFileProtect>` +
      '<SourceFileProtectSuffix>jpg</SourceFileProtectSuffix></BucketProcessConfiguration>';
    await put({ processConfiguration: '' }, document('Enabled'));
    for (const process of ['', '?x-oss-process=image/resize,w_100', '?x-oss-process=image/info']) {
      const refused = await download(url(`a.jpg${process}`));
      expect([refused.status, elementOf(refused.body.toString(), 'EC')]).toEqual([
        403,
        '0040-00000031',
      ]);
    }
    const styled = await download(url('a.jpg?x-oss-process=style/small'));
    await small(styled.body, source);
    const signed = await oss.get('a.jpg');
    expect((signed['content'] as Buffer).equals(source)).toBe(true);
    const processed = await oss.get('a.jpg', { process: 'image/resize,w_100' });
    await small(processed['content'] as Buffer, source);
    await put({ processConfiguration: '' }, document('Disabled'));
    expect((await download(url('a.jpg'))).body.equals(source)).toBe(true);
  });

  it('process a symlink as its target', async () => {
    await oss.putSymlink('link.jpg', 'a.jpg');
    const { content } = await oss.get('link.jpg', { process: 'image/resize,w_100' });
    await small(content as Buffer, source);
    const meta = await sharp((await oss.get('link.jpg'))['content'] as Buffer).metadata();
    expect(meta.width).toBe(1920);
  });
});
