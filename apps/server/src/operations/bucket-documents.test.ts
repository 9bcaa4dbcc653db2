import { beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'a.jpg', new TextEncoder().encode('pixels'));
  await service.store.putStyle('box', 'small', 'image/resize,w_9');
});

const put = (name: string, body: string): Promise<Response> =>
  askOwner(service, 'PUT', `/box?${name}`, { body });
const get = (name: string): Promise<Response> => askOwner(service, 'GET', `/box?${name}`);

describe('documents', () => {
  it.each([
    ['cors', 'PUT'],
    ['cors', 'GET'],
    ['cors', 'DELETE'],
    ['referer', 'PUT'],
    ['referer', 'GET'],
    ['tagging', 'PUT'],
    ['tagging', 'GET'],
    ['tagging', 'DELETE'],
    ['processConfiguration', 'PUT'],
    ['processConfiguration', 'GET'],
    ['stat', 'GET'],
  ])('are the owner\u2019s alone: %s by %s', async (name, method) => {
    const response = await service.ask({ method, target: `/box?${name}` });
    expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
    const missing = await askOwner(service, method, `/missing?${name}`);
    expect(await errorOf(missing)).toMatchObject({ status: 404, code: 'NoSuchBucket' });
  });

  it.each(['policy', 'lifecycle', 'website', 'logging', 'encryption', 'requestPayment'])(
    'that nobody would act on are not stored: %s',
    async (name) => {
      expect(await errorOf(await put(name, '<X/>'))).toMatchObject({ status: 501 });
      expect((await service.store.getBucket('box'))?.settings).toEqual({});
    },
  );

  it('of tags are kept, given back and removed', async () => {
    const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>';
    expect(await (await get('tagging')).text()).toContain('<TagSet></TagSet>');
    expect((await put('tagging', body)).status).toBe(200);
    expect(await (await get('tagging')).text()).toBe(body);
    expect((await askOwner(service, 'DELETE', '/box?tagging')).status).toBe(204);
    expect(await (await get('tagging')).text()).toContain('<TagSet></TagSet>');
  });

  it('are held to their Content-MD5', async () => {
    const headers = { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' };
    const body = '<Tagging><TagSet/></Tagging>';
    const response = await askOwner(service, 'PUT', '/box?tagging', { body, headers });
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidDigest' });
  });
});

describe('CORS rules', () => {
  const rule = (more: string): string => `<CORSRule>${more}</CORSRule>`;
  const document = `<CORSConfiguration>${rule(
    '<AllowedOrigin>https://*.example.com</AllowedOrigin><AllowedMethod>GET</AllowedMethod>' +
      '<AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-oss-*</AllowedHeader>' +
      '<AllowedHeader>Content-Type</AllowedHeader><ExposeHeader>ETag</ExposeHeader>' +
      '<ExposeHeader>x-oss-request-id</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds>',
  )}${rule('<AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod>')}</CORSConfiguration>`;
  const origin = 'https://app.example.com';
  const preflight = (headers: Readonly<Record<string, string>>): Promise<Response> =>
    service.ask({ method: 'OPTIONS', target: '/box/a.jpg?Signature=for-a-put', headers });

  it('are given back as they were stored, and missed by their own code', async () => {
    const missing = { status: 404, code: 'NoSuchCORSConfiguration' };
    expect(await errorOf(await get('cors'))).toMatchObject(missing);
    expect((await put('cors', document)).status).toBe(200);
    expect(await (await get('cors')).text()).toBe(document);
    expect((await askOwner(service, 'DELETE', '/box?cors')).status).toBe(204);
    expect(await errorOf(await get('cors'))).toMatchObject(missing);
  });

  it('answer a preflight without looking at its signature', async () => {
    await put('cors', document);
    const response = await preflight({
      origin,
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type, X-OSS-Meta-A',
    });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, PUT',
      'access-control-allow-headers': 'content-type, X-OSS-Meta-A',
      'access-control-max-age': '600',
      vary: 'Origin',
    });
  });

  it.each([
    [{ origin: 'https://example.com', 'access-control-request-method': 'PUT' }],
    [{ origin: 'https://app.example.com.evil.net', 'access-control-request-method': 'PUT' }],
    [{ origin, 'access-control-request-method': 'DELETE' }],
    [
      {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization',
      },
    ],
  ])('refuse the preflight %j', async (headers) => {
    await put('cors', document);
    const response = await preflight(headers);
    expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessForbidden' });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('refuse preflights of buckets without rules, and such that ask nothing', async () => {
    const asking = { origin, 'access-control-request-method': 'GET' };
    expect(await errorOf(await preflight(asking))).toMatchObject({ code: 'AccessForbidden' });
    await put('cors', document);
    expect(await errorOf(await preflight({ origin }))).toMatchObject({ code: 'InvalidRequest' });
  });

  it('let a page read answers and errors, and tell caches that they differ', async () => {
    await put('cors', document);
    for (const target of ['/box/a.jpg', '/box/missing', '/box/a.jpg?x-oss-process=image/flip,0']) {
      const { headers } = await service.ask({ target, headers: { origin } });
      expect(headers.get('access-control-allow-origin'), target).toBe(origin);
      expect(headers.get('access-control-expose-headers')).toBe('ETag, x-oss-request-id');
      expect(headers.get('vary')).toContain('Origin');
    }
    const head = await service.ask({ method: 'HEAD', target: '/box/a.jpg', headers: { origin } });
    expect(head.headers.get('access-control-allow-origin')).toBe('*');
    const other = await service.ask({ target: '/box/a.jpg', headers: { origin: 'https://x.net' } });
    expect(other.status).toBe(200);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    expect(other.headers.get('vary')).toContain('Origin');
    const plain = await service.ask({ target: '/box/a.jpg' });
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
    expect(plain.headers.get('vary')).toContain('Origin');
  });

  it.each([
    ['<CORSConfiguration/>', 'MalformedXML'],
    ['<Other/>', 'MalformedXML'],
    [
      `<CORSConfiguration>${rule('<AllowedMethod>GET</AllowedMethod>')}</CORSConfiguration>`,
      'MalformedXML',
    ],
    [document.replace('GET', 'PATCH'), 'InvalidArgument'],
    [document.replace('*.example', '*.*'), 'InvalidArgument'],
    [document.replace('600', 'long'), 'InvalidArgument'],
    [document.replace('>ETag', '>a&#10;b'), 'InvalidArgument'],
  ])('must be rules: %s', async (body, code) => {
    expect(await errorOf(await put('cors', body))).toMatchObject({ status: 400, code });
    expect((await service.store.getBucket('box'))?.settings).toEqual({});
  });
});

