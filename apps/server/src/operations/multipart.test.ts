import { beforeEach, describe, expect, it } from 'vitest';
import {
  askOwner,
  createTestService,
  elementOf,
  elementsOf,
  errorOf,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;

beforeEach(async () => {
  service = createTestService({ settings: { minPartBytes: 4 } });
  await service.store.createBucket('box', { acl: 'public-read' });
});

async function begin(key: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await askOwner(service, 'POST', `/box/${key}?uploads`, { headers });
  const xml = await response.text();
  expect([elementOf(xml, 'Bucket'), elementOf(xml, 'Key')]).toEqual([
    'box',
    decodeURIComponent(key),
  ]);
  return elementOf(xml, 'UploadId') ?? '';
}

async function putPart(key: string, id: string, number: number, body: string): Promise<string> {
  const target = `/box/${key}?partNumber=${number}&uploadId=${id}`;
  const response = await askOwner(service, 'PUT', target, { body });
  expect([response.status, await response.text()]).toEqual([200, '']);
  return response.headers.get('etag') ?? '';
}

function complete(
  key: string,
  id: string,
  etags: readonly string[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  const body = `<CompleteMultipartUpload>${parts.join('\n')}</CompleteMultipartUpload>`;
  return askOwner(service, 'POST', `/box/${key}?uploadId=${id}`, { body, headers });
}

describe('an upload in parts', () => {
  it('becomes one object with the metadata of its beginning', async () => {
    const id = await begin('big.jpg', {
      'content-type': 'image/jpeg',
      'x-oss-meta-a': '1',
      'x-oss-object-acl': 'private',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging': 'a=b&c=%E5%9B%BE',
    });
    const two = await putPart('big.jpg', id, 2, 'end');
    const one = await putPart('big.jpg', id, 1, 'begin-');
    const response = await complete('big.jpg', id, [one, two], { 'x-oss-meta-a': 'ignored' });
    const xml = await response.text();
    const etag = response.headers.get('etag');
    expect(response.status).toBe(200);
    expect(etag).toMatch(/^"[0-9A-F]{32}-2"$/);
    expect(elementOf(xml, 'ETag')).toBe(etag?.replaceAll('"', '&quot;'));
    expect(elementOf(xml, 'Location')).toBe('/box/big.jpg');
    const got = await askOwner(service, 'GET', '/box/big.jpg');
    expect(await got.text()).toBe('begin-end');
    expect(Object.fromEntries(got.headers)).toMatchObject({
      etag,
      'content-type': 'image/jpeg',
      'x-oss-meta-a': '1',
      'x-oss-object-type': 'Multipart',
      'x-oss-storage-class': 'IA',
      'x-oss-tagging-count': '2',
      'x-oss-hash-crc64ecma': expect.stringMatching(/^\d+$/),
    });
    expect((await service.ask({ target: '/box/big.jpg' })).status).toBe(403);
    expect(await errorOf(await complete('big.jpg', id, [one]))).toMatchObject({
      status: 404,
      code: 'NoSuchUpload',
    });
  });

  it('takes all parts when asked to', async () => {
    const id = await begin('k');
    await putPart('k', id, 3, 'one-');
    await putPart('k', id, 9, 'two');
    const headers = { 'x-oss-complete-all': 'yes' };
    const response = await askOwner(service, 'POST', `/box/k?uploadId=${id}`, { headers });
    expect(response.status).toBe(200);
    expect(await (await service.ask({ target: '/box/k' })).text()).toBe('one-two');
  });

  it('refuses wrong parts by their codes', async () => {
    const id = await begin('k');
    const one = await putPart('k', id, 1, 'one');
    const two = await putPart('k', id, 2, 'two');
    const codeOf = async (response: Promise<Response>): Promise<unknown> => errorOf(await response);
    const refused = (status: number, code: string) => expect.objectContaining({ status, code });
    expect(await codeOf(complete('k', id, [two, one]))).toEqual(refused(400, 'InvalidPart'));
    expect(await codeOf(complete('k', id, [one, two]))).toEqual(refused(400, 'EntityTooSmall'));
    expect(await codeOf(complete('k', id, []))).toEqual(refused(400, 'MalformedXML'));
    const swapped = [2, 1].map(
      (number) =>
        `<Part><PartNumber>${number}</PartNumber><ETag>${number === 1 ? one : two}</ETag></Part>`,
    );
    const body = `<CompleteMultipartUpload>${swapped.join('')}</CompleteMultipartUpload>`;
    const order = askOwner(service, 'POST', `/box/k?uploadId=${id}`, { body });
    expect(await codeOf(order)).toEqual(refused(400, 'InvalidPartOrder'));
    for (const number of ['0', '10001', 'x', '']) {
      const target = `/box/k?partNumber=${number}&uploadId=${id}`;
      const put = askOwner(service, 'PUT', target, { body: 'x' });
      expect(await codeOf(put)).toEqual(refused(400, 'InvalidArgument'));
    }
    const md5 = { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' };
    const target = `/box/k?partNumber=1&uploadId=${id}`;
    const digest = askOwner(service, 'PUT', target, { body: 'x', headers: md5 });
    expect(await codeOf(digest)).toEqual(refused(400, 'InvalidDigest'));
    expect((await complete('k', id, [one])).status).toBe(200);
  });

  it('keeps an object that must not be overwritten', async () => {
    const forbid = { 'x-oss-forbid-overwrite': 'true' };
    const id = await begin('k', forbid);
    const etag = await putPart('k', id, 1, 'late');
    await askOwner(service, 'PUT', '/box/k', { body: 'first' });
    const refused = { status: 409, code: 'FileAlreadyExists' };
    expect(await errorOf(await complete('k', id, [etag], forbid))).toMatchObject(refused);
    const again = await askOwner(service, 'POST', '/box/k?uploads', { headers: forbid });
    expect(await errorOf(again)).toMatchObject(refused);
    expect(await (await service.ask({ target: '/box/k' })).text()).toBe('first');
  });

  it('is forgotten when it is aborted', async () => {
    const id = await begin('k');
    await putPart('k', id, 1, 'part');
    const target = `/box/k?uploadId=${id}`;
    const response = await askOwner(service, 'DELETE', target);
    expect([response.status, await response.text()]).toEqual([204, '']);
    for (const [method, path] of [
      ['DELETE', target],
      ['GET', target],
      ['GET', '/box/k?uploadId=..%2F..'],
      ['GET', '/box/other?uploadId=x'],
    ] as const) {
      expect(await errorOf(await askOwner(service, method, path))).toMatchObject({
        status: 404,
        code: 'NoSuchUpload',
      });
    }
  });

  it('is closed to strangers who may not write', async () => {
    const id = await begin('k');
    for (const [method, target] of [
      ['POST', '/box/k?uploads'],
      ['PUT', `/box/k?partNumber=1&uploadId=${id}`],
      ['POST', `/box/k?uploadId=${id}`],
      ['DELETE', `/box/k?uploadId=${id}`],
      ['GET', `/box/k?uploadId=${id}`],
      ['GET', '/box?uploads'],
    ] as const) {
      const response = await service.ask({ method, target });
      expect(await errorOf(response)).toMatchObject({ status: 403, code: 'AccessDenied' });
    }
  });
});

describe('UploadPartCopy', () => {
  beforeEach(() =>
    service.store.putObject('box', 'source', new TextEncoder().encode('0123456789')),
  );

  async function copyPart(
    headers: Readonly<Record<string, string>>,
  ): Promise<{ response: Response; read: () => Promise<string> }> {
    const id = await begin('k');
    const response = await askOwner(service, 'PUT', `/box/k?partNumber=1&uploadId=${id}`, {
      headers: { 'x-oss-copy-source': '/box/source', ...headers },
    });
    const read = async (): Promise<string> => {
      await complete('k', id, [response.headers.get('etag') ?? '']);
      return (await service.ask({ target: '/box/k' })).text();
    };
    return { response, read };
  }

  it.each([
    [{}, '0123456789'],
    [{ 'x-oss-copy-source-range': 'bytes=2-5' }, '2345'],
    [{ 'x-oss-copy-source-range': 'bytes=8-' }, '89'],
  ])('takes %j of the source', async (headers, expected) => {
    const { response, read } = await copyPart(headers);
    expect(response.status).toBe(200);
    expect(elementOf(await response.text(), 'ETag')).toBe(
      response.headers.get('etag')?.replaceAll('"', '&quot;'),
    );
    expect(await read()).toBe(expected);
  });

  it('holds the source to conditions', async () => {
    const { response } = await copyPart({ 'x-oss-copy-source-if-match': '"other"' });
    expect(await errorOf(response)).toMatchObject({ status: 412, code: 'PreconditionFailed' });
    const missing = await copyPart({ 'x-oss-copy-source': '/box/missing' });
    expect(await errorOf(missing.response)).toMatchObject({ status: 404, code: 'NoSuchKey' });
  });
});

describe('lists of uploads', () => {
  it('page through parts', async () => {
    const id = await begin('%E5%9B%BE');
    for (const number of [1, 2, 5]) await putPart('%E5%9B%BE', id, number, 'x'.repeat(number));
    const list = async (query: string): Promise<string> =>
      (await askOwner(service, 'GET', `/box/%E5%9B%BE?uploadId=${id}${query}`)).text();
    const first = await list('&max-parts=2&encoding-type=url');
    expect(elementOf(first, 'Key')).toBe('%E5%9B%BE');
    expect(elementsOf(first, 'PartNumber')).toEqual(['1', '2']);
    expect(elementOf(first, 'IsTruncated')).toBe('true');
    expect(elementOf(first, 'NextPartNumberMarker')).toBe('2');
    const rest = await list('&part-number-marker=2');
    expect(elementsOf(rest, 'Size')).toEqual(['5']);
    expect(elementOf(rest, 'IsTruncated')).toBe('false');
  });

  it('page through uploads by key, and ignore an id without a key', async () => {
    const ids = [await begin('b'), await begin('a'), await begin('b')];
    const list = async (query: string): Promise<string> =>
      (await askOwner(service, 'GET', `/box?uploads${query}`)).text();
    const first = await list('&max-uploads=2');
    expect(elementsOf(first, 'Key')).toEqual(['a', 'b']);
    expect(elementOf(first, 'IsTruncated')).toBe('true');
    const marker = elementOf(first, 'NextUploadIdMarker');
    expect(elementOf(first, 'NextKeyMarker')).toBe('b');
    const rest = await list(`&key-marker=b&upload-id-marker=${marker}`);
    expect([...elementsOf(first, 'UploadId'), ...elementsOf(rest, 'UploadId')].toSorted()).toEqual(
      ids.toSorted(),
    );
    expect(elementsOf(await list('&upload-id-marker=zzz'), 'Upload').length).toBe(0);
    expect(elementsOf(await list('&upload-id-marker=zzz'), 'UploadId')).toHaveLength(3);
    expect(elementsOf(await list('&prefix=a'), 'Key')).toEqual(['a']);
    const stat = await (await askOwner(service, 'GET', '/box?stat')).text();
    expect(elementOf(stat, 'MultipartUploadCount')).toBe('3');
  });

  it('roll keys up behind a delimiter, and go on behind a whole prefix', async () => {
    for (const key of ['a', 'p/x/1', 'p/x/2', 'p/x/2', 'p/y', 'p/z/3', 'q']) await begin(key);
    const list = async (query: string): Promise<string> =>
      (await askOwner(service, 'GET', `/box?uploads&delimiter=/${query}`)).text();
    const names = (xml: string): readonly string[][] => [
      elementsOf(xml, 'Key'),
      // The first is the one that was asked for.
      elementsOf(xml, 'Prefix').slice(1),
    ];
    expect(names(await list(''))).toEqual([['a', 'q'], ['p/']]);
    expect(elementOf(await list(''), 'Delimiter')).toBe('/');
    expect(names(await list('&prefix=p/'))).toEqual([['p/y'], ['p/x/', 'p/z/']]);
    const pages: unknown[] = [];
    let marker = '';
    for (let page = await list('&prefix=p/&max-uploads=1'); ;) {
      pages.push(names(page));
      if (elementOf(page, 'IsTruncated') === 'false') break;
      marker = `${elementOf(page, 'NextKeyMarker')}&upload-id-marker=${elementOf(page, 'NextUploadIdMarker')}`;
      page = await list(`&prefix=p/&max-uploads=1&key-marker=${marker}`);
    }
    expect(pages).toEqual([
      [[], ['p/x/']],
      [['p/y'], []],
      [[], ['p/z/']],
    ]);
  });
});
