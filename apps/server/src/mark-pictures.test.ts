import { encodeUrlSafeBase64 } from '@safelight/grammar';
import { createMemoryDriver } from '@safelight/storage/memory';
import { beforeEach, describe, expect, it } from 'vitest';
import { createTestService, errorOf, NOW_MS, type TestService } from '../test/test-service.ts';

let service: TestService;

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'a.jpg', new Uint8Array(9));
  await service.store.putObject('box', 'logo.png', new Uint8Array(3));
  await service.store.putObject('box', 'secret.png', new Uint8Array(3), { acl: 'private' });
  const mark = `image/watermark,image_${encodeUrlSafeBase64('logo.png')}`;
  await service.store.putStyle('box', 'marked', mark);
});

const marked = (...keys: string[]): string =>
  `/box/a.jpg?x-oss-process=image/${keys
    .map((key) => `watermark,image_${encodeUrlSafeBase64(key)}`)
    .join('/')}`;
const get = (target: string, more: object = {}): Promise<Response> =>
  service.ask({ target, ...more });
const etagOf = async (target: string): Promise<string> =>
  (await get(target)).headers.get('etag') ?? '';

describe('a picture as a mark', () => {
  it('is read from the bucket of the picture and given to the renderer', async () => {
    expect((await get(marked('logo.png', 'nosuch.png', 'logo.png'))).status).toBe(200);
    const marks = await service.renders[0]?.readMarks?.();
    expect([...(marks?.keys() ?? [])]).toEqual(['logo.png']);
    expect(marks?.get('logo.png')?.byteLength).toBe(3);
  });

  it('must be one that the caller may read', async () => {
    expect(await errorOf(await get(marked('secret.png')))).toMatchObject({
      status: 403,
      code: 'AccessDenied',
    });
    expect(service.renders).toEqual([]);
    const as = { bucket: 'box', key: 'a.jpg' };
    expect((await get(marked('secret.png'), { as })).status).toBe(200);
  });

  it('may be a private one where a style of the owner names it', async () => {
    const mark = `image/watermark,image_${encodeUrlSafeBase64('secret.png')}`;
    await service.store.putStyle('box', 'sealed', mark);
    expect((await get('/box/a.jpg?x-oss-process=style/sealed')).status).toBe(200);
    expect((await service.renders[0]?.readMarks?.())?.has('secret.png')).toBe(true);
    // The picture itself is still the caller's to be allowed.
    expect((await get('/box/secret.png?x-oss-process=style/sealed')).status).toBe(403);
    expect((await get(marked('secret.png'))).status).toBe(403);
  });

  it('is protected like the source of any picture', async () => {
    const document =
      '<BucketProcessConfiguration><SourceFileProtect>Enabled</SourceFileProtect>' +
      '<SourceFileProtectSuffix>png</SourceFileProtectSuffix></BucketProcessConfiguration>';
    await service.store.updateBucket('box', { settings: { processConfiguration: document } });
    expect(await errorOf(await get(marked('logo.png')))).toMatchObject({ status: 403 });
    expect((await get('/box/a.jpg?x-oss-process=style/marked')).status).toBe(200);
  });

  it('is read for a result that is stored', async () => {
    const { search } = new URL(marked('logo.png'), 'http://localhost');
    const process = decodeURIComponent(search.slice(1));
    const response = await service.ask({
      method: 'POST',
      target: '/box/a.jpg?x-oss-process',
      body: `${process}|sys/saveas,o_${encodeUrlSafeBase64('b.jpg')}`,
      as: { bucket: 'box', key: 'a.jpg' },
    });
    expect(response.status).toBe(200);
    const marks = await service.renders[0]?.readMarks?.();
    expect(marks?.get('logo.png')?.byteLength).toBe(3);
  });

  it('changes the ETag of the result, whether a style names it or the URL', async () => {
    const plain = await etagOf('/box/a.jpg');
    for (const target of [marked('logo.png'), '/box/a.jpg?x-oss-process=style/marked']) {
      const before = await etagOf(target);
      expect(before).toMatch(new RegExp(`^${plain.slice(0, -1)}-[0-9A-F]{8}"$`));
      const fresh = await get(target, { headers: { 'if-none-match': before } });
      expect(fresh.status).toBe(304);
      await service.store.putObject('box', 'logo.png', new Uint8Array(target.length));
      expect(await etagOf(target)).not.toBe(before);
    }
  });

  it('is as new as its newest part', async () => {
    let nowMs = NOW_MS;
    const store = createMemoryDriver({ now: () => nowMs });
    const later = createTestService({ store });
    await store.createBucket('box', { acl: 'public-read' });
    await store.putObject('box', 'a.jpg', new Uint8Array(9));
    nowMs += 60_000;
    await store.putObject('box', 'logo.png', new Uint8Array(3));
    const response = await later.ask({ target: marked('logo.png') });
    expect(response.headers.get('last-modified')).toBe(new Date(nowMs).toUTCString());
  });

  it('is one of at most three', async () => {
    for (const key of ['1.png', '2.png', '3.png', '4.png']) {
      await service.store.putObject('box', key, new Uint8Array(3));
    }
    expect((await get(marked('1.png', '2.png', '3.png', '1.png'))).status).toBe(200);
    expect(await errorOf(await get(marked('1.png', '2.png', '3.png', '4.png')))).toEqual({
      status: 400,
      code: 'WatermarkError',
      ec: '0040-00000026',
    });
  });
});
