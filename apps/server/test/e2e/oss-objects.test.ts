/**
 * The unmodified ali-oss client's calls on objects, in every form of address and signature, each held
 * to what is stored afterwards.
 * @module
 */

import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, FORMS, formClient, readText, startFormServer } from './oss-forms.ts';
import type { ServerProcess } from './server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startFormServer();
}, 60_000);

afterAll(() => server?.stop());

const KEY = "fotos/\u56fe 1+2%&'?.txt";

describe.each(FORMS)('ali-oss by $name', (form) => {
  let oss: Client;

  beforeAll(async () => {
    oss = await formClient(server, form);
  });

  it('put, get and head, with metadata, stored headers and conditions', async () => {
    const body = Buffer.from('0123456789');
    const put = await oss.put(KEY, body, {
      meta: { owner: 'me', uid: '1' },
      mime: 'text/x-test',
      headers: { 'Cache-Control': 'max-age=5', Expires: '1000000', 'x-oss-storage-class': 'IA' },
    });
    const etag = `"${createHash('md5').update(body).digest('hex').toUpperCase()}"`;
    expect([put.res.status, put.res.headers['etag']]).toEqual([200, etag]);
    const got = await oss.get(KEY);
    expect(String(got['content'])).toBe('0123456789');
    expect(got.res.headers).toMatchObject({
      etag,
      'content-type': 'text/x-test',
      'cache-control': 'max-age=5',
      expires: '1000000',
      'x-oss-storage-class': 'IA',
      'x-oss-object-type': 'Normal',
    });
    const head = await oss.head(KEY);
    expect([head['status'], head['meta']]).toEqual([200, { owner: 'me', uid: '1' }]);
    const same = await oss.head(KEY, { headers: { 'If-None-Match': etag } });
    expect(same['status']).toBe(304);
    await expect(oss.head(KEY, { headers: { 'If-Match': '"x"' } })).rejects.toMatchObject({
      code: 'PreconditionFailed',
    });
    const sincePut = { 'If-Modified-Since': put.res.headers['date'] };
    expect((await oss.get(KEY, { headers: sincePut })).res.status).toBe(304);
  });

  it('putStream in chunks and getStream, with ranges as the service reads them', async () => {
    const bytes = Buffer.alloc(300_000, 'abcdefghij');
    const pieces = [bytes.subarray(0, 100_001), bytes.subarray(100_001)];
    await oss.putStream('stream', Readable.from(pieces));
    const { stream } = await oss.getStream('stream');
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    const range = (text: string, more = {}): Promise<string> =>
      readText(oss, 'stream', { headers: { Range: text, ...more } });
    expect(await range('bytes=3-6')).toBe('defg');
    expect((await range('bytes=299999-300000')).length).toBe(300_000);
    expect(await range('bytes=299999-300000', { 'x-oss-range-behavior': 'standard' })).toBe('j');
  });

  it('getObjectMeta, delete, and deleteMulti with odd names in the order of asking', async () => {
    await oss.put('meta', Buffer.from('12345'));
    const { res } = await oss.getObjectMeta('meta');
    expect([res.status, res.headers['content-length']]).toEqual([200, '5']);
    expect((await oss.delete('meta')).res.status).toBe(204);
    expect((await oss.delete('meta')).res.status).toBe(204);
    await expect(oss.head('meta')).rejects.toMatchObject({ status: 404, code: 'NoSuchKey' });
    const names = ['z\u0001', 'a<&>"\'', '\u56fe', 'missing'];
    for (const name of names.slice(0, 3)) await oss.put(name, Buffer.from('x'));
    const { deleted } = await oss.deleteMulti(names);
    const keys = (deleted as readonly { readonly Key: string }[]).map((item) => item.Key);
    expect(keys).toEqual(names);
    expect((await oss.deleteMulti(['a'], { quiet: true })).res.status).toBe(200);
    for (const name of names) await expect(oss.head(name)).rejects.toMatchObject({ status: 404 });
  });

  it('copy within and across buckets under conditions, and putMeta', async () => {
    await oss.put('copy/a', Buffer.from('copied'), { meta: { a: '1' }, mime: 'text/plain' });
    await oss.copy('copy/b', 'copy/a');
    expect(await readText(oss, 'copy/b')).toBe('copied');
    expect((await oss.head('copy/b'))['meta']).toEqual({ a: '1' });
    await oss.copy('copy/c', 'copy/a', { meta: { b: '2' }, headers: { 'Content-Type': 'a/b' } });
    const replaced = await oss.head('copy/c');
    expect([replaced['meta'], replaced.res.headers['content-type']]).toEqual([{ b: '2' }, 'a/b']);
    await expect(
      oss.copy('copy/d', 'copy/a', { headers: { 'If-Match': '"x"' } }),
    ).rejects.toMatchObject({ code: 'PreconditionFailed' });
    await expect(oss.copy('copy/d', 'copy/missing')).rejects.toMatchObject({ code: 'NoSuchKey' });
    await oss.putMeta('copy/a', { changed: 'yes' });
    expect((await oss.head('copy/a'))['meta']).toEqual({ changed: 'yes' });
    expect(await readText(oss, 'copy/a')).toBe('copied');
    const other = FORMS.find(({ bucket }) => bucket !== form.bucket)!;
    const away = await formClient(server, other);
    await away.copy(`from/${form.bucket}`, 'copy/b', form.bucket);
    expect(await readText(away, `from/${form.bucket}`)).toBe('copied');
  });

  it('append, and learn where to go on', async () => {
    await oss.delete('log');
    const first = await oss.append('log', Buffer.from('one-'));
    expect(first['nextAppendPosition']).toBe('4');
    const second = await oss.append('log', Buffer.from('two'), { position: 4 });
    expect(second['nextAppendPosition']).toBe('7');
    expect(await readText(oss, 'log')).toBe('one-two');
    await expect(oss.append('log', Buffer.from('x'))).rejects.toMatchObject({
      code: 'PositionNotEqualToLength',
    });
    await oss.put('log', Buffer.from('plain'));
    await expect(oss.append('log', Buffer.from('x'), { position: 5 })).rejects.toMatchObject({
      code: 'ObjectNotAppendable',
    });
  });

  it('putSymlink and getSymlink, and read through links', async () => {
    await oss.put('real/\u56fe', Buffer.from('through'));
    await oss.putSymlink('link', 'real/\u56fe', { storageClass: 'IA', meta: { of: 'link' } });
    expect((await oss.getSymlink('link'))['targetName']).toBe('real/\u56fe');
    expect(await readText(oss, 'link')).toBe('through');
    expect((await oss.head('link')).res.headers['x-oss-object-type']).toBe('Symlink');
    await oss.putSymlink('link2', 'link');
    await expect(oss.get('link2')).rejects.toMatchObject({ code: 'InvalidTargetType' });
    await oss.putSymlink('link3', 'nothing');
    await expect(oss.get('link3')).rejects.toMatchObject({ code: 'SymlinkTargetNotExist' });
  });

  it('tag objects', async () => {
    await oss.put('tagged', Buffer.from('x'), { headers: { 'x-oss-tagging': 'a=1' } });
    expect((await oss.getObjectTagging('tagged'))['tag']).toEqual({ a: '1' });
    await oss.putObjectTagging('tagged', { b: '2', c: 'x +-=._:/y' });
    expect((await oss.getObjectTagging('tagged'))['tag']).toEqual({ b: '2', c: 'x +-=._:/y' });
    await oss.deleteObjectTagging('tagged');
    expect((await oss.getObjectTagging('tagged'))['tag']).toEqual({});
  });

  it('putACL and getACL', async () => {
    await oss.put('acl', Buffer.from('x'));
    expect((await oss.getACL('acl'))['acl']).toBe('default');
    await oss.putACL('acl', 'public-read');
    expect((await oss.getACL('acl'))['acl']).toBe('public-read');
  });

  it('forbid to overwrite, and check what was sent', async () => {
    await oss.put('once', Buffer.from('first'));
    await expect(
      oss.put('once', Buffer.from('second'), { headers: { 'x-oss-forbid-overwrite': 'true' } }),
    ).rejects.toMatchObject({ code: 'FileAlreadyExists' });
    await expect(
      oss.put('once', Buffer.from('third'), {
        headers: { 'Content-MD5': createHash('md5').update('other').digest('base64') },
      }),
    ).rejects.toMatchObject({ code: 'InvalidDigest' });
    expect(await readText(oss, 'once')).toBe('first');
  });

  it('are told what is not built, and nothing changes', async () => {
    await oss.put('kept', Buffer.from('kept'));
    await expect(oss.restore('kept')).rejects.toMatchObject({
      status: 501,
      code: 'NotImplemented',
    });
    await expect(oss.getBucketVersioning(form.bucket)).rejects.toMatchObject({ status: 501 });
    await expect(
      oss.put('kept', Buffer.from('x'), { callback: { url: 'http://a.test/', body: 'a=b' } }),
    ).rejects.toMatchObject({ status: 501 });
    expect(await readText(oss, 'kept')).toBe('kept');
  });
});
