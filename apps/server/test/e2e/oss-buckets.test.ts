/**
 * The unmodified ali-oss client's calls on buckets, lists and documents, in every form of address and
 * signature.
 * @module
 */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { download } from './download.ts';
import { type Client, clientOf, FORMS, formClient, startFormServer } from './oss-forms.ts';
import type { ServerProcess } from './server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startFormServer();
}, 60_000);

afterAll(() => server?.stop());

interface Listed {
  readonly objects?: readonly { readonly name: string; readonly size: number }[];
  readonly prefixes?: readonly string[] | null;
  readonly nextMarker?: string | null;
  readonly nextContinuationToken?: string | null;
  readonly keyCount?: number;
}

describe.each(FORMS)('ali-oss by $name', (form) => {
  let oss: Client;

  beforeAll(async () => {
    oss = await formClient(server, form);
    const keys = ['fun/', 'fun/a', 'fun/movie/1', 'oss.jpg', 'z/\u56fe', 'z\u0001'];
    for (const key of keys) await oss.put(key, Buffer.from(key));
  });

  const names = (page: Listed): string[] => (page.objects ?? []).map(({ name }) => name);

  it('list by pages and folders', async () => {
    const all: string[] = [];
    // The client signs a parameter that is there but undefined in a way of its own.
    let marker: object | undefined = {};
    while (marker !== undefined) {
      const page = (await oss.list({ 'max-keys': 2, ...marker })) as Listed;
      all.push(...names(page));
      marker = page.nextMarker ? { marker: page.nextMarker } : undefined;
    }
    expect(all).toEqual(['fun/', 'fun/a', 'fun/movie/1', 'oss.jpg', 'z\u0001', 'z/\u56fe']);
    const folder = (await oss.list({ prefix: 'fun/', delimiter: '/' })) as Listed;
    expect([names(folder), folder.prefixes]).toEqual([['fun/', 'fun/a'], ['fun/movie/']]);
    const encoded = (await oss.list({ prefix: 'z', 'encoding-type': 'url' })) as Listed;
    expect(names(encoded)).toEqual(['z%01', 'z%2F%E5%9B%BE']);
  });

  it('listV2 by tokens', async () => {
    const all: string[] = [];
    let token: object | undefined = {};
    while (token !== undefined) {
      const page = (await oss.listV2({ 'max-keys': '2', ...token })) as Listed;
      all.push(...names(page));
      expect(Number(page.keyCount)).toBe(page.objects?.length);
      const { nextContinuationToken: next } = page;
      token = next ? { 'continuation-token': next } : undefined;
    }
    expect(all).toHaveLength(6);
    const after = (await oss.listV2({ 'start-after': 'oss.jpg', 'fetch-owner': 'true' })) as Listed;
    expect(names(after)).toEqual(['z\u0001', 'z/\u56fe']);
  });

  it('describe the bucket', async () => {
    const info = await oss.getBucketInfo(form.bucket);
    expect(info['bucket']).toMatchObject({ Name: form.bucket, Location: 'oss-cn-hangzhou' });
    expect((await oss.getBucketLocation(form.bucket))['location']).toBe('oss-cn-hangzhou');
    const stat = (await oss.getBucketStat(form.bucket))['stat'] as Record<string, string>;
    expect([stat['ObjectCount'], stat['MultipartUploadCount']]).toEqual(['6', '0']);
    expect(Number(stat['Storage'])).toBe('fun/fun/afun/movie/1oss.jpgz/---z-'.length);
  });

  it('set and read its ACL', async () => {
    await oss.putBucketACL(form.bucket, 'public-read');
    expect((await oss.getBucketACL(form.bucket))['acl']).toBe('public-read');
    const url = `http://127.0.0.1:${server.port}/${form.bucket}/fun/a`;
    expect((await download(url)).body.toString()).toBe('fun/a');
    await oss.putBucketACL(form.bucket, 'private');
    expect((await download(url)).status).toBe(403);
  });

  it('keep CORS rules, which then hold', async () => {
    const rules = [
      {
        allowedOrigin: 'https://app.example',
        allowedMethod: ['GET', 'PUT'],
        allowedHeader: '*',
        exposeHeader: ['ETag', 'x-oss-request-id'],
        maxAgeSeconds: '600',
      },
    ];
    await oss.putBucketCORS(form.bucket, rules);
    expect((await oss.getBucketCORS(form.bucket))['rules']).toEqual(rules);
    const url = `http://127.0.0.1:${server.port}/${form.bucket}/fun/a`;
    const preflight = await download(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-oss-meta-a',
      },
    });
    expect(preflight.status).toBe(200);
    expect(preflight.headers['access-control-allow-headers']).toBe('x-oss-meta-a');
    const refused = await download(url, { headers: { origin: 'https://app.example' } });
    expect(refused.status).toBe(403);
    expect(refused.headers['access-control-expose-headers']).toBe('ETag, x-oss-request-id');
    await oss.deleteBucketCORS(form.bucket);
    await expect(oss.getBucketCORS(form.bucket)).rejects.toMatchObject({
      code: 'NoSuchCORSConfiguration',
    });
  });

  it('keep a referer list, which then holds', async () => {
    await oss.put('seen.txt', Buffer.from('seen'), {
      headers: { 'x-oss-object-acl': 'public-read' },
    });
    await oss.putBucketReferer(form.bucket, false, ['https://www.example.com', '*.example.org']);
    const kept = await oss.getBucketReferer(form.bucket);
    expect([kept['allowEmpty'], kept['referers']]).toEqual([
      false,
      ['https://www.example.com', '*.example.org'],
    ]);
    const url = `http://127.0.0.1:${server.port}/${form.bucket}/seen.txt`;
    const status = async (referer?: string): Promise<number> =>
      (await download(url, { headers: referer === undefined ? {} : { referer } })).status;
    expect(await status('https://www.example.com/page')).toBe(200);
    expect(await status('https://evil.example/')).toBe(403);
    expect(await status()).toBe(403);
    await oss.putBucketReferer(form.bucket, true, []);
    expect(await status()).toBe(200);
    await oss.delete('seen.txt');
  });

  it('tag the bucket', async () => {
    await oss.putBucketTags(form.bucket, { team: 'pictures' });
    expect((await oss.getBucketTags(form.bucket))['tag']).toEqual({ team: 'pictures' });
    await oss.deleteBucketTags(form.bucket);
    expect((await oss.getBucketTags(form.bucket))['tag']).toEqual({});
  });

  it('are told that documents nobody acts on are not kept', async () => {
    const rule = { id: 'r', prefix: 'a', status: 'Enabled', expiration: { days: 1 } };
    const calls = [
      oss.putBucketLifecycle(form.bucket, [rule]),
      oss.putBucketPolicy(form.bucket, { Version: '1', Statement: [] }),
      oss.putBucketWebsite(form.bucket, { index: 'index.html' }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ status: 501 });
  });

  it('keep styles and a process configuration', async () => {
    const request = (method: string, subres: object, content?: string): Promise<unknown> =>
      oss.request({
        method,
        bucket: form.bucket,
        subres,
        content,
        successStatuses: [200, 204],
        xmlResponse: true,
      });
    const style = { style: '', styleName: 'small' };
    await request('PUT', style, '<Style><Content>image/resize,w_9</Content></Style>');
    expect(await request('GET', style)).toMatchObject({ data: { Content: 'image/resize,w_9' } });
    const document = (delimiters: string): string =>
      '<BucketProcessConfiguration><CompliedHost>Both</CompliedHost>' +
      '<SourceFileProtect>Disabled</SourceFileProtect><SourceFileProtectSuffix/>' +
      `<StyleDelimiters>${delimiters}</StyleDelimiters></BucketProcessConfiguration>`;
    await request('PUT', { processConfiguration: '' }, document('/,-'));
    expect(await request('GET', { processConfiguration: '' })).toMatchObject({
      data: { StyleDelimiters: '-,/', Version: '2' },
    });
    await request('PUT', { processConfiguration: '' }, document(''));
    await request('DELETE', style);
    await expect(request('GET', style)).rejects.toMatchObject({ code: 'NoSuchStyle' });
  });
});

