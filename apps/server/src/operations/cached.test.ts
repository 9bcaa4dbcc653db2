/**
 * Cached results as callers see them: who may, what is fresh, what is shared, what is forgotten.
 * @module
 */

import type { ImageFormat } from '@safelight/core';
import type { StorageDriver } from '@safelight/storage';
import { beforeEach, describe, expect, it } from 'vitest';
import { createMemoryTier } from '../cache/memory-tier.ts';
import type { Renderer, RenderRequest } from '../service.ts';
import type { Telemetry } from '../telemetry.ts';
import {
  createEchoRenderer,
  createTestService,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;
let renders: RenderRequest[];
let origins: string[];
const own = { bucket: 'box', key: 'a.jpg' };

beforeEach(async () => {
  renders = [];
  origins = [];
  service = start();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'a.jpg', new Uint8Array(9));
  await service.store.putStyle('box', 'small', 'image/resize,w_9');
});

function start(
  writes: readonly ImageFormat[] = ['jpeg', 'webp', 'avif'],
  store?: StorageDriver,
): TestService {
  const renderer: Renderer = {
    ...createEchoRenderer(renders),
    writes: () => Promise.resolve(writes),
  };
  const telemetry: Telemetry = {
    requestEnded: () => {},
    resultServed: (origin) => void origins.push(origin),
    print: () => Promise.resolve({ mediaType: 'text/plain', text: 'numbers 1\n' }),
  };
  return createTestService({
    ...(store && { store }),
    renderer,
    telemetry,
    cache: [createMemoryTier({ maxBytes: 1_000_000, maxVariants: 3 })],
    settings: { metadataMaxAgeMs: 60_000, metricsToken: 'scrape-me' },
  });
}

const process = (text: string, more: object = {}): Promise<Response> =>
  service.ask({ target: `/box/a.jpg?x-oss-process=${text}`, ...more });

const put = (target: string, body: string, as: object = own): Promise<Response> =>
  service.ask({ method: 'PUT', target, body, as });

describe('a cached result', () => {
  it('is made once for every spelling of its chain', async () => {
    const first = await process('image/resize,w_9,h_8');
    const second = await process('image/resize,h_8,w_9');
    expect(await second.text()).toBe(await first.text());
    expect([renders.length, origins]).toEqual([1, ['render', 'memory']]);
    expect([first.headers.get('age'), second.headers.get('age')]).toEqual([null, '0']);
    expect(second.headers.get('content-type')).toBe('image/x-echo');
  });

  it('is made once for those who ask at the same time', async () => {
    await Promise.all(Array.from({ length: 5 }, () => process('image/resize,w_9')));
    expect([renders.length, origins.toSorted()]).toEqual([
      1,
      ['render', 'shared', 'shared', 'shared', 'shared'],
    ]);
  });

  it('is given to nobody who may not read its source', async () => {
    expect((await process('image/resize,w_9')).status).toBe(200);
    await service.ask({
      method: 'PUT',
      target: '/box/a.jpg?acl',
      headers: { 'x-oss-object-acl': 'private' },
      as: own,
    });
    expect((await process('image/resize,w_9')).status).toBe(403);
    const signed = await process('image/resize,w_9', { as: own });
    expect([signed.status, signed.headers.get('cache-control')]).toEqual([200, 'private']);
    expect((await process('image/resize,w_9')).status).toBe(403);
  });

  it('is not given out for a source that was replaced or removed', async () => {
    await process('image/resize,w_9');
    expect((await put('/box/a.jpg', 'other bytes')).status).toBe(200);
    expect(await (await process('image/resize,w_9')).json()).toMatchObject({ bytes: 11 });
    await service.ask({ method: 'DELETE', target: '/box/a.jpg', as: own });
    expect((await process('image/resize,w_9')).status).toBe(404);
  });

  it('is not given out for a style that was changed', async () => {
    const before = await process('style/small');
    const body = '<Style><Content>image/resize,w_5</Content></Style>';
    await put('/box?style&styleName=small', body, { bucket: 'box' });
    const after = await process('style/small');
    expect(await after.text()).not.toBe(await before.text());
    expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
  });

  it('stays out of shared caches where the process came in a header', async () => {
    const ask = { target: '/box/a.jpg', headers: { 'x-oss-process': 'image/resize,w_9' } };
    await service.ask(ask);
    const { headers } = await service.ask(ask);
    expect(origins).toEqual(['render', 'memory']);
    expect([headers.get('cache-control'), headers.get('vary')]).toEqual([
      'no-store',
      'x-oss-process',
    ]);
  });

  it('makes way for newer ones of the same source, so that nobody fills the cache with one', async () => {
    await service.store.putObject('box', 'b.jpg', new Uint8Array(7));
    const other = { target: '/box/b.jpg?x-oss-process=image/resize,w_9' };
    await service.ask(other);
    for (let width = 1; width <= 10; width++) await process(`image/resize,w_${width}`);
    await service.ask(other);
    await process('image/resize,w_1');
    expect(origins.slice(-2)).toEqual(['memory', 'render']);
  });

  it('is never kept for a chain or a picture that is refused', async () => {
    expect((await process('image/resize,w_0')).status).toBe(400);
    expect((await process('style/none')).status).toBe(404);
    expect([renders.length, origins]).toEqual([0, []]);
  });
});

