/**
 * Which stores the program opens by its settings, what it loads for each, and what it says of one that
 * does not work.
 * @module
 */

import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elementOf } from '../test-service.ts';
import { download } from './download.ts';
import { clientOf } from './oss-forms.ts';
import { runToEnd, startProcess, temporaryFolder } from './server-process.ts';
import { s3Settings, sharedFake } from './store-under-test.ts';

const withoutS3Client = fileURLToPath(new URL('refuse-s3-client.mjs', import.meta.url));
const REFUSED = { NODE_OPTIONS: `--import ${withoutS3Client}` };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(() => folder.remove());

describe('the S3 client', () => {
  it.each(['fs', 'memory'])('is not loaded for %s', async (store) => {
    const server = await startProcess({
      SAFELIGHT_STORE: store,
      SAFELIGHT_DATA: folder.path,
      ...REFUSED,
    });
    expect((await download(`${server.url}/image-demo/example.jpg`)).status).toBe(200);
    expect(await server.stop()).toBe(0);
  });

  it('is loaded for s3', async () => {
    const settings = s3Settings(await sharedFake(), 'client/');
    const { status, output } = await runToEnd({
      ...settings,
      SAFELIGHT_DATA: folder.path,
      ...REFUSED,
    });
    expect([status, output.includes('the S3 client was loaded')]).toEqual([1, true]);
  });
});

describe('a store over S3', () => {
  it('is left empty, and has the demo when asked for, by two nodes that start together', async () => {
    const settings = s3Settings(await sharedFake(), 'demo/');
    const start = (more: Readonly<Record<string, string>>): ReturnType<typeof startProcess> =>
      startProcess({ ...settings, SAFELIGHT_DATA: folder.path, ...more });
    const plain = await start({});
    const missing = await download(`${plain.url}/image-demo/example.jpg`);
    expect(elementOf(missing.body.toString(), 'Code')).toBe('NoSuchBucket');
    expect(await plain.stop()).toBe(0);
    const data = ['one', 'two'].map((name) => `${folder.path}/${name}`);
    const both = await Promise.all(
      data.map((path) => start({ SAFELIGHT_DEMO: '1', SAFELIGHT_DATA: path })),
    );
    for (const node of both) {
      const url = `${node.url}/image-demo/example.jpg?x-oss-process=style/oss-pic-style-w-100`;
      await expect.poll(async () => (await download(url)).status, { timeout: 20_000 }).toBe(200);
      expect(await node.stop()).toBe(0);
    }
  }, 60_000);

  it('that stalls holds no place: what it does not give in time is 503, all else is rendered', async () => {
    const fake = await sharedFake();
    const server = await startProcess({
      ...s3Settings(fake, 'stalled/'),
      SAFELIGHT_DATA: folder.path,
      SAFELIGHT_TIMEOUT_MS: '3000',
    });
    const statusOf = async (key: string, width: number): Promise<number> =>
      (await download(`${server.url}/stalling/${key}?x-oss-process=image/resize,w_${width}`))
        .status;
    try {
      const oss = clientOf(server, 'stalling');
      await oss.putBucket('stalling', { acl: 'public-read' });
      const create = { width: 40, height: 30, channels: 3, background: 'red' } as const;
      const picture = await sharp({ create }).png().toBuffer();
      for (const key of ['stuck.png', 'good.png']) await oss.put(key, picture);
      fake.setFaults((method, name) =>
        method === 'GET' && name.endsWith('/stuck.png') ? 'hang' : undefined,
      );
      // More than the places of one worker.
      const stuck = await Promise.all([1, 2, 3].map((width) => statusOf('stuck.png', width)));
      expect(stuck).toEqual([503, 503, 503]);
      await expect.poll(() => statusOf('good.png', 9), { timeout: 20_000 }).toBe(200);
    } finally {
      fake.setFaults(() => undefined);
      await server.stop();
    }
  }, 60_000);

  it('that does not answer stops the start with the name of the setting', async () => {
    const fake = await sharedFake();
    fake.setFaults(() => 'drop-before');
    const { status, output } = await runToEnd({
      ...s3Settings(fake, 'dead/'),
      SAFELIGHT_DATA: folder.path,
      SAFELIGHT_LOG_LEVEL: 'silent',
    });
    fake.setFaults(() => undefined);
    // The client itself may warn of an old Node first.
    const line = output.trim().split('\n').at(-1) ?? '';
    expect([status, line.split(':', 1)[0]]).toEqual([2, 'SAFELIGHT_S3_BUCKET']);
  });
});
