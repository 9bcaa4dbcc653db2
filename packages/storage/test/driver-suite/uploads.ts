/**
 * Uploads in parts: joined whole or not at all, listed page by page, forgotten when they end.
 * @module
 */

import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { crc64 } from '../../src/crc64.ts';
import type { NamedPart, UploadPlace } from '../../src/driver.ts';
import { readObject } from '../../src/read-object.ts';
import { createGate, gatedBody, inPieces, noise, utf8 } from './bodies.ts';
import { codeOf, START_MS, useDriver } from './fixture.ts';
import type { DriverFixture, OpenDriver } from './fixture.ts';

export function describeUploads(open: OpenDriver): void {
  describe('uploads in parts', () => {
    const store = useDriver(open);

    it('joins parts in the order of their numbers, whatever the order they came in', async () => {
      const bytes = noise(700_000, 3);
      const pieces = [bytes.subarray(0, 300_000), bytes.subarray(300_000, 600_001)];
      const last = bytes.subarray(600_001);
      const metadata = {
        contentType: 'image/jpeg',
        acl: 'public-read',
        storageClass: 'IA',
        userMetadata: { a: 'b' },
        headers: { expires: '1' },
        tags: [{ key: 'k', value: 'v' }],
      } as const;
      const upload = await begin(store, 'big', metadata);
      expect(await store.driver.headObject('pictures', 'big')).toBeUndefined();
      const third = await store.driver.putPart(upload, 10_000, last);
      const first = await store.driver.putPart(upload, 1, inPieces(pieces[0]!, 9_973));
      const second = await store.driver.putPart(upload, 7, pieces[1]!);
      expect(first).toEqual({
        partNumber: 1,
        size: 300_000,
        etag: md5(pieces[0]!),
        lastModifiedMs: 1_767_323_045_000,
      });
      const record = await store.driver.completeUpload(upload, [first, second, third]);
      const digests = Buffer.from([first, second, third].map(({ etag }) => etag).join(''), 'hex');
      expect(record).toMatchObject({ ...metadata, type: 'Multipart', size: 700_000 });
      expect(record).toMatchObject({ etag: `${md5(digests)}-3`, crc64: crc64(bytes) });
      expect(await store.driver.headObject('pictures', 'big')).toEqual(record);
      const found = await readObject(store.driver, 'pictures', 'big', { maxBytes: 1e6 });
      expect(Buffer.compare(found!.bytes, bytes)).toBe(0);
      expect(await codeOf(store.driver.completeUpload(upload, [first]))).toBe('NoSuchUpload');
      expect((await store.driver.listUploads('pictures')).uploads).toEqual([]);
    });

    it('replaces a part, and joins only those that are named', async () => {
      const upload = await begin(store, 'k');
      const old = await store.driver.putPart(upload, 1, utf8('old'));
      const first = await store.driver.putPart(upload, 1, utf8('new'));
      await store.driver.putPart(upload, 2, utf8('unused'));
      const last = await store.driver.putPart(upload, 3, utf8(''));
      expect(await codeOf(store.driver.completeUpload(upload, [old]))).toBe('InvalidPart');
      const lower = { partNumber: 1, etag: first.etag.toLowerCase() };
      await store.driver.completeUpload(upload, [lower, last]);
      expect(await store.read('k')).toBe('new');
    });

    it('refuses parts that are missing, out of order or too small, and keeps the upload', async () => {
      const upload = await begin(store, 'k');
      const one = await store.driver.putPart(upload, 1, utf8('one'));
      const two = await store.driver.putPart(upload, 2, utf8('two'));
      const complete = (parts: readonly NamedPart[], more = {}): Promise<unknown> =>
        codeOf(store.driver.completeUpload(upload, parts, more));
      expect(await complete([])).toBe('InvalidPart');
      expect(await complete([one, { ...two, partNumber: 3 }])).toBe('InvalidPart');
      expect(await complete([{ ...one, etag: '' }])).toBe('InvalidPart');
      expect(await complete([two, one])).toBe('InvalidPartOrder');
      expect(await complete([one, one])).toBe('InvalidPartOrder');
      expect(await complete([one, two], { minPartBytes: 4 })).toBe('EntityTooSmall');
      await store.put('k', 'taken');
      expect(await complete([one, two], { ifAbsent: true })).toBe('FileAlreadyExists');
      expect(await store.read('k')).toBe('taken');
      expect(await complete([one, two], { minPartBytes: 3 })).toBeUndefined();
      expect(await store.read('k')).toBe('onetwo');
    });

    it('stores no part of a wrong MD5, of too many bytes, or of a body that fails', async () => {
      const upload = await begin(store, 'k');
      const put = (body: Uint8Array, more = {}): Promise<unknown> =>
        codeOf(store.driver.putPart(upload, 1, body, more));
      expect(await put(utf8('x'), { contentMd5: 'wrong' })).toBe('InvalidDigest');
      expect(await put(utf8('xyz'), { maxBytes: 2 })).toBe('EntityTooLarge');
      const failure = new Error('connection lost');
      async function* broken(): AsyncGenerator<Uint8Array> {
        yield utf8('half');
        throw failure;
      }
      await expect(store.driver.putPart(upload, 1, broken())).rejects.toBe(failure);
      expect((await store.driver.listParts(upload)).parts).toEqual([]);
      for (const number of [0, 10_001, 1.5]) {
        await expect(store.driver.putPart(upload, number, utf8('x'))).rejects.toThrow(RangeError);
      }
    });

    it('forgets an aborted upload, and one that ends under a part', async () => {
      const upload = await begin(store, 'k');
      const gate = createGate();
      const late = codeOf(store.driver.putPart(upload, 1, gatedBody(gate, 'late')));
      await gate.reached;
      await store.driver.abortUpload(upload);
      gate.open();
      expect(await late).toBe('NoSuchUpload');
      expect(await codeOf(store.driver.abortUpload(upload))).toBe('NoSuchUpload');
      expect(await codeOf(store.driver.listParts(upload))).toBe('NoSuchUpload');
      expect((await store.driver.listUploads('pictures')).uploads).toEqual([]);
    });

    it('knows an upload by its key and an id of its own only', async () => {
      const upload = await begin(store, 'k');
      const ids = ['', '..', `../uploads/${upload.uploadId}`, upload.uploadId.toLowerCase(), '\0'];
      const places = ids.map((uploadId) => ({ bucket: 'pictures', key: 'k', uploadId }));
      for (const place of [...places, { ...upload, key: 'other' }]) {
        expect(await codeOf(store.driver.putPart(place, 1, utf8('x')))).toBe('NoSuchUpload');
        expect(await codeOf(store.driver.listParts(place))).toBe('NoSuchUpload');
        expect(await codeOf(store.driver.abortUpload(place))).toBe('NoSuchUpload');
      }
      expect((await store.driver.listParts(upload)).parts).toEqual([]);
    });

    it('makes parts out of stored objects', async () => {
      await store.put('source', '0123456789');
      const { etag } = (await store.driver.headObject('pictures', 'source'))!;
      const upload = await begin(store, 'k');
      const source = { bucket: 'pictures', key: 'source' };
      const range = { offset: 2, length: 3 };
      const one = await store.driver.copyPart({ ...source, range, ifEtag: etag }, upload, 1);
      const two = await store.driver.copyPart(source, upload, 2);
      await store.driver.completeUpload(upload, [one, two]);
      expect(await store.read('k')).toBe('2340123456789');
      const other = await begin(store, 'k');
      const copy = (more: object): Promise<unknown> =>
        codeOf(store.driver.copyPart({ ...source, ...more }, other, 1));
      expect(await copy({ key: 'missing' })).toBe('NoSuchKey');
      expect(await copy({ range: { offset: 9, length: 2 } })).toBe('InvalidRange');
      expect(await copy({ ifEtag: 'F'.repeat(32) })).toBe('PreconditionFailed');
      expect((await store.driver.listParts(other)).parts).toEqual([]);
    });

    it('goes with its bucket', async () => {
      const upload = await begin(store, 'k');
      await store.driver.putPart(upload, 1, utf8('x'));
      const gate = createGate();
      const late = codeOf(store.driver.putPart(upload, 2, gatedBody(gate, 'late')));
      await gate.reached;
      await store.driver.deleteBucket('pictures');
      await store.driver.createBucket('pictures');
      gate.open();
      expect(['NoSuchBucket', 'NoSuchUpload']).toContain(await late);
      expect((await store.driver.listUploads('pictures')).uploads).toEqual([]);
      expect((await store.driver.listObjects('pictures')).objects).toEqual([]);
    });
  });

  describe('lists of parts and uploads', () => {
    const store = useDriver(open);

    it('pages through parts by number', async () => {
      const upload = await begin(store, 'k');
      for (const number of [10, 2, 9_999, 1]) {
        await store.driver.putPart(upload, number, utf8(String(number)));
      }
      const first = await store.driver.listParts(upload, { maxParts: 3 });
      expect(first.parts.map(({ partNumber }) => partNumber)).toEqual([1, 2, 10]);
      expect(first.nextAfterPart).toBe(10);
      expect(first.upload).toMatchObject({ key: 'k', uploadId: upload.uploadId });
      const rest = await store.driver.listParts(upload, { afterPart: 10, maxParts: 1 });
      expect(rest.parts.map(({ size }) => size)).toEqual([4]);
      expect(rest.nextAfterPart).toBeUndefined();
    });

    it('pages through uploads by key, then by id', async () => {
      const places = [];
      for (const key of ['b', 'a/1', 'b', 'c', 'a/2']) places.push(await begin(store, key));
      const sorted = places
        .map(({ key, uploadId }) => `${key} ${uploadId}`)
        .toSorted((x, y) => (x < y ? -1 : 1));
      const seen: string[] = [];
      let after = {};
      for (;;) {
        const page = await store.driver.listUploads('pictures', { ...after, maxUploads: 2 });
        seen.push(...page.uploads.map(({ key, uploadId }) => `${key} ${uploadId}`));
        if (!page.isTruncated) break;
        const last = page.uploads.at(-1)!;
        after = { afterKey: last.key, afterUploadId: last.uploadId };
      }
      expect(seen).toEqual(sorted);
      const prefixed = await store.driver.listUploads('pictures', { prefix: 'a/' });
      expect(prefixed.uploads.map(({ key }) => key)).toEqual(['a/1', 'a/2']);
      expect(prefixed.uploads[0]!.createdMs).toBe(START_MS);
      const later = await store.driver.listUploads('pictures', { afterKey: 'b' });
      expect(later.uploads.map(({ key }) => key)).toEqual(['c']);
    });

    it('refuses page sizes out of range', async () => {
      const upload = await begin(store, 'k');
      for (const size of [0, 1001, 1.5]) {
        const uploads = store.driver.listUploads('pictures', { maxUploads: size });
        await expect(uploads).rejects.toThrow(RangeError);
        const parts = store.driver.listParts(upload, { maxParts: size });
        await expect(parts).rejects.toThrow(RangeError);
      }
    });
  });
}

async function begin(store: DriverFixture, key: string, metadata = {}): Promise<UploadPlace> {
  const { uploadId } = await store.driver.createUpload('pictures', key, metadata);
  return { bucket: 'pictures', key, uploadId };
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex').toUpperCase();
}