describe('an answer that is given again and again', () => {
  const chain = 'image/resize,w_9';

  beforeEach(async () => {
    // Rendered, found in the cache and kept as an answer, and given as such.
    for (let i = 0; i < 3; i++) await process(chain);
  });

  const headersOf = ({ headers }: Response): Record<string, string> => {
    const { 'x-oss-request-id': id, ...rest } = Object.fromEntries(headers);
    expect(id).toMatch(/^[0-9A-F]{24}$/);
    return rest;
  };

  it('is the same each time but for the id of the request', async () => {
    expect(origins).toEqual(['render', 'memory', 'memory']);
    const looked = await process(chain, { headers: { 'x-unknown': '1' } });
    const repeated = await process(chain);
    expect(headersOf(repeated)).toEqual(headersOf(looked));
    expect(repeated.headers.get('x-oss-request-id')).not.toBe(
      looked.headers.get('x-oss-request-id'),
    );
    expect(await repeated.text()).toBe(await looked.text());
  });

  it('does not hide conditions, signatures, other processes or HEAD', async () => {
    const etag = (await process(chain)).headers.get('etag') ?? '';
    expect((await process(chain, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect((await process(chain, { headers: { 'if-match': '"x"' } })).status).toBe(412);
    expect((await process(chain, { headers: { authorization: 'OSS nobody:x' } })).status).toBe(403);
    expect((await process(chain, { headers: { 'x-oss-process': 'image/info' } })).status).toBe(400);
    expect((await process(chain, { as: own })).headers.get('cache-control')).toBe('private');
    expect(await (await process(chain, { method: 'HEAD' })).text()).toBe('');
  });

  it('ends with every write that could change it', async () => {
    const acl = (value: string): Promise<Response> =>
      service.ask({
        method: 'PUT',
        target: '/box?acl',
        headers: { 'x-oss-acl': value },
        as: { bucket: 'box' },
      });
    expect((await acl('private')).status).toBe(200);
    expect((await process(chain)).status).toBe(403);
    expect((await acl('public-read')).status).toBe(200);
    for (let i = 0; i < 3; i++) expect((await process(chain)).status).toBe(200);
    expect((await put('/box/a.jpg', 'other bytes')).status).toBe(200);
    expect(await (await process(chain)).json()).toMatchObject({ bytes: 11 });
  });

  it('ends with a list of referers, which is asked for each request', async () => {
    const list =
      '<RefererConfiguration><AllowEmptyReferer>false</AllowEmptyReferer><RefererList>' +
      '<Referer>https://good.example</Referer></RefererList></RefererConfiguration>';
    expect((await put('/box?referer', list, { bucket: 'box' })).status).toBe(200);
    const from = async (referer: string): Promise<number> =>
      (await process(chain, { headers: { referer } })).status;
    for (let i = 0; i < 3; i++) expect(await from('https://good.example/a')).toBe(200);
    expect([await from('https://bad.example/'), (await process(chain)).status]).toEqual([403, 403]);
  });

  it('tells shared caches of the rules for other origins', async () => {
    const rules =
      '<CORSConfiguration><CORSRule><AllowedOrigin>https://page.example</AllowedOrigin>' +
      '<AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>';
    expect((await put('/box?cors', rules, { bucket: 'box' })).status).toBe(200);
    for (let i = 0; i < 3; i++) {
      expect((await process(chain)).headers.get('vary')).toContain('Origin');
    }
    const page = await process(chain, { headers: { origin: 'https://page.example' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('https://page.example');
  });

  it('ends with a purge', async () => {
    const as = { bucket: '-', key: 'cache/box' };
    await service.ask({ method: 'DELETE', target: '/-/cache/box', as });
    await process(chain);
    expect(origins.at(-1)).toBe('render');
  });
});

describe('purging', () => {
  const purge = (path: string, as: object | undefined): Promise<Response> =>
    service.ask({ method: 'DELETE', target: `/-/cache/${path}`, ...(as && { as }) });
  const signedFor = (path: string): Promise<Response> =>
    purge(path, { bucket: '-', key: decodeURIComponent(`cache/${path}`) });

  beforeEach(async () => {
    await service.store.putObject('box', 'ä/b.jpg', new Uint8Array(7));
    await process('image/resize,w_9');
    await process('style/small');
    await service.ask({ target: '/box/%C3%A4/b.jpg?x-oss-process=image/resize,w_9' });
  });

  it.each([
    ['box', 3],
    ['box/objects/a.jpg', 2],
    ['box/objects/%C3%A4/b.jpg', 1],
    ['box/styles/small', 1],
    ['other', 0],
  ])('forgets %s: %i results', async (path, purged) => {
    const answer = await signedFor(path);
    expect([answer.status, await answer.json()]).toEqual([200, { purged }]);
  });

  it('needs a signature of this very path', async () => {
    expect((await errorOf(await purge('box', undefined))).code).toBe('AccessDenied');
    const other = { bucket: '-', key: 'cache/box/objects/a.jpg' };
    expect((await errorOf(await purge('box', other))).code).toBe('SignatureDoesNotMatch');
    expect((await process('image/resize,w_9')).status).toBe(200);
    expect(origins.at(-1)).toBe('memory');
  });

  it.each(['box/objects', 'box/objects/', 'box/buckets/x', ''])('has no route %s', async (path) => {
    expect((await signedFor(path)).status).toBe(404);
  });
});

describe('metrics', () => {
  it('are for the owner and for who has the token', async () => {
    const ask = (headers: Record<string, string>): Promise<Response> =>
      service.ask({ target: '/-/metrics', headers });
    expect((await ask({})).status).toBe(403);
    for (const token of ['wrong', 'scrape-m', 'scrape-me2', '']) {
      expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(400);
    }
    expect(await (await ask({ authorization: 'Bearer scrape-me' })).text()).toBe('numbers 1\n');
    const as = { bucket: '-', key: 'metrics' };
    expect((await service.ask({ target: '/-/metrics', as })).status).toBe(200);
  });
});

describe('format,auto', () => {
  const formatOf = async (response: Response): Promise<unknown> => {
    const { chain } = (await response.json()) as { chain: { name: string; format?: string }[] };
    return chain.find(({ name }) => name === 'format')?.format;
  };
  const accepting = (accept: string): object => ({ headers: { accept } });

  it.each([
    ['image/avif,image/webp,*/*', 'avif'],
    ['image/webp,*/*;q=0.8', 'webp'],
    ['image/avif;q=0, image/webp', 'webp'],
    ['image/*,*/*', 'auto'],
    ['', 'auto'],
  ])('for Accept: %s is %s', async (accept, expected) => {
    const response = await process('image/resize,w_9/format,auto', accepting(accept));
    expect(response.headers.get('vary')).toBe('x-oss-process, Accept');
    expect(await formatOf(response)).toBe(expected);
  });

  it('keeps answers apart: by ETag, and in the cache', async () => {
    const chain = 'image/format,auto';
    const tags = new Set<string | null>();
    for (const accept of ['image/avif', 'image/webp', '*/*', 'image/avif']) {
      tags.add((await process(chain, accepting(accept))).headers.get('etag'));
    }
    tags.add((await process('image/format,webp')).headers.get('etag'));
    expect([tags.size, origins]).toEqual([4, ['render', 'render', 'render', 'memory', 'render']]);
  });

  it('asks for no format that the engine cannot write', async () => {
    service = start(['jpeg', 'webp'], service.store);
    const response = await process('image/format,auto', accepting('image/avif,image/webp'));
    expect(await formatOf(response)).toBe('webp');
  });

  it('does not make a still picture of a GIF', async () => {
    await service.store.putObject('box', 'a.gif', new Uint8Array(9));
    const target = '/box/a.gif?x-oss-process=image/format,auto';
    const response = await service.ask({ target, headers: { accept: 'image/avif,image/webp' } });
    expect(await formatOf(response)).toBe('webp');
  });

  it('is a switch of the bucket too, for chains that name no format', async () => {
    const as = { bucket: '-', key: 'format-auto/box' };
    const set = (method: string): Promise<Response> =>
      service.ask({ method, target: '/-/format-auto/box', as });
    const accept = accepting('image/webp');
    expect(await formatOf(await process('image/resize,w_9', accept))).toBeUndefined();
    expect(await (await set('PUT')).json()).toEqual({ formatAuto: true });
    const on = await process('image/resize,w_9', accept);
    expect([on.headers.get('vary'), await formatOf(on)]).toEqual(['x-oss-process, Accept', 'webp']);
    expect(await formatOf(await process('image/format,png', accept))).toBe('png');
    expect((await process('image/info', accept)).headers.get('vary')).toBe('x-oss-process');
    expect(await (await set('DELETE')).json()).toEqual({ formatAuto: false });
    expect(await formatOf(await process('image/resize,w_9', accept))).toBeUndefined();
    expect((await service.ask({ method: 'PUT', target: '/-/format-auto/box' })).status).toBe(403);
  });
});
