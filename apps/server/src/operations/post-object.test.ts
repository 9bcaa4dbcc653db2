import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signPolicyV1, signPolicyV4 } from '@safelight/signing';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createTestService,
  elementOf,
  errorOf,
  KEY_ID,
  SECRET,
  type TestService,
} from '../../test/test-service.ts';

let service: TestService;
const BOUNDARY = '----form';
const LATER = '2026-01-02T04:00:00.000Z';

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box');
});

interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly fileName?: string;
  readonly fileType?: string;
}

function printForm({ fields, file = 'bytes', fileName = 'a.png', fileType }: Form): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`,
  );
  const type = fileType === undefined ? '' : `\r\nContent-Type: ${fileType}`;
  const head = `Content-Disposition: form-data; name="file"; filename="${fileName}"${type}`;
  parts.push(`${head}\r\n\r\n${file}`);
  return `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
}

function send(body: string): Promise<Response> {
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  return service.ask({ method: 'POST', target: '/box/', body, headers });
}

const post = (form: Form): Promise<Response> => send(printForm(form));

function policyOf(conditions: readonly unknown[], expiration = LATER): string {
  return Buffer.from(JSON.stringify({ expiration, conditions })).toString('base64');
}

function signed(conditions: readonly unknown[], expiration?: string): Record<string, string> {
  const policy = policyOf(conditions, expiration);
  return { OSSAccessKeyId: KEY_ID, policy, Signature: signPolicyV1(policy, { secret: SECRET }) };
}

const stored = async (key: string): Promise<string | undefined> => {
  const found = await service.store.getObject('box', key);
  return found === undefined ? undefined : new Response(found.body).text();
};

