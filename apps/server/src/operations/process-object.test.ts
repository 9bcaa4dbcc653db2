import { beforeEach, describe, expect, it } from 'vitest';
import { askOwner, createTestService, errorOf, type TestService } from '../../test/test-service.ts';

let service: TestService;

beforeEach(async () => {
  service = createTestService();
  await service.store.createBucket('box', { acl: 'public-read-write' });
  await service.store.createBucket('other');
  await service.store.putObject('box', 'a.jpg', new TextEncoder().encode('pixels'));
  await service.store.putStyle('box', 'small', 'image/resize,w_9');
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const urlSafe = (text: string): string => Buffer.from(text).toString('base64url');

const saveAs = (body: string, target = '/box/a.jpg?x-oss-process'): Promise<Response> =>
  askOwner(service, 'POST', target, { body });

const KEY = 'fotos/?>~図 1+2.jpg';

describe('sys/saveas', () => {
  it('answers to the letter as the service does', async () => {
    const body = `x-oss-process=image/flip,0|sys/saveas,o_${urlSafe('dest.jpg')}`;
    const response = await saveAs(body);
    const size = (await service.store.headObject('box', 'dest.jpg'))?.size;
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/json',
    ]);
    expect(await response.text()).toBe(
      `{\n    "bucket": "",\n    "fileSize": ${size},\n    "object": "dest.jpg",\n    "status": "OK"}`,
    );
  });

  const process = 'image/resize,w_9/flip,0';
  const encoded = (text: string): string => `x-oss-process=${encodeURIComponent(text)}`;
  it.each([
    ['ali-oss: encoded, padded', encoded(`${process}|sys/saveas,o_${base64(KEY)}`)],
    ['Go and Python: raw, URL-safe', `x-oss-process=${process}|sys/saveas,o_${urlSafe(KEY)}`],
    ['raw standard base64 with + and /', `x-oss-process=${process}|sys/saveas,o_${base64(KEY)}`],
    ['a trailing comma', `x-oss-process=${process}|sys/saveas,o_${urlSafe(KEY)},`],
    ['white space around', `x-oss-process=${process}|sys/saveas,o_${urlSafe(KEY)}\r\n`],
  ])('reads the body of %s', async (_name, body) => {
    expect((await saveAs(body)).status).toBe(200);
    const stored = await service.store.headObject('box', KEY);
    expect(stored).toMatchObject({ contentType: 'image/x-echo', acl: 'default' });
    expect(service.renders).toHaveLength(1);
  });

  it('saves into another bucket, by a style, in either order, with an ACL', async () => {
    const names = `b_${base64('other')},o_${base64(KEY)}`;
    const response = await askOwner(service, 'POST', '/box/a.jpg?x-oss-process=', {
      body: `x-oss-process=style/small|sys/saveas,${names}`,
      headers: { 'x-oss-object-acl': 'public-read' },
    });
    expect(await response.json()).toMatchObject({ bucket: 'other', object: KEY, status: 'OK' });
    expect(await service.store.headObject('other', KEY)).toMatchObject({ acl: 'public-read' });
    expect(service.renders[0]?.chain).toHaveLength(1);
  });

  it.each([
    ['', 400, 'InvalidArgument'],
    ['x-oss-process=', 400, 'InvalidArgument'],
    ['process=image/flip,0|sys/saveas,o_eA', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|saveas,o_eA', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,b_b3RoZXI', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,o_eA,o_eQ', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,o_eA,z_eA', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,o_eA|sys/notify,topic_x', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,o_!!', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0|sys/saveas,o_L2E', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,0&y=1|sys/saveas,o_eA', 400, 'InvalidArgument'],
    ['x-oss-process=image/flip,9|sys/saveas,o_eA', 400, 'InvalidArgument'],
    ['x-oss-process=%ZZ|sys/saveas,o_eA', 400, 'InvalidArgument'],
    ['x-oss-process=style/none|sys/saveas,o_eA', 404, 'NoSuchStyle'],
    [`x-oss-process=image/flip,0|sys/saveas,o_eA,b_${base64('UPPER')}`, 400, 'InvalidBucketName'],
    [`x-oss-process=image/flip,0|sys/saveas,o_eA,b_${base64('missing')}`, 404, 'NoSuchBucket'],
  ])('refuses %s with %i %s', async (body, status, code) => {
    expect(await errorOf(await saveAs(body))).toMatchObject({ status, code });
    expect((await service.store.listObjects('box')).objects).toHaveLength(1);
  });

  it('refuses a missing source, a process in the query, and strangers', async () => {
    const body = 'x-oss-process=image/flip,0|sys/saveas,o_eA';
    const missing = await saveAs(body, '/box/none?x-oss-process');
    expect(await errorOf(missing)).toMatchObject({ status: 404, code: 'NoSuchKey' });
    const twice = await saveAs(body, '/box/a.jpg?x-oss-process=image/info');
    expect(await errorOf(twice)).toMatchObject({ status: 400, code: 'InvalidArgument' });
    const target = '/box/a.jpg?x-oss-process';
    const stranger = await service.ask({ method: 'POST', target, body });
    expect(await errorOf(stranger)).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect((await service.store.listObjects('box')).objects).toHaveLength(1);
  });
});
