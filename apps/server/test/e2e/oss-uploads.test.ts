/**
 * Uploads in parts by the unmodified ali-oss client, in every form of address and signature: each is
 * read back whole.
 * @module
 */

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, clientOf, FORMS, formClient, startFormServer } from './oss-forms.ts';
import type { ServerProcess } from './server-process.ts';

let server: ServerProcess;

beforeAll(async () => {
  server = await startFormServer();
}, 60_000);

afterAll(() => server?.stop());

const PART_BYTES = 100 * 1024;
const SOURCE = randomBytes(3 * PART_BYTES + 17);

describe.each(FORMS)('ali-oss by $name', (form) => {
  let oss: Client;

  beforeAll(async () => {
    oss = await formClient(server, form);
  });

  const expectBytes = async (key: string, expected: Buffer): Promise<void> => {
    const { content } = await oss.get(key);
    expect((content as Buffer).equals(expected)).toBe(true);
  };

  it('multipartUpload', async () => {
    const options = { partSize: PART_BYTES, meta: { a: '1' }, mime: 'image/x-raw' };
    const { etag } = await oss.multipartUpload('\u56fe/big', SOURCE, options);
    expect(etag).toMatch(/^"[0-9A-F]{32}-4"$/);
    await expectBytes('\u56fe/big', SOURCE);
    const { meta, res } = await oss.head('\u56fe/big');
    expect([meta, res.headers['content-type'], res.headers['x-oss-object-type']]).toEqual([
      { a: '1' },
      'image/x-raw',
      'Multipart',
    ]);
  });

  it('multipartUploadCopy, whole and a range of it', async () => {
    await oss.put('source', SOURCE);
    const source = { sourceKey: 'source', sourceBucketName: form.bucket };
    await oss.multipartUploadCopy('copy', source, { partSize: PART_BYTES });
    await expectBytes('copy', SOURCE);
    const range = { ...source, startOffset: 5, endOffset: 2 * PART_BYTES };
    await oss.multipartUploadCopy('part', range, { partSize: PART_BYTES });
    await expectBytes('part', SOURCE.subarray(5, 2 * PART_BYTES));
  });

  it('begin, list, complete and abort step by step', async () => {
    const { uploadId } = await oss.initMultipartUpload('steps');
    const first = await oss.uploadPart('steps', uploadId, 1, SOURCE, 0, PART_BYTES);
    const copied = await oss.uploadPartCopy('steps', uploadId, 2, '0-9', {
      sourceKey: 'source',
      sourceBucketName: form.bucket,
    });
    const listed = await oss.listParts('steps', uploadId, { 'max-parts': 1 });
    expect([listed['isTruncated'], listed['nextPartNumberMarker']]).toEqual(['true', '1']);
    const uploads = await oss.listUploads({ prefix: 'steps', 'max-uploads': 10 });
    expect((uploads['uploads'] as readonly { uploadId: string }[])[0]?.uploadId).toBe(uploadId);
    const wrong = [{ number: 1, etag: '"0"' }];
    await expect(oss.completeMultipartUpload('steps', uploadId, wrong)).rejects.toMatchObject({
      code: 'InvalidPart',
    });
    const done = [
      { number: 1, etag: first.res.headers['etag'] },
      { number: 2, etag: copied.res.headers['etag'] },
    ];
    await oss.completeMultipartUpload('steps', uploadId, done);
    await expectBytes(
      'steps',
      Buffer.concat([SOURCE.subarray(0, PART_BYTES), SOURCE.subarray(0, 10)]),
    );
    const second = await oss.initMultipartUpload('steps');
    await oss.abortMultipartUpload('steps', second['uploadId']);
    await expect(oss.listParts('steps', second['uploadId'])).rejects.toMatchObject({
      code: 'NoSuchUpload',
    });
    expect((await oss.listUploads({}))['uploads']).toEqual([]);
  });
});

it('aborts an upload that was begun and left, when its time is over', async () => {
  const settings = { SAFELIGHT_UPLOAD_MAX_AGE_MS: '1000', SAFELIGHT_LOG_LEVEL: 'info' };
  const sweeping = await startFormServer(settings);
  try {
    const oss = clientOf(sweeping, 'left-box');
    await oss.putBucket('left-box');
    const { uploadId } = await oss.initMultipartUpload('left');
    await oss.uploadPart('left', uploadId, 1, SOURCE, 0, PART_BYTES);
    await expect
      .poll(async () => (await oss.listUploads({}))['uploads'], { timeout: 20_000 })
      .toEqual([]);
    const late = oss.completeMultipartUpload('left', uploadId, [{ number: 1, etag: '"x"' }]);
    await expect(late).rejects.toMatchObject({ status: 404, code: 'NoSuchUpload' });
    await expect.poll(() => sweeping.output()).toContain('abandoned uploads aborted');
  } finally {
    await sweeping.stop();
  }
}, 60_000);