describe('a referer list', () => {
  const document = (allowsEmpty: boolean, more = ''): string =>
    `<RefererConfiguration><AllowEmptyReferer>${allowsEmpty}</AllowEmptyReferer><RefererList>` +
    '<Referer>https://www.example.com</Referer><Referer>*.example.org</Referer>' +
    `<Referer>http://one.example/page?.html</Referer></RefererList>${more}</RefererConfiguration>`;
  const ask = async (referer?: string): Promise<number> => {
    const headers = referer === undefined ? {} : { referer };
    return (await service.ask({ target: '/box/a.jpg', headers })).status;
  };

  it('is empty and allows all without a document', async () => {
    const xml = await (await get('referer')).text();
    expect([elementOf(xml, 'AllowEmptyReferer'), elementOf(xml, 'RefererList')]).toEqual([
      'true',
      '',
    ]);
    expect(await ask('https://anywhere.net/')).toBe(200);
  });

  it.each([
    ['https://www.example.com', 200],
    ['https://www.example.com/', 200],
    ['https://www.example.com/deep/page?q=1', 200],
    ['HTTPS://WWW.example.com/', 200],
    ['http://www.example.com/', 403],
    ['https://www.example.com.evil.net/', 403],
    ['https://evil.net/?https://www.example.com', 403],
    ['https://a.example.org/x', 200],
    ['http://a.b.example.org', 200],
    ['https://example.org/', 403],
    ['http://one.example/page1.html', 200],
    ['http://one.example/page12.html', 403],
    ['http://one.example/', 403],
    [undefined, 403],
    ['', 403],
  ])('answers a page at %s with %i', async (referer, status) => {
    expect((await put('referer', document(false))).status).toBe(200);
    expect(await ask(referer)).toBe(status);
  });

  it('may allow no referer at all, and deny some', async () => {
    const denied = '<RefererBlacklist><Referer>*.bad.example.org</Referer></RefererBlacklist>';
    await put('referer', document(true, denied));
    expect(await ask()).toBe(200);
    expect(await ask('https://good.example.org/')).toBe(200);
    expect(await ask('https://very.bad.example.org/')).toBe(403);
    expect(await (await get('referer')).text()).toBe(document(true, denied));
  });

  it('holds for processed pictures and HEAD, not for who signs in a header', async () => {
    await put('referer', document(false));
    const processed = await service.ask({ target: '/box/a.jpg?x-oss-process=image/info' });
    expect(await errorOf(processed)).toMatchObject({ status: 403, ec: '0003-00000503' });
    expect((await service.ask({ method: 'HEAD', target: '/box/a.jpg' })).status).toBe(403);
    expect((await askOwner(service, 'GET', '/box/a.jpg')).status).toBe(200);
  });

  it('must be one', async () => {
    expect(await errorOf(await put('referer', '<X/>'))).toMatchObject({ code: 'MalformedXML' });
    const long = document(true).replace('*.example.org', 'x'.repeat(1025));
    expect(await errorOf(await put('referer', long))).toMatchObject({ code: 'InvalidArgument' });
  });
});

