/**
 * Uploads by a browser's form, as ali-oss signs them, sent chunked as form libraries do.
 * @module
 */

import http from 'node:http';
import OSS from 'ali-oss';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementOf } from '../test-service.ts';
import { httpAgent } from './download.ts';
import { type Client, clientOf, readText, startFormServer } from './oss-forms.ts';
import { KEY_ID, SECRET, type ServerProcess } from './server-process.ts';

const BUCKET = 'form-box';

let server: ServerProcess;
let oss: Client;

beforeAll(async () => {
  server = await startFormServer();
  oss = clientOf(server, BUCKET);
  await oss.putBucket(BUCKET);
}, 60_000);

afterAll(() => server?.stop());

/** The parts of the client that sign forms, which its types lack. */
interface FormSigner {
  calculatePostSignature(policy: object): Record<string, string>;
  signPostObjectPolicyV4(policy: object, date: Date): string;
}

function signer(): FormSigner {
  return new OSS({
    accessKeyId: KEY_ID,
    accessKeySecret: SECRET,
    region: 'oss-cn-hangzhou',
    endpoint: server.url,
    bucket: BUCKET,
  }) as unknown as FormSigner;
}

async function post(
  fields: Readonly<Record<string, string>>,
  file: Buffer,
): Promise<{ status: number; body: string }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([file], { type: 'image/png' }), 'pic\u56fe.png');
  const request = new Request('http://form.test/', { method: 'POST', body: form });
  const type = request.headers.get('content-type') ?? '';
  const body = Buffer.from(await request.arrayBuffer());
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      server.url.replace('://', `://${BUCKET}.`),
      { method: 'POST', agent: httpAgent, headers: { 'content-type': type } },
      (incoming) => {
        let text = '';
        incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
      },
    );
    outgoing.on('error', reject);
    // In pieces without an announced length.
    for (let at = 0; at < body.length; at += 9_973) outgoing.write(body.subarray(at, at + 9_973));
    outgoing.end();
  });
}

const policyFor = (conditions: readonly unknown[]): object => ({
  expiration: new Date(Date.now() + 60_000).toISOString(),
  conditions: [{ bucket: BUCKET }, ...conditions],
});

/** Fields by either version of signatures. */
function signedFields(
  version: 'v1' | 'v4',
  conditions: readonly unknown[],
): Record<string, string> {
  const policy = policyFor(conditions);
  if (version === 'v1') return signer().calculatePostSignature(policy);
  const date = new Date();
  const stamp = date.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return {
    policy: Buffer.from(JSON.stringify(policy)).toString('base64'),
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${KEY_ID}/${stamp.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`,
    'x-oss-date': stamp,
    'x-oss-signature': signer().signPostObjectPolicyV4(policy, date),
  };
}

describe.each(['v1', 'v4'] as const)('a form signed by ali-oss, %s', (version) => {
  const file = Buffer.alloc(200_000, 'a file with \r\n--boundaries');

  it('stores the file and answers as asked', async () => {
    const conditions = [
      ['starts-with', '$key', 'user/'],
      ['content-length-range', 1, 1_000_000],
    ];
    const fields = {
      key: 'user/${filename}',
      success_action_status: '201',
      'x-oss-meta-by': version,
      ...signedFields(version, conditions),
    };
    const { status, body } = await post(fields, file);
    expect([status, elementOf(body, 'Key')]).toEqual([201, 'user/pic\u56fe.png']);
    expect(await readText(oss, 'user/pic\u56fe.png')).toBe(file.toString());
    const head = await oss.head('user/pic\u56fe.png');
    expect([head.res.headers['content-type'], head['meta']]).toEqual([
      'image/png',
      { by: version },
    ]);
  });

  it('is held to its policy', async () => {
    const refuse = async (
      fields: Readonly<Record<string, string>>,
      expected: readonly [number, string],
    ): Promise<void> => {
      const { status, body } = await post({ key: 'refused', ...fields }, file);
      expect([status, elementOf(body, 'Code')]).toEqual(expected);
      await expect(oss.head('refused')).rejects.toMatchObject({ status: 404 });
    };
    await refuse(signedFields(version, [['eq', '$key', 'other']]), [403, 'AccessDenied']);
    await refuse(signedFields(version, [['content-length-range', 0, 9]]), [400, 'EntityTooLarge']);
    const { policy: _policy, ...unsigned } = signedFields(version, []);
    await refuse(unsigned, [403, 'AccessDenied']);
    const policy = Buffer.from(JSON.stringify(policyFor([['eq', '$key', 'x']]))).toString('base64');
    await refuse({ ...signedFields(version, []), policy }, [403, 'SignatureDoesNotMatch']);
  });
});