it('lists buckets by pages, makes and removes them', async () => {
  const oss = clientOf(server, 'box-virtual-host-v1');
  await oss.putBucket('page-1', { acl: 'public-read', storageClass: 'IA' });
  expect((await oss.getBucketACL('page-1'))['acl']).toBe('public-read');
  await oss.putBucket('page-2');
  const seen: string[] = [];
  let marker: object | undefined = {};
  while (marker !== undefined) {
    const page = await oss.listBuckets({ prefix: 'page-', 'max-keys': 1, ...marker });
    const buckets = page['buckets'] as readonly { readonly name: string }[] | null;
    seen.push(...(buckets ?? []).map(({ name }) => name));
    marker = page['nextMarker'] ? { marker: page['nextMarker'] } : undefined;
  }
  expect(seen).toEqual(['page-1', 'page-2']);
  await oss.deleteBucket('page-1');
  await expect(oss.getBucketInfo('page-1')).rejects.toMatchObject({ code: 'NoSuchBucket' });
  await expect(oss.deleteBucket('box-virtual-host-v1')).rejects.toMatchObject({
    code: 'BucketNotEmpty',
  });
  const atIp = clientOf(server, undefined, { endpoint: `http://127.0.0.1:${server.port}` });
  expect(((await atIp.listBuckets({}))['buckets'] as unknown[]).length).toBe(FORMS.length + 1);
});