describe('the process configuration', () => {
  const document = (values: Readonly<Record<string, string>>): string => {
    const elements = Object.entries(values).map(([name, value]) => `<${name}>${value}</${name}>`);
    return `<BucketProcessConfiguration>${elements.join('')}</BucketProcessConfiguration>`;
  };

  it('has the service\u2019s defaults', async () => {
    const xml = await (await get('processConfiguration')).text();
    expect(xml).toContain(
      document({
        CompliedHost: 'Both',
        SourceFileProtect: 'Disabled',
        SourceFileProtectSuffix: '',
        StyleDelimiters: '',
        OssDomainSupportAtProcess: 'Disabled',
        Version: '2',
      }),
    );
  });

  it('is given back with its delimiters sorted', async () => {
    const given = {
      CompliedHost: 'Img',
      SourceFileProtect: 'Enabled',
      SourceFileProtectSuffix: 'jpg,png',
      StyleDelimiters: '/,-',
      OssDomainSupportAtProcess: 'Disabled',
    };
    expect((await put('processConfiguration', document(given))).status).toBe(200);
    const xml = await (await get('processConfiguration')).text();
    expect(xml).toContain(document({ ...given, StyleDelimiters: '-,/', Version: '2' }));
  });

  it('tells no suffixes while protection is off', async () => {
    const given = { SourceFileProtect: 'Disabled', SourceFileProtectSuffix: 'jpg' };
    await put('processConfiguration', document(given));
    const xml = await (await get('processConfiguration')).text();
    expect(elementOf(xml, 'SourceFileProtectSuffix')).toBe('');
  });

  it.each([
    [{ CompliedHost: 'Both2' }],
    [{ SourceFileProtect: 'Yes' }],
    [{ StyleDelimiters: '-,+' }],
    [{ StyleDelimiters: '-/' }],
    [{ OssDomainSupportAtProcess: '1' }],
    [{ SourceFileProtectSuffix: Array.from({ length: 11 }, (_, i) => `x${i}`).join(',') }],
  ])('refuses %j', async (values) => {
    const response = await put('processConfiguration', document(values));
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect((await service.store.getBucket('box'))?.settings).toEqual({});
  });

  it('must be a document of its kind', async () => {
    const response = await put('processConfiguration', '<Other/>');
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'MalformedXML' });
  });

  describe('with source protection', () => {
    const OBJECTS = ['b.JPG', 'c.gif', 'd', 'vault/e.bin', 'jpg', 'x.jpg.txt'];

    async function protect(values: Readonly<Record<string, string>>): Promise<void> {
      for (const key of OBJECTS) {
        await service.store.putObject('box', key, new TextEncoder().encode('pixels'));
      }
      await put('processConfiguration', document({ SourceFileProtect: 'Enabled', ...values }));
    }

    const statuses = (key: string): Promise<number[]> =>
      Promise.all(
        [
          `/box/${key}`,
          `/box/${key}?x-oss-process=image/flip,0`,
          `/box/${key}?x-oss-process=image/info`,
          `/box/${key}?objectMeta`,
          `/box/${key}?x-oss-process=style/small`,
        ].map(async (target) => (await service.ask({ target })).status),
      );

    it('lets strangers have protected objects by styles alone', async () => {
      await protect({ SourceFileProtectSuffix: 'jpg, .png', SourceFileProtectPrefix: 'vault/' });
      for (const key of ['a.jpg', 'b.JPG', 'vault/e.bin']) {
        expect(await statuses(key), key).toEqual([403, 403, 403, 403, 200]);
      }
      for (const key of ['c.gif', 'd', 'jpg', 'x.jpg.txt']) {
        expect(await statuses(key), key).toEqual([200, 200, 200, 200, 200]);
      }
      const head = await service.ask({ method: 'HEAD', target: '/box/a.jpg' });
      expect(head.status).toBe(403);
      const refused = await service.ask({ target: '/box/a.jpg?x-oss-process=image/flip,0' });
      expect(await errorOf(refused)).toEqual({
        status: 403,
        code: 'AccessDenied',
        ec: '0040-00000031',
      });
    });

    it('protects all by *, even what is missing, and lets the owner through', async () => {
      await protect({ SourceFileProtectSuffix: '*' });
      for (const key of ['a.jpg', 'd', 'missing']) {
        expect((await statuses(key)).slice(0, 4)).toEqual([403, 403, 403, 403]);
      }
      expect((await askOwner(service, 'GET', '/box/a.jpg')).status).toBe(200);
      const processed = await askOwner(service, 'GET', '/box/a.jpg?x-oss-process=image/flip,0');
      expect(processed.status).toBe(200);
    });

    it('is not got around by a header, a symlink or a copy', async () => {
      await protect({ SourceFileProtectSuffix: 'jpg' });
      const link = { type: 'Symlink', symlinkTarget: 'a.jpg' } as const;
      await service.store.putObject('box', 'link', new Uint8Array(0), link);
      await service.store.createBucket('open', { acl: 'public-read-write' });
      const asked = [
        service.ask({ target: '/box/a.jpg', headers: { 'x-oss-process': 'image/flip,0' } }),
        service.ask({ target: '/box/a.jpg?x-oss-process=', headers: {} }),
        service.ask({ target: '/box/link' }),
        service.ask({
          method: 'PUT',
          target: '/open/copy',
          headers: { 'x-oss-copy-source': '/box/a.jpg' },
        }),
      ];
      for (const response of await Promise.all(asked)) {
        expect(await errorOf(response)).toMatchObject({ status: 403, ec: '0040-00000031' });
      }
    });
  });
});
