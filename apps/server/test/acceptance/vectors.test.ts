/**
 * The language's acceptance vectors through the whole application, with the real engine and the
 * documented limits.
 * @module
 */

import { OSS_LIMITS } from '@safelight/core';
import { photoLike } from '@safelight/testkit';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createEngineRenderer } from '../engine-renderer.ts';
import { createTestService, elementOf, type TestService } from '../test-service.ts';
import { type ErrorRow, ERRORS } from './errors.ts';
import { SIZES } from './sizes.ts';
import { SOURCE_ERRORS } from './sources.ts';

let service: TestService;

beforeAll(async () => {
  service = createTestService({ renderer: await createEngineRenderer(OSS_LIMITS) });
  const { width, height, rgb } = photoLike(400, 267);
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 82 })
    .toBuffer();
  await service.store.createBucket('box', { acl: 'public-read' });
  await service.store.putObject('box', 'example.jpg', Uint8Array.from(jpeg));
  await service.store.putStyle('box', 'example-style', 'image/resize,w_100');
});

const ask = (process: string, key = 'example.jpg'): Promise<Response> =>
  service.ask({ target: `/box/${key}?x-oss-process=${encodeURIComponent(process)}` });

async function expectError(
  response: Response,
  row: Pick<ErrorRow, 'ec' | 'status' | 'code' | 'message'>,
): Promise<void> {
  const xml = await response.text();
  const ec = typeof row.ec === 'number' ? `0040-00000${String(row.ec).padStart(3, '0')}` : row.ec;
  expect({
    status: response.status,
    code: elementOf(xml, 'Code'),
    ec: elementOf(xml, 'EC'),
    header: response.headers.get('x-oss-ec') ?? undefined,
  }).toEqual({ status: row.status ?? 400, code: row.code ?? 'InvalidArgument', ec, header: ec });
  if (row.message !== undefined) {
    expect(elementOf(xml, 'Message')?.replaceAll('&apos;', "'")).toBe(row.message);
  }
}

describe('the image language', () => {
  const sizes = SIZES.map(([process, width, height, format = 'jpeg']) => ({
    process,
    width,
    height,
    format,
  }));

  it.each(sizes)('$process is $width x $height', async ({ process, width, height, format }) => {
    const response = await ask(process);
    const bytes = await response.arrayBuffer();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(`image/${format}`);
    const metadata = await sharp(bytes).metadata();
    expect([metadata.width, metadata.height, metadata.format]).toEqual([width, height, format]);
  });

  it('image/interlace,1 is progressive', async () => {
    const metadata = await sharp(await (await ask('image/interlace,1')).arrayBuffer()).metadata();
    expect(metadata.isProgressive).toBe(true);
  });

  it('image/interlace,1/format,jpg of a PNG is a progressive JPEG', async () => {
    const { width, height, rgb } = photoLike(40, 30);
    const png = await sharp(rgb, { raw: { width, height, channels: 3 } })
      .png()
      .toBuffer();
    await service.store.putObject('box', 'example.png', Uint8Array.from(png));
    const response = await ask('image/interlace,1/format,jpg', 'example.png');
    const metadata = await sharp(await response.arrayBuffer()).metadata();
    expect([metadata.format, metadata.isProgressive]).toEqual(['jpeg', true]);
  });

  it('image/info tells width, height, size and format as JSON', async () => {
    const response = await ask('image/info');
    const stored = await service.store.headObject('box', 'example.jpg');
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toMatchObject({
      FileSize: { value: String(stored?.size) },
      Format: { value: 'jpg' },
      ImageHeight: { value: '267' },
      ImageWidth: { value: '400' },
    });
  });

  it('image/average-hue tells a colour as JSON', async () => {
    const response = await ask('image/average-hue');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toMatch(/^\{"RGB": "0x[0-9a-f]{6}"\}$/);
  });

  it.each([
    'image/circle,r_100',
    'image/rounded-corners,r_30',
    'image/rounded-corners,r_30/bright,-50',
  ])('%s has a white corner, but for what JPEG takes away', async (process) => {
    const jpeg = sharp(await (await ask(process)).arrayBuffer());
    const [red, green, blue] = await jpeg.raw().toBuffer();
    for (const level of [red, green, blue]) expect(level).toBeGreaterThanOrEqual(248);
  });

  it.each(['image/circle,r_100/format,png', 'image/rounded-corners,r_30/format,png'])(
    '%s has a transparent corner',
    async (process) => {
      const png = sharp(await (await ask(process)).arrayBuffer());
      const { data, info } = await png.raw().toBuffer({ resolveWithObject: true });
      expect([info.channels, data[3]]).toEqual([4, 0]);
    },
  );

  it.each(ERRORS.map((row) => [row.process.slice(0, 60), row] as const))(
    'refuses %s',
    async (_name, row) => {
      await expectError(await ask(row.process), row);
    },
  );

  it.each(SOURCE_ERRORS)('refuses $name', async (source) => {
    await service.store.putObject('box', 'source', await source.make());
    await expectError(await ask(source.process, 'source'), source);
  });
});