describe('PostObject', () => {
  it('stores the file with what the fields say, and answers 204', async () => {
    const fields = {
      key: 'user/${filename}',
      'Cache-Control': 'no-cache',
      'Content-Type': 'image/png',
      'x-oss-meta-Owner': '图',
      'x-oss-object-acl': 'public-read',
      ...signed([{ bucket: 'box' }, ['starts-with', '$key', 'user/']]),
    };
    const response = await post({ fields, fileName: 'C:\\fotos\\图.png' });
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(response.headers.get('etag')).toMatch(/^"[0-9A-F]{32}"$/);
    expect(await stored('user/图.png')).toBe('bytes');
    expect(await service.store.headObject('box', 'user/图.png')).toMatchObject({
      acl: 'public-read',
      contentType: 'image/png',
      headers: { 'cache-control': 'no-cache' },
      userMetadata: { owner: Buffer.from('图').toString('latin1') },
    });
  });

  it('takes version 4 signatures and the type of the file part', async () => {
    const policy = policyOf([{ bucket: 'box' }, ['eq', '$key', 'k']]);
    const date = '20260102T030405Z';
    const fields = {
      key: 'k',
      policy,
      'x-oss-signature-version': 'OSS4-HMAC-SHA256',
      'x-oss-credential': `${KEY_ID}/20260102/cn-hangzhou/oss/aliyun_v4_request`,
      'x-oss-date': date,
      'x-oss-signature': signPolicyV4(policy, { secret: SECRET, region: 'cn-hangzhou', date }),
    };
    expect((await post({ fields, fileType: 'image/gif' })).status).toBe(204);
    expect(await service.store.headObject('box', 'k')).toMatchObject({ contentType: 'image/gif' });
    const wrong = { ...fields, 'x-oss-signature': fields['x-oss-signature'].replace(/^./, 'x') };
    expect(await errorOf(await post({ fields: wrong }))).toMatchObject({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });

  it('answers with the status and the place that were asked for', async () => {
    const fields = { key: 'a b/k', ...signed([{ bucket: 'box' }]) };
    const created = await post({ fields: { ...fields, success_action_status: '201' } });
    const xml = await created.text();
    expect([created.status, created.headers.get('content-type')]).toEqual([201, 'application/xml']);
    expect([elementOf(xml, 'Bucket'), elementOf(xml, 'Key')]).toEqual(['box', 'a b/k']);
    const ok = await post({ fields: { ...fields, success_action_status: '200' } });
    expect([ok.status, await ok.text()]).toEqual([200, '']);
    const place = 'https://example.com/done?x=1';
    const sent = await post({ fields: { ...fields, success_action_redirect: place } });
    expect(sent.status).toBe(303);
    const location = new URL(sent.headers.get('location') ?? '');
    expect(`${location.origin}${location.pathname}`).toBe('https://example.com/done');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      x: '1',
      bucket: 'box',
      key: 'a b/k',
      etag: sent.headers.get('etag'),
    });
    const script = { ...fields, success_action_redirect: 'javascript:alert(1)' };
    expect((await post({ fields: script })).status).toBe(204);
  });

  const DENIED = [403, 'AccessDenied'] as const;
  const INVALID = [400, 'InvalidPolicyDocument'] as const;
  it.each<[string, readonly unknown[], readonly [number, string]]>([
    ['another bucket', [{ bucket: 'other' }], DENIED],
    ['another key', [['eq', '$key', 'other']], DENIED],
    ['another beginning', [['starts-with', '$key', 'user/']], DENIED],
    ['a field that is missing', [['starts-with', '$x-oss-meta-a', '']], DENIED],
    ['a type that is not listed', [['in', '$content-type', ['image/png']]], DENIED],
    ['a type that is excluded', [['not-in', '$Content-Type', ['text/html']]], DENIED],
    ['too long', [['content-length-range', 0, 4]], [400, 'EntityTooLarge']],
    ['too short', [['content-length-range', 6, 10]], [400, 'EntityTooSmall']],
    ['lengths that are none', [['content-length-range', 6, 1]], INVALID],
    ['an unknown operator', [['like', '$key', 'k']], INVALID],
    ['a condition of no kind', ['key'], INVALID],
    ['a name without $', [['eq', 'key', 'k']], INVALID],
  ])('refuses what the policy does not allow: %s', async (_name, conditions, [status, code]) => {
    const fields = { key: 'k', 'Content-Type': 'text/html', ...signed(conditions) };
    expect(await errorOf(await post({ fields }))).toMatchObject({ status, code });
    expect(await stored('k')).toBeUndefined();
  });

  it('refuses policies that are over or unreadable', async () => {
    const over = { key: 'k', ...signed([], '2026-01-02T03:00:00.000Z') };
    const response = await post({ fields: over });
    const xml = await response.text();
    expect([response.status, elementOf(xml, 'Message')]).toEqual([
      403,
      'Invalid according to Policy: Policy expired.',
    ]);
    for (const policy of ['!', 'e30=', Buffer.from('[]').toString('base64')]) {
      const signature = signPolicyV1(policy, { secret: SECRET });
      const fields = { key: 'k', OSSAccessKeyId: KEY_ID, policy, Signature: signature };
      expect(await errorOf(await post({ fields }))).toMatchObject({
        status: 400,
        code: 'InvalidPolicyDocument',
      });
    }
  });

  it('lets strangers write where anyone may, and nowhere else', async () => {
    const fields = { key: 'k' };
    expect(await errorOf(await post({ fields }))).toMatchObject({ code: 'AccessDenied' });
    const half = { key: 'k', policy: policyOf([]), OSSAccessKeyId: KEY_ID };
    expect(await errorOf(await post({ fields: half }))).toMatchObject({ code: 'AccessDenied' });
    await service.store.updateBucket('box', { acl: 'public-read-write' });
    expect(await errorOf(await post({ fields: half }))).toMatchObject({ code: 'AccessDenied' });
    expect((await post({ fields })).status).toBe(204);
    const limited = { key: 'j', policy: policyOf([['eq', '$key', 'other']]) };
    expect(await errorOf(await post({ fields: limited }))).toMatchObject({ code: 'AccessDenied' });
    const acl = { key: 'j', 'x-oss-object-acl': 'private' };
    expect(await errorOf(await post({ fields: acl }))).toMatchObject({ code: 'AccessDenied' });
    const forbid = { ...fields, 'x-oss-forbid-overwrite': 'true' };
    expect(await errorOf(await post({ fields: forbid }))).toMatchObject({ status: 409 });
  });

  it('calls back with the variables of the form', async () => {
    let body = '';
    const listener = createServer((incoming, outgoing) => {
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
      incoming.on('end', () => outgoing.end('{"ok":true}'));
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
    service = createTestService({ settings: { callbackHosts: [host] } });
    await service.store.createBucket('box');
    const callback = { callbackUrl: host, callbackBody: 'o=${object}&who=${x:who}' };
    const fields = {
      key: 'k',
      ...signed([]),
      callback: Buffer.from(JSON.stringify(callback)).toString('base64'),
      'x:who': '图',
    };
    const response = await post({ fields });
    listener.close();
    expect([response.status, await response.text()]).toEqual([200, '{"ok":true}']);
    expect(new URLSearchParams(body).get('who')).toBe('图');
  });

  it('refuses what it cannot do or read', async () => {
    const conditions = signed([]);
    const refuse = async (body: string, code: string): Promise<void> => {
      expect(await errorOf(await send(body))).toMatchObject({ code });
    };
    await refuse(
      printForm({ fields: { key: 'k', ...conditions, callback: 'e30=' } }),
      'NotImplemented',
    );
    await refuse(printForm({ fields: conditions }), 'InvalidObjectName');
    await refuse(printForm({ fields: { key: '/k', ...conditions } }), 'InvalidObjectName');
    const whole = printForm({ fields: { key: 'k', ...conditions } });
    await refuse(whole.slice(0, -BOUNDARY.length - 8), 'IncompleteBody');
    await refuse(whole.replace('name="file"', 'name="other"'), 'InvalidRequest');
    await refuse('', 'IncompleteBody');
    await refuse(whole + 'x'.repeat(70_000), 'InvalidRequest');
    const large = { key: 'k', ...conditions, 'x-oss-meta-a': 'x'.repeat(600_000) };
    await refuse(printForm({ fields: large }), 'EntityTooLarge');
    const headers = { 'content-type': 'multipart/form-data; x=y' };
    const unbound = await service.ask({ method: 'POST', target: '/box/', body: whole, headers });
    expect(await errorOf(unbound)).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(await stored('k')).toBeUndefined();
  });
});
